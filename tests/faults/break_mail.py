"""A relay that says everything a relay can, or takes its time; and a sender that does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tests.channels.sink import HANG, HANG_UP
from tests.faults.stage import Stage

MOODS = (
    {"greeting": "421 4.3.2 not now"},
    {"MAIL": "451 4.3.0 later"},
    {"RCPT": "451 4.7.1 greylisted"},
    {"RCPT": "452 4.2.2 full"},
    {"RCPT": "550 5.1.1 no such person"},
    {"DATA": HANG_UP},
    {"dot": "452 4.3.1 full"},
    {"dot": "552 5.2.2 full for ever"},
    {"dot": HANG_UP},  # it was taken, and its 250 is lost
)
MOOD_S = 1.0
# So short that a byte a second is no silence of 30 s.
SHORT = {"greeting": "220 x", "EHLO": "250 x", "MAIL": "250 x", "RCPT": "250 x", "dot": "250 x"}
SLOW, SLOW_S, LEAST_OTHERS = 5, 90.0, 10
AT_ONCE = 8  # mails that a node sends at a time
LEASE_S = 30.0  # in which a node that stands still is missed
LOST = """
SELECT send_id FROM outbound
WHERE state = 'unknown' AND code = 'sender lost' AND NOT send_id = ANY($1::bigint[])
"""
# Minutes of waiting for the next try are no part of the fault.
HURRY = "UPDATE outbound SET next_at = now() WHERE state = 'queued' AND next_at > now()"


async def moody_relay(stage: Stage) -> None:
    """F22: twice through all moods, every second another; then it is well again."""
    sink, house = stage.house.sink, stage.house
    async with stage.crowded(rate=10.0):
        conn = await house.connect()
        for mood in (*MOODS, *MOODS):
            sink.script = dict(mood)
            await asyncio.sleep(MOOD_S)
            await conn.execute(HURRY)
        sink.script.clear()
        await conn.execute(HURRY)
        await conn.close()


async def slow_relay(stage: Stage) -> None:
    """F23: up to five connections at a time are answered a byte a second, until five are done. An
    attempt ends after 240 s and its lease after 300: no send outlives that; F24 is about leases."""
    sink = stage.house.sink
    async with stage.crowded(rate=10.0, burst=50, in_flight=40):
        sink.script, sink.slow, sink.slow_s = dict(SHORT), SLOW, 1.0
        await _until(stage, lambda: len(sink.slow_ones) == SLOW)
        slow = set(sink.slow_ones)
        before, end = len(sink.taken), time.monotonic() + stage.within(SLOW_S)
        while slow & sink.slow_ones and time.monotonic() < end:
            await asyncio.sleep(0.1)
        others = len(sink.taken) - before - SLOW
        if others < LEAST_OTHERS:
            stage.broken.append(f"only {others} other mails left meanwhile")
        sink.script, sink.slow = {}, 0
        conn = await stage.house.connect()
        await conn.execute(HURRY)
        await conn.close()


async def woken(stage: Stage) -> None:
    """F24: one of two nodes stands still in the middle of sending, longer than its lease. Its mails
    are taken for lost, agents send them again by the other one; then it wakes."""
    house, sink = stage.house, stage.house.sink
    conn = await house.connect()
    other = await house.add_node()
    async with stage.crowded(rate=10.0, burst=60, in_flight=60) as crowd:
        before = [row["send_id"] for row in await conn.fetch(LOST, [])]
        sink.hang_again()
        sink.script = {"DATA": HANG}
        for _ in range(3 * AT_ONCE):  # each is acknowledged by mail
            crowd.come("mail")
        await _until(stage, lambda: sink.hanging_now > AT_ONCE)  # so both nodes are at it
        first = house.nodes[0]
        first.stand_still()
        house.out_of_rotation(first)
        sink.script = {}
        sink.go_on()
        lost: list[int] = []
        end = time.monotonic() + stage.within(LEASE_S)
        while not lost and time.monotonic() < end:
            await asyncio.sleep(0.2)
            lost = [row["send_id"] for row in await conn.fetch(LOST, before)]
        if not lost:
            stage.broken.append("nothing was under way where a node stood still")
        again = [crowd.agents[0].say("resend", str(one), send_id=str(one)) for one in lost]
        await asyncio.gather(*again)
        await asyncio.sleep(1)
        first.go_on()
        await asyncio.sleep(3)
    await conn.close()
    house.into_rotation(first)
    await house.remove_node(other)


async def _until(stage: Stage, so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Raises TimeoutError where it does not come to that."""
    async with asyncio.timeout(stage.within(seconds)):
        while not so():
            await asyncio.sleep(0.05)
