"""Agents who are lost while they talk on the phone, and citizens whom nobody reaches."""

from __future__ import annotations

import asyncio
import time

from tests.faults.agents import Agent
from tests.faults.break_nodes import NODE_S
from tests.faults.crowd import Crowd
from tests.faults.stage import Stage

CALLS, TRIES, TALKING_S = 60, 3, 10.0
TOO_OFTEN = """
SELECT contact_id::text || ' was tried ' || count(*) || ' times' FROM attempt
GROUP BY contact_id HAVING count(*) > $1
UNION ALL
SELECT contact_id::text || ' has no outcome' FROM callback c JOIN contact ON id = contact_id
WHERE state = 'closed' AND result IS NULL
"""


async def lost_while_talking(stage: Stage) -> None:
    """F43: a third of the agents vanish with a call in hand of which they said nothing; who is not
    reached is tried again after a second, three times in all."""
    house = stage.house
    node = await house.add_node(
        CONTACTCENTER_CALLBACK_RETRY_S="1", CONTACTCENTER_CALLBACK_ATTEMPTS=str(TRIES)
    )
    async with house.only(node):
        async with stage.crowded(rate=5.0, burst=30, in_flight=50) as crowd:
            for agent in crowd.agents:
                agent.unreached = 3
            for _ in range(round(CALLS * stage.share)):
                crowd.come("callback")
            gone = await _talking(stage, crowd)
            for agent in gone:
                agent.out_of_reach()
            stage.contacts = {call for agent in gone for call in agent.calls()}
            house.front.swallow({agent.source for agent in gone})
            stage.over(NODE_S)
            await stage.offered_again(NODE_S)
            for agent in gone:
                agent.back()
            await asyncio.sleep(2)
        conn = await house.connect()
        stage.broken += [row[0] for row in await conn.fetch(TOO_OFTEN, TRIES)]
        await conn.close()


async def _talking(stage: Stage, crowd: Crowd) -> list[Agent]:
    """A third of the agents, each with a call in hand."""
    wanted = max(1, len(crowd.agents) // 3)
    end = time.monotonic() + stage.within(TALKING_S)
    while True:
        found = [agent for agent in crowd.agents if agent.calls()][:wanted]
        if len(found) == wanted or time.monotonic() > end:
            return found
        await asyncio.sleep(0.02)
