"""The limits of the public doors; the numbers are settings."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from aiohttp import web

from contactcenter.accounts.rules import email_key
from contactcenter.errors import Refused
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.security import Handler
from contactcenter.web.services import services_of

MINUTE = 60.0
HOUR = 3600.0
# An account's limit counts by address too, so that nobody can lock out a user from elsewhere; this
# many times as much is let through for the account from all addresses together.
ALL_ADDRESSES = 10


class Turns:
    """Who signs in from one address does so a few at a time, so that of a hundred wrong passwords
    sent at once the last ones find the first ones counted. Nobody is slowed down by it: hashes are
    worked out by two threads anyway."""

    AT_ONCE = 8

    def __init__(self) -> None:
        self._of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    def of(self, address: str) -> asyncio.Semaphore:
        """The address's turns; forgotten when nobody waits for one."""
        turns = self._of.get(address)
        if turns is None:
            turns = self._of[address] = asyncio.Semaphore(self.AT_ONCE)
        return turns


TURNS = web.AppKey("turns", Turns)


class SignInTry:
    """`async with SignInTry(request, email):` one try to sign in to an account. Raises Refused:
    `too_many`, and `unavailable` without Redis: an attacker must not gain by an outage.

    An account's tries count before the password is checked and are given back when it was right;
    an address's count when it was wrong, so that a whole office may sign in at the same moment.
    """

    def __init__(self, request: web.Request, email: str) -> None:
        services, address = services_of(request), limit_key(client_of(request))
        by_account = services.settings.logins_per_minute_per_account
        by_address = services.settings.logins_per_minute_per_address
        key = email_key(email)
        self._limits = services.limits
        self._turn = request.config_dict[TURNS].of(address)
        self._address = ("sign_in", address, by_address, MINUTE)
        self._account = (
            ("sign_in_account", f"{key} {address}", by_account, MINUTE),
            ("sign_in_everywhere", key, by_account * ALL_ADDRESSES, MINUTE),
        )

    async def __aenter__(self) -> None:
        await self._turn.acquire()
        try:
            await self._limits.check(*self._address, closed=True)
            for limit in self._account:
                await self._limits.take(*limit, closed=True)
        except BaseException:
            self._turn.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            if error is None:
                for limit in self._account:
                    await self._limits.give_back(*limit)
            elif isinstance(error, Refused) and error.code == "bad_login":
                await self._limits.take(*self._address)
        finally:
            self._turn.release()


async def reset(request: web.Request, email: str) -> None:
    """One more request for a link. Raises Refused; for unknown accounts just as for known ones."""
    services = services_of(request)
    address, account = limit_key(client_of(request)), email_key(email) or email
    count = services.settings.resets_per_hour_per_address
    await services.limits.take("reset", address, count, HOUR, closed=True)
    count = services.settings.resets_per_hour_per_account
    await services.limits.take("reset_account", account, count, HOUR, closed=True)


async def link(request: web.Request) -> None:
    """One more look at, or use of, a link. Raises Refused."""
    services, address = services_of(request), limit_key(client_of(request))
    count = services.settings.links_per_minute_per_address
    await services.limits.take("link", address, count, MINUTE)


@web.middleware
async def writes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """So many changing requests a minute from one address; without Redis they pass."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        services, address = services_of(request), limit_key(client_of(request))
        count = services.settings.writes_per_minute_per_address
        await services.limits.take("writes", address, count, MINUTE)
    return await handler(request)
