"""The clock of the outlook: once a minute, what is to be expected of each open queue until it
closes.

It runs in a process of its own (foresight.py): reads how it stands, plays the rest of the day, and
writes what came of it into Redis, for the boards.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.planning.ahead import SLOTS, Count, Foretold, foretell
from contactcenter.planning.moments import Day, micro, moment
from contactcenter.planning.today import Here, Later, Open, Outlook, Question, outlooks
from contactcenter.queue import agents, store
from contactcenter.queue.hours import Calendar, read_hours
from contactcenter.queue.outlook import Expected, Outlooks, Span
from contactcenter.queue.rules import BY_HAND, LEVELS, requirement
from contactcenter.routing import estimating
from contactcenter.routing.demand import PlanError
from contactcenter.routing.facts import NOTHING, Facts, class_of, read_facts
from contactcenter.stats.simulated import Interval

SQL = load_sql(__file__)
EVERY_S = 60.0
MOST_WAITING = 5_000
HISTORY_S = 1800.0
_HALF_HOUR = timedelta(minutes=30)


class _Seen(NamedTuple):
    """How it stands. `closing`: the open queues, and when they close."""

    now: datetime
    queues: dict[int, Row]
    closing: dict[int, datetime]
    staff: list[Row]
    hands: list[Row]
    waiting: list[Row]
    facts: Facts


class Closing:
    """Makes outlooks."""

    def __init__(self, db: Database, live: Live) -> None:
        self._db = db
        self._outlooks = Outlooks(live)
        self._foretold: dict[str, Foretold | None] = {}
        self._foretold_at = -HISTORY_S

    async def run_once(self) -> int:
        """One pass. Returns of how many queues something is known."""
        seen = await self._look()
        if seen is None:
            await self._outlooks.write([])
            return 0
        known = [key for key in seen.closing if self._foretold[seen.queues[key]["zone"]]]
        found = await self._play(seen, known) if known else {}
        await self._outlooks.write([self._expected(seen, key, found) for key in seen.closing])
        return len(found)

    async def _look(self) -> _Seen | None:
        """None where nothing is open or nobody at work."""
        async with self._db.connection() as conn:
            now = moment(await estimating.SQL.moment.value(conn))
            queues = {row["id"]: row for row in await SQL.queues.all(conn)}
            closing = {key: end for key, row in queues.items() if (end := _closes(row, now))}
            on_duty = [row["user_id"] for row in await agents.SQL.on_duty.all(conn)]
            if not closing or not on_duty:
                return None
            await self._learn(conn, {row["zone"] for row in queues.values()}, now)
            return _Seen(
                now,
                queues,
                closing,
                await store.agents(conn, on_duty),
                await estimating.SQL.hands.all(conn),
                await SQL.waiting.all(conn, most=MOST_WAITING),
                await read_facts(conn),
            )

    async def _learn(self, conn: Connection, zones: set[str], now: datetime) -> None:
        """Who will come, by time zone; None where too little is known to say."""
        if monotonic() - self._foretold_at < HISTORY_S and zones <= self._foretold.keys():
            return
        counts: defaultdict[str, list[Count]] = defaultdict(list)
        for row in await SQL.counts.all(conn, by_hand=sorted(BY_HAND)):
            line = (row["queue"], row["channel"], row["language"])
            counts[row["zone"]].append(Count(line, row["day"], row["slot"], row["n"]))
        found: dict[str, Foretold | None] = {}
        for zone in zones:
            today = now.astimezone(ZoneInfo(zone)).date()
            before = [one for one in counts[zone] if one.day < today]
            first = min((one.day for one in before), default=today)
            last = today - timedelta(days=1)
            try:
                found[zone] = await asyncio.to_thread(foretell, before, first, last, today)
            except PlanError:
                found[zone] = None
        self._foretold, self._foretold_at = found, monotonic()

    async def _play(self, seen: _Seen, known: Sequence[int]) -> dict[int, Outlook]:
        here = {row["user_id"] for row in seen.staff}
        question = Question(
            micro(seen.now),
            tuple(_open(seen, key) for key in known),
            tuple(_here(seen.facts, row, micro(seen.now)) for row in seen.waiting),
            tuple(self._later(seen)),
            tuple(estimating.on_duty_of(row) for row in seen.staff),
            estimating.in_hand(seen.facts, seen.hands, here),
            seen.facts.answer_s,
            max(one.dispersion for one in self._foretold.values() if one),
            micro(seen.now),
        )
        return {one.queue: one for one in await asyncio.to_thread(outlooks, question)}

    def _later(self, seen: _Seen) -> Iterator[Later]:
        for zone, foretold in self._foretold.items():
            here = ZoneInfo(zone)
            begins = Day(seen.now.astimezone(here).date(), here, seen.now).begins
            for (queue, channel, language), counts in (foretold.counts if foretold else {}).items():
                known, until = seen.facts.queues.get(queue), seen.closing.get(queue)
                if known is None or until is None:
                    continue
                about = seen.facts.counted.get((queue, channel), NOTHING)
                yield Later(
                    queue,
                    class_of(known, language),
                    channel,
                    known["target_s"],
                    about.aht_s,
                    about.patience_s,
                    tuple(_rest(begins, seen.now, until, counts)),
                    seen.facts.steps(queue, language),
                )

    def _expected(self, seen: _Seen, key: int, found: dict[int, Outlook]) -> Expected:
        row, one = seen.queues[key], found.get(key)
        foretold = self._foretold[row["zone"]]
        return Expected(
            organisation=row["organisation_id"],
            queue=key,
            closes_at=stamp(seen.closing[key]) or "",
            days=0 if foretold is None else foretold.days,
            late=_span(one.late) if one else None,
            backlog=_span(one.backlog) if one else None,
            less_late=_span(one.less_late) if one else None,
            less_backlog=_span(one.less_backlog) if one else None,
        )


def _rest(
    begins: datetime, now: datetime, until: datetime, counts: Sequence[float]
) -> Iterator[tuple[int, int, float]]:
    """What is left of a day's half hours between two moments."""
    for slot, mean in enumerate(counts[:SLOTS]):
        opens = begins + slot * _HALF_HOUR
        first, last = max(opens, now), min(opens + _HALF_HOUR, until)
        if mean > 0 and first < last:
            yield micro(first), micro(last), mean * ((last - first) / _HALF_HOUR)


