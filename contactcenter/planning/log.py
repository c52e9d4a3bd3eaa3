"""Reads the log for a replay, and replays it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.planning.moments import micro, moment
from contactcenter.planning.past_floor import Told
from contactcenter.planning.replay import Replay
from contactcenter.routing.demand import PlanError

SQL = load_sql(__file__)


@dataclass(frozen=True)
class Log:
    """What is known of a time. `assumed`: agents of whom was not noted what they were able to, and
    who are taken to be able to what they are now."""

    before: list[Told]
    live: list[Told]
    assumed: list[int]


async def read(db: Database, since: datetime, until: datetime) -> Log:
    """Raises PlanError where nothing was logged in that time."""
    if since >= until:
        raise PlanError(f"--from does not lie before --to: {stamp(since)}, {stamp(until)}")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        live = [_told(row) for row in await SQL.log.all(conn, since=since, until=until)]
        if not live:
            raise PlanError(f"nothing was logged from {stamp(since)} to {stamp(until)}")
        before = [_told(row) for row in await SQL.before.all(conn, since=since)]
        agents, assumed = await _agents(conn, since, until)
    able = [row for row in agents if row.kind == "able"]  # first: units depend on capacities
    states = [row for row in agents if row.kind != "able"]  # last: since when idle stands in them
    return Log([*able, *before, *states], live, assumed)


async def zone(db: Database) -> ZoneInfo:
    """By whose clocks days are counted: the first organisation's. Raises PlanError."""
    async with db.connection() as conn:
        name = await SQL.zone.value(conn)
    if name is None:
        raise PlanError("there is no organisation: `contactcenter demo` makes some")
    return ZoneInfo(name)


def replayed(log: Log, since: datetime, until: datetime) -> dict[str, Any]:
    """As docs/api.md has it; asks no server."""
    replay = Replay()
    replay.before(log.before)
    replay.live(log.live)
    found = replay.answer()
    for one in found["differences"]:
        one["at"] = stamp(moment(one.pop("at_us")))
    return {
        "from": stamp(since),
        "to": stamp(until),
        "events": len(log.live),
        "assumed": [str(agent) for agent in log.assumed],
    } | found


def _told(row: Row) -> Told:
    return Told(
        id=row["id"],
        at_us=micro(row["at"]),
        kind=row["kind"],
        contact=row["contact"],
        agent=row["agent"],
        asks=row["asks"] or "",
        channel=row["channel"] or "",
        rank=row["rank"] or 0,
        rule=row["rule"] or "",
        why=row["why"] or "",
        to=row["to"] or "",
        capacity=row["capacity"] or 0,
        pauses=bool(row["pauses"]),
        classes=row["classes"] or "",
        here=row["here"],
    )


async def _agents(
    conn: Connection, since: datetime, until: datetime
) -> tuple[list[Told], list[int]]:
    """What is known of agents when the time begins, and of whom it is not."""
    found, assumed = [], []
    for row in await SQL.agents_before.all(conn, since=since, until=until):
        agent = row["agent"]
        if row["classes"] is not None:
            found.append(_able(agent, row["capacity"], row["pauses"], row["classes"]))
        elif not row["noted"]:
            assumed.append(agent)
            found.append(
                _able(agent, row["capacity_now"] or 0, bool(row["pauses_now"]), row["classes_now"])
            )
        if row["state"] is not None:
            at_us = micro(row["idle_at"] or row["state_at"])
            found.append(Told(0, at_us, "agent_state", agent=agent, to=row["state"]))
    return found, assumed


def _able(agent: int, capacity: int, pauses: bool, classes: str) -> Told:
    return Told(0, 0, "able", agent=agent, capacity=capacity, pauses=pauses, classes=classes)
