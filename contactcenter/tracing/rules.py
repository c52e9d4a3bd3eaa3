"""A contact's life as spans: from its events in order, which stretch of time was what. Pure.

A trace is one contact. Its number and those of its spans follow from ids alone, so every node and
every try tells the same ones, and nothing about them is stored. Spans hold ids, codes and times:
no person, no agent, no word that anybody wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | bool
CONTACT = "contact"  # the span that holds all others
_ENDS = ("left", "closed", "abandoned")


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the log, as far as traces need it."""

    id: int
    at: datetime
    kind: str
    channel: str
    language: str
    direction: str
    queue: str
    organisation: str
    offer: int | None = None
    why: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """A contact, and all that has happened to it."""

    contact: int
    case: int | None
    arrived: datetime
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a contact's time. `parent`: the number of the span that holds it. `decided`: by
    which version of the rules an offer was."""

    contact: int
    name: str
    number: int
    parent: int | None
    since: datetime
    until: datetime
    told: Mapping[str, Value] = field(default_factory=dict)
    decided: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in hand, or in line, that is over: what was written in it is to be told. `root`: the
    number of the span to hold it."""

    contact: int
    case: int | None
    root: int
    since: datetime | None
    until: datetime


def number(*words: object, size: int = 8) -> int:
    """A number of so many bytes that follows from the words; never 0, which would mean none (W3C
    Trace Context, 2021, section 3.2.2)."""
    text = ":".join(map(str, words)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=size).digest()) or 1


def told(life: Life, news: Collection[int]) -> tuple[list[Span], list[Stretch]]:
    """What the events with these ids end."""
    teller = _Teller(life, news)
    for event in life.events:
        teller.hear(event)
    return teller.spans, teller.stretches


class _Teller:
    """Goes through a life once, from its beginning: what has begun and has not ended by then."""

    def __init__(self, life: Life, news: Collection[int]) -> None:
        self.spans: list[Span] = []
        self.stretches: list[Stretch] = []
        self._life = life
        self._news = news
        self._open: dict[str, tuple[datetime, str | None]] = {}  # since when; decided by
        self._round = 0  # how often it was over already
        self._began = life.arrived
        self._over: datetime | None = None
        self._first = True
        self._reopens = False

    def hear(self, event: Event) -> None:
        """One event more."""
        if self._first:
            self._first = False
            name = "scheduled" if _was_booked(event) else "received"
            self._open[name] = (self._life.arrived, None)
            self._end(event, name)
        elif self._reopens and event.kind in ("entered", "accepted"):
            self._began, self._reopens = event.at, False
        if event.kind in ("entered", "returned"):
            self._end(event, "scheduled", "waited")
            self._open["waited"] = (event.at, None)
        elif event.kind == "offered":
            self._open["offered"] = (event.at, event.rule or "")
        elif event.kind == "offer_ended":
            self._end(event, "offered")
        elif event.kind == "accepted":
            self._end(event, "waited")
            self._open["handled"] = (event.at, None)
        elif event.kind in ("held", "paused"):
            self._open[event.kind] = (event.at, None)
        elif event.kind == "unheld":
            self._end(event, "held")
        elif event.kind == "resumed":
            self._end(event, "paused")
        elif event.kind == "wrap_up":
            self._end(event, "held", "paused", "handled")
            self._open["wrapped_up"] = (event.at, None)
        elif event.kind in _ENDS:
            self._stop(event)

    def _stop(self, event: Event) -> None:
        """It leaves an agent's hands, or it is over."""
        self._end(event, *self._open)
        if event.id in self._news:
            self.stretches.append(
                Stretch(self._life.contact, self._life.case, self._root(), self._over, event.at)
            )
        self._over = event.at
        if event.kind == "left":
            if event.why == "not_reached":
                self._open["scheduled"] = (event.at, None)
            return
        if event.id in self._news:
            self._add(event, CONTACT, self._root(), None, self._began)
        self._round += 1
        self._reopens = True

    def _end(self, event: Event, *names: str) -> None:
        """These stretches end, those of them that had begun."""
        for name in names:
            since, decided = self._open.pop(name, (None, None))
            if since is not None and event.id in self._news:
                found = number(self._life.contact, event.id, name)
                self._add(event, name, found, self._root(), since, decided)

    def _add(
        self,
        event: Event,
        name: str,
        found: int,
        parent: int | None,
        since: datetime,
        decided: str | None = None,
    ) -> None:
        until = max(since, event.at)  # a clock may have been put back
        span = Span(
            self._life.contact, name, found, parent, since, until, self._facts(event), decided
        )
        self.spans.append(span)

    def _root(self) -> int:
        return number(self._life.contact, CONTACT, self._round)

    def _facts(self, event: Event) -> dict[str, Value]:
        facts: dict[str, Value | None] = {
            "contact": self._life.contact,
            "case": self._life.case,
            "organisation": event.organisation,
            "queue": event.queue,
            "channel": event.channel,
            "language": event.language,
            "direction": event.direction,
            "ended_by": event.kind,
            "why": event.why,
            "offer": event.offer,
        }
        return {name: value for name, value in facts.items() if value is not None}


def _was_booked(event: Event) -> bool:
    """Whether a contact's first event tells that it was a callback for later."""
    return event.why == "window" or (event.channel == "callback" and event.kind == "closed")
