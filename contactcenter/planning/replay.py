"""Decisions of the past, decided once more: the floor is told what the line was told, in the order
in which it happened, and each logged offer is compared with what the rules say. Pure.

The order is that of the log. What was committed less than a second before may not have stood in the
line yet, as two nodes and two connections work side by side; a decision that is right without it is
`raced`, not different. Whatever the rules say, the replay goes on with what was logged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from contactcenter.planning.past_floor import PastFloor, Told
from contactcenter.planning.standing import Contact, could, order
from contactcenter.routing.floor import Floor

RACE_US = 1_000_000
BY_THE_LINE = ("rank", "sticky")  # other rules are somebody's act
SHOWN = 20


class Replay:
    """Feed it `before` what is compared, then `live`; `answer` says how it went."""

    def __init__(self) -> None:
        self._floor = Floor()  # the past tells it, the replay asks it
        self._past = PastFloor(self._floor)
        self._pending: defaultdict[int, list[int]] = defaultdict(list)  # contact: agents
        self._offers = False  # whether the change told last was an offer too
        self._different: list[dict[str, Any]] = []
        self._counts: Counter[str] = Counter()

    def before(self, rows: Iterable[Told]) -> None:
        """What happened before, of whoever is still there: nothing is compared."""
        for row in rows:
            self._past.happens(row)
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
                self._past.happens(row)
            self._offers = False
            self._decide()

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
            "missing": self._past.missing(),
        }

    # ------------------------------------------------------------ what is decided

    def _decide(self) -> None:
        """Tell the floor what was committed, as one call of the line does, and ask it."""
        self._let_go()
        contacts, agents = self._past.tell()
        for number in agents:
            if (taken := self._floor.for_agent(number)) is not None:
                self._pending[taken].append(number)
        for number in contacts:
            contact = self._past.contacts[number]
            if contact.waits and number not in self._pending:
                for name in contact.classes():
                    if (pair := self._floor.for_class(name)) is not None:
                        self._pending[pair[1]].append(pair[0])
                        break

    def _let_go(self) -> None:
        """Offers that can't be made. Their agents having gone, the contacts stand in their places
        again; the contacts having gone, their agents are free again."""
        gone = {one for one in self._past.free if not self._past.agents[one].on}
        for contact, who in list(self._pending.items()) if gone else ():
            left = [one for one in who if one not in gone]
            if left != who:
                self._past.again(contacts=[contact])
                self._pending[contact] = left
                if not left:
                    del self._pending[contact]
        for number in list(self._past.asked):
            if not self._past.contacts[number].waits:
                self._past.again(agents=self._pending.pop(number, ()))

    def _compare(self, row: Told) -> None:
        number, agent = row.contact, row.agent
        if number is None or agent is None or number not in self._past.contacts:
            return
        contact = self._past.contacts[number]
        self._past.lack_of(row, agent)
        expected = self._pending.pop(number, [])
        self._past.again(agents=[one for one in expected if one != agent])
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

    def _wrong(self, row: Told, contact: Contact, number: int) -> str | None:
        """Why no order of what was committed within the last second makes it right; None where
        one does."""
        settled = row.at_us - RACE_US
        agent = self._past.agents[number]
        if not could(number, agent, contact):
            return "could_not"
        for other in self._past.contacts.values():
            ahead = other.rank < contact.rank and other.told_us < settled
            if ahead and agent.told_us < settled and could(number, agent, other):
                return "better_contact"
        for one, other_agent in self._past.agents.items():
            first = order(other_agent, contact) < order(agent, contact)
            if one != number and first and max(other_agent.told_us, contact.told_us) < settled:
                if could(one, other_agent, contact):
                    return "better_agent"
        return None


def _together(rows: Iterable[Told]) -> Iterator[Told]:
    """By id, but for what was committed together: that comes where its last row stands."""
    known = sorted(rows, key=lambda row: row.id)
    last = {row.at_us: row.id for row in known}
    return iter(sorted(known, key=lambda row: (last[row.at_us], row.id)))
