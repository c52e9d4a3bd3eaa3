"""The clock of the estimates: how long who waits will wait, for all lines every few seconds.

It runs in a process of its own (planning/foresight.py), and writes curves into Redis. What was told
first of each wait becomes an event, so that it is known later whether it held.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contactcenter.kernel.db import Database
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.bands import Bands, group
from contactcenter.queue.rules import BY_HAND, requirement
from contactcenter.routing.curves import Question, reckon
from contactcenter.routing.estimate import (
    BUDGET,
    PLAYS,
    Handles,
    Line,
    OnDuty,
    Standing,
    Stream,
    Waits,
)
from contactcenter.routing.recent import Counted, is_silent

SQL = load_sql(__file__)
EVERY_S = 3.0
IDLE_S = 15.0  # where nobody waits
SHARE = 5  # at most a fifth of the time is spent reckoning
FACTS_S = 60.0
_Key = tuple[int, str]  # queue, channel
NOTHING = Counted()


@dataclass(frozen=True)
class Facts:
    """What changes slowly."""

    queues: dict[int, Row] = field(default_factory=dict)
    counted: dict[_Key, Counted] = field(default_factory=dict)
    streams: tuple[Stream, ...] = ()
    silent: frozenset[_Key] = frozenset()
    answer_s: float = 0.0

    def of(self, row: Row) -> Counted:
        """What was counted of a row's queue and channel."""
        return self.counted.get((row["queue_id"], row["channel"]), NOTHING)


