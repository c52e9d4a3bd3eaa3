"""The floor of the past: contacts and agents as the log tells of them, event by event, and what the
router's floor is told of that. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from contactcenter.planning.crew import told
from contactcenter.planning.standing import Agent, Contact
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS, units
from contactcenter.routing.floor import Floor


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


class PastFloor:
    """Give it each row with `happens`; `tell` passes on to `floor` what has changed since. `asked`
    and `free`: the contacts and agents that it has yet to tell of, in the order of the log."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._missing: dict[tuple[str, int], dict[str, Any]] = {}
        self.contacts: dict[int, Contact] = {}
        self.agents: defaultdict[int, Agent] = defaultdict(Agent)
        self.asked: dict[int, None] = {}
        self.free: dict[int, None] = {}

    def happens(self, row: Told) -> None:
        """The next row."""
        if row.kind == "able" and row.agent is not None:
            agent = self.agents[row.agent]
            agent.capacity, agent.classes, agent.able = row.capacity, told(row.classes), True
            agent.pauses = row.pauses
            self._floor.skills(row.agent, agent.classes)
            self.free[row.agent] = None
        elif row.kind == "agent_state" and row.agent is not None:
            self._turn(row, row.agent)
        elif row.kind == "entered" and row.contact is not None:
            self._enter(row, row.contact)
        elif row.contact is not None and row.kind in _MOVES:
            contact = self.contacts.get(row.contact)
            if contact is None:
                if row.kind != "closed":  # of what never waited: an automatic mail
                    self._lacks("entered", row.contact, row)
                return
            contact.channel, contact.told_us = row.channel or contact.channel, row.at_us
            self.asked[row.contact] = None
            _MOVES[row.kind](self, row, contact)

    def _turn(self, row: Told, number: int) -> None:
        agent = self.agents[number]
        if row.to == "available" and agent.state != "available":
            agent.idle_us = row.at_us
        agent.state, agent.told_us = row.to, row.at_us
        self.free[number] = None

    def _enter(self, row: Told, number: int) -> None:
        """A new wait; who passed it on does not get it back."""
        known = self.contacts.get(number)
        passed = known.agent if known is not None and row.why == "transfer" else None
        self.contacts[number] = Contact(
            asks=row.asks,
            channel=row.channel,
            rank=row.rank,
            passed=set() if passed is None else {passed},
            preferred=row.agent,
            told_us=row.at_us,
        )
        self.asked[number] = None

    def _takes(self, row: Told, contact: Contact) -> None:
        """Into an agent's hands: offered, or begun by hand."""
        if row.agent is None or contact.state == "held":
            return
        if contact.state == "offered" and contact.agent != row.agent:
            self._lacks("offer_ended", row.contact or 0, row)
            self._gives(row, contact)
        if contact.state != "offered":
            agent = self.agents[row.agent]
            contact.units = units(contact.channel, agent.capacity)
            agent.load += contact.units
            agent.told_us = row.at_us
            self.free[row.agent] = None
        contact.agent, contact.preferred = row.agent, None
        contact.state = "offered" if row.kind == "offered" else "held"
        if contact.state == "held" and contact.channel == "mail":
            self.agents[row.agent].mails += 1
            self.free[row.agent] = None

    def _gives(self, row: Told, contact: Contact) -> None:
        """Out of an agent's hands."""
        if contact.state in ("offered", "held") and contact.agent is not None:
            agent = self.agents[contact.agent]
            agent.load -= contact.units
            agent.mails -= contact.state == "held" and contact.channel == "mail" and contact.units
            agent.told_us = row.at_us
            if contact.units:  # a paused mail took none
                agent.idle_us = row.at_us
            self.free[contact.agent] = None
        contact.state, contact.units = "gone", 0

    def _pauses(self, row: Told, contact: Contact) -> None:
        """A mail in hand makes room, or goes on."""
        units_now = 0 if row.kind == "paused" else 1
        if contact.state == "held" and contact.agent is not None and contact.units != units_now:
            agent = self.agents[contact.agent]
            agent.load += units_now - contact.units
            agent.mails += units_now - contact.units
            contact.units = units_now
            self.free[contact.agent] = None

    def _offer_ends(self, row: Told, contact: Contact) -> None:
        if row.why == "accepted":
            return
        if contact.state != "offered":
            self._lacks("offered", row.contact or 0, row)
            return
        self._gives(row, contact)
        if row.why == "declined" and row.agent is not None:
            contact.passed.add(row.agent)

    def _returns(self, _: Told, contact: Contact) -> None:
        contact.state = "queued"

    def _relaxes(self, row: Told, contact: Contact) -> None:
        if row.why == "preferred":
            contact.preferred = None
        else:
            contact.also.append(row.rule)

    def _comes(self, row: Told, contact: Contact) -> None:
        contact.here = row.here

    # ------------------------------------------------------------ what the floor is told

    def again(self, contacts: Iterable[int] = (), agents: Iterable[int] = ()) -> None:
        """These are to be told of too: the floor let them go for an offer that was not made."""
        self.asked |= dict.fromkeys(contacts)
        self.free |= dict.fromkeys(agents)

    def tell(self) -> tuple[list[int], list[int]]:
        """Tells the floor, as one call of the line does; says of which contacts and agents."""
        contacts, agents = list(self.asked), list(self.free)
        self.asked, self.free = {}, {}
        for number in contacts:
            self._tell_contact(number)
        for number in agents:
            self._tell_agent(number)
        return contacts, agents

    def _tell_contact(self, number: int) -> None:
        contact = self.contacts[number]
        if not contact.waits:
            self._floor.leave(number)
            return
        first, *also = contact.classes()
        whole = contact.channel in EXCLUSIVE_CHANNELS
        passed = frozenset(contact.passed)
        live = contact.channel in LIVE_CHANNELS
        self._floor.enter(
            number, first, contact.rank, whole=whole, live=live, passed=passed, also=also
        )

    def _tell_agent(self, number: int) -> None:
        agent = self.agents[number]
        if not agent.able:
            self._floor.skills(number, agent.classes)
        load, idle, mails = agent.load, agent.idle_ms, agent.soft
        self._floor.agent(number, load, agent.capacity, idle, on=agent.on, mails=mails)

    # ------------------------------------------------------------ what the log lacks

    def missing(self) -> list[dict[str, Any]]:
        """What should have been logged, each named once, by the event that showed it."""
        return sorted(self._missing.values(), key=lambda one: int(one["event"]))

    def lack_of(self, row: Told, number: int) -> None:
        """Notes what was not logged of an agent who got something."""
        agent = self.agents[number]
        if not agent.state:
            self._lacks("agent_state", number, row)
        if not agent.able:
            self._lacks("able", number, row)

    def _lacks(self, what: str, number: int, row: Told) -> None:
        about = "agent" if what in ("agent_state", "able") else "contact"
        found = {"what": what, about: str(number), "event": str(row.id)}
        self._missing.setdefault((what, number), found)


_MOVES: dict[str, Callable[[PastFloor, Told, Contact], None]] = {
    "offered": PastFloor._takes,
    "accepted": PastFloor._takes,
    "offer_ended": PastFloor._offer_ends,
    "returned": PastFloor._returns,
    "left": PastFloor._gives,
    "closed": PastFloor._gives,
    "abandoned": PastFloor._gives,
    "relaxed": PastFloor._relaxes,
    "paused": PastFloor._pauses,
    "resumed": PastFloor._pauses,
    "here": PastFloor._comes,
}
