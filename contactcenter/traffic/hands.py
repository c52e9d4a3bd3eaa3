"""What a played agent does with a contact in hand, channel by channel."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from contactcenter.traffic.line import Frame
from contactcenter.traffic.tab import Tab
from contactcenter.traffic.tally import Tally

NOTES, THANKS_S = 0.6, 12.0
OUTCOMES = {"reached": 74, "no_answer": 18, "busy": 5, "wrong_number": 3}
DISPOSITIONS = ("answered", "instructed", "forwarded")


class Hands(Tab):
    """A tab that answers, dials, notes and wraps up. `pace_s`: how long a contact takes, on
    average."""

    def __init__(
        self,
        url: str,
        cookie: str,
        name: str,
        tally: Tally,
        *,
        agent: str,
        pace_s: float,
        texts: dict[str, Any],
        seed: str,
    ) -> None:
        super().__init__(url, cookie, name, tally)
        self._agent, self._pace_s = agent, pace_s
        self._topics, self._phrases = texts["topic"], texts["phrases"]
        self._rng = random.Random(seed)  # noqa: S311 - made-up work
        self._mine: dict[str, asyncio.Event] = {}  # contact -> something happened to it
        self._turns: dict[str, asyncio.Lock] = {}
        self._over: set[str] = set()  # those of them that are active no more
        self._idle = asyncio.Event()
        self._idle.set()
        self._hurry = asyncio.Event()  # the play is over: finish what is in hand

    async def _handle(self, card: Frame, messages: list[Frame]) -> None:
        """One contact after the other, where the same one comes back while it is in hand still."""
        async with self._turns.setdefault(card["contact"], asyncio.Lock()):
            await self._serve(card, messages)

    async def _serve(self, card: Frame, messages: list[Frame]) -> None:
        contact = card["contact"]
        self._mine[contact] = asyncio.Event()
        self._idle.clear()
        if card["first_arrival"] >= self._tally.since:
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
        return await self._reply(contact, "mail", f"{text}\n{self._agent}")

    async def _chat(self, contact: str, language: str, topic: dict[str, str]) -> bool:
        words = self._phrases[language]
        for part, text in ((0.15, words["opening"]), (0.5, topic["answer"])):
            await self._wait(part)
            if not await self._reply(contact, "chat", text):
                return True
        self._mine[contact].clear()
        await self._either(self._mine[contact], THANKS_S)
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
        if self._rng.random() < NOTES:
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
        """A part of the mean time in hand, more or less; cut short when the play is over."""
        await self._either(self._hurry, self._pace_s * part * self._rng.uniform(0.5, 1.6))

    @staticmethod
    async def _either(event: asyncio.Event, seconds: float) -> None:
        """Until it happens, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
