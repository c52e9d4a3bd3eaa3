"""stats_read_growth, and `ready` on the same database: ms to read the figures of today (a board
that begins) and of the last 30 days (`contactcenter stats`) with 1,000,000 contacts of these 30
days stored; its floor is the same with 1,000. Two databases on one server, read in turns."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from bench import ready
from bench.measure import ROUNDS, Sample, collect, report
from bench.stage import Stage
from bench.stored import stored
from contactcenter.kernel.db import Database
from contactcenter.stats.board import Board
from contactcenter.stats.period import Moment
from contactcenter.stats.report import Asked
from contactcenter.stats.report import report as read_report

FEW, MANY = 1_000, 1_000_000
READS = 20


async def run(stage: Stage) -> None:
    """Measure and print."""
    async with stored(stage, "few", FEW) as few, stored(stage, "many", MANY) as many:
        report("stats_read_growth", "ms", await collect(_rounds(few, many)))
        await ready.measure(stage, many)


async def _rounds(few: Database, many: Database) -> AsyncIterator[Sample]:
    await _read(few)
    await _read(many)
    for _ in range(ROUNDS):
        floor = await _read(few)
        yield Sample(await _read(many), floor)


async def _read(db: Database) -> float:
    """ms for both reads, the mean of some."""
    since = Moment((datetime.now(UTC) - timedelta(days=30)).date())
    began = time.perf_counter()
    for _ in range(READS):
        board = Board(db)
        await board.look()
        await read_report(db, Asked(since))
    return (time.perf_counter() - began) * 1000 / READS
