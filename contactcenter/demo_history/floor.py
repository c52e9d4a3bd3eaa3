"""A simulated floor: agents, the line, offers and ringing phones.

Waits are not invented: they follow from who is at work, what they can, and what they have in hand.
Who gets what is decided by the router's own floor, so `contactcenter replay` of what is written
here says the same. A call or a visit takes an agent wholly, mail and chat one unit of the capacity.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from contactcenter.demo_history.lived import Agent, Happened, Lived, Made
from contactcenter.demo_history.story import Story
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, units
from contactcenter.routing.floor import Floor as Line

OFFER_S = 30.0
MISSES, DECLINES = 0.02, 0.01  # shares of offers


class Floor(Story):
    """The agents and the line. `work`: what an agent does with a contact that was accepted."""

    def __init__(
        self, rng: random.Random, agents: list[Agent], work: Callable[[Floor, Lived], None]
    ) -> None:
        super().__init__()
        self.rng = rng
        self.agents = agents
        self._work = work
        self._ringing: list[Lived] = []
        self._line = Line()
        self._known: dict[int, Lived] = {}
        self._agents = {agent.id: agent for agent in agents}
        for agent in agents:
            self._line.skills(agent.id, agent.classes())

    # ------------------------------------------------------------ the line

    def enter(self, contact: Lived, why: str, due: float) -> None:
        """Into the line: a new wait, ranked by its due time."""
        contact.state, contact.owner, contact.wait_from = "queued", None, self.now
        contact.rank = round(due * 1_000_000)
        contact.version += 1
        self.tell("entered", contact, why=why, wait_from=contact.wait_from, rank=contact.rank)
        self._known[contact.number] = contact
        self._changed([contact], [])

    def abandon(self, contact: Lived) -> None:
        """The person leaves the line, where nobody has accepted yet."""
        agents = []
        if contact.state == "offered":
            agents.append(contact.by)
            self._end_offer(contact, "withdrawn")
        if contact.state == "queued":
            contact.state, contact.version = "abandoned", contact.version + 1
            self.tell("abandoned", contact, wait_from=contact.wait_from)
            self._changed([contact], agents)

    def _changed(self, contacts: list[Lived], agents: list[Agent]) -> None:
        """Phones and counters first; then the line is told, as after a commit, and decides."""
        for contact in list(self._ringing):
            if (free := self._at_the_phone(contact)) is not None:
                self._ringing.remove(contact)
                self._begin(contact, free)
                agents = [*agents, free]
        while contacts or agents:
            pairs = self._decided(contacts, list(dict.fromkeys(agent.id for agent in agents)))
            for number, agent in pairs:
                self._offer(self._known[number], agent)
            contacts, agents = [], [agent for _, agent in pairs]

    def _decided(self, contacts: list[Lived], agents: list[int]) -> list[tuple[int, Agent]]:
        for contact in contacts:
            self._place(contact)
        for one in agents:
            agent = self._agents[one]
            idle = (round(agent.idle_since * 1_000_000) + 500) // 1000
            on = agent.state == "available"
            self._line.agent(one, agent.load, agent.capacity, idle, on=on)
        found = [(taken, one) for one in agents if (taken := self._line.for_agent(one)) is not None]
        for contact in contacts:
            given = {number for number, _ in found}
            if contact.state == "queued" and contact.number not in given:
                pair = self._line.for_class(contact.asks)
                found += [(pair[1], pair[0])] if pair is not None else []
        return [(number, self._agents[one]) for number, one in found]

    def _place(self, contact: Lived) -> None:
        if contact.state != "queued":
            self._line.leave(contact.number)
            return
        whole = contact.channel in EXCLUSIVE_CHANNELS
        passed = frozenset(agent.id for agent in contact.passed)
        self._line.enter(contact.number, contact.asks, contact.rank, whole=whole, passed=passed)

    def _offer(self, contact: Lived, agent: Agent) -> None:
        contact.state, contact.owner, contact.offered_at = "offered", agent, self.now
        contact.units, contact.version = units(contact.channel, agent.capacity), contact.version + 1
        offer = contact.offer = Made(self.now)
        agent.load += contact.units
        self.tell("offered", contact, agent, offer=offer, rank=contact.rank, rule="rank")
        luck, others = self.rng.random(), bool(self._ready(contact))
        if luck < MISSES and not agent.missed:
            self.later(self.now + OFFER_S, self._refuse, contact, offer, "missed")
        elif luck > 1 - DECLINES and others:
            self.later(self.now + self.rng.uniform(2, 9), self._refuse, contact, offer, "declined")
        else:
            wait = min(1.2 + self.rng.expovariate(0.3), OFFER_S - 2)
            self.later(self.now + wait, self._accept, contact, offer)

    def _accept(self, contact: Lived, offer: Made) -> None:
        agent = contact.owner
        if contact.offer is not offer or agent is None:
            return
        agent.missed = False
        contact.offer, contact.accepted_offer = None, offer
        contact.version += 1
        more: dict[str, Any] = {"offer": offer, "wait_from": contact.wait_from}
        self.tell("offer_ended", contact, agent, why="accepted", **more)
        self.tell("accepted", contact, agent, **more)
        self._in_hand(contact, agent)
        self._grant(agent)

    def _refuse(self, contact: Lived, offer: Made, why: str) -> None:
        agent = contact.owner
        if contact.offer is not offer or agent is None:
            return
        agent.missed = why == "missed"
        if why == "declined":
            contact.passed.append(agent)
        self._end_offer(contact, why)
        self._changed([contact], [agent])
        self._grant(agent)

    def _end_offer(self, contact: Lived, why: str) -> None:
        agent, offer = contact.by, contact.offer
        agent.load -= contact.units
        agent.idle_since = self.now
        contact.state, contact.owner, contact.offer = "queued", None, None
        contact.version += 1
        self.tell("offer_ended", contact, agent, offer=offer, why=why)
        self.tell("returned", contact, wait_from=contact.wait_from, rank=contact.rank)

    # ------------------------------------------------------------ phones and counters

    def ring(self, contact: Lived, patience_s: float) -> None:
        """Somebody rings or stands at the counter: an agent begins the contact by hand, or the
        person goes, of which the product never hears."""
        self._ringing.append(contact)
        self.later(self.now + patience_s, self._goes, contact)
        self._changed([], [])

    def _goes(self, contact: Lived) -> None:
        if contact in self._ringing:
            self._ringing.remove(contact)

    def _ready(self, contact: Lived) -> list[Agent]:
        """Who is available and able, and did not decline it."""
        return [
            agent
            for agent in self.agents
            if agent.state == "available" and agent.wish is None and contact.owner is not agent
            if agent.can(contact.queue) and agent not in contact.passed
        ]

    def _at_the_phone(self, contact: Lived) -> Agent | None:
        """Who has nobody there: answers to mails may wait."""
        able = [a for a in self._ready(contact) if not self._occupied(a)]
        return min(able, key=lambda a: (a.load, a.idle_since), default=None)

    def _begin(self, contact: Lived, agent: Agent) -> None:
        contact.made_at = contact.case.made_at = self.now
        contact.wait_from = contact.first_arrival
        contact.rank = round((contact.first_arrival + contact.queue.target_s) * 1_000_000)
        contact.owner, contact.units = agent, agent.capacity
        agent.load += contact.units
        more: dict[str, Any] = {"wait_from": contact.wait_from, "rank": contact.rank}
        self.tell("entered", contact, why="new", **more)
        self.tell("accepted", contact, agent, **more)
        self._in_hand(contact, agent)

    def _in_hand(self, contact: Lived, agent: Agent) -> None:
        contact.state, contact.accepted_at = "active", self.now
        contact.first_accepted = contact.first_accepted or self.now
        agent.hands.append(contact)
        self._work(self, contact)

    # ------------------------------------------------------------ the end of an interaction

    def wrap_up(self, contact: Lived) -> None:
        """active -> wrap_up."""
        contact.state, contact.wrap_up_at = "wrap_up", self.now
        contact.version += 1
        self.tell("wrap_up", contact, contact.owner)

    def close(self, contact: Lived, disposition: str) -> None:
        """-> closed, and its agent has room again."""
        agent = contact.by
        contact.state, contact.closed_at, contact.disposition = "closed", self.now, disposition
        contact.version += 1
        self.tell("closed", contact, agent, disposition=disposition)
        self._out_of_hand(contact, agent)

    def leave(self, contact: Lived, why: str) -> None:
        """Out of the agent's hands without an end."""
        agent = contact.by
        contact.version += 1
        self.tell("left", contact, agent, why=why)
        contact.owner = None
        contact.passed = [agent] if why == "transfer" else []
        self._out_of_hand(contact, agent)

    def _out_of_hand(self, contact: Lived, agent: Agent) -> None:
        agent.hands.remove(contact)
        agent.load -= contact.units
        agent.idle_since = self.now
        self._changed([contact], [agent])
        self._grant(agent)

    # ------------------------------------------------------------ agents

    def wish(self, agent: Agent, state: str, reason: str | None, for_s: float = 0.0) -> None:
        """To another state, as soon as no offer stands on the screen, for a time where one is
        given; what is in hand is finished. Who goes home is away until it is."""
        if state == "offline" or agent.state == "available":
            agent.wish = (state, reason, for_s)
            self._grant(agent)

    def _grant(self, agent: Agent) -> None:
        if agent.wish is None or agent.load > sum(c.units for c in agent.hands):
            return
        state, reason, for_s = agent.wish
        if state == "offline" and agent.hands:
            if agent.state == "available":
                self.set_state(agent, "away", None)
            return
        agent.wish = None
        self.set_state(agent, state, reason)
        if for_s:
            self.later(self.now + for_s, self._is_back, agent, state)

    def _is_back(self, agent: Agent, state: str) -> None:
        if agent.state == state:
            self.set_state(agent, "available", None)

    def set_state(self, agent: Agent, state: str, reason: str | None) -> None:
        """As the agent's button does."""
        agent.state, agent.idle_since = state, self.now
        more = {"to_state": state, "reason": reason}
        self.story.append(Happened(self.now, "agent_state", None, None, agent, more))
        self._changed([], [agent])

    def _occupied(self, agent: Agent) -> bool:
        """Whether a person is there, or an offer stands on the screen."""
        there = any(c.channel == "chat" or c.channel in EXCLUSIVE_CHANNELS for c in agent.hands)
        return there or agent.load > sum(c.units for c in agent.hands)
