"""Somebody's open page: connected again and again until it is left, its frames sent until they are
answered. What citizens and agents have in common."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from random import Random

from contactcenter.traffic.line import LOST, Frame, Line
from tests.faults.ledger import Ledger
from tests.faults.machine import patience

CANARY = re.compile(r"kanaria-[0-9a-f]+")
BACK_S = (0.05, 0.8)  # between two tries, with chance: 130 pages come back after a restart
HONEST_S = 12.0  # in which a page that is connected must hear a yes or a no; 10 is the promise


def new_canary() -> str:
    """A word that stands in all that one citizen sends, and in nobody else's."""
    return f"kanaria-{secrets.token_hex(6)}"


class Page:
    """`source`: the loopback address to come from, so that a proxy can tell people apart."""

    path = ""

    def __init__(
        self, url: str, ledger: Ledger, chance: Random, actor: str, source: str, cookie: str = ""
    ) -> None:
        self.actor = actor
        self.source = source
        self.ledger = ledger
        self.chance = chance
        self.clicks = 1  # how often each frame is sent at once
        self.line: Line | None = None
        self.greeted = asyncio.Event()
        self._url = url
        self._cookie = cookie
        self._left = asyncio.Event()

    async def stay(self) -> None:
        """Be connected until `leave`."""
        while not self._left.is_set():
            try:
                self.line = await Line.open(
                    self._url, self.path, self.hear, cookie=self._cookie or None, source=self.source
                )
                if await self.greet(self.line):
                    self.greeted.set()
                    await self.line.ended()
            except LOST:
                pass
            self.greeted.clear()
            self.parted()
            if self.line is not None:
                await self.line.close()
            await self.unless_left(self.chance.uniform(*BACK_S))

    async def leave(self) -> None:
        """Close the page."""
        self._left.set()
        if self.line is not None:
            await self.line.close()

    async def ask(self, wanted: Callable[[Frame], bool], **frame: object) -> Frame | None:
        """Send a frame until what is wanted is heard; None where the page was left before. A line
        that stands and says nothing is written down."""
        while not self._left.is_set():
            if not await self._greeted():
                continue
            line, began = self.line, time.monotonic()
            if line is None:
                continue
            try:
                asked = [line.ask(wanted, **frame) for _ in range(self.clicks)]
                answer = (await asyncio.gather(*asked))[0]
            except LOST as error:
                if isinstance(error, TimeoutError) and line.is_open:
                    self.ledger.error(self.actor, str(frame["type"]), "", "silence")
                await self.unless_left(self.chance.uniform(*BACK_S))
                continue
            self._was_slow(str(frame["type"]), time.monotonic() - began)
            if answer["type"] != "error" or answer["code"] not in ("unavailable", "too_many"):
                return answer
            await self.unless_left(self.chance.uniform(*BACK_S))
        return None

    def _was_slow(self, act: str, seconds: float) -> None:
        if seconds > HONEST_S * patience():
            self.ledger.error(self.actor, act, "", f"answered after {seconds:.1f} s")

    async def greet(self, line: Line) -> bool:
        """Say who it is; whether the page is in. Raises what is in LOST."""
        raise NotImplementedError

    def hear(self, frame: Frame) -> None:
        """What the server says."""
        raise NotImplementedError

    def parted(self) -> None:
        """The connection is over, or came to nothing."""

    async def unless_left(self, seconds: float) -> None:
        """Wait so long, or until the page is left."""
        try:
            async with asyncio.timeout(seconds):
                await self._left.wait()
        except TimeoutError:
            pass

    async def _greeted(self) -> bool:
        try:
            async with asyncio.timeout(1):
                await self.greeted.wait()
        except TimeoutError:
            return False
        return True
