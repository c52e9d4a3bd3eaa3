"""The clocks of the machines on which nodes run are wrong, and jump: by libfaketime, one file for
each node. Postgres' and Redis' own clocks are put forward and back by tests/rooms/test_clock_jumps:
the checker compares its moments with those of the database, and could judge nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.break_mail import HURRY
from tests.faults.stage import Stage

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
DAY_S = 86_400
# What the two nodes' clocks say, in seconds from now: up to a month apart, and changing.
JUMPS = ((3600, -90), (-3600, 90), (30 * DAY_S, -3600), (-DAY_S, 0), (0, 30 * DAY_S))
EACH_S = 3.0
WRONG = """
SELECT 'event ' || id || ' is of another time' FROM event
WHERE NOT at BETWEEN now() - interval '30 min' AND now() + interval '1 s'
UNION ALL
SELECT 'contact ' || id || ' is of another time' FROM contact
WHERE NOT first_arrival BETWEEN now() - interval '30 min' AND now() + interval '1 s'
   OR wait_from > now() + interval '1 s' OR closed_at < first_arrival
UNION ALL
SELECT 'offers of ' || contact_id || ' ended after ' || count(*) || ' misses' FROM event
WHERE kind = 'offer_ended' AND why = 'missed' GROUP BY contact_id HAVING count(*) > 1
UNION ALL
SELECT 'mail ' || send_id || ' was given up: ' || code FROM outbound WHERE state = 'failed'
"""
LATER = "452 4.3.1 full"


async def jumped(stage: Stage) -> None:
    """F38: what a node writes down is of the database's time, whatever the node's clock says. A
    relay that is full for the moment is tried again: no mail is old."""
    house, sink = stage.house, stage.house.sink
    files = [house.folder / f"clock{n}" for n in range(2)]
    _say(files, (0, 0))
    nodes = [await house.add_node(gated=False, **_environment(file)) for file in files]
    async with house.only(*nodes):
        async with stage.crowded(rate=10.0):
            conn = await house.connect()
            for jump in JUMPS:
                _say(files, jump)
                sink.script["dot"] = LATER
                await asyncio.sleep(EACH_S / 2)
                sink.script.clear()
                await conn.execute(HURRY)
                await asyncio.sleep(EACH_S / 2)
            await conn.execute(HURRY)
        stage.broken += [row[0] for row in await conn.fetch(WRONG)]
        await conn.close()


def _environment(file: Path) -> dict[str, str]:
    assert LIBRARY is not None
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
    }


def _say(files: list[Path], jump: tuple[int, int]) -> None:
    for file, by_s in zip(files, jump, strict=True):
        new = file.with_suffix(".new")
        new.write_text(f"{by_s:+d}s\n", encoding="ascii")
        new.replace(file)
