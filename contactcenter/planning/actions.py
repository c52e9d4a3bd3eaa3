"""What may be asked of planning. Reads are one snapshot; the simulating itself asks no server, so
that it may be done in another process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.planning import crew
from contactcenter.planning.asked import Asked, check_size, day_of
from contactcenter.planning.days import Made, made
from contactcenter.planning.figures import HALF_HOUR_US
from contactcenter.planning.moments import Day, moment
from contactcenter.planning.needs import NOTHING, needed_by_slot
from contactcenter.planning.reading import SQL, Reading
from contactcenter.planning.scenario import Queue
from contactcenter.planning.whatif import Told, whatif
from contactcenter.queue.rules import CHANNELS
from contactcenter.routing.demand import PlanError


class Prepared(NamedTuple):
    """A question with all that it takes to answer it."""

    day: Day
    asked: Asked
    made: Made


async def everybody(db: Database) -> list[int]:
    """Every organisation, for a command of the house's operator."""
    async with db.connection() as conn:
        return [row["id"] for row in await SQL.organisations.all(conn)]


async def choices(db: Database, actor: Actor) -> dict[str, Any]:
    """What a page may offer to choose: {queues, channels, spoken, tasks, today}, of the
    organisations that the actor may watch. Raises Refused("forbidden")."""
    require(actor, "watch")
    async with db.connection() as conn:
        rows = await SQL.queues.all(conn, scope=scope_for(actor, "watch"))
        now = await SQL.moment.value(conn)
    zone = ZoneInfo(rows[0]["zone"] if rows else "Europe/Helsinki")
    return {
        "queues": [(row["key"], msgspec.json.decode(row["name"])) for row in rows],
        "channels": CHANNELS,
        "spoken": sorted({language for row in rows for language in row["languages"]}),
        "tasks": sorted({row["task"] for row in rows} - {row["key"] for row in rows}),
        "today": now.astimezone(zone).date(),
    }


async def prepare_for(db: Database, actor: Actor, asked: Asked) -> Prepared:
    """As `prepare`, of the organisations that the actor may watch. Raises Refused("forbidden"), and
    PlanError."""
    require(actor, "watch")
    return await prepare(db, scope_for(actor, "watch"), asked)


async def prepare(db: Database, scope: Sequence[int], asked: Asked) -> Prepared:
    """Read what an answer needs, of these organisations. Raises PlanError for what makes no
    sense."""
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        reading = Reading(conn, scope)
        queues, zone = await reading.queues()
        now = await reading.now()
        _check(asked, list(queues.values()))
        day = Day(day_of(asked, now.astimezone(zone).date()), zone, now)
        found = await made(reading, day, queues)
    check_size(found.scenario.expected, asked.seeds)
    of = crew.skill(asked.change.skill, list(queues.values()))
    crew.changed(found.scenario.staff, asked.change, of, seed=0)
    return Prepared(day, asked, found)


def _check(asked: Asked, queues: Sequence[Queue]) -> None:
    keys = sorted(queue.key for queue in queues)
    if asked.queue is not None and asked.queue not in keys:
        raise PlanError(f"queue {asked.queue!r}: choose of {', '.join(keys)}")
    if asked.channel is not None and asked.channel not in CHANNELS:
        raise PlanError(f"channel {asked.channel!r}: choose of {', '.join(CHANNELS)}")


def answer(prepared: Prepared, told: Told = lambda done, of: None) -> dict[str, Any]:
    """As docs/api.md has it; asks no server. Raises PlanError."""
    day, asked, made_ = prepared
    found = whatif(made_.scenario, asked, told)
    needs = needed_by_slot(made_, asked)
    for one in found["intervals"]:
        from_us = one.pop("from_us")
        slot = (from_us - made_.scenario.begins_us) // HALF_HOUR_US
        one |= {"from": stamp(moment(from_us)), **needs.get(slot, NOTHING)}
    target = asked.target
    return {
        "day": day.day.isoformat(),
        "zone": day.zone.key,
        "when": day.when,
        "now": stamp(day.now),
        "queue": asked.queue,
        "channel": asked.channel,
        "agents": asked.change.agents,
        "skill": asked.change.skill or None,
        "target": None
        if target is None
        else {"service_level": target.share, "seconds": target.seconds, "way": target.way},
        "shifts_of": None if made_.like is None else made_.like.isoformat(),
        "forecast": _forecast(made_),
        "patience_s": dict(made_.scenario.patience_s),
        "answer_s": made_.scenario.answer_us / 1_000_000,
    } | found


def _forecast(found: Made) -> dict[str, Any] | None:
    told = found.foretold
    if told is None:
        return None
    error = told.tested.intervals if told.tested is not None else None
    return {
        "contacts": sum(map(sum, told.counts.values())),
        "kind": told.kind,
        "days": told.days,
        "wape": None if error is None else error.wape,
        "bias": None if error is None else error.bias,
        "chance": None if error is None else error.chance,
        "dispersion": told.dispersion,
    }
