"""The line in Redis: where each waiting contact stands, and which agents have room."""

from __future__ import annotations

from collections.abc import Iterable

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Row
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS


class Line:
    """Projects rows of Postgres, and decides on them in one call each."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._move = live.script(__file__, "line.lua")

    async def project_all(self, contacts: list[Row], agents: list[Row]) -> None:
        """Put contacts into the line or out of it, and agents among those who have room or not."""
        moves = [_contact(row) for row in contacts] + [_agent(row) for row in agents]
        if len(moves) == 1:
            await self._move([], moves[0])
        elif moves:
            await self._move.many(moves)

    async def forget(self, places: dict[int, str]) -> None:
        """Take contacts out of the lines they wrongly stand in: id -> class."""
        for contact, requirement in places.items():
            await self._live.call("ZREM", keys.line(requirement), f"{contact:019}")

    async def decide_for_agent(self, agent: int) -> tuple[int, int] | None:
        """(agent, contact): the best contact that this agent can take now."""
        return _pair(await self._move([], ["decide_agent", agent]))

    async def decide_for_class(self, requirement: str) -> tuple[int, int] | None:
        """(agent, contact) for the longest idle agent of the class who can take one."""
        return _pair(await self._move([], ["decide_class", requirement]))

    async def places(self, requirements: Iterable[str]) -> dict[int, tuple[str, int]]:
        """Every contact in these classes' lines: id -> (requirement, rank)."""
        found = {}
        for requirement in requirements:
            flat = await self._live.call("ZRANGE", keys.line(requirement), 0, -1, "WITHSCORES")
            for name, rank in zip(flat[::2], flat[1::2], strict=True):
                found[int(name)] = (requirement, int(float(rank)))
        return found

    async def classes(self) -> list[str]:
        """Every requirement class that has a line."""
        cursor, found = b"0", []
        while True:
            cursor, names = await self._live.call("SCAN", cursor, "MATCH", keys.line("*"), "COUNT", 500)
            found += [name.decode().removeprefix("line:") for name in names]
            if cursor in (b"0", 0):
                return found

    async def open_agents(self, agents: list[int]) -> dict[int, tuple[int, bool]]:
        """Agents as projected: id -> (version, whether open to offers); absent ones are left out."""
        found = {}
        for agent in agents:
            version, is_open = await self._live.call("HMGET", keys.agent(agent), "version", "open")
            if version is not None:
                found[agent] = (int(version), is_open == b"1")
        return found


def _contact(row: Row) -> list[int | str]:
    return [
        "contact",
        row["id"],
        row["version"],
        int(row["state"] == "queued"),
        row["requirement"],
        row["rank"],
        int(row["channel"] in EXCLUSIVE_CHANNELS),
        " " + " ".join(map(str, row["passed"])) + " ",
    ]


def _agent(row: Row) -> list[int | str]:
    return [
        "agent",
        row["user_id"],
        row["version"],
        int(row["available"]),
        row["load"],
        row["capacity"],
        row["idle_ms"],
        " ".join(row["classes"]),
    ]


def _pair(answer: list[bytes] | None) -> tuple[int, int] | None:
    return (int(answer[0]), int(answer[1])) if answer else None
