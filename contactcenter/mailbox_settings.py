"""The mailboxes that mail is fetched from: `[[mailbox]]` tables of the settings' file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from contactcenter import setting_hosts as hosts
from contactcenter import setting_values as values
from contactcenter.oauth_settings import OAuth, day, service_account, token_url
from contactcenter.setting_values import Parser, Problems, line

MOST = 100
_REQUIRED = ("name", "host", "user", "to")
_SECRETS = ("password", "client_secret", "refresh_token")
_PORTS = {"implicit": 993, "starttls": 143, "never": 143}


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
    if "service_account_file" in table:
        found = _read(table, _ACCOUNT, (), wrong)
        wrong += [f"can't have both service_account_file and {n}" for n in _OAUTH if n in table]
        account = found.pop("service_account_file", None)
        made = None if account is None else msgspec.structs.replace(account, **found)
    else:
        found = _read(table, _OAUTH, ("token_url", "client_id"), wrong)
        if not wrong and "client_secret" not in found and "refresh_token" not in found:
            wrong.append("needs client_secret or refresh_token")
        made = None if wrong else OAuth(**found)
    problems += [f"oauth: {problem}" for problem in wrong]
    return made


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


def _name(value: object) -> str:
    name = line(60)(value)
    if not all(char.isalnum() or char in "._-" for char in name) or not name.isascii():
        raise ValueError("must be made of letters, digits, dot, dash and underscore")
    return name


def _address(value: object) -> str:
    address = line(320)(value).strip().lower()
    if address.count("@") != 1 or address[0] == "@" or address[-1] == "@" or " " in address:
        raise ValueError("must be a mail address")
    return address


_MAILBOX: dict[str, Parser] = {
    "name": _name,
    "host": hosts.host,
    "port": values.whole(1, 65_535),
    "tls": values.one_of("implicit", "starttls", "never"),
    "ca_file": values.readable_file,
    "user": line(320),
    "password": line(1000),
    "auth": values.one_of("password", "xoauth2"),
    "folder": line(400),
    "to": _address,
    "poll_s": values.seconds(1, 900),
    "mark_seen": values.switch,
    "first": values.one_of("unseen", "all"),
}
_OAUTH: dict[str, Parser] = {
    "token_url": token_url,
    "client_id": line(1000),
    "client_secret": line(4000),
    "refresh_token": line(8000),
    "refresh_token_file": values.folder,
    "scope": line(2000),
    "expires": day,
}
_ACCOUNT: dict[str, Parser] = {"service_account_file": service_account, "expires": day}
