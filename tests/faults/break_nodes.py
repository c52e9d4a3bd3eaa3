"""Nodes are killed, told to go, stopped, and wake up again."""

from __future__ import annotations

import asyncio

from tests.faults.agents import Agent
from tests.faults.house import Node
from tests.faults.stage import Stage

APP_S, NODE_S = 10.0, 30.0
STILL_S = 35.0  # longer than any lease
TRIES = 100
AT_WORK = """
SELECT pid, xact_start FROM pg_stat_activity
WHERE state = 'idle in transaction' AND backend_xid IS NOT NULL AND datname = current_database()
"""


async def killed(stage: Stage) -> None:
    """F01: kill -9 five times, each time with 200 in flight."""
    async with stage.crowded():
        for _ in range(5):
            await asyncio.sleep(stage.chance.uniform(0.3, 1.5))
            await stage.node.kill()
            stage.over(APP_S)
            await stage.house.start(stage.node)


async def replaced(stage: Stage) -> None:
    """F03: two nodes are stopped in order and started again, one after the other."""
    house = stage.house
    other = await house.add_node()
    async with stage.crowded():
        for node in (other, house.nodes[0]):
            await asyncio.sleep(1)
            code = await node.stop()
            if code != 0:
                stage.broken.append(f"a node that was told to stop ended with {code}")
            await house.start(node)
        refused = {
            e.data["why"]
            for e in stage.ledger.entries
            if e.act == "callback" and e.phase == "error"
        }
        if any(why.startswith("5") for why in refused):
            stage.broken.append(f"requests got {sorted(refused)}")
    await house.remove_node(other)


async def killed_beside_another(stage: Stage) -> None:
    """F27: one of two nodes is killed, and with it a third of the agents are gone."""
    house = stage.house
    other = await house.add_node()
    async with stage.crowded() as crowd:
        await asyncio.sleep(1)
        first = house.nodes[0]
        gone = crowd.agents[: len(crowd.agents) // 3]
        for agent in gone:
            agent.out_of_reach()
        stage.contacts = in_hand(gone)
        await first.kill()
        for agent in gone:
            house.front.reset(agent.source)
        stage.over(NODE_S)
        await stage.offered_again(NODE_S)
        for agent in gone:
            agent.back()
    await house.start(first)
    await house.remove_node(other)


async def stood_still(stage: Stage) -> None:
    """F28: one of two nodes stands still in the middle of a transaction, is missed, and wakes up
    with old leases and sockets. Nobody waits for the locks that it has."""
    house = stage.house
    other = await house.add_node()
    async with stage.crowded(rate=5.0) as crowd:
        await asyncio.sleep(1)
        first = house.nodes[0]
        await _stand_still_at_work(stage, first)
        house.out_of_rotation(first)
        stage.over(APP_S)
        await asyncio.sleep(STILL_S)
        first.go_on()
        for _ in range(10):
            crowd.come()
        await asyncio.sleep(3)
    house.into_rotation(first)
    await house.remove_node(other)


async def _stand_still_at_work(stage: Stage, node: Node) -> None:
    """Stop it again and again until it is so in a transaction that has written something."""
    conn = await stage.house.connect()
    for _ in range(TRIES):
        node.stand_still()
        before = set(await conn.fetch(AT_WORK))
        await asyncio.sleep(0.1)  # in which another node's has ended
        if before & set(await conn.fetch(AT_WORK)):
            break
        node.go_on()
        await asyncio.sleep(0.02)
    else:
        node.stand_still()
        stage.broken.append("it was never stopped in the middle of a transaction")
    await conn.close()


def in_hand(agents: list[Agent]) -> set[str]:
    """What these agents are working on."""
    return {contact for agent in agents for contact in agent.active()}
