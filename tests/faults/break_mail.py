"""A relay that says everything a relay can."""

from __future__ import annotations

import asyncio

from tests.channels.sink import HANG_UP
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
