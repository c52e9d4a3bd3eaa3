"""Why an agent does not get a contact. Pure; contactcenter/queue/line.lua decides by the same, in
the same order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS, fits

WhyNot = Literal["unable", "out", "full", "declined", "busy"]
WHY_NOT: tuple[WhyNot, ...] = ("unable", "out", "full", "declined", "busy")


class OnDuty(NamedTuple):
    """An agent at work. `able`: with a skill by which the contact may be taken, or kept for.
    `mails`: of the load what a live contact may pause."""

    id: int
    able: bool
    state: str
    load: int
    capacity: int
    mails: int = 0


def why_not(agent: OnDuty, channel: str, passed: Collection[int]) -> WhyNot | None:
    """The first reason for which the agent can't have a waiting contact; None: could have it."""
    if not agent.able:
        return "unable"
    if agent.state != "available":
        return "out"
    load = agent.load - (agent.mails if channel in LIVE_CHANNELS else 0)
    if load >= agent.capacity:
        return "full"
    if agent.id in passed:
        return "declined"
    if channel in EXCLUSIVE_CHANNELS and not fits(load, agent.capacity, channel):
        return "busy"
    return None
