"""Decisions of the past, decided once more: the floor is told what the line was told, in the order
in which it happened, and each logged offer is compared with what the rules say. Pure.

The order is that of the log. What was committed less than a second before may not have stood in the
line yet, as two nodes and two connections work side by side; a decision that is right without it is
`raced`, not different. Whatever the rules say, the replay goes on with what was logged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from contactcenter.planning.crew import told
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS, fits, stands_in, units
from contactcenter.routing.floor import Floor

RACE_US = 1_000_000
BY_THE_LINE = ("rank", "sticky")  # other rules are somebody's act
SHOWN = 20


class Told(NamedTuple):
    """A row of the log, or of what else the line was told: `able` {agent, capacity, pauses,
    classes} and `here` {contact, here}. `asks`: the class of its queue."""

    id: int
    at_us: int
    kind: str
    contact: int | None = None
    agent: int | None = None
    asks: str = ""
    channel: str = ""
    rank: int = 0
    rule: str = ""
    why: str = ""
    to: str = ""
    capacity: int = 0
    pauses: bool = False
    classes: str = ""
    here: bool = True


@dataclass
class _Contact:
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

    def classes(self) -> list[str]:
        """In whose lines it stands."""
        return stands_in(self.asks, self.also, self.preferred)


@dataclass
class _Agent:
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
    def soft(self) -> int:
        """Units that a live contact may have."""
        return self.mails if self.pauses else 0


class Replay:
    """Feed it `before` what is compared, then `live`; `answer` says how it went."""

    def __init__(self) -> None:
        self._floor = Floor()
        self._contacts: dict[int, _Contact] = {}
        self._agents: defaultdict[int, _Agent] = defaultdict(_Agent)
        self._pending: defaultdict[int, list[int]] = defaultdict(list)  # contact: agents
        self._asked: dict[int, None] = {}  # contacts that the line is to be told of
        self._free: dict[int, None] = {}  # agents
        self._missing: dict[tuple[str, int], dict[str, Any]] = {}
        self._different: list[dict[str, Any]] = []
        self._counts: Counter[str] = Counter()

    def before(self, rows: Iterable[Told]) -> None:
        """What happened before, of whoever is still there: nothing is compared."""
        for row in rows:
            self._apply(row)
        self._asked = dict.fromkeys(self._contacts)
        self._free = dict.fromkeys(self._agents)
        self._decide()

    def live(self, rows: Iterable[Told]) -> None:
        """Everything from then on, by id. What was committed together, by its moment, is told
        together."""
        for _, change in groupby(_together(rows), key=lambda row: row.at_us):
            for row in change:
                if row.kind == "offered" and not (self._offers and self._expects(row)):
                    self._decide()
                self._offers = row.kind == "offered"
                if row.kind == "offered":
                    self._compare(row)
                self._apply(row)
            self._offers = False
            self._decide()

    _offers = False  # whether the change told last was an offer too

    def _expects(self, row: Told) -> bool:
        return row.contact is not None and row.agent in self._pending.get(row.contact, ())

    def answer(self) -> dict[str, Any]:
        """{decisions, equal, raced, by_hand, different, missing}; of `different` the first."""
        return {
            "decisions": self._counts["decisions"],
            "equal": self._counts["equal"],
            "raced": self._counts["raced"],
            "different": self._counts["different"],
            "by_hand": self._counts["by_hand"],
            "differences": self._different,
            "missing": sorted(self._missing.values(), key=lambda one: int(one["event"])),
        }

    # ------------------------------------------------------------ what happened

    def _apply(self, row: Told) -> None:
        if row.kind == "able" and row.agent is not None:
            agent = self._agents[row.agent]
            agent.capacity, agent.classes, agent.able = row.capacity, told(row.classes), True
            agent.pauses = row.pauses
            self._floor.skills(row.agent, agent.classes)
            self._free[row.agent] = None
        elif row.kind == "agent_state" and row.agent is not None:
            self._turn(row, row.agent)
        elif row.kind == "entered" and row.contact is not None:
            self._enter(row, row.contact)
        elif row.contact is not None and row.kind in _MOVES:
            contact = self._contacts.get(row.contact)
            if contact is None:
                if row.kind != "closed":  # of what never waited: an automatic mail
                    self._lacks("entered", row.contact, row)
                return
            contact.channel, contact.told_us = row.channel or contact.channel, row.at_us
            self._asked[row.contact] = None
            _MOVES[row.kind](self, row, contact)

    def _turn(self, row: Told, number: int) -> None:
        agent = self._agents[number]
        if row.to == "available" and agent.state != "available":
            agent.idle_us = row.at_us
        agent.state, agent.told_us = row.to, row.at_us
        self._free[number] = None

    def _enter(self, row: Told, number: int) -> None:
        """A new wait; who passed it on does not get it back."""
        known = self._contacts.get(number)
        passed = known.agent if known is not None and row.why == "transfer" else None
        self._contacts[number] = _Contact(
            asks=row.asks,
            channel=row.channel,
            rank=row.rank,
            passed=set() if passed is None else {passed},
            preferred=row.agent,
            told_us=row.at_us,
        )
        self._asked[number] = None

    def _takes(self, row: Told, contact: _Contact) -> None:
        """Into an agent's hands: offered, or begun by hand."""
        if row.agent is None or contact.state == "held":
            return
        if contact.state != "offered":
            agent = self._agents[row.agent]
            contact.units = units(contact.channel, agent.capacity)
            agent.load += contact.units
            agent.told_us = row.at_us
            self._free[row.agent] = None
        contact.agent, contact.preferred = row.agent, None
        contact.state = "offered" if row.kind == "offered" else "held"
        if contact.state == "held" and contact.channel == "mail":
            self._agents[row.agent].mails += 1
            self._free[row.agent] = None

    def _gives(self, row: Told, contact: _Contact) -> None:
        """Out of an agent's hands."""
        if contact.state in ("offered", "held") and contact.agent is not None:
            agent = self._agents[contact.agent]
            agent.load -= contact.units
            agent.mails -= contact.state == "held" and contact.channel == "mail" and contact.units
            agent.told_us = row.at_us
            if contact.units:  # a paused mail took none
                agent.idle_us = row.at_us
            self._free[contact.agent] = None
        contact.state, contact.units = "gone", 0

    def _pauses(self, row: Told, contact: _Contact) -> None:
        """A mail in hand makes room, or goes on."""
        units_now = 0 if row.kind == "paused" else 1
        if contact.state == "held" and contact.agent is not None and contact.units != units_now:
            agent = self._agents[contact.agent]
            agent.load += units_now - contact.units
            agent.mails += units_now - contact.units
            contact.units = units_now
            self._free[contact.agent] = None

    def _offer_ends(self, row: Told, contact: _Contact) -> None:
        if row.why == "accepted":
            return
        if contact.state != "offered":
            self._lacks("offered", row.contact or 0, row)
            return
        self._gives(row, contact)
        if row.why == "declined" and row.agent is not None:
            contact.passed.add(row.agent)

    def _returns(self, _: Told, contact: _Contact) -> None:
        contact.state = "queued"

    def _relaxes(self, row: Told, contact: _Contact) -> None:
        if row.why == "preferred":
            contact.preferred = None
        else:
            contact.also.append(row.rule)

    def _comes(self, row: Told, contact: _Contact) -> None:
        contact.here = row.here

    # ------------------------------------------------------------ what is decided

    def _decide(self) -> None:
        """Tell the floor what was committed, as one call of the line does, and ask it."""
        self._let_go()
        contacts, agents = list(self._asked), dict(self._free)
        for number in contacts:
            contact = self._contacts[number]
            if contact.state == "queued" and contact.here:
                first, *also = contact.classes()
                whole = contact.channel in EXCLUSIVE_CHANNELS
                passed = frozenset(contact.passed)
                live = contact.channel in LIVE_CHANNELS
                self._floor.enter(
                    number, first, contact.rank, whole=whole, live=live, passed=passed, also=also
                )
            else:
                self._floor.leave(number)
                agents |= dict.fromkeys(self._pending.pop(number, ()))
        for number in agents:
            self._tell(number)
        self._asked, self._free = {}, {}
        for number in agents:
            if (taken := self._floor.for_agent(number)) is not None:
                self._pending[taken].append(number)
        for number in contacts:
            contact = self._contacts[number]
            if contact.state == "queued" and contact.here and number not in self._pending:
                for name in contact.classes():
                    if (pair := self._floor.for_class(name)) is not None:
                        self._pending[pair[1]].append(pair[0])
                        break

    def _let_go(self) -> None:
        """Offers that can't be made, their agents having gone: the contacts stand in their places
        again."""
        gone = {one for one in self._free if self._agents[one].state != "available"}
        for contact, who in list(self._pending.items()) if gone else ():
            left = [one for one in who if one not in gone]
            if left != who:
                self._asked[contact] = None
                self._pending[contact] = left
                if not left:
                    del self._pending[contact]

    def _tell(self, number: int) -> None:
        agent = self._agents[number]
        if not agent.able:
            self._floor.skills(number, agent.classes)
        on = agent.state == "available"
        idle, mails = _ms(agent.idle_us), agent.soft
        self._floor.agent(number, agent.load, agent.capacity, idle, on=on, mails=mails)

    def _compare(self, row: Told) -> None:
        number, agent = row.contact, row.agent
        if number is None or agent is None or number not in self._contacts:
            return
        contact = self._contacts[number]
        self._lack_of(row, agent)
        expected = self._pending.pop(number, [])
        self._free |= dict.fromkeys(one for one in expected if one != agent)
        if row.rule not in BY_THE_LINE:
            self._counts["by_hand"] += 1
            return
        self._counts["decisions"] += 1
        if agent in expected:
            self._counts["equal"] += 1
            return
        why = self._wrong(row, contact, agent)
        self._counts["different" if why else "raced"] += 1
        if why and len(self._different) < SHOWN:
            self._different.append(self._told(row, expected, agent) | {"why": why})

    def _told(self, row: Told, expected: list[int], agent: int) -> dict[str, Any]:
        others = [str(contact) for contact, who in self._pending.items() if agent in who]
        return {
            "event": str(row.id),
            "at_us": row.at_us,
            "contact": str(row.contact),
            "agent": str(agent),
            "expected_agents": [str(one) for one in expected],
            "expected_contacts": others,
        }

    # ------------------------------------------------------------ what can't be right

    def _wrong(self, row: Told, contact: _Contact, number: int) -> str | None:
        """Why no order of what was committed within the last second makes it right; None where
        one does."""
        settled = row.at_us - RACE_US
        if not self._could(number, contact):
            return "could_not"
        agent = self._agents[number]
        for other in self._contacts.values():
            ahead = other.rank < contact.rank and other.told_us < settled
            if ahead and agent.told_us < settled and self._could(number, other):
                return "better_contact"
        for one, other_agent in self._agents.items():
            first = _order(other_agent, contact) < _order(agent, contact)
            if one != number and first and max(other_agent.told_us, contact.told_us) < settled:
                if self._could(one, contact):
                    return "better_agent"
        return None

    def _could(self, number: int, contact: _Contact) -> bool:
        agent = self._agents[number]
        able = any(name in agent.classes for name in contact.classes())
        room = fits(agent.load, agent.capacity, contact.channel, agent.soft)
        waits = contact.state == "queued" and contact.here
        free = agent.state == "available" and number not in contact.passed
        return able and room and waits and free

    def _lack_of(self, row: Told, number: int) -> None:
        agent = self._agents[number]
        if not agent.state:
            self._lacks("agent_state", number, row)
        if not agent.able:
            self._lacks("able", number, row)

    def _lacks(self, what: str, number: int, row: Told) -> None:
        about = "agent" if what in ("agent_state", "able") else "contact"
        found = {"what": what, about: str(number), "event": str(row.id)}
        self._missing.setdefault((what, number), found)


_MOVES: dict[str, Any] = {
    "offered": Replay._takes,
    "accepted": Replay._takes,
    "offer_ended": Replay._offer_ends,
    "returned": Replay._returns,
    "left": Replay._gives,
    "closed": Replay._gives,
    "abandoned": Replay._gives,
    "relaxed": Replay._relaxes,
    "paused": Replay._pauses,
    "resumed": Replay._pauses,
    "here": Replay._comes,
}


def _order(agent: _Agent, contact: _Contact) -> tuple[int, int, int]:
    """Who comes first: whose mail need not be paused, the highest level, the longest idle."""
    level = max((agent.classes.get(name, 0) for name in contact.classes()), default=0)
    stays = fits(agent.load, agent.capacity, contact.channel)
    return not stays, -level, _ms(agent.idle_us)


def _ms(at_us: int) -> int:
    """As the line has it: in milliseconds, rounded."""
    return (at_us + 500) // 1000


def _together(rows: Iterable[Told]) -> Iterator[Told]:
    """By id, but for what was committed together: that comes where its last row stands."""
    known = sorted(rows, key=lambda row: row.id)
    last = {row.at_us: row.id for row in known}
    return iter(sorted(known, key=lambda row: (last[row.at_us], row.id)))