class Estimating:
    """Estimates."""

    def __init__(self, db: Database, live: Live) -> None:
        self._db = db
        self._bands = Bands(live)
        self._facts, self._facts_at = Facts(), -FACTS_S
        self._next = 0.0
        self._told: set[tuple[int, datetime]] = set()

    async def run_once(self) -> int:
        """One pass, where it is time for one. Returns of how many waits it was told for the first
        time when they will end."""
        began = time.monotonic()
        if began < self._next:
            return 0
        if began - self._facts_at >= FACTS_S:
            async with self._db.connection() as conn:
                self._facts, self._facts_at = await read_facts(conn), began
        async with self._db.connection() as conn:
            on_duty = [row["user_id"] for row in await agents.SQL.on_duty.all(conn)]
            staff = await store.agents(conn, on_duty)
            waiting = await SQL.now.all(conn, most=BUDGET // PLAYS[-1] + 1)
            hands = await SQL.hands.all(conn)
            now_us = await SQL.moment.value(conn)
        told = 0
        if any(row["available"] for row in staff):
            told = await self._estimate(now_us, waiting, staff, hands)
        took = time.monotonic() - began
        self._next = began + max(EVERY_S if waiting else IDLE_S, SHARE * took)
        return told

    def soon(self) -> None:
        """Do not wait for the next time; read anew what changes slowly."""
        self._next, self._facts_at = 0.0, -FACTS_S

    async def _estimate(
        self, now_us: int, waiting: list[Row], staff: list[Row], hands: list[Row]
    ) -> int:
        self._told &= {(row["id"], row["wait_from"]) for row in waiting}
        new = [
            n
            for n, row in enumerate(waiting)
            if row["anybody"] and (row["id"], row["wait_from"]) not in self._told
        ]
        facts = self._facts
        question = _question(facts, now_us, waiting, staff, hands, new)
        answer = await asyncio.to_thread(reckon, question)
        await self._bands.write(answer.curves, facts.silent)
        rows = [(waiting[n], band) for n, band in zip(new, answer.bands, strict=True) if band]
        if not rows:
            return 0
        async with self._db.connection() as conn:
            await SQL.note.run(
                conn,
                now_us=now_us,
                ids=[row["id"] for row, _ in rows],
                since=[row["wait_from"] for row, _ in rows],
                lows=[band.low_s for _, band in rows],
                highs=[band.high_s for _, band in rows],
            )
        self._told |= {(row["id"], row["wait_from"]) for row, _ in rows}
        return len(rows)


async def read_facts(conn: Connection) -> Facts:
    """What changes slowly, read anew."""
    queues = {row["id"]: row for row in await SQL.queues.all(conn)}
    counted = {
        (row["queue_id"], row["channel"]): _counted(row) for row in await SQL.means.all(conn)
    }
    judged: defaultdict[_Key, list[tuple[int, int]]] = defaultdict(list)
    for row in await SQL.judged.all(conn):
        judged[row["queue_id"], row["channel"]].append((row["estimated"], row["estimated_in"]))
    return Facts(
        queues,
        counted,
        tuple(
            _stream(queues[row["queue_id"]], row, counted)
            for row in await SQL.rates.all(conn, by_hand=sorted(BY_HAND))
            if row["queue_id"] in queues
        ),
        frozenset(
            (queue, channel)
            for queue, row in queues.items()
            for channel in row["channels"]
            if not counted.get((queue, channel), NOTHING).known
            or is_silent(judged[queue, channel], row["estimate_least"] / 100)
        ),
        await SQL.answering.value(conn) or 0.0,
    )


def _counted(row: Row) -> Counted:
    def seconds(name: str) -> float:
        return (row[name] or 0.0) / 1e6

    return Counted(
        row["handled"] or 0,
        seconds("handle_us"),
        row["lately"] or 0,
        seconds("lately_us"),
        row["accepted"] or 0,
        seconds("wait_us"),
        row["abandoned"] or 0,
    )


def class_of(queue: Row, language: str) -> str:
    """The class in which a queue's contacts of a language wait."""
    return requirement(queue["organisation"], queue["task"], language, queue["level"])


def _stream(queue: Row, row: Row, counted: dict[_Key, Counted]) -> Stream:
    known = counted.get((row["queue_id"], row["channel"]), NOTHING)
    return Stream(
        class_of(queue, row["language"]),
        row["channel"],
        row["rate"],
        queue["target_s"],
        known.aht_s,
        known.patience_s,
    )


def _question(
    facts: Facts,
    now_us: int,
    waiting: Sequence[Row],
    staff: Sequence[Row],
    hands: Sequence[Row],
    asked: Sequence[int],
) -> Question:
    known = {key: (one.aht_s, one.patience_s) for key, one in facts.counted.items()}
    unknown = (NOTHING.aht_s, None)
    here = {row["user_id"] for row in staff}
    on_duty = tuple(on_duty_of(row) for row in staff)
    standing = Standing(
        now_us,
        tuple(
            Waits(
                row["requirement"],
                row["channel"],
                row["rank"],
                *known.get((row["queue_id"], row["channel"]), unknown),
            )
            for row in waiting
        ),
        on_duty,
        in_hand(facts, hands, here),
        facts.streams,
        facts.answer_s,
        targets_s=_targets(facts),
    )
    return Question(standing, _lines(facts, on_duty), tuple(asked), now_us)


def in_hand(facts: Facts, hands: Sequence[Row], here: Collection[int]) -> tuple[Handles, ...]:
    """What these agents have in hand."""
    return tuple(
        Handles(row["agent"], row["units"], row["since_s"], facts.of(row).aht_s, row["channel"])
        for row in hands
        if row["agent"] in here
    )


def on_duty_of(row: Row) -> OnDuty:
    """An agent of the projection's rows."""
    pairs = (one.partition("=") for one in row["classes"].split())
    classes = {name: int(level) for name, _, level in pairs}
    return OnDuty(
        row["user_id"], max(1, row["capacity"]), classes, row["available"], row["pauses_mail"]
    )


def _targets(facts: Facts) -> dict[str, float]:
    """By class, the target by which who comes is ranked; of several queues that ask for the same
    the longest."""
    found: dict[str, float] = {}
    for queue in facts.queues.values():
        for language in queue["languages"]:
            name = class_of(queue, language)
            found[name] = max(found.get(name, 0), queue["target_s"])
    return found


def _lines(facts: Facts, on_duty: Sequence[OnDuty]) -> tuple[Line, ...]:
    """Lines that somebody may come into and somebody at work may take from."""
    able = {name for one in on_duty if one.available for name in one.classes}
    found = {
        (name, group(channel))
        for queue in facts.queues.values()
        for language in queue["languages"]
        if (name := class_of(queue, language)) in able
        for channel in queue["channels"]
    }
    return tuple(sorted(found))
