"""Who was at work, and who would be. Pure.

An agent more has the shifts of one who has the skill, breaks too, of another one on each simulated
day: nobody knows who it will be. One fewer is any of those who have the skill.
"""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from contactcenter.planning.asked import Change
from contactcenter.planning.scenario import Queue, asked_for
from contactcenter.queue.relax import ANY_LANGUAGE
from contactcenter.queue.rules import LEVELS, requirement
from contactcenter.routing.day import Staff
from contactcenter.routing.demand import PlanError

Spans = tuple[tuple[int, int], ...]


class Turn(NamedTuple):
    """A change of an agent's state."""

    agent: int
    at_us: int
    available: bool


def shifts(turns: Iterable[Turn], begins_us: int, ends_us: int) -> dict[int, Spans]:
    """When each agent was available between two moments; of those who were."""
    since: dict[int, int] = {}
    found: dict[int, list[tuple[int, int]]] = {}
    for turn in sorted(turns, key=lambda turn: turn.at_us):
        if turn.available:
            since.setdefault(turn.agent, max(turn.at_us, begins_us))
        elif (from_us := since.pop(turn.agent, None)) is not None and turn.at_us > from_us:
            found.setdefault(turn.agent, []).append((from_us, turn.at_us))
    for agent, from_us in since.items():
        if from_us < ends_us:
            found.setdefault(agent, []).append((from_us, ends_us))
    return {agent: tuple(spans) for agent, spans in found.items()}


def classes(skills: Iterable[str]) -> dict[str, int]:
    """Requirement classes with the own level in each, from ORGANISATION/TASK/LANGUAGE=LEVEL."""
    found: dict[str, int] = {}
    for skill in skills:
        name, _, text = skill.partition("=")
        organisation, task, language = name.split("/")
        own = int(text)
        for speaks in (language, ANY_LANGUAGE):
            for level in range(1, own + 1):
                asks = requirement(organisation, task, speaks, level)
                found[asks] = max(own, found.get(asks, 0))
    return found


def told(text: str) -> dict[str, int]:
    """The own level in each class, from how the database tells an agent's: " CLASS=LEVEL"."""
    pairs = (one.partition("=") for one in text.split())
    return {name: int(level) for name, _, level in pairs}


def only(classes: Mapping[str, int], wanted: Container[str]) -> dict[str, int]:
    """Without the classes that nobody will ask for: fewer are quicker."""
    return {name: level for name, level in classes.items() if name in wanted}


class Skill(NamedTuple):
    """What an agent more can, of all that these queues ask for."""

    name: str
    classes: Mapping[str, int]


def skill(name: str, queues: Sequence[Queue]) -> Skill:
    """By a queue's key, a task or a language; of all where the name is empty. Raises PlanError,
    which says what there is."""
    asks = [
        (queue, language)
        for queue in queues
        for language in queue.asks.languages
        if name in ("", queue.key, queue.asks.task, language)
    ]
    if not asks:
        tasks = sorted({queue.asks.task for queue in queues} | {queue.key for queue in queues})
        languages = sorted({one for queue in queues for one in queue.asks.languages})
        raise PlanError(f"skill {name!r}: choose of {', '.join([*languages, *tasks])}")
    found = classes(
        f"{queue.asks.organisation}/{queue.asks.task}/{language}={LEVELS}"
        for queue, language in asks
    )
    return Skill(name, only(found, asked_for(queues)))


def changed(staff: Sequence[Staff], change: Change, of: Skill, seed: int) -> list[Staff]:
    """Who is at work with the change. Raises PlanError where fewer have the skill than are to
    be taken away."""
    rng = random.Random(f"{seed} {of.name}")  # noqa: S311 - a simulation
    able = able_of(staff, of)
    if change.agents < 0:
        if len(able) < -change.agents:
            raise PlanError(_too_few(len(able), of.name), "able", n=len(able))
        gone = set(rng.sample([one.agent for one in able], -change.agents))
        return [one for one in staff if one.agent not in gone]
    last = max((one.agent for one in staff), default=0)
    like = able or list(staff)
    if change.agents and not like:
        text = "nobody was or will be at work on that day: there are no shifts to add to"
        raise PlanError(text, "nobody")
    more = []
    for n in range(change.agents):
        model = rng.choice(like)
        more.append(model._replace(agent=last + 1 + n, classes=of.classes))
    return [*staff, *more]


def able_of(staff: Iterable[Staff], of: Skill) -> list[Staff]:
    """Who may take from one of the skill's classes, whatever the language."""
    any_ = f"/{ANY_LANGUAGE}/"
    wanted = {name for name in of.classes if any_ not in name}
    return [one for one in staff if wanted & set(one.classes)]


def _too_few(able: int, name: str) -> str:
    have = f"have {name!r} and are" if name else "are"
    if able == 0:
        return f"no agents {have} at work on that day: none can be taken away"
    return f"{able} agents {have} at work on that day: at most -{able}"
