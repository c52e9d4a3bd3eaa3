"""Agents who have two tabs, which a balancer gives to whichever node it likes."""

from __future__ import annotations

import asyncio
import time

from tests.faults.agents import Agent
from tests.faults.crowd import Crowd
from tests.faults.stage import VIEWS_S, Stage


async def two_tabs(stage: Stage) -> None:
    """F31: each agent works in both at once, so that everything is taken, answered and closed twice
    in the same moment. Both must show the same, and have been shown the same."""
    house = stage.house
    other = await house.add_node()
    async with stage.crowded(rate=10.0) as crowd:
        first = list(crowd.agents)
        second = [await _one_more(stage, crowd, agent) for agent in first]
        await asyncio.sleep(1)  # what was told while the second opened may be in one snapshot only
        since = time.monotonic()
        await asyncio.sleep(6)
        for agent in crowd.agents:
            agent.hurry.set()
        await asyncio.gather(
            *(_alike(stage, one, two, since) for one, two in zip(first, second, strict=True))
        )
    await house.remove_node(other)


async def _one_more(stage: Stage, crowd: Crowd, agent: Agent) -> Agent:
    cookie = dict(stage.house.users)[agent.user]
    source = agent.source.replace("127.3.", "127.4.")
    tab = Agent(stage.house.url, stage.ledger, stage.random(), agent.user, cookie, source)
    crowd.sit_down(tab)
    await tab.greeted.wait()
    return tab


async def _alike(stage: Stage, one: Agent, two: Agent, since: float) -> None:
    try:
        async with asyncio.timeout(stage.within(VIEWS_S)):
            while (one.state, one.hand) != (two.state, two.hand) or _one_sided(one, two, since):
                await asyncio.sleep(0.05)
    except TimeoutError:
        shown = [f"{tab.state} {tab.hand}" for tab in (one, two)]
        stage.broken.append(f"{one.actor}: {shown[0]} in a tab, {shown[1]} in the other")
        missing = sorted(_one_sided(one, two, since))
        stage.broken += [f"{one.actor}: only one tab was shown {what}" for what in missing[:3]]


def _one_sided(one: Agent, two: Agent, since: float) -> set[str]:
    """What one tab was shown after `since`, and the other never."""
    return {
        what
        for tab, other in ((one, two), (two, one))
        for what, at in tab.was_shown.items()
        if at > since and what not in other.was_shown
    }
