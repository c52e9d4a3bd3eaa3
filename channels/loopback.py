"""A channel in memory: the example to copy, and the tests' own.

A real door opens something in `listen` (a port, a mailbox), turns what comes into an `Inbound`,
and answers its peer with what `desk.receive` said. Here the peer is whoever calls `arrive`.
"""

from __future__ import annotations

import asyncio

from contactcenter.channel import (
    Accepted,
    Channel,
    ChannelSettings,
    Desk,
    Inbound,
    Outbound,
    Receipt,
    Sender,
)

_Arrival = tuple[Inbound, asyncio.Future[Accepted]]


def open_channel(settings: ChannelSettings) -> Channel:
    """What the house calls; a channel takes from the settings what it needs."""
    return Loopback()


class Loopback:
    """What arrives is taken in one at a time; what is sent lies in `sent`, by send id."""

    name = "loopback"

    def __init__(self) -> None:
        self.sent: dict[str, Outbound] = {}
        self._arrivals: asyncio.Queue[_Arrival] = asyncio.Queue()

    async def arrive(self, inbound: Inbound) -> Accepted:
        """The peer's side: bring something, and wait for the answer."""
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        await self._arrivals.put((inbound, answer))
        return await answer

    async def listen(self, desk: Desk) -> None:
        """Acknowledge only what the desk took: its answer, or its error, is our answer."""
        desk.listening(self.name, "memory", 0)
        while True:
            inbound, answer = await self._arrivals.get()
            try:
                accepted = await desk.receive(inbound)
            except asyncio.CancelledError:
                answer.cancel()
                raise
            except Exception as error:
                if not answer.done():
                    answer.set_exception(error)
            else:
                if not answer.done():
                    answer.set_result(accepted)

    async def send(self, outbound: Outbound) -> Receipt:
        """A second attempt with the same send id leaves one copy."""
        self.sent.setdefault(outbound.send_id, outbound)
        return Receipt(outcome="sent", code="in memory")

    async def reread(self, raw: bytes) -> Inbound:
        """There is no protocol that could have been misread."""
        return Inbound(
            channel="mail",
            to=(),
            fingerprint="",
            sender=Sender(kind="email", address="", strength="none"),
            text=raw.decode("utf-8", "replace"),
        )

    async def ready(self) -> tuple[bool, str]:
        """Memory is always there."""
        return True, "in memory"
