"""Agents: take what is offered, answer, pass on, wrap up, and say it all again until answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from itertools import count
from random import Random
from typing import Any

from contactcenter.traffic.line import Frame, Line
from tests.faults.ledger import Ledger
from tests.faults.page import CANARY, Page

THINKS_S, WORKS_S, HURRY = 0.2, 2.5, 0.02
DECLINES, PASSES_ON, NOTES = 0.02, 0.03, 0.2
TALKS_S = 3.0  # how long a chatting citizen has to answer
ANOTHER_QUEUE = "building"


class Agent(Page):
    """One agent's tab. `hurry`: the play is over, finish what is in hand. `paused`: accept and do
    nothing new."""

    path = "/ws/agent"

    def __init__(
        self, url: str, ledger: Ledger, chance: Random, user: str, cookie: str, source: str
    ) -> None:
        super().__init__(url, ledger, chance, f"agent {user}", source, cookie)
        self.user = user
        self.hurry = asyncio.Event()
        self.works = True
        self.declines = DECLINES  # how often, of all offers
        self.unreached = 0  # of ten citizens so many never answer the phone
        self.offered = 0
        self.state = ""
        self.hand: dict[str, str] = {}  # contact -> its state, of what is shown as this agent's
        self.was_shown: dict[str, float] = {}  # what this tab was shown, and when first
        self._tasks: set[asyncio.Task[None]] = set()
        self._mine: dict[str, asyncio.Event] = {}  # contact -> something happened to it
        self._cards: dict[str, Frame] = {}
        self._offers: set[str] = set()
        self._refs = count(1)
        self._run = f"{user}-{chance.getrandbits(48):x}"

    async def live(self) -> None:
        """Work until `leave`."""
        self._do(self._come())
        await self.stay()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def greet(self, line: Line) -> bool:
        """Begin from a snapshot."""
        await line.ask(lambda f: f["type"] == "snapshot", type="resume", after=0)
        return True

    async def say(self, act: str, id: str, **frame: Any) -> Frame | None:
        """A verb with its id: intent, the frame until it is answered, ack."""
        ref = self._next()
        self.ledger.intent(self.actor, act, id, **frame)
        answer = await self.ask(
            lambda f: f.get("ref") == ref and f["type"] != "offer_ended", type=act, ref=ref, **frame
        )
        if answer is None:
            return None
        if answer["type"] == "error":
            self.ledger.error(self.actor, act, id, answer["code"])
        else:
            self.ledger.ack(self.actor, act, id, **frame)
        return answer

    async def rest(self) -> None:
        """Take nothing more: offline as soon as nothing is in hand."""
        self.works = False
        await self.ask(lambda f: f["type"] == "agent", type="state", value="offline")

    async def come_back(self) -> None:
        """Work again."""
        self.works = True
        await self._come()

    def calls(self) -> set[str]:
        """The callbacks that are being talked about, and of which nothing was said yet."""
        return {c for c in self.active() if self._cards[c]["channel"] == "callback"}

    def active(self) -> set[str]:
        """What is in hand and being worked on, of those that go back to the line."""
        return {c for c in self._mine if self._cards[c]["state"] == "active"}

    # ------------------------------------------------------------ what the server says

    def hear(self, frame: Frame) -> None:
        """Offers are taken, what is in hand is worked on."""
        kind = frame["type"]
        if kind == "offer":
            self._offered(frame)
        elif kind == "snapshot":
            self.told_all_at = time.monotonic()
            for offer in frame["offers"]:
                self._offered(offer)
            self.hand.clear()
            for card in frame["contacts"]:
                self._card(card)
            self._stay_at_work(frame["state"])
        elif kind == "contact":
            self._card(frame["contact"] | {"messages": frame.get("messages", [])})
        elif kind == "message":
            self._shown(frame["contact"], frame["message"])
            self._stir(frame["contact"])
        elif kind == "agent":
            self._stay_at_work(frame["state"])

    def _stay_at_work(self, state: Frame) -> None:
        self.state = state["value"]
        sent_away = state["value"] == "offline" or state["reason"] == "missed"
        if sent_away and self.works:
            self._do(self._come())

    def _offered(self, frame: Frame) -> None:
        if frame["offer"] not in self._offers:
            self._offers.add(frame["offer"])
            self.offered += 1
            contact = frame["contact"]["contact"]
            self._note(f"offer {frame['offer']}")
            self.ledger.seen(self.actor, "offered", frame["offer"], contact=contact)
            self._do(self._take(frame["offer"], contact))

    def _card(self, card: Frame) -> None:
        contact = card["contact"]
        mine = card["owner"] == self.user and card["state"] in ("active", "wrap_up")
        self._cards[contact] = card
        self.hand.pop(contact, None)
        if mine:
            self.hand[contact] = card["state"]
        for message in card.get("messages", []):
            self._shown(contact, message)
        if mine and contact not in self._mine:
            self._note(f"contact {contact}")
            self.ledger.seen(self.actor, "mine", contact)
            self._mine[contact] = asyncio.Event()
            self._do(self._handle(card))
        self._stir(contact)

    def _shown(self, contact: str, message: Frame) -> None:
        canary = CANARY.findall(message["text"])
        self._note(f"message {message['seq']} of {contact}")
        self.ledger.seen(
            self.actor, "read", contact, seq=message["seq"], text=message["text"], canary=canary
        )

    def _note(self, what: str) -> None:
        self.was_shown.setdefault(what, time.monotonic())

    def _stir(self, contact: str) -> None:
        if contact in self._mine:
            self._mine[contact].set()

    # ------------------------------------------------------------ work

    async def _come(self) -> None:
        await self.ask(
            lambda f: f["type"] == "agent" and f["state"]["value"] == "available",
            type="state",
            value="available",
        )

    async def _take(self, offer: str, contact: str) -> None:
        await self._wait(THINKS_S)
        if self.chance.random() < self.declines:
            ref = self._next()
            await self.ask(lambda f: f.get("ref") == ref, type="decline", offer=offer, ref=ref)
            return
        await self.say("accept", offer, offer=offer)

    async def _handle(self, card: Frame) -> None:
        try:
            await self._serve(card["contact"])
        finally:
            del self._mine[card["contact"]]

    async def _serve(self, contact: str) -> None:
        await self._wait(WORKS_S / 2)
        card = self._cards[contact]
        if card["state"] == "active" and not await self._answer(contact, card):
            return
        await self._wait(WORKS_S / 2)
        await self.say("wrap_up", contact, contact=contact, disposition="answered")

    async def _answer(self, contact: str, card: Frame) -> bool:
        """What the channel asks for; whether it is still mine to wrap up."""
        if self.chance.random() < PASSES_ON and card["queue"] != ANOTHER_QUEUE:
            await self.say("transfer", contact, contact=contact, queue=ANOTHER_QUEUE)
            return False
        if card["channel"] == "callback":
            await self.say("dial", contact, contact=contact)
            outcome = "no_answer" if int(contact) % 10 < self.unreached else "reached"
            tried = {"contact": contact, "outcome": outcome, "client_id": self._next()}
            answer = await self.say("attempt", tried["client_id"], **tried)
            if outcome != "reached" and answer is not None and answer["type"] != "error":
                return False
        else:
            answer = await self._write("reply", contact, f"Vastaus, {self._canary(contact)}.")
        if answer is None or answer["type"] == "error":
            return answer is not None and answer["code"] == "wrong_state"
        if card["channel"] == "chat":
            self._mine[contact].clear()
            await self._either(self._mine[contact], TALKS_S)
        if self.chance.random() < NOTES:
            await self._write("note", contact, f"Huomio, {self._canary(contact)}.")
        return True

    async def _write(self, act: str, contact: str, text: str) -> Frame | None:
        client_id = self._next()
        return await self.say(act, client_id, contact=contact, client_id=client_id, text=text)

    def _canary(self, contact: str) -> str:
        """The citizen's own word, out of what the citizen wrote."""
        card = self._cards[contact]
        name = [card.get("person", {}).get("name") or "", card.get("subject") or ""]
        said = " ".join([*name, *(m["text"] for m in card.get("messages", []))])
        found = CANARY.findall(said)
        return found[0] if found else "ilman merkkiä"

    def _next(self) -> str:
        return f"{self._run}-{next(self._refs)}"

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.ledger.error(self.actor, "player", "", repr(error))

    async def _wait(self, seconds: float) -> None:
        if not self.hurry.is_set():
            await self._either(self.hurry, seconds * self.chance.uniform(0.5, 1.5))

    @staticmethod
    async def _either(event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            pass
