"""One node's sockets: frames for users to all their tabs, heartbeats, signed-out sessions."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from contactcenter.kernel.feed import Feed, Listener
from contactcenter.kernel.live import Live
from contactcenter.queue.presence import Presence

_log = structlog.get_logger(__name__)

SIGNED_OUT = 4401
RESTART = 1012


class Socket(Protocol):
    """A user's open tab, as the hub sees it."""

    user: int
    session: bytes
    heard_at: float

    def hear(self, frame: bytes) -> None:
        """A numbered frame for this user."""

    def missed(self) -> None:
        """Frames may have been lost: find out and catch up."""

    async def close(self, code: int) -> None:
        """Close with a code."""


class Hub:
    """Holds the sockets of this node."""

    def __init__(
        self, live: Live, feed: Feed, valid: Callable[[list[bytes]], Awaitable[set[bytes]]]
    ) -> None:
        self._feed = feed
        self.listener = Listener(live, self._hear, self._missed)
        self._presence = Presence(live)
        self._valid = valid
        self._sockets: dict[int, set[Socket]] = defaultdict(set)
        self.addresses: Counter[str] = Counter()

    def count(self, user: int) -> int:
        """How many sockets the user has here."""
        return len(self._sockets.get(user, ()))

    async def add(self, socket: Socket) -> None:
        """Hear frames for the socket's user from now on. Raises LiveUnavailable."""
        self._sockets[socket.user].add(socket)
        await self._presence.heard({socket.user: socket.heard_at})  # before the clock can look
        await self.listener.subscribe(socket.user)  # each for itself: another's may fail
        # Before the agent's state is given back: what Redis heard last may be long ago.
        await self._presence.heard({socket.user: socket.heard_at})

    async def remove(self, socket: Socket) -> None:
        """The socket is gone."""
        sockets = self._sockets.get(socket.user, set())
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(socket.user, None)
            await self.listener.unsubscribe(socket.user)

    async def beat(self) -> int:
        """Write down who was heard lately. Returns how many users."""
        heard = {
            user: max(s.heard_at for s in tabs) for user, tabs in self._sockets.items() if tabs
        }
        await self._presence.heard(heard)
        return len(heard)

    async def drop_signed_out(self) -> int:
        """Close the sockets whose session has ended. Returns how many."""
        sockets = list(self._all())
        if not sockets:
            return 0
        valid = await self._valid(list({socket.session for socket in sockets}))
        gone = [socket for socket in sockets if socket.session not in valid]
        await asyncio.gather(*(socket.close(SIGNED_OUT) for socket in gone))
        for user in {socket.user for socket in gone}:
            await self._feed.forget(user)
        return len(gone)

    async def close_all(self) -> None:
        """The node stops: tell every browser to come back in a moment."""
        try:
            async with asyncio.timeout(5):
                await asyncio.gather(*(socket.close(RESTART) for socket in list(self._all())))
        except TimeoutError:  # a browser that does not read must not keep the node from draining
            _log.warning("sockets_left_open", sockets=sum(1 for _ in self._all()))

    def _all(self) -> Iterable[Socket]:
        return (socket for tabs in self._sockets.values() for socket in tabs)

    def _hear(self, user: int, frame: bytes) -> None:
        for socket in self._sockets.get(user, ()):
            socket.hear(frame)

    def _missed(self) -> None:
        _log.warning("frames_may_be_missed", sockets=sum(1 for _ in self._all()))
        for socket in self._all():
            socket.missed()
