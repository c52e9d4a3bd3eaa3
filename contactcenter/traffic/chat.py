"""A citizen in the chat: asks, waits, answers, comes back after a reload, or gives up."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from contactcenter.traffic.line import LOST, Frame, Line
from contactcenter.traffic.plan import Approach
from contactcenter.traffic.tally import Chat, Tally

PATIENCE_S = (60.0, 240.0)
RELOADS, IMPATIENT, LEAVES = 0.15, 0.04, 0.25
TRIES = 5
TYPING_S = (0.4, 2.5)


class Chatting:
    """One citizen's page."""

    def __init__(
        self, url: str, run: str, approach: Approach, phrases: dict[str, Any], tally: Tally
    ) -> None:
        self._url, self._run = url, run
        self._approach = approach
        self._words = phrases[approach.language]
        self._tally = tally
        self._rng = random.Random(approach.seed)  # noqa: S311 - made-up people
        self._line: Line | None = None
        self._secret: str | None = None
        self._contact = ""
        self._chat = Chat()
        self._joined, self._over, self._news = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._reason: str | None = None

    async def live(self, stop: asyncio.Event) -> None:
        """From hello to the end."""
        self._tally.sent["chat"] += 1
        try:
            if await self._begin():
                await self._talk(stop)
        except LOST as error:
            self._tally.errors[f"chat {type(error).__name__}"] += 1
        finally:
            if self._line is not None:
                await self._line.close()

    async def _begin(self) -> bool:
        """Say hello; False where the queue takes no chats now: then a message is left instead."""
        hello = await self._hello(request_id=f"{self._run}-{self._approach.n}")
        if hello["type"] == "welcome":
            self._tally.chats[self._contact] = self._chat
            return await self._say(self._approach.topic["question"])
        if hello["type"] == "closed" and "leave_message" in hello["offers"]:
            await self._leave_message()
        else:
            self._tally.refused[f"chat {hello.get('code', hello.get('reason'))}"] += 1
        return False

    async def _hello(self, **more: Any) -> Frame:
        """Connect and say hello, with the secret where there is one."""
        self._line = await Line.open(
            self._url, "/ws/chat", self._hear, source=self._approach.source
        )
        frame = {
            "type": "hello",
            "queue": self._approach.queue["key"],
            "language": self._approach.language,
            "name": self._approach.name,
        }
        if self._secret is not None:
            more = {"resume": self._secret, "after": max(self._chat.heard, default=0)}
        answer = await self._line.ask(_answers_hello, **frame | more)
        if answer["type"] == "welcome":
            self._secret, self._contact = answer["resume"], answer["contact"]
            await self._line.send(type="ping")
        return answer

    async def _talk(self, stop: asyncio.Event) -> None:
        patience = self._rng.uniform(*PATIENCE_S)
        if self._rng.random() < IMPATIENT:
            patience = self._rng.uniform(1, 8)
        if self._rng.random() < RELOADS:
            await self._reload()
        if not await self._within(self._joined, patience, stop):
            await self._go()
            self._tally.gone += not self._joined.is_set()
            return
        self._tally.answered.add(self._contact)
        while not self._over.is_set():
            if not await self._within(self._news, 120, stop):
                break
            self._news.clear()
            await self._answer()
        if not self._over.is_set():
            await self._go()

    async def _answer(self) -> None:
        """Read what came; thank for an answer, and go or wait for the end."""
        if not self._chat.heard or self._line is None or self._over.is_set():
            return
        await self._send(type="read", seq=max(self._chat.heard))
        if len(self._chat.heard) < 2 or len(self._chat.said) > 1:
            return
        await self._send(type="typing")
        await asyncio.sleep(self._rng.uniform(*TYPING_S))
        await self._say(self._rng.choice(self._words["thanks"]))
        if self._rng.random() < LEAVES:
            await self._go()

    async def _say(self, text: str) -> bool:
        """One message, sent again until it is echoed or the chat is over."""
        client_id = f"c{len(self._chat.said) + 1}"
        for _ in range(TRIES):
            line = self._line
            if self._over.is_set() or line is None:
                return False
            try:
                answer = await line.ask(
                    lambda f: f.get("client_id") == client_id or f["type"] == "closed",
                    type="message",
                    client_id=client_id,
                    text=text,
                )
            except LOST:
                await self._come_back()
                continue
            if answer["type"] == "message":
                self._chat.said[client_id] = text
                return True
            if answer["type"] == "closed":
                return False
        self._tally.errors["chat message not echoed"] += 1
        return False

    async def _send(self, **frame: Any) -> None:
        """A frame that nobody misses."""
        try:
            if self._line is not None:
                await self._line.send(**frame)
        except LOST:
            await self._come_back()

    async def _reload(self) -> None:
        """Load the page again: the same chat, with its secret."""
        if self._line is not None:
            await self._line.close()
        await asyncio.sleep(self._rng.uniform(0.2, 1.0))
        await self._come_back()

    async def _come_back(self) -> None:
        """Raises what is in LOST where the way back does not lead there."""
        for n in range(TRIES):
            try:
                answer = await self._hello()
            except LOST:
                await asyncio.sleep(0.5 * 2**n)
                continue
            if answer["type"] == "error":
                raise ConnectionRefusedError(answer["code"])
            return
        raise ConnectionResetError("there is no way back")

    async def _go(self) -> None:
        """Leave; the server says that it has ended."""
        if self._line is None or self._over.is_set():
            return
        try:
            await self._line.ask(lambda f: f["type"] == "closed", type="leave")
        except LOST:
            self._tally.errors["chat leave not answered"] += 1

    async def _leave_message(self) -> None:
        line, approach = self._line, self._approach
        if line is None:
            return
        answer = await line.ask(
            lambda f: f["type"] in ("left_message", "error"),
            type="leave_message",
            request_id=f"{self._run}-{approach.n}-m",
            address=approach.address,
            text=approach.topic["question"],
        )
        if answer["type"] == "left_message":
            self._tally.sent["message left"] += 1
            self._tally.sent["chat"] -= 1
            self._tally.left_messages.add(answer["contact"])
        else:
            self._tally.refused[f"chat {answer['code']}"] += 1

    def _hear(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "joined":
            self._joined.set()
        elif kind == "message" and frame["direction"] == "outbound":
            self._chat.heard[frame["seq"]] = frame["text"]
            self._news.set()
        elif kind == "closed" and frame["reason"] != "queue_closed":
            self._chat.whole = frame["reason"] == "agent"
            self._over.set()
            self._joined.set()
            self._news.set()

    async def _within(self, event: asyncio.Event, seconds: float, stop: asyncio.Event) -> bool:
        """Whether it came to pass in time, and before the play ended. A page that loses its
        connection meanwhile finds its way back. Raises what is in LOST where there is none."""
        until = time.monotonic() + seconds
        while not event.is_set() and not stop.is_set() and time.monotonic() < until:
            waits: set[asyncio.Task[Any]] = {
                asyncio.create_task(event.wait()),
                asyncio.create_task(stop.wait()),
            }
            if self._line is not None:
                waits.add(asyncio.create_task(self._line.ended()))
            left = until - time.monotonic()
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            if self._line is not None and not self._line.is_open and not self._over.is_set():
                await self._come_back()
        return event.is_set()


def _answers_hello(frame: Frame) -> bool:
    return frame["type"] in ("welcome", "error") or (
        frame["type"] == "closed" and frame["reason"] == "queue_closed"
    )
