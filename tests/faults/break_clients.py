"""Browsers that click twice, vanish, do not read, or break off."""

from __future__ import annotations

import asyncio

from tests.faults.stage import Stage


async def control(stage: Stage) -> None:
    """Nothing is broken."""
    async with stage.crowded():
        await asyncio.sleep(4)


async def clicked_thrice(stage: Stage) -> None:
    """F26: every frame, request and mail is sent three times at once."""
    async with stage.crowded(clicks=3, burst=80, in_flight=120, rate=10.0):
        await asyncio.sleep(4)
