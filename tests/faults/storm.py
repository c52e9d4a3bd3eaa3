"""Requests, sockets and mails that break off at any byte and any moment."""

from __future__ import annotations

import asyncio
import json
from random import Random
from urllib.parse import urlsplit

from tests.faults.citizens import ADDRESS, QUEUE
from tests.faults.house import House
from tests.faults.ledger import Ledger
from tests.faults.page import new_canary
from tests.faults.raw import frame, upgrade

AT_ONCE = 40
LISTENS_S = 0.15


class Storm:
    """`rage` until so many have broken off. What it may have begun stands in the ledger as meant:
    nobody was told that it is there, so it is there once, or not at all."""

    def __init__(self, house: House, ledger: Ledger, chance: Random) -> None:
        self._house, self._ledger, self._chance = house, ledger, chance
        self._turns = asyncio.Semaphore(AT_ONCE)
        url = urlsplit(house.url)
        self._front = (url.hostname or "", url.port or 0)
        self._post = ("127.0.0.1", house.post.port)

    async def rage(self, times: int) -> None:
        """All of it."""
        await asyncio.gather(*(self._break_off() for _ in range(times)))

    async def _break_off(self) -> None:
        async with self._turns:
            address, content = self._chance.choice(
                (self._chat, self._agent, self._board, self._page, self._call, self._mail)
            )()
            whole = self._chance.random() < 0.7
            upto = len(content) if whole else self._chance.randrange(len(content))
            try:
                reader, writer = await asyncio.open_connection(*address)
            except OSError:
                return
            writer.write(content[:upto])
            listening = asyncio.create_task(reader.read())
            await asyncio.wait({listening}, timeout=self._chance.uniform(0, LISTENS_S))
            writer.transport.abort()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def _chat(self) -> tuple[tuple[str, int], bytes]:
        canary = new_canary()
        self._ledger.intent("storm", "chat", canary)
        hello = frame(type="hello", queue=QUEUE, language="fi", name=canary, request_id=canary)
        said = frame(type="message", client_id=canary, text=f"Kysyn asiasta {canary}.")
        return self._front, upgrade(self._house.url, "/ws/chat") + hello + said

    def _agent(self) -> tuple[tuple[str, int], bytes]:
        _, cookie = self._chance.choice(self._house.users)
        after = frame(type="resume", after=self._chance.choice((0, 3)))
        return self._front, upgrade(self._house.url, "/ws/agent", cookie) + after

    def _board(self) -> tuple[tuple[str, int], bytes]:
        return self._front, upgrade(self._house.url, "/ws/board", self._house.supervisor)

    def _page(self) -> tuple[tuple[str, int], bytes]:
        path = self._chance.choice(("/chat", "/callback", "/widget.js", "/health/ready"))
        return self._front, f"GET {path} HTTP/1.1\r\nHost: {self._front[0]}\r\n\r\n".encode()

    def _call(self) -> tuple[tuple[str, int], bytes]:
        house, canary = self._house, new_canary()
        house.citizens += 1
        body = json.dumps(
            {
                "queue": QUEUE,
                "number": f"+35840{1_000_000 + house.citizens}",
                "language": "fi",
                "matter": f"Soittakaa asiasta {canary}.",
                "request_id": canary,
            }
        )
        head = f"POST /api/callbacks HTTP/1.1\r\nHost: {urlsplit(house.url).netloc}\r\n"
        head += f"Origin: {house.url}\r\nContent-Type: application/json\r\n"
        return self._front, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def _mail(self) -> tuple[tuple[str, int], bytes]:
        canary = new_canary()
        lines = [
            "EHLO storm.example",
            f"MAIL FROM:<{canary}@example.org>",
            f"RCPT TO:<{ADDRESS}>",
            "DATA",
            f"From: {canary}@example.org",
            f"To: {ADDRESS}",
            f"Subject: Asia {canary}",
            f"Message-ID: <{canary}@example.org>",
            "",
            f"Kysyn asiasta {canary}.",
            ".",
            "",
        ]
        return self._post, "\r\n".join(lines).encode()
