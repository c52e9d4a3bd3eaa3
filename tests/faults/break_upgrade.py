"""A release with one more step of the schema comes under load, and goes again."""

from __future__ import annotations

import asyncio

from tests.faults.break_nodes import APP_S
from tests.faults.stage import Stage
from tests.flows.forks import ROOT
from tests.flows.next_release import (
    Next,
    finds_a_lock,
    killed_before_the_note,
    killed_half_way,
)

SIDE_BY_SIDE_S = 5.0


async def upgraded(stage: Stage) -> None:
    """F39: one of two nodes is replaced; the migration is killed half-way and at its end, then
    meets a lock, then is done. Both releases work side by side. Then the former one is started
    again."""
    house = stage.house
    release = Next(house.folder / "release")
    second = await house.add_node()
    conn = await house.connect()
    async with stage.crowded(rate=10.0):
        await asyncio.sleep(1)
        await _stopped(stage)
        second.root = release.root
        await killed_half_way(second, release, conn)
        await killed_before_the_note(second, release, conn)
        await finds_a_lock(second, release, house.database_url)
        await house.start(second)
        await asyncio.sleep(SIDE_BY_SIDE_S)
        await _stopped(stage)
        second.root = ROOT
        stage.over(APP_S)
        await house.start(second)
        await asyncio.sleep(3)
    await conn.close()
    await house.remove_node(second)


async def _stopped(stage: Stage) -> None:
    code = await stage.house.nodes[1].stop()
    if code != 0:
        stage.broken.append(f"a node that was told to stop ended with {code}")
