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
BROKEN = 1011  # a socket's end at which something broke that nobody foresaw (RFC 6455, 7.4.1)
AGAIN_S, BEAT_S, SILENT_S = 4.0, 5.0, 10.0
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
        self.told_all_at = 0.0  # by time.monotonic: when it was last told all that it shows
        self.line: Line | None = None
        self.greeted = asyncio.Event()
        self._url = url
        self._cookie = cookie
        self._left = asyncio.Event()
        self._in_reach = asyncio.Event()
        self._in_reach.set()

    async def stay(self) -> None:
        """Be connected until `leave`."""
        while not self._left.is_set():
            await self._in_reach.wait()
            try:
                self.line = await Line.open(
                    self._url, self.path, self.hear, cookie=self._cookie or None, source=self.source
                )
                if await self.greet(self.line):
                    self.greeted.set()
                    await self._watch(self.line)
            except LOST:
                pass
            self.greeted.clear()
            self.parted()
            if self.line is not None:
                if self.line.closed_with == BROKEN:
                    self.ledger.error(self.actor, "line", "", "broke")
                await self._drop(self.line)
            await self.unless_left(self.chance.uniform(*BACK_S))

    def out_of_reach(self) -> None:
        """From now on it connects no more, whatever became of its line."""
        self._in_reach.clear()

    def back(self) -> None:
        """It may connect again."""
        self._in_reach.set()
        if self.line is not None:
            self.line.abort()

    async def _watch(self, line: Line) -> None:
        """Until the line's end. A browser's scripts see no pings, so a page asks by itself whether
        the server is there, and gives a line up that says nothing."""
        while line.is_open:
            ended = asyncio.create_task(line.ended())
            await asyncio.wait({ended}, timeout=BEAT_S)
            ended.cancel()
            if line.is_open and self._in_reach.is_set():
                async with asyncio.timeout(SILENT_S * patience()):
                    await line.ask(lambda f: f["type"] == "pong", type="ping")

    async def _drop(self, line: Line) -> None:
        line.abort()
        await line.ended()

    async def leave(self) -> None:
        """Close the page."""
        self._left.set()
        self._in_reach.set()
        if self.line is not None:
            await self.line.close()

    async def ask(self, wanted: Callable[[Frame], bool], **frame: object) -> Frame | None:
        """Send a frame until what is wanted is heard; None where the page was left before. What has
        no effect in some seconds is sent again. A line that stands and says nothing, or says
        something late, is written down."""
        act = str(frame["type"])
        while not self._left.is_set():
            if not await self._greeted() or (line := self.line) is None:
                continue
            began = time.monotonic()
            try:
                answer = await self._asked(line, wanted, frame, began)
            except LOST as error:
                silent = isinstance(error, TimeoutError) and line.is_open
                if silent and self._in_reach.is_set():
                    self.ledger.error(self.actor, act, "", "silence")
                if silent:
                    line.abort()
                await self.unless_left(self.chance.uniform(*BACK_S))
                continue
            # What Redis lost on its way is told by all that there is to show, again and again.
            seconds = time.monotonic() - max(began, self.told_all_at)
            if seconds > HONEST_S * patience(began) and self._in_reach.is_set():
                self.ledger.error(self.actor, act, "", f"answered after {seconds:.1f} s")
            if answer["type"] == "error" and answer["code"] == "internal":
                self.ledger.error(self.actor, act, "", "internal")
            if answer["type"] != "error" or answer["code"] not in ("unavailable", "too_many"):
                return answer
            await self.unless_left(self.chance.uniform(*BACK_S))
        return None

    async def _asked(
        self,
        line: Line,
        wanted: Callable[[Frame], bool],
        frame: dict[str, object],
        began: float,
    ) -> Frame:
        """On this line, up to four times: a snapshot takes the place of answers on the way
        when Redis lost them. Raises what is in LOST."""
        for _ in range(4):
            try:
                async with asyncio.timeout(AGAIN_S * patience(began)):
                    asked = [line.ask(wanted, **frame) for _ in range(self.clicks)]
                    return (await asyncio.gather(*asked))[0]
            except TimeoutError:
                continue
        raise TimeoutError

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
