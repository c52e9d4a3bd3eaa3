"""The limits of the public doors; the numbers are settings."""

from __future__ import annotations

import hashlib

from aiohttp import web

from contactcenter.accounts.rules import email_key
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.security import Handler
from contactcenter.web.services import services_of

MINUTE = 60.0
HOUR = 3600.0
# An account's limit counts by address too, so that nobody can lock out a user from elsewhere; this
# many times as much is let through for the account from all addresses together.
ALL_ADDRESSES = 10


def hidden(text: str) -> str:
    """A limit's subject without the address it is about: Redis holds no personal data."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


class SignInTries:
    """The tries to sign in to one account from one address. Without Redis no one may try: an
    attacker must not gain by an outage. Right passwords use nothing up."""

    def __init__(self, request: web.Request, email: str) -> None:
        services, address = services_of(request), limit_key(client_of(request))
        account = services.settings.logins_per_minute_per_account
        key = email_key(email)
        self._limits = services.limits
        self._address = (
            "sign_in",
            hidden(address),
            services.settings.logins_per_minute_per_address,
        )
        self._account = (
            ("sign_in_account", hidden(f"{key} {address}"), account),
            ("sign_in_everywhere", hidden(key), account * ALL_ADDRESSES),
        )

    async def begin(self) -> None:
        """Before the password is checked. Raises Refused: `too_many`, `unavailable`."""
        await self._limits.check(*self._address, MINUTE, closed=True)
        for limit in self._account:
            await self._limits.take(*limit, MINUTE, closed=True)

    async def wrong(self) -> None:
        """The password was wrong. Counted after the fact, so that a whole office may sign in at
        the same moment."""
        await self._limits.take(*self._address, MINUTE)

    async def right(self) -> None:
        """The password was right."""
        for limit in self._account:
            await self._limits.give_back(*limit, MINUTE)


async def reset(request: web.Request, email: str) -> None:
    """One more request for a link. Raises Refused; for unknown accounts just as for known ones."""
    services = services_of(request)
    address, account = hidden(limit_key(client_of(request))), hidden(email_key(email) or email)
    count = services.settings.resets_per_hour_per_address
    await services.limits.take("reset", address, count, HOUR, closed=True)
    count = services.settings.resets_per_hour_per_account
    await services.limits.take("reset_account", account, count, HOUR, closed=True)


async def link(request: web.Request) -> None:
    """One more look at, or use of, a link. Raises Refused."""
    services, address = services_of(request), hidden(limit_key(client_of(request)))
    count = services.settings.links_per_minute_per_address
    await services.limits.take("link", address, count, MINUTE)


@web.middleware
async def writes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """So many changing requests a minute from one address; without Redis they pass."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        services, address = services_of(request), hidden(limit_key(client_of(request)))
        count = services.settings.writes_per_minute_per_address
        await services.limits.take("writes", address, count, MINUTE)
    return await handler(request)
