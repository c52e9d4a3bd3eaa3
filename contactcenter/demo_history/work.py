"""What agents and citizens of the simulated floor do with a contact, channel by channel."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from contactcenter.demo_history.floor import Floor
from contactcenter.demo_history.lived import Agent, Lived, Made, Queue, Said

RETRY_S = (30 * 60, 60 * 60)
MOST_TRIES = 3
TRANSFERRED, ASKS_AGAIN, RESOLVED, LEAVES_CHAT = 0.08, 0.08, 0.9, 0.3
OUTCOMES = {"reached": 74, "no_answer": 18, "busy": 6, "wrong_number": 2}
DISPOSITIONS = {"answered": 62, "instructed": 26, "forwarded": 9, "no_reply_needed": 3}


class Work:
    """Called for each contact that comes into an agent's hands. `elsewhere`: the queues to which
    a contact of a queue may be passed on; `again`: what a further mail of the case leads to."""

    def __init__(
        self,
        rng: random.Random,
        phrases: dict[str, Any],
        elsewhere: dict[str, list[Queue]],
        again: Callable[[Floor, Lived], None],
    ) -> None:
        self._rng = rng
        self._phrases = phrases
        self._elsewhere = elsewhere
        self._again = again

    def __call__(self, floor: Floor, contact: Lived) -> None:
        begin = {"mail": self._mail, "chat": self._chat, "callback": self._dial}
        begin.get(contact.channel, self._face)(floor, contact)

    # ------------------------------------------------------------ mail

    def _mail(self, floor: Floor, contact: Lived) -> None:
        if self._passes_on(floor, contact):
            return
        floor.later(floor.now + contact.handle_s * 0.97, self._answer, floor, contact)
        floor.later(floor.now + contact.handle_s, self._end, floor, contact)

    def _answer(self, floor: Floor, contact: Lived) -> None:
        words, agent = self._words(contact), contact.by
        answer = words["more_answer"] if contact.follows else contact.topic.answer
        name = contact.queue.name[contact.language]
        greeting = f"{words['greeting'][0]} {contact.case.person.name.split()[0]},"
        text = f"{greeting}\n\n{answer}\n\n{words['closing'][0]}\n{agent.name}\n{name}"
        self.say(floor.now, contact, "outbound", text, agent).send = Made(floor.now)
        if not contact.follows and self._rng.random() < ASKS_AGAIN:
            wait = self._rng.uniform(1, 26) * 3600
            again = _open(contact.queue, floor.now + wait) + self._rng.uniform(0, 30)
            floor.later(again, self._again, floor, contact)

    def _passes_on(self, floor: Floor, contact: Lived) -> bool:
        """To the queue that knows better, once, now and then."""
        others = self._elsewhere.get(contact.queue.key, [])
        if contact.transferred or not others or self._rng.random() >= TRANSFERRED:
            return False
        target = self._rng.choice(others)
        floor.later(floor.now + contact.handle_s * 0.25, self._pass_on, floor, contact, target)
        return True

    def _pass_on(self, floor: Floor, contact: Lived, target: Queue) -> None:
        contact.transferred = True
        self._note(floor, contact, self._phrases["fi"]["summary"])
        floor.leave(contact, "transfer")
        contact.queue = target
        floor.enter(contact, "transfer", contact.first_arrival + target.target_s)

    # ------------------------------------------------------------ chat

    def _chat(self, floor: Floor, contact: Lived) -> None:
        words, agent = self._words(contact), contact.owner
        thanks = self._rng.choice(words["thanks"])
        said = (
            (0.04, "outbound", words["opening"]),
            (0.5, "outbound", contact.topic.answer),
            (0.68, "inbound", thanks),
            (0.76, "outbound", words["bye"]),
        )
        for part, direction, text in said:
            at = floor.now + part * contact.handle_s
            self.say(at, contact, direction, text, agent if direction == "outbound" else None)
        contact.left = self._rng.random() < LEAVES_CHAT
        floor.later(floor.now + contact.handle_s * 0.82, floor.wrap_up, contact)
        floor.later(floor.now + contact.handle_s, self._close, floor, contact)

    # ------------------------------------------------------------ calls, visits

    def _face(self, floor: Floor, contact: Lived) -> None:
        """Somebody is there: at the counter, or on the phone."""
        note = floor.now + contact.handle_s * 0.8
        floor.later(note, self._note, floor, contact, contact.topic.note)
        floor.later(floor.now + contact.handle_s * 0.84, floor.wrap_up, contact)
        floor.later(floor.now + contact.handle_s, self._close, floor, contact)

    # ------------------------------------------------------------ callbacks

    def _dial(self, floor: Floor, contact: Lived) -> None:
        floor.later(floor.now + self._rng.uniform(4, 20), self._rings, floor, contact)

    def _rings(self, floor: Floor, contact: Lived) -> None:
        self.settle(floor, contact, dialled=True)
        outcome = self._rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        floor.later(floor.now + self._rng.uniform(6, 28), self._outcome, floor, contact, outcome)

    def settle(self, floor: Floor, contact: Lived, *, dialled: bool) -> None:
        """Whether the promise was kept: said at the first dial, or when the window is over."""
        call = contact.call
        if call.promise is not None and call.kept is None:
            opens, closes = call.promise
            call.kept = dialled and opens <= floor.now <= closes
            floor.tell("promise", contact, promise=call.promise, kept=call.kept)

    def _outcome(self, floor: Floor, contact: Lived, outcome: str) -> None:
        agent, call = contact.by, contact.call
        call.tries.append((floor.now, agent, outcome))
        if outcome == "reached":
            call.result = outcome
            self._face(floor, contact)
        elif outcome == "wrong_number":
            call.result = outcome
            floor.wrap_up(contact)
            floor.later(floor.now + 15, self._close, floor, contact)
        elif len(call.tries) >= MOST_TRIES:
            call.result = "not_reached"
            floor.close(contact, "not_reached")
        else:
            floor.leave(contact, "not_reached")
            contact.state = "scheduled"
            again = _open(contact.queue, floor.now + self._rng.uniform(*RETRY_S))
            again += self._rng.uniform(0, 5)
            floor.later(
                again, floor.enter, contact, "retry", contact.first_arrival + contact.queue.target_s
            )

    # ------------------------------------------------------------ what all share

    def say(
        self, at: float, contact: Lived, direction: str, text: str, agent: Agent | None = None
    ) -> Said:
        """A message of the case."""
        said = Said(made_at=at, contact=contact, direction=direction, text=text, agent=agent)
        contact.case.said.append(said)
        return said

    def _note(self, floor: Floor, contact: Lived, text: str) -> None:
        self.say(floor.now, contact, "note", text, contact.owner)

    def _end(self, floor: Floor, contact: Lived) -> None:
        """Both steps of a mail's end in one."""
        floor.wrap_up(contact)
        self._close(floor, contact)

    def _close(self, floor: Floor, contact: Lived) -> None:
        floor.close(contact, self._rng.choices(list(DISPOSITIONS), list(DISPOSITIONS.values()))[0])
        solved = self._rng.random() < RESOLVED
        contact.case.resolved_at = floor.now if solved else None

    def _words(self, contact: Lived) -> dict[str, Any]:
        words: dict[str, Any] = self._phrases[contact.language]
        return words


def _open(queue: Queue, at: float) -> float:
    """This moment, or when the queue opens next."""
    opens = queue.calendar.opens_at(datetime.fromtimestamp(at, UTC))
    return at if opens is None else max(at, float(opens.timestamp()))
