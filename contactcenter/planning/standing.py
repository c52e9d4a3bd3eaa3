"""How contacts and agents stood at a moment of the past, and who could have had what. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from contactcenter.queue.rules import fits, stands_in


@dataclass
class Contact:
    """A contact since it last came into the line."""

    asks: str
    channel: str
    rank: int
    state: str = "queued"  # queued, offered, held, gone
    also: list[str] = field(default_factory=list)
    passed: set[int] = field(default_factory=set)
    preferred: int | None = None
    here: bool = True
    agent: int | None = None
    units: int = 0
    told_us: int = 0

    @property
    def waits(self) -> bool:
        """Whether it stands in the line."""
        return self.state == "queued" and self.here

    def classes(self) -> list[str]:
        """In whose lines it stands."""
        return stands_in(self.asks, self.also, self.preferred)


@dataclass
class Agent:
    """An agent, as far as the log has told."""

    capacity: int = 0
    pauses: bool = False  # whether mail in hand makes room for a live contact
    mails: int = 0  # in hand, accepted and not paused
    classes: dict[str, int] = field(default_factory=dict)
    state: str = ""
    load: int = 0
    idle_us: int = 0
    told_us: int = 0
    able: bool = False  # whether it is known what it may take

    @property
    def on(self) -> bool:
        """Whether available."""
        return self.state == "available"

    @property
    def soft(self) -> int:
        """Units that a live contact may have."""
        return self.mails if self.pauses else 0

    @property
    def idle_ms(self) -> int:
        """Since when idle, as the line has it: in milliseconds, rounded."""
        return (self.idle_us + 500) // 1000


def could(number: int, agent: Agent, contact: Contact) -> bool:
    """Whether the agent of that number could be offered the contact."""
    able = any(name in agent.classes for name in contact.classes())
    room = fits(agent.load, agent.capacity, contact.channel, agent.soft)
    return able and room and contact.waits and agent.on and number not in contact.passed


def order(agent: Agent, contact: Contact) -> tuple[int, int, int]:
    """Who comes first: whose mail need not be paused, the highest level, the longest idle."""
    level = max((agent.classes.get(name, 0) for name in contact.classes()), default=0)
    stays = fits(agent.load, agent.capacity, contact.channel)
    return not stays, -level, agent.idle_ms
