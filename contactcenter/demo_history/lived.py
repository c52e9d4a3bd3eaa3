"""What a simulated month is made of: persons, cases, contacts, what was said and what happened.

Times are seconds since 1970, UTC. Ids are given when the month is over, in the order in which
things came to be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.queue.rules import requirement

Names = dict[str, str]


@dataclass(eq=False)
class Made:
    """Whatever gets an id, and when it came to be."""

    made_at: float
    id: int = 0


@dataclass(eq=False, kw_only=True)
class Queue:
    """A queue of the database."""

    id: int
    key: str
    organisation_id: int
    organisation: str
    task: str
    level: int
    name: Names
    target_s: int
    address: str | None
    channels: list[str]
    calendar: Any


@dataclass(eq=False, kw_only=True)
class Person(Made):
    """A made-up citizen of one organisation."""

    organisation_id: int
    name: str
    language: str
    email: str
    number: str


@dataclass(eq=False, kw_only=True)
class Said(Made):
    """A message."""

    contact: Lived
    direction: str
    text: str
    agent: Agent | None = None
    subject: str | None = None
    send: Made | None = None
    external_id: str | None = None
    seq: int = 0


@dataclass(eq=False, kw_only=True)
class Case(Made):
    """A matter, and all that was said in it."""

    organisation_id: int
    person: Person
    subject: str = ""
    resolved_at: float | None = None
    said: list[Said] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Topic:
    """A question of a queue in a language, what is answered, and the key of its service; "" where
    that is none of the city's."""

    subject: str
    question: str
    answer: str
    note: str
    service: str = ""


@dataclass(eq=False, kw_only=True)
class Lived(Made):
    """A contact from its arrival to its end, or as far as it got."""

    queue: Queue
    channel: str
    language: str
    topic: Topic
    handle_s: float
    case: Case
    first_arrival: float
    number: int  # in the order in which they came to be, as ids will be
    follows: bool = False
    state: str = "received"
    rank: int = 0
    version: int = 1
    units: int = 1
    owner: Agent | None = None
    offer: Made | None = None
    accepted_offer: Made | None = None
    passed: list[Agent] = field(default_factory=list)
    wait_from: float = 0.0
    offered_at: float | None = None
    first_accepted: float | None = None
    accepted_at: float | None = None
    wrap_up_at: float | None = None
    closed_at: float | None = None
    disposition: str | None = None
    external_id: str | None = None
    left: bool = False
    transferred: bool = False
    call: Call = field(default_factory=lambda: Call())
    feedback: Feedback | None = None
    unasked: Unasked | None = None

    @property
    def asks(self) -> str:
        """The class in which it waits."""
        queue = self.queue
        return requirement(queue.organisation, queue.task, self.language, queue.level)

    @property
    def by(self) -> Agent:
        """Who has it in hand. Raises LookupError."""
        if self.owner is None:
            raise LookupError("nobody has the contact")
        return self.owner


@dataclass(eq=False)
class Call:
    """Of a callback: what is owed and what was tried, as (when, agent, outcome)."""

    promise: tuple[float, float] | None = None
    kept: bool | None = None
    result: str | None = None
    tries: list[tuple[float, Agent, str]] = field(default_factory=list)
    request: Made = field(default_factory=lambda: Made(0.0))


@dataclass(frozen=True)
class Feedback:
    """What the citizen said afterwards, with a mark of each from 1 to 5."""

    at: float
    handling: int
    service: int | None
    text: str


@dataclass(frozen=True)
class Unasked:
    """What open feedback a contact is, as unasked.toml has it."""

    item: dict[str, Any]


@dataclass(eq=False, kw_only=True)
class Agent:
    """Somebody who works, and what is in hand."""

    id: int
    organisation_id: int
    name: str
    capacity: int
    skills: dict[tuple[str, str], int]
    state: str = "offline"
    load: int = 0
    missed: bool = False
    wish: tuple[str, str | None, float] | None = None
    idle_since: float = 0.0
    hands: list[Lived] = field(default_factory=list)

    def classes(self) -> dict[str, int]:
        """The own level in each class of which something may be taken; the same in each language,
        as the demo's agents have it."""
        return {
            requirement(organisation, task, language, least): level
            for (organisation, task), level in self.skills.items()
            for language in LANGUAGES
            for least in range(1, level + 1)
        }

    def can(self, queue: Queue) -> bool:
        """Whether the skills suffice for a queue."""
        return self.skills.get((queue.organisation, queue.task), 0) >= queue.level


@dataclass(eq=False)
class Happened:
    """An event: its columns, with contacts, agents and offers that get their ids later."""

    at: float
    kind: str
    contact: Lived | None
    queue: Queue | None
    agent: Agent | None
    more: dict[str, Any]
