"""A browser tab of a played agent: its socket, and frames that are sent until they are answered."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

from contactcenter.traffic.line import LOST, Frame, Line
from contactcenter.traffic.tally import Tally

TRIES = 6
BACK_S = 0.5


class Unanswered(Exception):
    """A frame got no answer, however often it was sent."""


def answers(frame: Frame, kind: str, about: str | None) -> bool:
    """Whether a frame with the asked one's ref is its answer. A decline is answered by the end of
    the offer, which says nothing else; and a mail that is paused to make room for the contact that
    was asked about is told with the same ref."""
    if frame["type"] == "error":
        return True
    if (frame["type"] == "offer_ended") != (kind == "decline"):
        return False
    return about is None or frame["type"] != "contact" or frame["contact"]["contact"] == about


class Tab:
    """Stays connected until it is closed. `heard` is called with each frame."""

    def __init__(self, url: str, cookie: str, name: str, tally: Tally) -> None:
        self._url, self._cookie = url, cookie
        self._name = name
        self._tally = tally
        self._refs = count(1)
        self._line: Line | None = None
        self._ready = asyncio.Event()
        self._closing = False

    async def stay(self) -> None:
        """Be connected, again and again, until closed."""
        while not self._closing:
            try:
                line = self._line = await Line.open(
                    self._url, "/ws/agent", self.hear, cookie=self._cookie
                )
                await line.send(type="resume", after=0)
                self._ready.set()
                await line.ended()
            except LOST as error:
                self._tally.errors[f"agent {type(error).__name__}"] += not self._closing
            self._ready.clear()
            await asyncio.sleep(0 if self._closing else BACK_S)

    def next_id(self) -> str:
        """An id that no other tab and no other run gives."""
        return f"{self._name}-{next(self._refs)}"

    async def ask(self, kind: str, *, about: str | None = None, **fields: Any) -> Frame:
        """Send a frame until its effect or its error is here; `about`: of this contact. The same
        frame again does nothing twice. Raises Unanswered."""
        ref = self.next_id()

        def wanted(frame: Frame) -> bool:
            return frame.get("ref") == ref and answers(frame, kind, about)

        for n in range(TRIES):
            try:
                async with asyncio.timeout(30):
                    await self._ready.wait()
                line = self._line
                if line is None:
                    continue
                answer = await line.ask(wanted, type=kind, ref=ref, **fields)
            except LOST:
                await asyncio.sleep(BACK_S * 2**n)
                continue
            if answer["type"] != "error" or answer["code"] != "unavailable" or "field" in answer:
                return answer
            await asyncio.sleep(BACK_S * 2**n)
        self._tally.errors[f"{kind} not answered"] += 1
        raise Unanswered(kind)

    def hear(self, frame: Frame) -> None:
        """Overridden: what the server says."""

    async def close(self) -> None:
        """Close the tab."""
        self._closing = True
        if self._line is not None:
            await self._line.close()
