"""Nobody can take it: all decline, all go home, who is being offered it is disabled, its queue is
taken out of use."""

from __future__ import annotations

import asyncio
import time

import aiohttp

from tests.faults.agents import Agent
from tests.faults.break_nodes import APP_S
from tests.faults.citizens import QUEUE
from tests.faults.house import House
from tests.faults.stage import Stage

DECLINE_S, EMPTY_S, KNOWN_S = 4.0, 3.0, 5.0
AINO = "aino@mikkeli.example"
WAITS = "SELECT id FROM contact WHERE state = 'queued' ORDER BY id LIMIT 1"


class Hesitant(Agent):
    """Takes nothing, and lets no offer go."""

    async def _take(self, offer: str, contact: str) -> None:
        await self._left.wait()


async def nobody(stage: Stage) -> None:
    """F42: what waits then waits with a reason that can be read, and is taken when somebody comes
    who can."""
    house = stage.house
    async with stage.crowded(rate=5.0, burst=60, agents=20) as crowd:
        before = list(crowd.agents)
        for agent in before:
            agent.declines = 1.0
        await asyncio.sleep(DECLINE_S)
        for agent in before:
            agent.declines = 0.0
            await agent.rest()
        await asyncio.sleep(EMPTY_S)
        await _is_told_why(stage)
        await _stays_in_use(stage)
        await _disabled_while_offered(stage)
        stage.over(APP_S)
        for user, cookie in house.users[len(before) : 2 * len(before)]:
            source = f"127.5.0.{len(crowd.agents)}"
            crowd.sit_down(Agent(house.url, stage.ledger, stage.random(), user, cookie, source))
        await asyncio.sleep(2)
        for agent in before:
            await agent.come_back()


async def _is_told_why(stage: Stage) -> None:
    """A supervisor asks why one waits."""
    house = stage.house
    conn = await house.connect()
    contact = await conn.fetchval(WAITS)
    await conn.close()
    if contact is None:
        stage.broken.append("nobody is on duty, and nobody waits")
        return
    headers, said = {"Cookie": house.supervisor}, None
    end = time.monotonic() + stage.within(KNOWN_S)
    async with aiohttp.ClientSession(headers=headers) as http:
        while said != "nobody_on_duty" and time.monotonic() < end:
            async with http.get(f"{house.url}/api/contacts/{contact}/why") as answer:
                said = ((await answer.json()).get("waiting") or {}).get("uncovered")
            await asyncio.sleep(0.2)
    if said != "nobody_on_duty":
        stage.broken.append(f"nobody is on duty, and {contact} is said to wait for {said}")


async def _stays_in_use(stage: Stage) -> None:
    """A queue in which somebody waits can't go."""
    office = stage.house.office
    queue = await office.configured("queue", "key", QUEUE)
    if await office.configure("queue", queue | {"disabled": True}):
        stage.broken.append("a queue was taken out of use while somebody waited there")
        await office.configure("queue", queue)


async def _disabled_while_offered(stage: Stage) -> None:
    """What an agent was being offered goes back to its place when the agent may not work any
    more."""
    house, crowd = stage.house, stage.crowd
    ((user, cookie),) = await house.sign_in(AINO)
    aino = Hesitant(house.url, stage.ledger, stage.random(), user, cookie, "127.6.0.1")
    crowd.sit_down(aino)
    end = time.monotonic() + stage.within(KNOWN_S)
    while not aino.offered and time.monotonic() < end:
        await asyncio.sleep(0.05)
    if not aino.offered:
        stage.broken.append("the only one on duty was offered nothing")
    aino.out_of_reach()
    await _set_disabled(house, disabled=True)
    await asyncio.sleep(1)
    await _set_disabled(house, disabled=False)


async def _set_disabled(house: House, *, disabled: bool) -> None:
    aino = await house.office.configured("user", "email", AINO)
    assert await house.office.configure("user", aino | {"disabled": disabled})
