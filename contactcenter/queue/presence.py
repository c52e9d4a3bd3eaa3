"""Who is heard: heartbeats in Redis, written by the nodes that hold the sockets."""

from __future__ import annotations

import time

from contactcenter.kernel import keys
from contactcenter.kernel.live import Live


class Presence:
    """Times are Redis' own, so nodes whose clocks differ agree."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def _now_ms(self) -> int:
        seconds, micros = await self._live.call("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def heard(self, agents: dict[int, float]) -> None:
        """Note agents with the moment (time.monotonic) of their last frame or pong."""
        if not agents:
            return
        now_ms, now = await self._now_ms(), time.monotonic()
        pairs: list[int] = []
        for agent, at in agents.items():
            pairs += [now_ms - int((now - at) * 1000), agent]
        await self._live.call("ZADD", keys.ALIVE, "GT", *pairs)

    async def begin_again(self) -> None:
        """After a time in which nobody could be heard: all count as heard now."""
        await self._live.call("SET", keys.ALIVE_SINCE, await self._now_ms())

    async def silent(self, agents: list[int], for_s: float) -> list[int]:
        """Those not heard for so many seconds. After Redis was wiped nobody counts as silent
        until that time has passed again."""
        if not agents:
            return []
        now_ms = await self._now_ms()
        await self._live.call("SET", keys.ALIVE_SINCE, now_ms, "NX")
        since = int(await self._live.call("GET", keys.ALIVE_SINCE) or now_ms)
        scores = await self._live.call("ZMSCORE", keys.ALIVE, *agents)
        limit = now_ms - for_s * 1000
        return [
            agent
            for agent, score in zip(agents, scores, strict=True)
            if max(since, int(float(score)) if score is not None else 0) < limit
        ]
