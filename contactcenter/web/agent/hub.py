"""One node's agents: frames for users to all their tabs, who is there, signed-out sessions."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from contactcenter.kernel.feed import Feed, Listener
from contactcenter.kernel.live import Live
from contactcenter.queue.presence import agents_presence

_log = structlog.get_logger(__name__)

SIGNED_OUT = 4401
RESTART = 1012


class OpenTab(Protocol):
    """A user's open tab, as the hub sees it."""

    user: int
    session: bytes

    @property
    def heard_at(self) -> float:
        """The time.monotonic of the last frame or pong."""

    def hear(self, frame: bytes) -> None:
        """A frame for this user."""

    def missed(self) -> None:
        """Frames may have been lost: find out and catch up."""

    async def close(self, code: int) -> None:
        """Close with a code."""


class Hub:
    """Holds the tabs of this node."""

    def __init__(
        self, live: Live, feed: Feed, valid: Callable[[list[bytes]], Awaitable[set[bytes]]]
    ) -> None:
        self._feed = feed
        self.listener = Listener(live, self._hear, self._missed)
        self._presence = agents_presence(live)
        self._valid = valid
        self._tabs: dict[int, set[OpenTab]] = defaultdict(set)
        self.addresses: Counter[str] = Counter()

    def count(self, user: int) -> int:
        """How many tabs the user has here."""
        return len(self._tabs.get(user, ()))

    async def add(self, tab: OpenTab) -> None:
        """Hear frames for the tab's user from now on. Raises LiveUnavailable."""
        self._tabs[tab.user].add(tab)
        await self._presence.heard({tab.user: tab.heard_at})  # before the clock can look
        await self.listener.subscribe(tab.user)  # each for itself: another's may fail
        # Before the agent's state is given back: what Redis heard last may be long ago.
        await self._presence.heard({tab.user: tab.heard_at})

    async def remove(self, tab: OpenTab) -> None:
        """The tab is gone."""
        tabs = self._tabs.get(tab.user, set())
        tabs.discard(tab)
        if not tabs:
            self._tabs.pop(tab.user, None)
            await self.listener.unsubscribe(tab.user)

    async def beat(self) -> int:
        """Write down who was heard lately. Returns how many users."""
        heard = {user: max(tab.heard_at for tab in tabs) for user, tabs in self._tabs.items()}
        await self._presence.heard(heard)
        return len(heard)

    async def drop_signed_out(self) -> int:
        """Close the tabs whose session has ended. Returns how many."""
        tabs = list(self._all())
        if not tabs:
            return 0
        valid = await self._valid(list({tab.session for tab in tabs}))
        gone = [tab for tab in tabs if tab.session not in valid]
        await asyncio.gather(*(tab.close(SIGNED_OUT) for tab in gone))
        for user in {tab.user for tab in gone}:
            await self._feed.forget(user)
        return len(gone)

    async def close_all(self) -> None:
        """The node stops: tell every browser to come back in a moment."""
        await asyncio.gather(*(tab.close(RESTART) for tab in list(self._all())))

    def _all(self) -> Iterable[OpenTab]:
        return (tab for tabs in self._tabs.values() for tab in tabs)

    def _hear(self, user: int, frame: bytes) -> None:
        for tab in self._tabs.get(user, ()):
            tab.hear(frame)

    def _missed(self) -> None:
        tabs = list(self._all())
        if tabs:  # not at the start, when nobody is here yet
            _log.warning("frames_may_be_missed", sockets=len(tabs))
        for tab in tabs:
            tab.missed()
