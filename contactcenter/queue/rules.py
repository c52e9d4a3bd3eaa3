"""The contact's states, its place in line, and what fits an agent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

State = Literal[
    "received",
    "queued",
    "offered",
    "active",
    "wrap_up",
    "closed",
    "scheduled",
    "abandoned",
    "quarantined",
]

# docs/how-it-works.md draws this.
TRANSITIONS: dict[str, frozenset[str]] = {
    "received": frozenset({"queued", "scheduled", "closed", "quarantined"}),
    "queued": frozenset({"offered", "active", "abandoned", "closed"}),
    "offered": frozenset({"active", "queued", "abandoned"}),
    "active": frozenset({"wrap_up", "closed", "queued", "offered", "scheduled"}),
    "wrap_up": frozenset({"closed"}),
    "scheduled": frozenset({"queued", "abandoned", "closed"}),
    "quarantined": frozenset({"queued", "closed"}),
    "closed": frozenset({"queued"}),  # what was kept out of the line, put into it
    "abandoned": frozenset(),
}
# In the order in which they are shown.
CHANNELS = ("chat", "mail", "callback", "call", "visit", "letter")
EXCLUSIVE_CHANNELS = frozenset({"call", "callback", "visit"})
LIVE_CHANNELS = EXCLUSIVE_CHANNELS | {
    "chat"
}  # somebody is there: mail in hand may be paused for it
BY_HAND = frozenset({"call", "visit", "letter"})  # the person is with the agent, not with us
LEVELS = 3
_OWN_STAFF = "!"  # behind the task; the view `able` in schema.sql writes the same


def rank(first_arrival: datetime, target_s: float, priority_s: float = 0) -> int:
    """The place in line, smaller first: microseconds since 1970 of first arrival + target -
    priority. It stays while the contact waits, so all age alike and nothing starves."""
    due = first_arrival + timedelta(seconds=target_s - priority_s)
    return (due - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def requirement(
    organisation: str, task: str, language: str, level: int, *, own_staff: bool = False
) -> str:
    """The requirement class: what an agent must be able to; with `own_staff` one of the
    organisation's own."""
    return f"{organisation}/{task}{_OWN_STAFF if own_staff else ''}/{language}/{level}"


def is_for_own_staff(requirement: str) -> bool:
    """Whether a class is for the organisation's own staff alone."""
    return f"{_OWN_STAFF}/" in requirement


def task_of(requirement: str) -> str:
    """The `organisation/task` of a class."""
    return requirement.rsplit("/", 2)[0].rstrip(_OWN_STAFF)


def own(agent: int | str) -> str:
    """The class of who waits for one agent alone."""
    return f"own/{agent}"


def stands_in(
    requirement: str, also: Iterable[str] = (), preferred: int | None = None
) -> list[str]:
    """The classes in whose lines a waiting contact stands: while an agent is `preferred`, in that
    agent's own alone; else in the one it came with and those it was relaxed to."""
    return [own(preferred)] if preferred is not None else [requirement, *also]


def waits_again(channel: str, *, decision: bool) -> bool:
    """Whether a contact whose agent is gone goes back to its place. What was begun by hand has its
    person or paper with that agent; but a letter that is to be decided (`decision`) is never over
    before somebody did, and paper can be fetched."""
    return channel not in BY_HAND or (channel == "letter" and decision)


def pick_language(wished: str | None, offered: list[str]) -> str:
    """The language a contact waits in: the wished one where the queue serves it, else the queue's
    first."""
    return wished if wished in offered else offered[0]


def units(channel: str, capacity: int) -> int:
    """Units of an agent's capacity that a contact takes: a call or a visit all of them."""
    return capacity if channel in EXCLUSIVE_CHANNELS else 1


def fits(load: int, capacity: int, channel: str, mails: int = 0) -> bool:
    """Whether an agent with this load can take one more contact of the channel; `mails`: units of
    the load that are mail in hand, which a live contact may pause."""
    firm = load - mails if channel in LIVE_CHANNELS else load
    return firm + units(channel, capacity) <= capacity


Ranges = tuple[tuple[int, int], ...]


def merged(ranges: Ranges, since: int, upto: int) -> Ranges:
    """Ranges of versions, the ends included, with one more; those that touch become one."""
    apart = []
    for first, last in ranges:
        if last < since - 1 or first > upto + 1:
            apart.append((first, last))
        else:
            since, upto = min(first, since), max(last, upto)
    return tuple(sorted([*apart, (since, upto)]))
