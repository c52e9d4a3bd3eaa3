"""How it stood with an agent at a past moment, told by the log. Pure.

What an admin changed since is taken back by what the audit holds of it; what was in hand is what
the events before the moment say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from contactcenter.queue.rules import is_for_own_staff, units


class Known(NamedTuple):
    """A level, and since when trained for another organisation's task."""

    level: int
    trained: date | None = None


class There(NamedTuple):
    """An organisation on the day of the moment, and the tasks in which the agents of another serve
    there by an agreement."""

    id: int
    day: date
    agreed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Setting:
    """What an admin sets of an agent of organisation `home`. `skills`: (organisation, task,
    language) -> what is known."""

    home: int
    capacity: int
    pauses_mail: bool
    scope: frozenset[int]
    skills: Mapping[tuple[int, str, str], Known]
    enabled: bool = True

    def level(self, requirement: str, organisations: Mapping[str, There]) -> int:
        """The own level for a class, where it is enough and the agent may serve there; else 0."""
        key, task, language, least = requirement.split("/")
        there, own_staff = organisations.get(key), is_for_own_staff(requirement)
        bare = task.rstrip("!")
        if there is None or there.id not in self.scope:
            return 0
        levels = [
            known.level
            for (of, name, speaks), known in self.skills.items()
            if of == there.id and name == bare and language in (speaks, "*")
            if of == self.home or (not own_staff and _serves(known, task, there))
        ]
        best = max(levels, default=0)
        return best if best >= int(least) else 0


def taken_back(now: Setting, changes: Iterable[tuple[str, Mapping[str, Any] | None]]) -> Setting:
    """As it was before these changes, (verb, before) of the audit, the newest first."""
    at = dict(vars(now))
    for verb, before in changes:
        if verb in ("disable_user", "enable_user"):
            at["enabled"] = verb == "disable_user"
        for key, value in (before or {}).items():
            if key == "skills":
                at["skills"] = dict(map(_skill, value))
            elif key == "scope":
                at["scope"] = frozenset(value)
            elif key in ("capacity", "pauses_mail"):
                at[key] = value
    return Setting(**at)


def _serves(known: Known, task: str, there: There) -> bool:
    """In another organisation than the own: by an agreement and after training."""
    return task in there.agreed and known.trained is not None and known.trained <= there.day


def _skill(text: str) -> tuple[tuple[int, str, str], Known]:
    """As the audit writes it: organisation/task/language/level, and the day of training."""
    what, _, trained = text.partition(" ")
    organisation, task, language, level = what.split("/")
    known = Known(int(level), date.fromisoformat(trained) if trained else None)
    return (int(organisation), task, language), known


@dataclass
class _Held:
    channel: str
    offered: bool = True
    paused: bool = False


@dataclass
class Hands:
    """What an agent had in hand, folded from the agent's own events of those contacts, in order."""

    held: dict[int, _Held] = field(default_factory=dict)

    def apply(self, contact: int, channel: str, kind: str, why: str | None) -> None:
        """What an event changes."""
        if kind == "offered":
            self.held[contact] = _Held(channel)
        elif kind == "accepted":
            self.held[contact] = _Held(channel, offered=False)
        elif kind in ("left", "closed") or (kind == "offer_ended" and why != "accepted"):
            self.held.pop(contact, None)
        elif kind in ("paused", "resumed") and contact in self.held:
            self.held[contact].paused = kind == "paused"

    def load(self, capacity: int) -> int:
        """Units in hand and offered."""
        return sum(units(one.channel, capacity) for one in self.held.values() if not one.paused)

    def mails(self) -> int:
        """Of these what a live contact may pause."""
        return sum(
            one.channel == "mail" and not one.offered and not one.paused
            for one in self.held.values()
        )


def passed(agent: int, events: Sequence[tuple[str, str | None, int | None]]) -> bool:
    """Whether the agent had declined a contact in its wait, or passed it on into it: from its
    events (kind, why, agent) before the moment, in order."""
    found = gave = False
    for kind, why, who in events:
        if kind == "entered":
            found, gave = gave and why == "transfer", False
        elif kind == "left":
            gave = why == "transfer" and who == agent
        elif kind == "offer_ended" and why == "declined" and who == agent:
            found = True
    return found
