"""A working day of the simulated agents: when they come, pause and go."""

from __future__ import annotations

import random

from contactcenter.demo_history.floor import Floor
from contactcenter.demo_history.lived import Agent

HOUR_S, MINUTE_S = 3600.0, 60.0
ABSENT, TRAINED, AWAY = 0.04, 0.06, 0.3


def plan(rng: random.Random, floor: Floor, midnight: float) -> None:
    """Write a day into the floor's calendar. Lunch is taken in turns."""
    turns = rng.sample(range(len(floor.agents)), len(floor.agents))
    for agent, turn in zip(floor.agents, turns, strict=True):
        if rng.random() >= ABSENT:
            _day(rng, floor, agent, midnight, turn / len(turns))


def _day(rng: random.Random, floor: Floor, agent: Agent, midnight: float, turn: float) -> None:
    def at(hour: float, spread_min: float) -> float:
        return midnight + hour * HOUR_S + rng.uniform(-1, 1) * spread_min * MINUTE_S

    def pause(when: float, state: str, reason: str | None, minutes: float) -> None:
        length = minutes * rng.uniform(0.85, 1.15) * MINUTE_S
        floor.later(when, floor.wish, agent, state, reason, length)

    floor.later(at(7.93, 4), floor.set_state, agent, "available", None)
    pause(at(9.2 + turn, 6), "break", "coffee", 14)
    pause(at(10.8 + 2 * turn, 5), "break", "lunch", 30)
    pause(at(13.6 + turn, 8), "break", "coffee", 12)
    if rng.random() < TRAINED:
        pause(at(14.75, 10), "training", None, 45)
    if rng.random() < AWAY:
        pause(at(12.0 + 3 * rng.random(), 30), "away", None, 8)
    floor.later(at(16.2, 6), floor.wish, agent, "offline", None)
