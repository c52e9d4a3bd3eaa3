"""A node that stood still while another took its work over does nothing of it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from contactcenter.kernel.lease import Lapsed, Lease
from tests.house import House


async def taken_over(house: House, name: str) -> None:
    """The lease lapses, and another node has it."""
    await house.rows("UPDATE lease SET until = now() WHERE name = $1 RETURNING 1", name)
    assert await Lease(house.node.db, name, "another").hold() is not None


async def test_nothing_is_done_under_a_lease_that_was_lost(house: House) -> None:
    mine = Lease(house.node.db, "work", "one")
    with pytest.raises(Lapsed):
        async with mine.transaction():
            pass  # never held
    assert await mine.hold() is not None
    async with mine.transaction() as conn:
        await conn.execute("INSERT INTO repair VALUES ('fence', 1)")
    await taken_over(house, "work")
    with pytest.raises(Lapsed):
        async with mine.transaction() as conn:
            await conn.execute("UPDATE repair SET n = 2")
    assert (await house.row("SELECT n FROM repair WHERE name = 'fence'"))["n"] == 1


async def test_nobody_takes_a_lease_while_something_is_done_under_it(house: House) -> None:
    mine, theirs = Lease(house.node.db, "work", "one", 0.2), Lease(house.node.db, "work", "two")
    await mine.hold()
    async with mine.transaction() as conn:
        while await conn.fetchval("SELECT until > clock_timestamp() FROM lease WHERE name='work'"):
            pass
        taking = asyncio.create_task(theirs.hold())
        await conn.fetchval("SELECT pg_sleep(0.2)")
        assert not taking.done()
    assert await taking is not None


async def test_a_clock_that_stood_still_loses_no_agent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    clock = house.node.clock

    async def stalls(who: list[int], for_s: float) -> list[int]:
        await taken_over(house, "clock")
        return who

    monkeypatch.setattr(clock._presence, "silent", stalls)
    await _fails(clock.run_once)
    row = await house.row("SELECT state FROM agent WHERE user_id = $1", aino.user_id)
    assert row["state"] == "available"


async def test_a_clock_that_stood_still_ends_no_offer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await house.arrives()
    await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 1
    ended = "UPDATE contact SET offered_until = now() WHERE id = $1 RETURNING 1"
    await house.rows(ended, contact)
    hold = Lease.hold

    async def stalls(lease: Lease) -> object:
        held = await hold(lease)
        if lease.name == "clock" and lease.owner == house.node.name:
            await taken_over(house, "clock")
        return held

    monkeypatch.setattr(Lease, "hold", stalls)
    await _fails(house.node.clock.run_once)
    assert (await house.contact(contact))["state"] == "offered"
    await house.rows("UPDATE lease SET until = now() WHERE name = 'clock' RETURNING 1")
    monkeypatch.setattr(Lease, "hold", hold)
    assert await house.node.clock.run_once() == 1
    assert (await house.contact(contact))["state"] == "queued"


async def _fails(run_once: Callable[[], Awaitable[int]]) -> None:
    with pytest.raises(Lapsed):
        await run_once()
