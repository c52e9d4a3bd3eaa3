"""One node's ear: what other nodes publish on the channels that it listens to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from contactcenter.cancelled import stop_if_cancelled
from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.pipe import TIMEOUT_S

_RETRY_S = 0.5
# Nothing is said for so long: is the other end there? A server that lost its power says no goodbye.
_QUIET_S = 2.0
_log = structlog.get_logger(__name__)


class Ear:
    """Listens to its channels until cancelled. What was said while the connection was lost is
    lost: `on_gap` is called when it stands again, and when Redis was emptied; who needs it looks
    in Postgres or among the frames that are kept."""

    def __init__(
        self,
        live: Live,
        channel: str,
        on_message: Callable[[str, bytes], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._pubsub: PubSub = live.pubsub()
        self._on_message = on_message
        self._on_gap = on_gap
        self._first = channel  # keeps the connection open
        self._channels = {channel, keys.ANEW}
        self._asked: dict[str, asyncio.Future[None]] = {}
        self._running = False

    async def subscribe(self, channel: str) -> None:
        """Listen to this channel too; returns when Redis has said that it is heard. Raises
        LiveUnavailable."""
        self._channels.add(channel)
        heard = self._asked.get(channel)
        if heard is None or heard.done():
            heard = self._asked[channel] = asyncio.get_running_loop().create_future()
        try:
            await self._pubsub.subscribe(channel)
            if self._running:
                async with asyncio.timeout(TIMEOUT_S):
                    await asyncio.shield(heard)
        except (RedisError, OSError, TimeoutError) as error:
            raise LiveUnavailable(str(error)) from error

    async def unsubscribe(self, channel: str) -> None:
        """Listen to it no more."""
        self._channels.discard(channel)
        try:
            await self._pubsub.unsubscribe(channel)
        except (RedisError, OSError):
            pass  # The reconnect subscribes to what is in `_channels` only.

    async def run(self) -> None:
        """Listen until cancelled; after a lost connection subscribe anew."""
        self._running = True
        try:
            while True:
                try:
                    await self._pubsub.subscribe(*self._channels)
                    stop_if_cancelled()
                    await self._listen()
                except Exception as error:  # without its ear a node would be deaf and not know
                    stop_if_cancelled()
                    _log.warning("ear_lost", error=type(error).__name__)
                    await asyncio.sleep(_RETRY_S)
                    await self._close()
        finally:
            self._running = False
            await self._close()

    async def _listen(self) -> None:
        asked = False  # and not answered yet
        while True:
            message = await self._pubsub.get_message(timeout=_QUIET_S)
            stop_if_cancelled()
            if message is None:
                if asked:
                    raise TimeoutError
                asked = True
                await self._pubsub.ping()
                continue
            asked = False
            if message["type"] == "message":
                self._heard(message["channel"].decode(), message["data"])
            elif message["type"] == "subscribe":
                self._subscribed(message["channel"].decode())

    def _heard(self, channel: str, data: bytes) -> None:
        if channel == keys.ANEW:
            self._on_gap()
        else:
            self._on_message(channel, data)

    def _subscribed(self, channel: str) -> None:
        heard = self._asked.pop(channel, None)
        if heard is not None and not heard.done():
            heard.set_result(None)
        if channel == self._first:  # the connection is new: something may have been missed
            self._on_gap()

    async def _close(self) -> None:
        try:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            pass  # It was lost before.
