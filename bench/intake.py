"""intake: contacts/s through the whole intake with 8 writers. Floor: the least that could be called
storing a contact, one prepared statement of three inserts and one commit, with 8 writers."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator

import asyncpg

from bench.measure import ROUNDS, Known, Sample, collect, report
from bench.stage import Stage
from contactcenter.channel import Inbound, Sender

WRITERS, EACH = 8, 250
TEXT = "Hyvää päivää, milloin kirjasto on auki? " * 7  # about 300 bytes
FLOOR = """
WITH c AS (INSERT INTO floor_contact (body) VALUES ($1) RETURNING id),
     m AS (INSERT INTO floor_message (contact, body) SELECT id, $1 FROM c)
INSERT INTO floor_event (contact, kind) SELECT id, 'entered' FROM c
"""
_numbers = itertools.count()


async def run(stage: Stage) -> None:
    """Measure and print."""
    report("intake", "contacts/s", await collect(_rounds(stage)), Known(5900, rate=True))


async def _rounds(stage: Stage) -> AsyncIterator[Sample]:
    connections = [await asyncpg.connect(stage.database_url) for _ in range(WRITERS)]
    try:
        await asyncio.gather(*(write_rows(conn, 20) for conn in connections))
        await asyncio.gather(*(take_in(stage, 20) for _ in range(WRITERS)))
        for _ in range(ROUNDS):
            floor = await _rate([write_rows(conn, EACH) for conn in connections])
            value = await _rate([take_in(stage, EACH) for _ in range(WRITERS)])
            await stage.node.publisher.settle()
            yield Sample(value, floor)
    finally:
        for conn in connections:
            await conn.close()


async def _rate(writers: list[object]) -> float:
    start = time.perf_counter()
    await asyncio.gather(*writers)  # type: ignore[call-overload]
    return WRITERS * EACH / (time.perf_counter() - start)


async def write_rows(conn: asyncpg.Connection, count: int) -> None:
    """So many times what the floor does."""
    statement = await conn.prepare(FLOOR)
    for _ in range(count):
        await statement.fetch(TEXT)


async def take_in(stage: Stage, count: int) -> None:
    """So many contacts through the whole intake."""
    for _ in range(count):
        number = f"{os.getpid()}-{next(_numbers)}"
        await stage.node.reception.receive(
            Inbound(
                channel="mail",
                to=("neuvonta@mikkeli.example",),
                fingerprint=f"bench-{number}",
                sender=Sender(kind="email", address=f"c{number}@example.org", name="C"),
                external_id=f"<{number}@example.org>",
                subject="Kysymys",
                text=TEXT,
                language="fi",
            )
        )
