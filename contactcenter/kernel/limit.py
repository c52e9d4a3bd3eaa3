"""Rate limits: so many in a period for one subject, refilled evenly. A subject may be an address or
a number; Redis holds its hash alone, and no personal data."""

from __future__ import annotations

import hashlib

from contactcenter.errors import Refused
from contactcenter.kernel import keys
from contactcenter.kernel.live import Live, LiveUnavailable


class Limits:
    """Counts in Redis, for all nodes together."""

    def __init__(self, live: Live) -> None:
        self._script = live.script(__file__, "limit.lua")

    async def take(
        self, name: str, subject: str, count: int, period_s: float, *, closed: bool = False
    ) -> None:
        """Use one of `count` in `period_s`. Raises Refused("too_many") with the seconds to wait.

        Without Redis it lets through, or refuses where `closed` (sign-in: an attacker must not
        gain tries by an outage).
        """
        await self._ask(name, subject, count, period_s, 1, closed)

    async def check(
        self, name: str, subject: str, count: int, period_s: float, *, closed: bool = False
    ) -> None:
        """Raise as `take` would, and use nothing: for what counts only when it has failed."""
        await self._ask(name, subject, count, period_s, 0, closed)

    async def give_back(self, name: str, subject: str, count: int, period_s: float) -> None:
        """Undo one `take`: what was tried turned out well."""
        await self._ask(name, subject, count, period_s, -1, False)

    async def _ask(
        self, name: str, subject: str, count: int, period_s: float, take: int, closed: bool
    ) -> None:
        given = [count, period_s * 1000, take]
        try:
            wait_ms = int(await self._script([keys.limit(name, _hidden(subject))], given))
        except LiveUnavailable:
            if closed:
                raise Refused("unavailable", retry_after_s=5) from None
            return
        if wait_ms:
            raise Refused("too_many", retry_after_s=wait_ms / 1000)


def _hidden(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()[:32]
