"""What users are told: numbered frames, to any node, kept for a while for those who come back.

A number is given per user over tabs, nodes and restarts. Who finds a gap starts again from a
snapshot, so a frame that Redis lost costs a reload and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import msgspec

from contactcenter.kernel import keys
from contactcenter.kernel.ear import Ear
from contactcenter.kernel.live import Live

KEPT_FRAMES = 1000
KEPT_MS = 600_000

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
        await self.tell_all([(user, frame)])

    async def tell_all(self, frames: Sequence[tuple[int, Frame]]) -> None:
        """Tell several frames, in their order, in one call."""
        if not frames:
            return
        asked = answering.get()
        names, told = [], []
        for user, frame in frames:
            if asked is not None and asked[0] == user:
                frame = frame | {"ref": asked[1]}
            names += [keys.feed_seq(user), keys.feed(user)]
            told += [keys.told(user), self._encode(frame)]
        await self._tell(names, [KEPT_FRAMES, KEPT_MS, *told])

    async def whisper(self, user: int, frame: Frame) -> None:
        """Send a frame without a number: worth nothing a moment later, so nobody keeps it."""
        await self._live.call("PUBLISH", keys.told(user), self._encode(frame))

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
        def heard(channel: str, frame: bytes) -> None:
            on_frame(int(channel.rpartition(":")[2]), frame)

        self._ear = Ear(live, "node", heard, on_gap)

    async def subscribe(self, user: int) -> None:
        """Hear this user's frames from now on. Raises LiveUnavailable."""
        await self._ear.subscribe(keys.told(user))

    async def unsubscribe(self, user: int) -> None:
        """Hear them no more."""
        await self._ear.unsubscribe(keys.told(user))

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._ear.run()
