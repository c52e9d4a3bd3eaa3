"""The database's clock or Redis' is put forward or back: offers end when they should, nobody is
lost for it, and who falls silent afterwards is noticed.

To put a clock back by an hour is the same as to have written all moments an hour later."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from contactcenter.accounts.authorise import Actor
from contactcenter.kernel import keys
from contactcenter.queue.presence import Presence, agents_presence
from tests.house import House

AINO = "aino@mikkeli.example"


async def _written_later(house: House, seconds: float) -> None:
    """The clock is put back; below zero: forward."""
    for change in (
        "lease SET beat_at = beat_at + $1 * interval '1 s', until = until + $1 * interval '1 s'",
        "contact SET offered_at = offered_at + $1 * interval '1 s',"
        " offered_until = offered_until + $1 * interval '1 s' WHERE state = 'offered'",
        "agent SET missed_from = missed_from + $1 * interval '1 s'",
    ):
        await house.rows(f"UPDATE {change} RETURNING 1", seconds)


async def _now(house: House) -> datetime:
    now: datetime = (await house.row("SELECT clock_timestamp() AS now"))["now"]
    return now


async def _ends(house: House) -> list[datetime]:
    """When the running offers end."""
    rows = await house.rows("SELECT offered_until FROM contact WHERE state = 'offered' ORDER BY id")
    return [row["offered_until"] for row in rows]


async def _offered(house: House) -> tuple[Actor, datetime, datetime]:
    """Who has an offer, since a while; when it ends, and when the clock was looked at before."""
    began = await _now(house)
    await house.arrives()
    aino = await house.on_duty(AINO)
    await house.node.clock.run_once()
    await house.route()
    await house.rows("UPDATE contact SET offered_at = offered_at - interval '5 s' RETURNING 1")
    (ends,) = await _ends(house)
    return aino, ends, began


@pytest.mark.parametrize("back_s", [100, 3_600, 86_400 * 400])
async def test_put_back_an_offer_lasts_no_longer(house: House, back_s: float) -> None:
    """But for the time between two looks at the clock, as after a stall."""
    aino, ends, began = await _offered(house)
    await _written_later(house, back_s)
    await house.arrives()
    await house.route()  # one more, by the new clock
    _, second = await _ends(house)
    with capture_logs() as logs:
        assert await house.node.clock.run_once() == 0
    assert [one["event"] for one in logs] == ["clock_put_back"]
    first, same = await _ends(house)
    assert ends <= first <= ends + (await _now(house) - began)
    assert same == second
    shown = [one["offer"] for one in await house.told(aino, "offer")]
    assert shown.count(shown[0]) == 2  # told of its end anew
    assert await house.node.clock.run_once() == 0
    assert len(await _ends(house)) == 2


@pytest.mark.parametrize("ahead_s", [100, 3_600, 86_400 * 400])
async def test_put_forward_only_what_stood_before_is_prolonged(
    house: House, ahead_s: float
) -> None:
    _, ends, began = await _offered(house)
    await _written_later(house, -ahead_s)
    await house.arrives()
    await house.route()
    _, second = await _ends(house)
    assert await house.node.clock.run_once() == 0
    first, last = await _ends(house)
    spent = await _now(house) - began
    assert ends <= first <= ends + spent
    assert second <= last <= second + spent


async def test_put_back_and_forward_again_an_offer_stands_as_long_as_ever(house: House) -> None:
    _, ends, began = await _offered(house)
    for seconds in (3_600, -3_600, -600, 600):
        await _written_later(house, seconds)
        assert await house.node.clock.run_once() == 0
    (left,) = await _ends(house)
    assert ends <= left <= ends + (await _now(house) - began)


async def test_put_back_whoever_is_not_there_is_away_after_two_misses(house: House) -> None:
    await house.arrives()
    aino = await house.on_duty(AINO)
    await house.rows("UPDATE agent SET missed_from = now() + interval '1 h' RETURNING 1")
    for _ in range(2):
        await house.route()
        await house.rows("UPDATE contact SET offered_until = now() - interval '1 s' RETURNING id")
        assert await house.node.clock.run_once() == 1
    row = await house.row("SELECT state, reason FROM agent WHERE user_id = $1", aino.user_id)
    assert tuple(row) == ("away", "missed")


async def _put_redis(house: House, presence: Presence, seconds: int) -> None:
    """Put Redis' clock back: what stands there was written later; and so it looks to a node."""
    live = house.node.live
    for one, at in await _scores(house):
        await live.call("ZADD", keys.ALIVE, at + seconds * 1000, one)
    if presence._ahead_s is not None:
        presence._ahead_s += seconds


async def _scores(house: House) -> list[tuple[int, int]]:
    found = await house.node.live.call("ZRANGE", keys.ALIVE, 0, -1, "WITHSCORES")
    flat = [part for pair in found for part in pair] if found and len(found[0]) == 2 else found
    return [(int(one), int(float(at))) for one, at in zip(flat[::2], flat[1::2], strict=True)]


@pytest.mark.parametrize("seconds", [-3_600, 3_600])
async def test_a_jump_of_redis_clock_is_nobodys_silence(house: House, seconds: int) -> None:
    presence = agents_presence(house.node.live)
    await presence.heard({1: time.monotonic()})
    assert await presence.silent([1], 15) == []
    await _put_redis(house, presence, seconds)
    assert await presence.silent([1], 15) == []


async def test_who_falls_silent_after_redis_clock_was_put_back_is_noticed(house: House) -> None:
    presence = agents_presence(house.node.live)
    await presence.heard({1: time.monotonic()})
    assert await presence.silent([1], 15) == []
    await _put_redis(house, presence, 3_600)
    after = agents_presence(house.node.live)  # of a node that began since
    assert await after.silent([1], 15) == []
    await _put_redis(house, after, -16)  # and now 16 s pass
    after._ahead_s = None
    assert await after.silent([1], 15) == [1]
