"""simulate_1, simulate_500: seconds for a simulated day of 10,000 contacts: one class, 14 agents;
500 classes of calls, chats and mails, and 500 agents who may take from 20 each. Floor: the shortest
program that knows the waits of a plain line, Kiefer and Wolfowitz's recursion on a heap, which has
no classes, ranks, patience or capacity."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from heapq import heappop, heappush

from bench.measure import ROUNDS, Sample, report
from bench.stage import Stage
from contactcenter.routing.day import Coming, Staff
from contactcenter.routing.simulation import simulate

CONTACTS, AHT_S, BUSY, PATIENCE_S = 10_000, 180.0, 0.9, 300.0
_SECOND_US = 1_000_000


def made_day(
    classes: int, agents: int, skills: int, channels: Sequence[str]
) -> tuple[list[Coming], list[Staff]]:
    """A day with so many classes, and agents who are busy for most of it."""
    rng = random.Random(1)  # noqa: S311 - a made-up day
    names = [f"mikkeli/task{n}/fi/1" for n in range(classes)]
    at, comings = 0.0, []
    for _ in range(CONTACTS):
        at += rng.expovariate(BUSY * agents / AHT_S)
        now, handle = round(at * _SECOND_US), round(rng.expovariate(1 / AHT_S) * _SECOND_US)
        patience = round(rng.expovariate(1 / PATIENCE_S) * _SECOND_US)
        channel, name = rng.choice(channels), rng.choice(names)
        comings.append(Coming(now, name, channel, now, handle, patience))
    shift = ((0, comings[-1].at_us),)
    return comings, [Staff(n, 3, tuple(rng.sample(names, skills)), shift) for n in range(agents)]


def waits(comings: Sequence[Coming], agents: int) -> int:
    """The floor: all waits together, where each goes to whoever is free first."""
    free, waited = [0] * agents, 0
    for coming in comings:
        begins = max(coming.at_us, heappop(free))
        waited += begins - coming.at_us
        heappush(free, begins + coming.handle_us)
    return waited


async def run(stage: Stage) -> None:
    """Measure and print."""
    for name, day in {
        "simulate_1": made_day(1, 14, 1, ("call",)),
        "simulate_500": made_day(500, 500, 20, ("call", "chat", "mail")),
    }.items():
        samples = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            simulate(*day)
            ended = time.perf_counter()
            waits(day[0], len(day[1]))
            samples.append(Sample(ended - began, time.perf_counter() - ended))
        report(name, "s", samples)
