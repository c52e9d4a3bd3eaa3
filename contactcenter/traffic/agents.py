"""A played agent: takes offers, answers, dials, notes, wraps up, pauses, begins calls by hand."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

from contactcenter.traffic.line import Frame
from contactcenter.traffic.tab import Tab, Unanswered
from contactcenter.traffic.tally import Tally

DECLINES, NOTES, DONE_S = 0.02, 0.15, 30.0
OUTCOMES = {"reached": 74, "no_answer": 18, "busy": 5, "wrong_number": 3}
DISPOSITIONS = ("answered", "instructed", "forwarded")
WORKS_S, PAUSES_S = (60.0, 240.0), (6.0, 20.0)
BY_HAND = {"call": 70, "visit": 30}


class Played(Tab):
    """One tab of an agent. `tab` of `tabs`: which offers are its own; the first one has the state.
    `pace_s`: how long a contact is in hand, on average; `by_hand_s`: the mean time between contacts
    that it begins itself."""

    def __init__(
        self,
        url: str,
        cookie: str,
        name: str,
        tally: Tally,
        *,
        user: dict[str, Any],
        tab: int,
        tabs: int,
        pace_s: float,
        by_hand_s: float,
        texts: dict[str, Any],
        seed: str,
    ) -> None:
        super().__init__(url, cookie, name, tally)
        self._user, self._nth, self._tabs = user, tab, tabs
        self._pace_s, self._by_hand_s = pace_s, by_hand_s
        self._topics, self._phrases = texts["topic"], texts["phrases"]
        self._rng = random.Random(seed)  # noqa: S311 - made-up work
        self._tasks: set[asyncio.Task[None]] = set()
        self._mine: dict[str, asyncio.Event] = {}  # contact -> something happened to it
        self._idle = asyncio.Event()
        self._idle.set()
        self._offers: set[str] = set()
        self._over: set[str] = set()
        self._resting = self._stopping = False

    # ------------------------------------------------------------ the shift

    async def work(self) -> None:
        """Come, and go on until told to stop."""
        if self._nth == 0:
            self._do(self._state("available"))
            self._do(self._pauses())
        self._do(self._rings())
        await self.stay()

    async def finish(self) -> None:
        """Take nothing more, and finish what is in hand."""
        self._stopping = True
        if self._nth == 0:
            await self._state("away")
        async with asyncio.timeout(DONE_S):
            await self._idle.wait()

    async def go(self) -> None:
        """Sign off."""
        if self._nth == 0:
            await self._state("offline")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.close()

    async def _state(self, value: str, reason: str | None = None) -> None:
        await self.ask("state", value=value, reason=reason)

    async def _pauses(self) -> None:
        while True:
            await asyncio.sleep(self._rng.uniform(*WORKS_S))
            if not self._stopping:
                self._resting = True
                await self._state("break", self._rng.choice(["coffee", "lunch"]))
                await asyncio.sleep(self._rng.uniform(*PAUSES_S))
                self._resting = False
            if not self._stopping:
                await self._state("available")

    # ------------------------------------------------------------ what the server says

    def hear(self, frame: Frame) -> None:
        """Offers are shared out among the tabs; what is in hand is followed."""
        kind = frame["type"]
        if kind == "offer":
            self._offered(frame)
        elif kind == "offer_ended":
            self._offers.discard(frame["offer"])
        elif kind == "snapshot":
            self._begin_with(frame)
        elif kind == "message":
            self._stir(frame["contact"])
        elif kind == "contact":
            card = frame["contact"]
            if card["state"] != "active":
                self._over.add(card["contact"])
            self._stir(card["contact"])
        elif kind == "agent" and self._nth == 0 and frame["state"].get("reason") == "missed":
            self._do(self._state("available"))

    def _begin_with(self, snapshot: Frame) -> None:
        """What a former tab left: the first one finishes it."""
        for offer in snapshot["offers"]:
            self._offered(offer)
        for card in snapshot["contacts"] if self._nth == 0 else []:
            if card["contact"] not in self._mine:
                self._do(self._handle(card, card.get("messages", [])))

    def _offered(self, frame: Frame) -> None:
        offer = frame["offer"]
        if offer in self._offers or int(offer) % self._tabs != self._nth or self._stopping:
            return
        self._offers.add(offer)
        self._do(self._take(offer))

    def _stir(self, contact: str) -> None:
        if contact in self._mine:
            self._mine[contact].set()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._safely(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _safely(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Unanswered:
            pass  # it has been counted

    # ------------------------------------------------------------ a contact

    async def _take(self, offer: str) -> None:
        await self._wait(0.08)
        if offer not in self._offers:
            return
        if self._rng.random() < DECLINES:
            await self.ask("decline", offer=offer)
            return
        taken = await self.ask("accept", offer=offer)
        if taken["type"] == "contact":
            await self._handle(taken["contact"], taken.get("messages", []))
        elif taken["code"] != "offer_ended":
            self._failed("accept", taken)

    async def _handle(self, card: Frame, messages: list[Frame]) -> None:
        contact = card["contact"]
        self._mine[contact] = asyncio.Event()
        self._idle.clear()
        self._tally.answered.add(contact)
        topic = self._topic(card, messages)
        doing = {"mail": self._mail, "chat": self._chat, "callback": self._callback}
        try:
            goes_on = card["state"] == "wrap_up" or await doing.get(card["channel"], self._face)(
                contact, card["language"], topic
            )
            if goes_on:
                await self._wrap_up(contact)
        finally:
            del self._mine[contact]
            if not self._mine:
                self._idle.set()
            self._over.discard(contact)

    async def _mail(self, contact: str, language: str, topic: dict[str, str]) -> bool:
        words = self._phrases[language]
        await self._wait(1.0)
        text = f"{words['greeting'][0]},\n\n{topic['answer']}\n\n{words['closing'][0]}"
        return await self._reply(contact, "mail", f"{text}\n{self._user['name']}")

    async def _chat(self, contact: str, language: str, topic: dict[str, str]) -> bool:
        words = self._phrases[language]
        for part, text in ((0.15, words["opening"]), (0.5, topic["answer"])):
            await self._wait(part)
            if not await self._reply(contact, "chat", text):
                return True
        self._mine[contact].clear()
        try:
            async with asyncio.timeout(12):
                await self._mine[contact].wait()
        except TimeoutError:
            pass
        await self._wait(0.2)
        if await self._reply(contact, "chat", words["bye"]):
            await self.ask("close", contact=contact)
        return True

    async def _callback(self, contact: str, language: str, topic: dict[str, str]) -> bool:
        """Dial and say what came of it; True where there is something to wrap up."""
        await self.ask("dial", contact=contact)
        await self._wait(0.15)
        outcome = self._rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        done = await self.ask("attempt", contact=contact, client_id=self.next_id(), outcome=outcome)
        if done["type"] == "error":
            self._failed("attempt", done)
        elif outcome in ("no_answer", "busy"):
            return False
        elif outcome == "reached":
            await self._face(contact, language, topic)
        return True

    async def _face(self, contact: str, language: str, topic: dict[str, str]) -> bool:
        await self._wait(0.5)
        if self._rng.random() < NOTES * 4:
            await self.ask("note", contact=contact, client_id=self.next_id(), text=topic["note"])
        return True

    async def _reply(self, contact: str, channel: str, text: str) -> bool:
        """Write; False where the contact is over, since the citizen left."""
        if contact in self._over:
            return False
        if channel == "chat":
            await self.ask("read", contact=contact)
        client_id = self.next_id()
        answer = await self.ask("reply", contact=contact, client_id=client_id, text=text)
        if answer["type"] == "message":
            self._tally.replies[contact, client_id] = (channel, text)
            return True
        if answer["code"] not in ("wrong_state", "not_yours"):
            self._failed("reply", answer)
        return False

    async def _wrap_up(self, contact: str) -> None:
        await self._wait(0.1)
        outcome = self._rng.choice(DISPOSITIONS)
        answer = await self.ask("wrap_up", contact=contact, disposition=outcome)
        if answer["type"] == "error" and answer["code"] not in ("wrong_state", "not_yours"):
            self._failed("wrap_up", answer)

    # ------------------------------------------------------------ by hand

    async def _rings(self) -> None:
        """Phones ring and people come to the counter while nobody else is being served."""
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / self._by_hand_s))
            if not (self._mine or self._offers or self._resting or self._stopping):
                await self._start()

    async def _start(self) -> None:
        channel = self._rng.choices(list(BY_HAND), list(BY_HAND.values()))[0]
        queue = self._rng.choice(self._user["queues"])
        topic = self._rng.choice([t for t in self._topics if t["queue"] == queue])
        self._tally.sent["by hand"] += 1
        begun = await self.ask(
            "start",
            channel=channel,
            queue=queue,
            language=topic["language"],
            request_id=self.next_id(),
            note=topic["note"],
        )
        if begun["type"] == "contact":
            self._tally.by_hand[begun["contact"]["contact"]] = channel
            await self._handle(begun["contact"], [])
        elif begun["code"] == "wrong_state":  # not at work yet, or no longer
            self._tally.sent["by hand"] -= 1
        else:
            self._failed("start", begun)

    # ------------------------------------------------------------ what all share

    def _topic(self, card: Frame, messages: list[Frame]) -> dict[str, str]:
        """What it is about, by what the citizen wrote; else something of the queue."""
        said = " ".join(m["text"] for m in messages if m["direction"] == "inbound")
        for topic in self._topics:
            if topic["question"] in said:
                return dict(topic)
        fitting = [t for t in self._topics if t["language"] == card["language"]]
        return dict(
            self._rng.choice([t for t in fitting if t["queue"] == card["queue"]] or fitting)
        )

    def _failed(self, verb: str, answer: Frame) -> None:
        self._tally.errors[f"{verb}: {answer['code']}"] += 1

    async def _wait(self, part: float) -> None:
        """A part of the mean time in hand, more or less."""
        await asyncio.sleep(self._pace_s * part * self._rng.uniform(0.5, 1.6))
