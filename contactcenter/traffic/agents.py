"""A played agent's shift: takes offers, pauses, begins calls and visits by hand, goes home."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from contactcenter.traffic.hands import Hands
from contactcenter.traffic.line import Frame
from contactcenter.traffic.tab import Unanswered
from contactcenter.traffic.tally import Tally

DECLINES, DONE_S = 0.02, 30.0
WORKS_S, PAUSES_S = (60.0, 240.0), (6.0, 20.0)
BY_HAND = {"call": 70, "visit": 30}


class Played(Hands):
    """One tab of an agent. `tab` of `tabs`: which offers are its own; the first one has the state.
    `by_hand_s`: the mean time between contacts that it begins itself."""

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
        super().__init__(
            url, cookie, name, tally, agent=user["name"], pace_s=pace_s, texts=texts, seed=seed
        )
        self._queues: list[str] = user["queues"]
        self._nth, self._tabs, self._by_hand_s = tab, tabs, by_hand_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._offers: set[str] = set()
        self._resting = False

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
        self._hurry.set()
        if self._nth == 0:
            await self._state("away")
        async with asyncio.timeout(DONE_S):
            await self._idle.wait()

    async def go(self) -> None:
        """Sign off."""
        if self._nth == 0:
            await self._state("offline")
        await self.drop()

    async def drop(self) -> None:
        """Do nothing any more, whatever is in hand."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.close()

    async def _state(self, value: str, reason: str | None = None) -> None:
        await self.ask("state", value=value, reason=reason)

    async def _pauses(self) -> None:
        while True:
            await asyncio.sleep(self._rng.uniform(*WORKS_S))
            if not self._hurry.is_set():
                self._resting = True
                await self._state("break", self._rng.choice(["kahvi", "lounas"]))
                await asyncio.sleep(self._rng.uniform(*PAUSES_S))
                self._resting = False
            if not self._hurry.is_set():
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
            if card["state"] != "active" and card["contact"] in self._mine:
                self._over.add(card["contact"])
            self._stir(card["contact"])
        elif kind == "agent" and self._nth == 0:
            self._stay_at_work(frame["state"])

    def _stay_at_work(self, state: Frame) -> None:
        """Come back where the server, or the end of another play, sent the agent away."""
        sent_away = state["value"] == "offline" or state["reason"] == "missed"
        if sent_away and not (self._hurry.is_set() or self._resting):
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
        if offer in self._offers or int(offer) % self._tabs != self._nth or self._hurry.is_set():
            return
        self._offers.add(offer)
        self._do(self._take(offer, frame["contact"]["contact"]))

    def _stir(self, contact: str) -> None:
        if contact in self._mine:
            self._mine[contact].set()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._safely(work))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._tally.failed(task)

    async def _safely(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Unanswered:
            pass  # it has been counted

    # ------------------------------------------------------------ the line

    async def _take(self, offer: str, contact: str) -> None:
        await self._wait(0.08)
        if offer not in self._offers:
            return
        if self._rng.random() < DECLINES:
            await self.ask("decline", offer=offer)
            return
        taken = await self.ask("accept", about=contact, offer=offer)
        if taken["type"] == "contact":
            await self._handle(taken["contact"], taken.get("messages", []))
        elif taken["code"] != "offer_ended":
            self._failed("accept", taken)

    # ------------------------------------------------------------ by hand

    async def _rings(self) -> None:
        """Phones ring and people come to the counter while nobody else is being served."""
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / self._by_hand_s))
            if not (self._mine or self._offers or self._resting or self._hurry.is_set()):
                await self._start()

    async def _start(self) -> None:
        channel = self._rng.choices(list(BY_HAND), list(BY_HAND.values()))[0]
        queue = self._rng.choice(self._queues)
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
