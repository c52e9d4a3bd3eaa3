"""Thirty agents, a hundred citizens who chat, mails, requests to be called, and a supervisor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from email.message import EmailMessage
from ipaddress import IPv4Address
from random import Random
from typing import Any

import aiohttp

from tests.faults.agents import Agent
from tests.faults.citizens import Chatting, Writer
from tests.faults.house import House
from tests.faults.ledger import Ledger
from tests.faults.machine import patience
from tests.faults.supervisor import Supervisor

RATE, BURST = 20.0, 150
DOORS = {"chat": 5, "mail": 4, "callback": 1}
LANGUAGES = {"fi": 80, "sv": 10, "en": 10}
COME_S, DRAIN_S = 30.0, 60.0
# What is still under way, whoever looks; a mail that waits for its next try is not.
UNDER_WAY = """
SELECT (SELECT count(*) FROM contact
        WHERE state NOT IN ('closed', 'abandoned', 'quarantined')) AS contacts,
       (SELECT count(*) FROM outbound
        WHERE state = 'sending' OR state = 'queued' AND next_at < now() + interval '1 min') AS post,
       (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM receipt_due) AS receipts
"""


class Crowd:
    """Everybody of one fault. `rate`: citizens a second; `burst`: how many come at once first."""

    def __init__(
        self,
        house: House,
        ledger: Ledger,
        seed: int,
        *,
        rate: float,
        burst: int,
        agents: int,
        clicks: int,
    ) -> None:
        self.house, self.ledger = house, ledger
        self.chance = Random(seed)
        self.rate, self.burst, self.clicks = rate, burst, clicks
        self.agents = [
            Agent(house.url, ledger, self._random(), user, cookie, f"127.3.0.{n + 1}")
            for n, (user, cookie) in enumerate(house.users[:agents])
        ]
        self.supervisor = Supervisor(house.url, ledger, self._random(), house.supervisor)
        self.citizens: set[Chatting] = set()
        self.left_alone = 0  # contacts that nobody here will take
        self._began = time.monotonic()
        self._came: set[asyncio.Task[None]] = set()
        self._staff: list[asyncio.Task[None]] = []
        self._coming: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=20),
            connector=aiohttp.TCPConnector(force_close=True),
        )
        self._writer = Writer(
            house.url, house.post.port, self._http, ledger, self._random(), self._stop, clicks
        )

    async def begin(self) -> None:
        """Agents sit down, a burst of citizens comes, and then one after the other."""
        agents, self.agents = self.agents, []
        for agent in agents:
            self.sit_down(agent)
        self._staff.append(asyncio.create_task(self.supervisor.stay()))
        await asyncio.gather(*(agent.greeted.wait() for agent in self.agents))
        for _ in range(self.burst):
            self.come()
        self._coming = asyncio.create_task(self._come())

    def sit_down(self, agent: Agent) -> None:
        """One agent more, or a further tab of one."""
        agent.clicks = self.clicks
        self.agents.append(agent)
        self._staff.append(asyncio.create_task(agent.live()))

    def come(self, door: str | None = None) -> None:
        """One citizen more."""
        house, chance = self.house, self.chance
        house.citizens += 1
        n = house.citizens
        door = door or chance.choices(list(DOORS), list(DOORS.values()))[0]
        if door == "mail":
            self._live(self._writer.mail(f"citizen {n}"))
        elif door == "callback":
            self._live(self._writer.callback(f"citizen {n}", f"+35840{1_000_000 + n}"))
        else:
            language = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
            source = str(IPv4Address("127.1.0.0") + n % 60_000 + 1)
            page = Chatting(
                house.url, self.ledger, self._random(), f"citizen {n}", source, language
            )
            page.clicks = self.clicks
            self.citizens.add(page)
            self._live(self._chat(page))

    def post(self, mail: EmailMessage) -> None:
        """A citizen with this mail."""
        self.house.citizens += 1
        self._live(self._writer.mail(f"citizen {self.house.citizens}", mail))

    async def until(self, contacts: int, *doors: str) -> None:
        """Wait until so many were acknowledged, by these doors or any; a slow machine may not get
        there in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(COME_S * patience()):
                while self.acknowledged(*doors) < contacts:
                    await asyncio.sleep(0.02)

    def acknowledged(self, *doors: str) -> int:
        """How many contacts were, by these doors or any."""
        doors = doors or tuple(DOORS)
        return len({e.id for e in self.ledger.entries if e.phase == "ack" and e.act in doors})

    async def drain(self) -> dict[str, int]:
        """Nobody new comes; all that came is finished. What is not, in the end."""
        if self._coming is not None:
            self._coming.cancel()
        for agent in self.agents:
            agent.hurry.set()
        began, left = time.monotonic(), {"contacts": -1}
        while time.monotonic() - began < DRAIN_S * patience(self._began):
            with suppress(OSError):
                conn = await self.house.connect()
                try:
                    (row,) = await conn.fetch(UNDER_WAY)
                    left = dict(row)
                    left["contacts"] -= self.left_alone
                finally:
                    await conn.close()
            if not any(left.values()) and not self._came:
                return {}
            await asyncio.sleep(0.2)
        return left | {"players": len(self._came)}

    async def leave(self) -> None:
        """Everybody goes home."""
        self._stop.set()
        for agent in self.agents:
            agent.works = False
        if self._coming is not None:
            self._coming.cancel()
        pages = [*self.citizens, *self.agents, self.supervisor]
        await asyncio.gather(*(page.leave() for page in pages), return_exceptions=True)
        tasks = [*self._came, *self._staff]
        _, late = await asyncio.wait(tasks, timeout=10) if tasks else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._http.close()

    async def _come(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(self.rate))
            self.come()

    async def _chat(self, page: Chatting) -> None:
        try:
            await page.live()
        finally:
            self.citizens.discard(page)

    def _live(self, life: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(life)
        self._came.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._came.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.ledger.error("citizen", "player", "", repr(error))

    def _random(self) -> Random:
        return Random(self.chance.getrandbits(64))
