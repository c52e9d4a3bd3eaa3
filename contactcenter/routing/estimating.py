"""The clock of the estimates: how long who waits will wait, for all lines every few seconds.

It runs in a process of its own (planning/foresight.py), and writes curves into Redis. What was told
first of each wait becomes an event, so that it is known later whether it held.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from datetime import datetime

from contactcenter.kernel.db import Database
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue import agents, store
from contactcenter.queue.bands import Bands, group
from contactcenter.routing.curves import Question, reckon
from contactcenter.routing.estimate import BUDGET, PLAYS
from contactcenter.routing.facts import Facts, class_of, read_facts
from contactcenter.routing.plays import HORIZON_S
from contactcenter.routing.present import Handles, Line, OnDuty, Standing, Waits

SQL = load_sql(__file__)
EVERY_S = 3.0
IDLE_S = 15.0  # where nobody waits
SHARE = 5  # at most a fifth of the time is spent reckoning
FACTS_S = 60.0
_US = 1_000_000


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
        await self._bands.write(answer.curves, facts.silent, facts.closing(now_us, HORIZON_S))
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


def _question(
    facts: Facts,
    now_us: int,
    waiting: Sequence[Row],
    staff: Sequence[Row],
    hands: Sequence[Row],
    asked: Sequence[int],
) -> Question:
    here = {row["user_id"] for row in staff}
    on_duty = tuple(on_duty_of(row) for row in staff)
    standing = Standing(
        now_us,
        tuple(_waits(facts, now_us, row) for row in waiting),
        on_duty,
        in_hand(facts, hands, here),
        facts.streams(now_us),
        facts.answer_s,
        entries=facts.entries(now_us),
    )
    return Question(standing, _lines(facts, standing), tuple(asked), now_us)


def _waits(facts: Facts, now_us: int, row: Row) -> Waits:
    """Who waits; where it is kept for one agent, it is anybody's after a time, as if by a step."""
    steps = facts.steps(row["queue_id"], row["language"], row["asks"])
    done = tuple((0.0, opened) for opened in row["also"])
    waited_s, kept_s = (now_us - row["from_us"]) / _US, 0.0
    coming = tuple((after_s - waited_s, opened) for after_s, opened in steps[len(done) :])
    if not row["anybody"]:
        kept_s = (row["kept_until_us"] - now_us) / _US
        done = ((0.0, row["asks"]), *done)
    known = facts.of(row)
    return Waits(
        row["requirement"],
        row["channel"],
        row["rank"],
        known.aht_s,
        known.patience_s,
        tuple((max(kept_s, after_s), opened) for after_s, opened in (*done, *coming)),
        facts.closes_s(row["queue_id"], now_us),
    )


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


def _lines(facts: Facts, standing: Standing) -> tuple[Line, ...]:
    """Lines that somebody may come into and somebody at work may take from, after a step too."""
    able = {name for one in standing.agents if one.available for name in one.classes}
    found = set()
    for queue in facts.queues.values():
        for language in queue["languages"]:
            name = class_of(queue, language)
            opened = {one for _, one in standing.entries[name].steps}
            if able & {name, *opened}:
                found |= {(name, group(channel)) for channel in queue["channels"]}
    return tuple(sorted(found))
