"""What users are told: numbered frames, to any node, kept for a while for those who come back.

A number is given per user over tabs, nodes and restarts. Who finds a gap starts again from a
snapshot, so a frame that Redis lost costs a reload and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import msgspec
import structlog
from redis.exceptions import RedisError

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable

KEPT_FRAMES = 1000
KEPT_MS = 600_000
_RETRY_S = 0.5
_log = structlog.get_logger(__name__)

Frame = dict[str, Any]

# (user, ref) of the frame being handled: what it makes its sender hear carries the ref back.
answering: ContextVar[tuple[int, Any] | None] = ContextVar("answering", default=None)


def seq_of(frame: bytes) -> int:
    """The number at the head of a frame as the script wrote it."""
    return int(frame[7 : frame.index(b",", 7)])


class Feed:
    """Tells frames and finds those told."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._tell = live.script(__file__, "feed.lua")
        self._newest = live.script(__file__, "feed_newest.lua")
        self._encode = msgspec.json.Encoder().encode

    async def tell(self, user: int, frame: Frame) -> None:
        """Number the frame and send it to the user's sockets on every node."""
        asked = answering.get()
        if asked is not None and asked[0] == user:
            frame = frame | {"ref": asked[1]}
        await self._tell(
            [keys.feed_seq(user), keys.feed(user)],
            [self._encode(frame), keys.told(user), KEPT_FRAMES, KEPT_MS],
        )

    async def newest(self, user: int) -> int:
        """The number of the newest frame."""
        return int(await self._newest([keys.feed_seq(user)], []))

    async def forget(self, user: int) -> None:
        """Drop the frames kept for a user who signed out: they hold what citizens wrote."""
        await self._live.call("DEL", keys.feed(user))

    async def since(self, user: int, after: int) -> list[bytes] | None:
        """The frames after a number, or None where they are not all kept."""
        if after == await self.newest(user):
            return []
        kept: list[bytes] = await self._live.call("LRANGE", keys.feed(user), 0, -1)
        numbers = [seq_of(frame) for frame in kept]
        if after in numbers:
            return kept[numbers.index(after) + 1 :]
        return None


class Listener:
    """One node's ear: frames for the users that have sockets here."""

    def __init__(
        self, live: Live, on_frame: Callable[[int, bytes], None], on_gap: Callable[[], None]
    ) -> None:
        self._pubsub = live.pubsub()
        self._on_frame = on_frame
        self._on_gap = on_gap
        self._users: set[int] = set()
        self._heard_before = False

    async def subscribe(self, user: int) -> None:
        """Hear this user's frames from now on. Raises LiveUnavailable."""
        self._users.add(user)
        try:
            await self._pubsub.subscribe(keys.told(user))
        except (RedisError, OSError) as error:
            raise LiveUnavailable(str(error)) from error

    async def unsubscribe(self, user: int) -> None:
        """Hear them no more."""
        self._users.discard(user)
        try:
            await self._pubsub.unsubscribe(keys.told(user))
        except (RedisError, OSError):
            pass  # The reconnect subscribes to what is in `_users` only.

    async def run(self) -> None:
        """Listen until cancelled. After a lost connection subscribe anew and say there is a gap."""
        try:
            while True:
                try:
                    # "node" keeps the connection open while there are no users.
                    channels = ["node", *(keys.told(user) for user in self._users)]
                    await self._pubsub.subscribe(*channels)
                    if self._heard_before:
                        self._on_gap()
                    self._heard_before = True
                    await self._listen()
                except Exception as error:  # without its ear a node would be deaf and not know
                    _log.warning("feed_lost", error=type(error).__name__)
                    await asyncio.sleep(_RETRY_S)
                    await self._close()
        finally:
            await self._close()

    async def _listen(self) -> None:
        while True:
            message = await self._pubsub.get_message(timeout=None)
            if message is not None and message["type"] == "message":
                self._on_frame(int(message["channel"].rpartition(b":")[2]), message["data"])

    async def _close(self) -> None:
        try:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            pass  # It was lost before.
