"""Password hashes: Argon2id (RFC 9106), worked out beside the event loop by a few threads.

Each hash takes 19 MiB and about 40 ms of one core, so only a few run at a time and only a bounded
number wait: a flood of sign-ins is refused early and stops nothing else.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contactcenter.errors import Refused

MAX_PASSWORD = 1024  # characters; longer ones are refused before any work is done
# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, and one pass more than its minimum.
_COST = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1)
_THREADS = 2
_MOST_WAITING = 300
_T = TypeVar("_T")


class Passwords:
    """Hashes and checks. `cost` is lowered by tests only."""

    def __init__(self, cost: PasswordHasher = _COST) -> None:
        self._cost = cost
        self._dummy = cost.hash("a password that nobody has")
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """A hash to store."""
        return await self._run(lambda: self._cost.hash(_canonical(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. Without a stored hash the same work is done for a No, so
        that the time doesn't tell who exists."""
        matches = await self._run(lambda: self._matches(stored or self._dummy, password))
        return matches and stored is not None

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._cost.verify(stored, _canonical(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._waiting >= _MOST_WAITING:
            raise Refused("unavailable", retry_after_s=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


async def hash_password(password: str) -> str:
    """One hash, where there is no house yet (the demo)."""
    return await asyncio.to_thread(_COST.hash, _canonical(password))


def _canonical(password: str) -> bytes:
    """One form for what looks the same, whichever keyboard wrote it (NIST SP 800-63B, 5.1.1.2).
    Halves of surrogate pairs can't come from a keyboard; they are kept apart, never an error."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
