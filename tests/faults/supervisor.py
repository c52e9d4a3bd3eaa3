"""A supervisor who watches the board all the time."""

from __future__ import annotations

import asyncio
from random import Random

from contactcenter.traffic.line import Frame, Line
from tests.faults.ledger import Ledger
from tests.faults.page import Page

COUNTS = ("waiting", "in_hand", "entered", "accepted", "abandoned", "short_abandoned", "handled")


class Supervisor(Page):
    """Keeps the newest board; one that can't be true is written down."""

    path = "/ws/board"

    def __init__(self, url: str, ledger: Ledger, chance: Random, cookie: str) -> None:
        super().__init__(url, ledger, chance, "supervisor", "127.2.0.1", cookie)
        self._board: Frame = {}
        self._news = asyncio.Condition()
        self._telling: asyncio.Task[None] | None = None

    async def greet(self, line: Line) -> bool:
        """The board begins by itself."""
        return True

    def hear(self, frame: Frame) -> None:
        """The latest wins."""
        if frame["type"] != "board":
            return
        self._board = frame
        for row in frame["queues"]:
            negative = [name for name in COUNTS if row[name] < 0]
            if negative:
                where = f"{row['queue']} {row['channel']}"
                self.ledger.error(self.actor, "board", where, f"negative: {negative}")
        self._telling = asyncio.create_task(self._tell())

    async def board(self, after: str, seconds: float) -> Frame | None:
        """The first board of a moment after this one; None where none comes in time."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self._board.get("at", "") > after)
        except TimeoutError:
            return None
        return self._board

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
