"""Who is heard, agents and chatting citizens: heartbeats in Redis, written by the nodes that hold
the sockets."""

from __future__ import annotations

import time

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.pieces import pieces

JUMP_S = 3.0
# Nobody's id. Its time says since when the others are noted; in the same key, so that Redis can't
# throw away the one without the other.
_KEPT = 0
_SOON_MS = 1000  # further ahead nobody was heard, but by a clock that was put back since


class Presence:
    """Times are Redis' own, so nodes whose clocks differ agree. `deaf`: nobody could be heard for a
    while, since Redis or we stood still, or its clock jumped; that is nobody's silence."""

    def __init__(self, live: Live, key: str) -> None:
        self._live = live
        self._key = key
        self._ahead_s: float | None = None  # of time.monotonic
        self.deaf = False

    async def _now_ms(self) -> int:
        seconds, micros = await self._live.call("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def heard(self, who: dict[int, float]) -> None:
        """Note them with the moment (time.monotonic) of their last frame or pong."""
        if not who:
            return
        now_ms, now = await self._now_ms(), time.monotonic()
        pairs: list[int] = []
        for one, at in who.items():
            pairs += [now_ms - int((now - at) * 1000), one]
        await self._live.call("ZADD", self._key, "GT", *pairs)

    async def left(self, who: list[int]) -> None:
        """Forget those who went on purpose."""
        if who:
            await self._live.call("ZREM", self._key, *who)

    async def silent(self, who: list[int], for_s: float) -> list[int]:
        """Those not heard for so many seconds. After Redis was wiped, or threw away who was heard,
        and after a time in which nobody could be heard, nobody counts as silent until that time has
        passed again. Raises LiveUnavailable."""
        try:
            now_ms = await self._now_ms()
            self._look_for_jump(now_ms)
            if self.deaf:
                await self._live.call("ZADD", self._key, now_ms, _KEPT)
                self.deaf = False
            return await self._silent(who, now_ms, for_s)
        except LiveUnavailable:
            self.deaf = True
            raise

    def _look_for_jump(self, now_ms: int) -> None:
        ahead_s = now_ms / 1000 - time.monotonic()
        before_s, self._ahead_s = self._ahead_s, ahead_s
        if before_s is not None and abs(ahead_s - before_s) > JUMP_S:
            self.deaf = True

    async def _silent(self, who: list[int], now_ms: int, for_s: float) -> list[int]:
        if not who:
            return []
        await self._live.call("ZADD", self._key, "NX", now_ms, _KEPT)
        since = int(float(await self._live.call("ZSCORE", self._key, _KEPT) or now_ms))
        if since > now_ms + _SOON_MS:
            await self._live.call("ZADD", self._key, now_ms, _KEPT)
        limit = now_ms - for_s * 1000
        silent: list[int] = []
        async for some in pieces(who):
            scores = await self._live.call("ZMSCORE", self._key, *some)
            heard = {one: int(float(at or 0)) for one, at in zip(some, scores, strict=True)}
            early = [one for one, at in heard.items() if at > now_ms + _SOON_MS]
            if early:
                await self._heard_now(early, now_ms)
            silent += [one for one, at in heard.items() if max(since, at) < limit]
        return silent

    async def _heard_now(self, who: list[int], now_ms: int) -> None:
        """Else who falls silent would count as heard until the old moment comes again."""
        pairs = [part for one in who for part in (now_ms, one)]
        await self._live.call("ZADD", self._key, *pairs)


def agents_presence(live: Live) -> Presence:
    """Of agents, by user."""
    return Presence(live, keys.ALIVE)


def citizens_presence(live: Live) -> Presence:
    """Of chatting citizens, by contact."""
    return Presence(live, keys.PRESENT)
