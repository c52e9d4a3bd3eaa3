"""Who is heard, agents and chatting citizens: heartbeats in Redis, written by the nodes that hold
the sockets."""

from __future__ import annotations

import time

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live


class Presence:
    """Times are Redis' own, so nodes whose clocks differ agree."""

    def __init__(self, live: Live, key: str = keys.ALIVE, since: str = keys.ALIVE_SINCE) -> None:
        self._live = live
        self._key, self._since = key, since

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

    async def begin_again(self) -> None:
        """After a time in which nobody could be heard: all count as heard now."""
        await self._live.call("SET", self._since, await self._now_ms())

    async def silent(self, who: list[int], for_s: float) -> list[int]:
        """Those not heard for so many seconds. After Redis was wiped nobody counts as silent
        until that time has passed again."""
        if not who:
            return []
        now_ms = await self._now_ms()
        await self._live.call("SET", self._since, now_ms, "NX")
        since = int(await self._live.call("GET", self._since) or now_ms)
        scores = await self._live.call("ZMSCORE", self._key, *who)
        limit = now_ms - for_s * 1000
        return [
            one
            for one, score in zip(who, scores, strict=True)
            if max(since, int(float(score)) if score is not None else 0) < limit
        ]
