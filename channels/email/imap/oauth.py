"""Tokens for XOAUTH2 (RFC 6749): fetched, kept until shortly before they expire, fetched anew when
a server takes one no more. No token, secret or answer of the token server is logged or shown but
for its error code."""

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from channels.email.imap.assertion import assertion
from channels.email.imap.errors import ImapError
from contactcenter.oauth_settings import OAuth

TIMEOUT_S = 20.0
EARLY_S = 300.0  # a token is not used in its last minutes
MAX_ANSWER = 65_536
_BY_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CODE = re.compile(r"[a-z_]{1,60}\Z")


class _Granted(msgspec.Struct):
    """The parts of an answer that we use (RFC 6749 section 5.1)."""

    access_token: str
    expires_in: float | str = 300.0
    refresh_token: str | None = None
    refresh_token_expires_in: float | None = None


class Tokens:
    """The tokens of one mailbox."""

    def __init__(self, oauth: OAuth, user: str) -> None:
        self._oauth = oauth
        self._user = user
        self._refresh = oauth.refresh_token
        self._token = ""
        self._good_until = 0.0
        self._renew_by: datetime | None = None

    @property
    def renew_by(self) -> datetime | None:
        """Until when an admin must have renewed the secret or refresh token, where it is known."""
        if self._oauth.expires is not None:
            return datetime.combine(self._oauth.expires, time(), UTC)
        return self._renew_by

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be shown to nobody."""
        known = (self._oauth.client_secret, self._oauth.refresh_token, self._refresh, self._token)
        return tuple(secret for secret in known if secret)

    async def get(self) -> str:
        """A token that is good for some minutes at least. Raises ImapError("token_refused")."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._good_until:
            return self._token
        granted = await self._ask()
        self._token = granted.access_token
        self._good_until = loop.time() + max(0.0, _seconds(granted.expires_in) - EARLY_S)
        if granted.refresh_token_expires_in:
            left = timedelta(seconds=granted.refresh_token_expires_in)
            self._renew_by = datetime.now(UTC) + left
        if granted.refresh_token and granted.refresh_token != self._refresh:
            self._refresh = granted.refresh_token
            if self._oauth.refresh_token_file is not None:
                await asyncio.to_thread(_keep, self._oauth.refresh_token_file, self._refresh)
        return self._token

    def forget(self) -> None:
        """The server took the token no more: the next one is a new one."""
        self._good_until = 0.0

    async def _ask(self) -> _Granted:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        form = self._form() if self._oauth.account_key is None else await self._asserted()
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(self._oauth.token_url, data=form, allow_redirects=False) as answer,
            ):
                body = await _whole(answer.content)
                if answer.status != 200:
                    raise ImapError("token_refused", _code(body) or f"HTTP {answer.status}")
                return msgspec.json.decode(body, type=_Granted)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ImapError("token_refused", f"no answer: {type(error).__name__}") from None
        except msgspec.DecodeError:
            raise ImapError("token_refused", "the answer holds no token") from None

    async def _asserted(self) -> dict[str, str]:
        oauth = self._oauth
        signed = await asyncio.to_thread(
            assertion,
            oauth.client_id,
            oauth.account_key or b"",
            self._user,
            oauth.scope,
            oauth.token_url,
            int(datetime.now(UTC).timestamp()),
        )
        return {"grant_type": _BY_ASSERTION, "assertion": signed}

    def _form(self) -> dict[str, str]:
        form = {"client_id": self._oauth.client_id}
        if self._refresh is not None:
            form |= {"grant_type": "refresh_token", "refresh_token": self._refresh}
        else:
            form |= {"grant_type": "client_credentials"}
        if self._oauth.client_secret is not None:
            form["client_secret"] = self._oauth.client_secret
        if self._oauth.scope:
            form["scope"] = self._oauth.scope
        return form


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """The whole answer, which may come in pieces; what is too long is cut."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER:
            break
    return bytes(body[:MAX_ANSWER])


def _seconds(value: float | str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _code(body: bytes) -> str:
    """The error code of RFC 6749 section 5.2; never the description, which may quote."""
    try:
        told: Any = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    code = told.get("error") if isinstance(told, dict) else None
    return code if isinstance(code, str) and _CODE.match(code) else ""


def _keep(path: Path, token: str) -> None:
    """Put a newer refresh token in the file's place; where that fails the old one is used until it
    expires."""
    beside = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(f"{token}\n")
        beside.replace(path)
    except OSError:
        return
