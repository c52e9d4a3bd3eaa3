"""The mailboxes that mail is fetched from: `[[mailbox]]` tables of the settings' file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from contactcenter import setting_values as values
from contactcenter.setting_values import Parser, Problems

MOST = 100
_CONTROL = frozenset(map(chr, [*range(32), 127]))
_REQUIRED = ("name", "host", "user", "to")
_SECRETS = ("password", "client_secret", "refresh_token")
_PORTS = {"implicit": 993, "starttls": 143, "never": 143}


class OAuth(msgspec.Struct, frozen=True, kw_only=True):
    """How tokens are got (RFC 6749): by a refresh token where there is one, else for the program
    itself (client credentials). `refresh_token_file` takes a newer token when one is given out;
    `expires`: the day on which the secret or token must have been renewed."""

    token_url: str
    client_id: str
    client_secret: str | None = None
    refresh_token: str | None = None
    refresh_token_file: Path | None = None
    scope: str = ""
    expires: date | None = None

    def __repr__(self) -> str:
        return f"OAuth({self.token_url!r})"


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A folder on an IMAP server, and our address `to` that its mail is taken in for.

    `poll_s`: seconds between two looks where the server can't tell of new mail (IDLE).
    `first`: what counts of the mail that lies there when it is connected first: what nobody has
    read, or all."""

    name: str
    host: str
    port: int
    tls: Literal["implicit", "starttls", "never"] = "implicit"
    ca_file: Path | None = None
    user: str
    password: str | None = None
    auth: Literal["password", "xoauth2"] = "password"
    oauth: OAuth | None = None
    folder: str = "INBOX"
    to: str
    poll_s: float = 60.0
    mark_seen: bool = True
    first: Literal["unseen", "all"] = "unseen"

    def __repr__(self) -> str:
        return f"Mailbox({self.name!r})"


def mailboxes(value: object) -> tuple[Mailbox, ...]:
    """The tables as mailboxes. Raises Problems with all that is wrong; secrets are in none."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise ValueError("must stand in the file, each as a [[mailbox]] table")
    problems: list[str] = []
    found: list[Mailbox] = []
    if len(value) > MOST:
        problems.append(f"has more than {MOST} tables")
    for number, table in enumerate(value[:MOST], start=1):
        shown = table.get("name") if isinstance(table.get("name"), str) else number
        mailbox, wrong = _mailbox(dict(table))
        problems += [f"{shown!s:.60}: {problem}" for problem in wrong]
        if mailbox is not None:
            found.append(mailbox)
    names = [mailbox.name for mailbox in found]
    problems += [
        f"{name}: stands there twice" for name in sorted(set(names)) if names.count(name) > 1
    ]
    if problems:
        raise Problems(problems)
    return tuple(found)


def _mailbox(table: dict[str, Any]) -> tuple[Mailbox | None, list[str]]:
    problems: list[str] = []
    oauth = table.pop("oauth", None)
    found = _read(table, _MAILBOX, _REQUIRED, problems)
    if found.get("auth", "password") == "xoauth2":
        if not isinstance(oauth, dict):
            problems.append("auth xoauth2 needs a table [mailbox.oauth]")
        else:
            found["oauth"] = _oauth(dict(oauth), problems)
        if "password" in found:
            problems.append("can't have both a password and auth xoauth2")
    elif oauth is not None:
        problems.append('[mailbox.oauth] needs auth = "xoauth2"')
    elif "password" not in found:
        problems.append("needs password or password_file")
    if problems:
        return None, problems
    found.setdefault("port", _PORTS[found.get("tls", "implicit")])
    return Mailbox(**found), []


def _oauth(table: dict[str, Any], problems: list[str]) -> OAuth | None:
    wrong: list[str] = []
    found = _read(table, _OAUTH, ("token_url", "client_id"), wrong)
    if not wrong and "client_secret" not in found and "refresh_token" not in found:
        wrong.append("needs client_secret or refresh_token")
    problems += [f"oauth: {problem}" for problem in wrong]
    return None if wrong else OAuth(**found)


def _read(
    table: dict[str, Any], fields: dict[str, Parser], required: tuple[str, ...], problems: list[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _SECRETS:
        if name in fields and f"{name}_file" in table:
            if name in table:
                problems.append(f"can't have both {name} and {name}_file")
            _secret_file(table, name, problems)
    for name, value in table.items():
        if name not in fields:
            problems.append(f"{name!s:.60} is no setting of a mailbox; docs/email.md lists them")
            continue
        try:
            found[name] = fields[name](value)
        except ValueError as error:
            problems.append(f"{name} {error}")
    problems += [f"needs {name}" for name in required if name not in table]
    return found


def _secret_file(table: dict[str, Any], name: str, problems: list[str]) -> None:
    """Put what the file holds in the place of its name."""
    key = f"{name}_file"
    try:
        path = values.folder(table.pop(key))
        table[name] = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        problems.append(f"{key} can't be read: {error.strerror}")
        table.setdefault(name, "?")
    except (UnicodeDecodeError, ValueError):
        problems.append(f"{key} must name a text file")
        table.setdefault(name, "?")
    else:
        if name == "refresh_token":
            table[key] = str(path)


def _line(most: int) -> Callable[[object], str]:
    """A text of one line: what goes into a command must end none (RFC 9051 section 4.3)."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a text")
        if len(value) > most or not _CONTROL.isdisjoint(value):
            raise ValueError(f"must be one line of at most {most} characters")
        return value

    return parse


def _name(value: object) -> str:
    name = _line(60)(value)
    if not all(char.isalnum() or char in "._-" for char in name) or not name.isascii():
        raise ValueError("must be made of letters, digits, dot, dash and underscore")
    return name


def _address(value: object) -> str:
    address = _line(320)(value).strip().lower()
    if address.count("@") != 1 or address[0] == "@" or address[-1] == "@" or " " in address:
        raise ValueError("must be a mail address")
    return address


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError("must be a day, as 2027-11-30")
    return value


def _token_url(value: object) -> str:
    """https; http only on this machine, for tests."""
    url = _line(2000)(value)
    parts = urlsplit(url)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError("must begin with https://")
    if parts.username is not None:
        raise ValueError("must not hold a password")
    return url


_one_of: Callable[..., Parser] = values.one_of
_MAILBOX: dict[str, Parser] = {
    "name": _name,
    "host": values.host,
    "port": values.whole(1, 65_535),
    "tls": _one_of("implicit", "starttls", "never"),
    "ca_file": values.readable_file,
    "user": _line(320),
    "password": _line(1000),
    "auth": _one_of("password", "xoauth2"),
    "folder": _line(400),
    "to": _address,
    "poll_s": values.seconds(1, 900),
    "mark_seen": _yes,
    "first": _one_of("unseen", "all"),
}
_OAUTH: dict[str, Parser] = {
    "token_url": _token_url,
    "client_id": _line(1000),
    "client_secret": _line(4000),
    "refresh_token": _line(8000),
    "refresh_token_file": values.folder,
    "scope": _line(2000),
    "expires": _day,
}
