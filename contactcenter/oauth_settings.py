"""How tokens for a mailbox are got: the table `[mailbox.oauth]` of the settings' file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from contactcenter import setting_values as values
from contactcenter.dkim_settings import bits
from contactcenter.setting_values import line

LEAST_BITS = 2048
GOOGLE_SCOPE = "https://mail.google.com/"


class OAuth(msgspec.Struct, frozen=True, kw_only=True):
    """How tokens are got (RFC 6749): by a refresh token where there is one, by an assertion that
    `account_key` signs (RFC 7523) where there is that, else for the program itself (client
    credentials). `refresh_token_file` takes a newer token when one is given out; `expires`: the
    day on which the secret or token must have been renewed."""

    token_url: str
    client_id: str
    client_secret: str | None = None
    refresh_token: str | None = None
    refresh_token_file: Path | None = None
    account_key: bytes | None = None
    scope: str = ""
    expires: date | None = None

    def __repr__(self) -> str:
        return f"OAuth({self.token_url!r})"


class _ServiceAccount(msgspec.Struct):
    """The parts of Google's file that we use."""

    client_email: str
    private_key: str
    token_uri: str


def service_account(value: object) -> OAuth:
    """A service account's key file as Google gives it out. Raises ValueError: nothing of the key is
    in it."""
    path = values.readable_file(value)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_ServiceAccount)
    except (msgspec.DecodeError, OSError):
        raise ValueError("must be a service account's key file (JSON)") from None
    key = found.private_key.encode()
    if bits(key) < LEAST_BITS:
        raise ValueError("holds no private RSA key")
    return OAuth(
        token_url=token_url(found.token_uri),
        client_id=line(1000)(found.client_email),
        account_key=key,
        scope=GOOGLE_SCOPE,
    )


def token_url(value: object) -> str:
    """https; http only on this machine, for tests."""
    url = line(2000)(value)
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError("must begin with https://")
    if parts.username is not None:
        raise ValueError("must not hold a password")
    return url


def day(value: object) -> date:
    """A day as TOML has them."""
    if type(value) is not date:
        raise ValueError("must be a day, as 2027-11-30")
    return value
