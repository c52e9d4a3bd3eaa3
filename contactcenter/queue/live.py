"""The line in Redis: where each waiting contact stands, and which agents have room."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any, NamedTuple

import msgspec

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.sql import Row
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS, own, stands_in

_PIECE, _CLASSES = 500, 100
_LINES = (keys.line, keys.whole)
_SETS = (*_LINES, keys.live)  # who stands in `live` stands in `line`, too
Places = frozenset[tuple[str, int]]  # classes in whose lines a contact stands, and its rank there
_encode = msgspec.json.Encoder().encode


class _Why(msgspec.Struct):
    class_: str = msgspec.field(name="class")


class Pair(NamedTuple):
    """A contact for an agent, and why nobody else, as JSON: {class, counts, runners}."""

    agent: int
    contact: int
    why: str

    @property
    def rule(self) -> str:
        """`sticky` where it was kept for this agent, else `rank`."""
        known = msgspec.json.decode(self.why, type=_Why).class_.startswith(own(""))
        return "sticky" if known else "rank"


class Line:
    """Projects rows of Postgres, and decides on them in one call each."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._move = live.script(__file__, "stands.lua", "why.lua", "line.lua")
        self._places = live.script(__file__, "places.lua")
        self._lost = False  # something that was to be written was not

    async def project_all(
        self, contacts: list[Row], agents: list[Row], *, settles: bool = False
    ) -> list[Pair]:
        """Put contacts into the line or out of it, and agents among those who have room or not.
        Returns what can be offered then; agent and contact are taken out for that, the agent until
        a projection `settles` what became of it."""
        found: list[Pair] = []
        for start in range(0, max(len(contacts), len(agents)), _PIECE):
            change = {
                "contacts": [_contact(row) for row in contacts[start : start + _PIECE]],
                "agents": [_agent(row, settles) for row in agents[start : start + _PIECE]],
            }
            flat = await self._write("project", _encode(change))
            found += map(_pair, flat[::3], flat[1::3], flat[2::3])
        return found

    async def offered(self, rows: list[Row]) -> tuple[list[Pair], list[int]]:
        """Take what was just offered out of the line and count it to its agents, of whom nothing is
        read again. Returns what can be offered then, and agents whom something else changed
        meanwhile: project those whole."""
        change = {
            "contacts": [_contact(row) for row in rows],
            "agents": [
                [str(row["owner"]), str(version), str(version - 1), row["units"]]
                for row in rows
                for version in (row["agent_version"],)
            ],
        }
        flat, others = await self._write("offered", _encode(change))
        found = list(map(_pair, flat[::3], flat[1::3], flat[2::3]))
        return found, [int(agent) for agent in others]

    async def _write(self, move: str, change: bytes) -> Any:
        try:
            await self._stop_where_lost()
            return await self._move([], [move, change])
        except (LiveUnavailable, asyncio.CancelledError):
            self._lost = True
            raise

    async def _stop_where_lost(self) -> None:
        """What this node could not write may be better ranked than all that stands here: nobody
        decides until the line is written anew."""
        if self._lost:
            await self._live.call("DEL", keys.REBUILT, keys.REBUILDING)
            self._lost = False

    async def forget(self, places: dict[int, Iterable[str]]) -> None:
        """Take contacts out of the lines they wrongly stand in: id -> classes."""
        for contact, classes in places.items():
            for name in [line(requirement) for requirement in classes for line in _SETS]:
                await self._live.call("ZREM", name, f"{contact:019}")

    async def decide_for_class(self, requirement: str) -> Pair | None:
        """What can be offered to the first agent of the class who can take one."""
        await self._stop_where_lost()
        pair = await self._move([], ["decide", requirement])
        return _pair(*pair) if pair else None

    async def undecided(
        self, older_s: float, deciding: Collection[Pair] = ()
    ) -> tuple[set[int], set[int]]:
        """Contacts that were given to an agent, and agents who were given one, so long ago or
        longer, and nobody decided it. What the caller is `deciding` counts as given now, whoever
        asks. Who asks next is told them only after as long again."""
        own = [[str(pair.contact) for pair in deciding], [str(pair.agent) for pair in deciding]]
        contacts, agents = await self._move([], ["undecided", int(older_s * 1000), _encode(own)])
        return {*map(int, contacts)}, {*map(int, agents)}

    async def places_of(
        self, contacts: list[tuple[str, int]], *, whole: bool = False
    ) -> list[int | None]:
        """The place, from 1, of each (requirement class, contact), all of which need the `whole`
        agent or none; None: in no line now. Raises LiveUnavailable."""
        own_first = _LINES[::-1] if whole else _LINES
        names = [name(requirement) for requirement, _ in contacts for name in own_first]
        members = [f"{contact:019}" for _, contact in contacts]
        ranks = await self._places(names, members)
        return [None if rank < 0 else int(rank) + 1 for rank in ranks]

    async def ranks(self, requirements: Iterable[str]) -> dict[int, Places]:
        """Every contact in these classes' lines: id -> (class, rank) of each."""
        found: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
        for requirement in requirements:
            for line in _LINES:
                async for name, rank in self._backwards(line(requirement)):
                    found[int(name)].add((requirement, int(float(rank))))
        return {contact: frozenset(places) for contact, places in found.items()}

    async def _backwards(self, line: str) -> AsyncIterator[tuple[bytes, bytes]]:
        """Who stands in a line and its rank, in pieces, so that nobody waits for the whole. The
        last come first: what is taken meanwhile is taken at the head, and would hide who comes
        next."""
        at = 0
        while True:
            flat = await self._live.call("ZREVRANGE", line, at, at + _PIECE - 1, "WITHSCORES")
            for pair in zip(flat[::2], flat[1::2], strict=True):
                yield pair
            at += _PIECE
            if len(flat) < 2 * _PIECE:
                return

    async def note_heads(self, classes: list[str]) -> None:
        """Have the first of each of these classes' lines noted anew."""
        for start in range(0, len(classes), _CLASSES):
            await self._move([], ["heads", _encode(classes[start : start + _CLASSES])])

    async def classes(self) -> list[str]:
        """Every requirement class that has a line."""
        found: set[str] = set()
        for line in _LINES:
            cursor = b"0"
            while True:
                cursor, names = await self._live.call(
                    "SCAN", cursor, "MATCH", line("*"), "COUNT", 500
                )
                found |= {name.decode().partition(":")[2] for name in names}
                if cursor in (b"0", 0):
                    break
        return sorted(found)

    async def open_agents(self, agents: list[int]) -> dict[int, tuple[int, bool]]:
        """Agents as projected: id -> (version, open to offers); absent ones are left out, and those
        whom an older release projected, without a line of their own."""
        found = {}
        for agent in agents:
            version, is_open, classes = await self._live.call(
                "HMGET", keys.agent(agent), "version", "open", "classes"
            )
            if version is not None and own(agent).encode() in (classes or b""):
                found[agent] = (int(version), is_open == b"1")
        return found


