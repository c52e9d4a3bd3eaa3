"""The demo city's last weeks, simulated: who came, when, with what, and what became of it.

Volumes, channels and handling times are the planning values for a city of Mikkeli's size: 350
contacts on a working day, phone, mail, chat and visits as 60:20:8:12, 240, 480 and 600 s.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from contactcenter.callback.windows import windows
from contactcenter.demo_history import afterwards, arrivals
from contactcenter.demo_history.floor import Floor
from contactcenter.demo_history.lived import Agent, Case, Lived, Queue, Topic
from contactcenter.demo_history.people import People
from contactcenter.demo_history.shifts import plan
from contactcenter.demo_history.work import Work

CHANNELS = {"call": 50, "callback": 10, "mail": 20, "chat": 8, "visit": 12}
LANGUAGES = {"fi": 92, "sv": 2, "en": 6}
QUEUES = {
    "general": 30, "daycare": 9, "kela-advice": 9, "streets": 8, "leisure": 8, "building": 7,
    "schools": 7, "police-permits": 6, "tax-advice": 5, "dvv-advice": 5, "job-seekers": 5,
    "employers": 1,
}  # fmt: skip
HANDLE_S = {"call": 240, "callback": 240, "mail": 480, "chat": 600, "visit": 420}
SPREAD = 0.7  # standard deviation of a handling time / its mean
PATIENCE_S = {"call": 240.0, "visit": 1800.0, "chat": 900.0}
IN_A_WINDOW, NO_CALL_AFTER = 0.35, time(15, 15)


class Month:
    """Simulates whole days up to, without, `until`. `told` hears the days that are done."""

    def __init__(
        self,
        queues: dict[str, Queue],
        agents: list[Agent],
        topics: dict[str, Any],
        zone: str,
        until: date,
        days: int,
    ) -> None:
        self._rng = rng = random.Random(f"mikkeli {until} {days}")  # noqa: S311 - a made-up city
        self._queues = queues
        self._zone = ZoneInfo(zone)
        self._topics: dict[tuple[str, str], list[Topic]] = defaultdict(list)
        for topic in topics["topic"]:
            words = {n: of for n, of in topic.items() if n not in ("queue", "language")}
            self._topics[topic["queue"], topic["language"]].append(Topic(**words))
        self._phrases = topics["phrases"]
        self._people = People(rng)
        city = [q for q in queues.values() if q.organisation == queues["general"].organisation]
        elsewhere = {"general": [q for q in city if q.key != "general"]}
        self._work = Work(rng, self._phrases, elsewhere, self._again)
        self.days = [until - timedelta(days=n) for n in range(days, 0, -1)]
        self.until = self._at(until, 0)
        self.floor = Floor(rng, agents, self._work)
        self.contacts: list[Lived] = []

    def run(self, told: Callable[[int], None]) -> None:
        """Live through it."""
        for n, day in enumerate(self.days):
            if arrivals.is_working_day(day):
                plan(self._rng, self.floor, self._at(day, 0))
                for at in arrivals.moments(self._rng, arrivals.half_hours(self._rng, day)):
                    self.floor.later(round(self._at(day, 0) + at, 3), self._arrives)
            self.floor.run(self._at(day + timedelta(days=1), 0))
            told(n + 1)
        self.floor.story += afterwards.say(self._rng, self.finished(), self.until, self._phrases)

    def finished(self) -> list[Lived]:
        """The contacts that came to an end, in the order in which they came to be."""
        ended = [c for c in self.contacts if c.state in ("closed", "abandoned")]
        return sorted(ended, key=lambda c: c.made_at)

    def _at(self, day: date, second: float) -> float:
        midnight = datetime.combine(day, time(), self._zone)
        return midnight.astimezone(UTC).timestamp() + second

    # ------------------------------------------------------------ arrivals

    def _arrives(self) -> None:
        floor, channel = self.floor, _pick(self._rng, CHANNELS)
        queue, language = self._queue(channel), _pick(self._rng, LANGUAGES)
        topic = self._rng.choice(self._topics[queue.key, language])
        person = self._people.somebody(queue.organisation_id, language, floor.now)
        case = Case(made_at=floor.now, organisation_id=queue.organisation_id, person=person)
        contact = self._new(case, queue, channel, language, topic)
        if channel in ("call", "visit"):
            patience = self._rng.expovariate(1 / PATIENCE_S[channel])
            floor.ring(contact, patience)
            return
        if channel == "mail":
            case.subject = topic.subject
            self._writes(contact, topic.question)
        else:
            said = self._work.say(floor.now, contact, "inbound", topic.question)
            said.made_at += 0.4 if channel == "chat" else 0.0
        if channel == "callback":
            self._asks_for_a_call(contact)
            return
        floor.enter(contact, "new", floor.now + queue.target_s)
        if channel == "chat":
            patience = self._rng.expovariate(1 / PATIENCE_S["chat"])
            floor.later(floor.now + patience, floor.abandon, contact)

    def _new(self, case: Case, queue: Queue, channel: str, language: str, topic: Topic) -> Lived:
        contact = Lived(
            made_at=self.floor.now,
            first_arrival=self.floor.now,
            number=len(self.contacts),
            queue=queue,
            channel=channel,
            language=language,
            topic=topic,
            handle_s=self._handling(channel),
            case=case,
        )
        self.contacts.append(contact)
        return contact

    def _queue(self, channel: str) -> Queue:
        """Who finds the right one closed, or without this channel, tries the general one."""
        queue = self._queues[_pick(self._rng, QUEUES)]
        open_ = queue.calendar.is_open(datetime.fromtimestamp(self.floor.now, UTC))
        if channel not in queue.channels or not (open_ or channel == "mail"):
            return self._queues["general"]
        return queue

    def _handling(self, channel: str) -> float:
        """Log-normal, never under a fifth of the mean."""
        mean, sigma2 = HANDLE_S[channel], math.log(1 + SPREAD**2)
        drawn = self._rng.lognormvariate(math.log(mean) - sigma2 / 2, math.sqrt(sigma2))
        return max(drawn, mean / 5)

    def _writes(self, contact: Lived, text: str) -> None:
        words, person = self._phrases[contact.language], contact.case.person
        greeting, closing = self._rng.choice(words["greeting"]), self._rng.choice(words["closing"])
        text = f"{greeting},\n\n{text}\n\n{closing}\n{person.name}"
        said = self._work.say(self.floor.now, contact, "inbound", text)
        said.subject = contact.case.subject
        said.external_id = f"<{self._rng.getrandbits(64):016x}@example.org>"
        contact.external_id = said.external_id

    def _again(self, floor: Floor, before: Lived) -> None:
        """The citizen answers the answer: a new contact of the case, which is taken up again."""
        if before.state != "closed":
            return
        contact = self._new(before.case, before.queue, "mail", before.language, before.topic)
        contact.follows = True
        self._writes(contact, self._rng.choice(self._phrases[before.language]["more"]))
        before.case.said[-1].subject = f"Re: {before.case.subject}"
        floor.enter(contact, "reopened", floor.now + before.queue.target_s)

    def _asks_for_a_call(self, contact: Lived) -> None:
        floor = self.floor
        local = datetime.fromtimestamp(floor.now, self._zone)
        if self._rng.random() >= IN_A_WINDOW and local.time() < NO_CALL_AFTER:
            floor.enter(contact, "new", floor.now + contact.queue.target_s)
            return
        soon = datetime.fromtimestamp(floor.now + 3600, UTC)
        window = self._rng.choice(list(islice(windows(contact.queue.calendar, soon), 10)))
        opens, closes = window.opens.timestamp(), window.closes.timestamp()
        contact.state, contact.call.promise = "scheduled", (opens, closes)
        enters = opens + self._rng.uniform(0, 5)  # no two at one moment
        floor.later(enters, floor.enter, contact, "window", closes)
        floor.later(closes, lambda: self._work.settle(floor, contact, dialled=False))


def _pick(rng: random.Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