def _closes(row: Row, now: datetime) -> datetime | None:
    """When an open queue closes today; None of one that is closed or never closes today."""
    calendar = Calendar(read_hours(row["hours"]), row["zone"])
    until = calendar.closes_at(now) if calendar.is_open(now) else None
    here = ZoneInfo(row["zone"])
    midnight = Day(now.astimezone(here).date(), here, now).ends
    return until if until is not None and until <= midnight else None


def _open(seen: _Seen, key: int) -> Open:
    queue = seen.facts.queues[key]
    classes = tuple(
        requirement(queue["organisation"], queue["task"], language, level)
        for language in queue["languages"]
        for level in range(1, LEVELS + 1)
    )
    return Open(key, micro(seen.closing[key]), seen.queues[key]["service_level_s"], classes)


def _here(facts: Facts, row: Row, now_us: int) -> Here:
    about, waited_s = facts.of(row), (now_us - row["from_us"]) / 1e6
    steps = facts.steps(row["queue_id"], row["language"], row["asks"])
    done = tuple((0.0, opened) for opened in row["also"])
    coming = tuple((after_s - waited_s, opened) for after_s, opened in steps[len(done) :])
    return Here(
        row["queue_id"],
        row["requirement"],
        row["channel"],
        row["rank"],
        row["from_us"],
        about.aht_s,
        about.patience_s,
        (*done, *coming),
    )


def _span(of: Interval | None) -> Span | None:
    return None if of is None else Span(of.mean, of.low, of.high)