def _pair(agent: bytes, contact: bytes, why: bytes) -> Pair:
    return Pair(int(agent), int(contact), why.decode())


def lines_of(row: Row) -> list[str]:
    """The classes in whose lines a row stands; what is new has nothing but its requirement."""
    return stands_in(row["requirement"], row.get("also") or (), row.get("preferred"))


def _contact(row: Row) -> list[str]:
    return [
        str(row["id"]),
        str(row["version"]),
        "1" if row["state"] == "queued" and row["away_from"] is None else "0",
        " ".join(lines_of(row)),
        str(row["rank"]),
        _kind(row["channel"]),
        f" {' '.join(map(str, row['passed']))} ",
    ]


def _kind(channel: str) -> str:
    if channel in EXCLUSIVE_CHANNELS:
        return "1"
    return "2" if channel in LIVE_CHANNELS else "0"


def _agent(row: Row, settles: bool) -> list[str]:
    return [
        str(row["user_id"]),
        str(row["version"]),
        "1" if row["available"] else "0",
        str(row["load"]),
        str(row["capacity"]),
        str(row["idle_ms"]),
        row["classes"],
        "0" if row["state"] == "offline" else "1",
        str(row["load"] - (row.get("mails") or 0)),
        row.get("organisations") or "",
        "1" if settles else "0",
    ]
