"""Who is heard, agents and chatting citizens: heartbeats in Redis, written by the nodes that hold
the sockets."""

from __future__ import annotations

import time

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable


class Presence:
    """Times are Redis' own, so nodes whose clocks differ agree. `deaf`: nobody could be heard for a
    while, since Redis or we stood still; that is nobody's silence."""

    def __init__(self, live: Live, key: str, since: str) -> None:
        self._live = live
        self._key, self._since = key, since
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
        """Those not heard for so many seconds. After Redis was wiped, and after a time in which
        nobody could be heard, nobody counts as silent until that time has passed again. Raises
        LiveUnavailable."""
        try:
            now_ms = await self._now_ms()
            if self.deaf:
                await self._live.call("SET", self._since, now_ms)
                self.deaf = False
            return await self._silent(who, now_ms, for_s)
        except LiveUnavailable:
            self.deaf = True
            raise

    async def _silent(self, who: list[int], now_ms: int, for_s: float) -> list[int]:
        if not who:
            return []
        await self._live.call("SET", self._since, now_ms, "NX")
        since = int(await self._live.call("GET", self._since) or now_ms)
        scores = await self._live.call("ZMSCORE", self._key, *who)
        limit = now_ms - for_s * 1000
        return [
            one
            for one, score in zip(who, scores, strict=True)
            if max(since, int(float(score)) if score is not None else 0) < limit
        ]


def agents_presence(live: Live) -> Presence:
    """Of agents, by user."""
    return Presence(live, keys.ALIVE, keys.ALIVE_SINCE)


def citizens_presence(live: Live) -> Presence:
    """Of chatting citizens, by contact."""
    return Presence(live, keys.PRESENT, keys.PRESENT_SINCE)
