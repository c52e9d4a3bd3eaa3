"""A desk in memory that keeps the house's promises: one contact for each address and
fingerprint, an answer only after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from contactcenter.channel import Accepted, Inbound
from contactcenter.source import Source

ADDRESS = "palaute@kaupunki.example"


class FakeDesk:
    """What it took is in `taken`, in order and once each; `commit` holds every answer back while
    it is not set, and `fails` is raised in place of an answer."""

    def __init__(self, known: Iterable[str] = (ADDRESS,)) -> None:
        self.taken: list[Inbound] = []
        self.fails: Exception | None = None
        self.commit = asyncio.Event()
        self.commit.set()
        self.arrived = asyncio.Event()
        self.ports: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        self.known = set(known)
        self._contacts: dict[tuple[str, str], str] = {}

    async def receive(self, inbound: Inbound) -> Accepted:
        self.arrived.set()
        await self.commit.wait()
        if self.fails is not None:
            raise self.fails
        keys = [(address, inbound.fingerprint) for address in inbound.to]
        known = all(key in self._contacts for key in keys)
        for key in keys:
            self._contacts.setdefault(key, str(len(self._contacts) + 1))
        if not known:
            self.taken.append(inbound)
        return Accepted(contacts=tuple(self._contacts[key] for key in keys), known=known)

    async def knows(self, address: str) -> bool:
        return address in self.known

    async def cursor(self, source: str) -> str | None:
        return None

    def source(self, name: str) -> Source:
        raise NotImplementedError("fetching is tested with the house itself: tests/imap")

    def listening(self, name: str, host: str, port: int) -> None:
        self.ports.put_nowait((host, port))
