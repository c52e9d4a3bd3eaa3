"""One node's ear: what other nodes publish on the channels that it listens to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from contactcenter.cancelled import stop_if_cancelled
from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.pipe import TIMEOUT_S
from contactcenter.kernel.wire import ReplyError, Wire

_RETRY_S = 0.5
# Nothing is said for so long: is the other end there? A server that lost its power says no goodbye.
_QUIET_S = 2.0
_log = structlog.get_logger(__name__)


class _Listening(Wire):
    """What is said goes to `heard`; where that fails the connection is over."""

    def __init__(self, writer: asyncio.StreamWriter, heard: Callable[[Any], None]) -> None:
        super().__init__(writer)
        self._heard = heard
        self.times = 0  # that something was said

    def said(self, answer: Any) -> None:
        """See Wire."""
        self.times += 1
        try:
            self._heard(answer)
        except Exception as error:  # its text could hold a citizen's words
            self.end(ConnectionError(type(error).__name__))

    async def until_over(self) -> None:
        """Returns never: raises why it is over. Where nothing is said, it is asked to answer."""
        asked = False
        while True:
            times = self.times
            await asyncio.wait([self.over], timeout=_QUIET_S)
            if self.over.done():
                raise self.over.result()
            if asked and self.times == times:
                raise TimeoutError
            if asked := self.times == times:
                self.write(("PING",))


class Ear:
    """Listens to its channels until cancelled. What was said while the connection was lost is
    lost: `on_gap` is called when it stands again, when Redis was emptied, and every few seconds
    while nothing is heard from a Redis that answers; who needs it looks in Postgres or among the
    frames that are kept."""

    def __init__(
        self,
        live: Live,
        channel: str,
        on_message: Callable[[str, bytes], None],
        on_gap: Callable[[], None],
    ) -> None:
        self._live = live
        self._on_message = on_message
        self._on_gap = on_gap
        self._first = channel
        self._channels = {channel, keys.ANEW}
        self._asked: dict[str, asyncio.Future[None]] = {}
        self._wire: _Listening | None = None
        self._running = False

    async def subscribe(self, channel: str) -> None:
        """Listen to this channel too; returns when Redis has said that it is heard. Raises
        LiveUnavailable."""
        self._channels.add(channel)
        if not self._running:
            return
        heard = self._asked.get(channel)
        if heard is None or heard.done():
            heard = self._asked[channel] = asyncio.get_running_loop().create_future()
        self._write("SUBSCRIBE", channel)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await asyncio.shield(heard)
        except TimeoutError as error:
            raise LiveUnavailable(f"{channel} is not heard") from error

    async def unsubscribe(self, channel: str) -> None:
        """Listen to it no more."""
        self._channels.discard(channel)
        self._write("UNSUBSCRIBE", channel)

    async def run(self) -> None:
        """Listen until cancelled; after a lost connection subscribe anew."""
        self._running = True
        try:
            while True:
                try:
                    self._wire = _Listening(await self._live.connect(), self._heard)
                    self._write("SUBSCRIBE", *self._channels)
                    await self._wire.until_over()
                except Exception as error:  # without its ear a node would be deaf and not know
                    stop_if_cancelled()
                    _log.warning("ear_lost", error=type(error).__name__)
                    self._hang_up()
                    if isinstance(error, TimeoutError):
                        await self._look_anyway()
                    await asyncio.sleep(_RETRY_S)
        finally:
            self._running = False
            self._hang_up()

    async def _look_anyway(self) -> None:
        """Nothing is heard: where Redis answers what it is asked, what was missed can be read."""
        try:
            await self._live.call("PING")
        except LiveUnavailable:
            return  # nothing could be read, either
        self._on_gap()

    def _write(self, *command: str) -> None:
        """Where there is no connection, the next one is told all channels."""
        if self._wire is not None and not self._wire.over.done():
            self._wire.write(command)

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.end(ConnectionError("given up"))

    def _heard(self, said: Any) -> None:
        if isinstance(said, ReplyError):
            raise said
        kind, name, *rest = said
        channel = name.decode()
        if kind == b"message" and channel != keys.ANEW:
            self._on_message(channel, rest[0])
        elif kind == b"message":
            self._on_gap()
        elif kind == b"subscribe":
            self._subscribed(channel)

    def _subscribed(self, channel: str) -> None:
        heard = self._asked.pop(channel, None)
        if heard is not None and not heard.done():
            heard.set_result(None)
        if channel == self._first:  # the connection is new: something may have been missed
            self._on_gap()
