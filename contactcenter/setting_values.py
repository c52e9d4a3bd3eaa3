"""What a setting's value may be: each parser takes what a file or the environment gave and returns
the value, or raises ValueError with what is wrong and what to write instead."""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import phonenumbers

Parser = Callable[[object], object]
Tls = Literal["implicit", "required", "opportunistic", "never"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_CONTROL = frozenset(map(chr, [*range(32), 127]))
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.?)+", re.IGNORECASE)
_MODULE = re.compile(r"[a-z_]\w*(\.[a-z_]\w*)*", re.IGNORECASE | re.ASCII)
_RELAY_FORM = "smtp://[user:password@]host:port[?starttls=required|opportunistic|never] or smtps://"
_STARTTLS: dict[str, Tls] = {
    "required": "required",
    "opportunistic": "opportunistic",
    "never": "never",
}


class Problems(ValueError):
    """Several things that are wrong with one setting; `each` has a line for each."""

    def __init__(self, each: list[str]) -> None:
        super().__init__("; ".join(each))
        self.each = each


@dataclass(frozen=True)
class Relay:
    """The mail server that takes our outgoing mail."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = "opportunistic"


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def line(most: int) -> Callable[[object], str]:
    """A text of one line: what goes into a command must end none (RFC 9051 section 4.3)."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a text")
        if len(value) > most or not _CONTROL.isdisjoint(value):
            raise ValueError(f"must be one line of at most {most} characters")
        return value

    return parse


def whole(least: int, most: int) -> Parser:
    """A whole number in a range."""

    def parse(value: object) -> int:
        try:
            number = int(value) if isinstance(value, str) else value
        except ValueError:
            number = None
        if type(number) is not int or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return parse


def seconds(least: float, most: float) -> Parser:
    """A duration in seconds."""

    def parse(value: object) -> float:
        try:
            number = float(value) if isinstance(value, str | int | float) else None
        except ValueError:
            number = None
        if number is None or isinstance(value, bool) or not least <= number <= most:
            raise ValueError(f"must be seconds from {least:g} to {most:g}")
        return number

    return parse


def switch(value: object) -> bool:
    """On or off."""
    words = {"true": True, "false": False}
    found = words.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise ValueError("must be true or false")
    return found


def one_of(*choices: str) -> Parser:
    """One of a few words."""

    def parse(value: object) -> str:
        word = value.strip().lower() if isinstance(value, str) else None
        if word not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return word

    return parse


def folder(value: object) -> Path:
    """A folder's path, made absolute."""
    return Path(text(value)).expanduser().absolute()


def readable_file(value: object) -> Path:
    """A file's path, made absolute; it must be readable now."""
    path = folder(value)
    try:
        path.open("rb").close()
    except OSError as error:
        raise ValueError(f"can't be read: {error.strerror}") from None
    return path


def certificate_problems(cert: Path | None, key: Path | None) -> list[str]:
    """What is wrong with a certificate and its key, as they are now."""
    if (cert is None) != (key is None):
        return ["smtp_tls_cert and smtp_tls_key belong together: give both or neither"]
    if cert is None:
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (ssl.SSLError, OSError):
        return ["smtp_tls_cert and smtp_tls_key are no certificate and its key, both PEM"]
    return []


def host(value: object) -> str:
    """A host name or an IP address."""
    name = text(value)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        if not _HOST.fullmatch(name):
            raise ValueError("must be a host name or an IP address") from None
    return name


def _parts(value: object, form: str) -> SplitResult:
    """A URL's parts. The value itself is never in the error: it may hold a password."""
    try:
        parts = urlsplit(text(value))
        _ = parts.port
    except ValueError:
        raise ValueError(f"is no URL; write {form}") from None
    return parts


def server_url(form: str, *schemes: str) -> Parser:
    """A database's or Redis's URL; its own client reads the rest."""

    def parse(value: object) -> str:
        parts = _parts(value, form)
        url = text(value)
        if parts.scheme not in schemes or url.partition("://")[2].strip("/") == "":
            raise ValueError(f"must begin with {schemes[0]}://; write {form}")
        return url

    return parse


def public_url(value: object) -> str:
    """Where browsers reach us: scheme, host, port, and nothing after them."""
    form = "https://contact.example.org"
    parts = _parts(value, form)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must begin with http:// or https:// and a host; write {form}")
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"must end after host and port; write {form}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def page_url(value: object) -> str:
    """A page that people are led to: http or https, a host, and a path where there is one."""
    form = "https://www.example.org/privacy"
    parts = _parts(value, form)
    url = text(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        raise ValueError(f"must begin with http:// or https:// and a host; write {form}")
    if parts.username is not None or " " in url:
        raise ValueError(f"must be an address without a password or a blank; write {form}")
    return url


def origins(value: object) -> tuple[str, ...]:
    """Web sites as their browsers name them: scheme, host and port."""
    return tuple(public_url(piece) for piece in listed(value))


def listed(value: object) -> list[str]:
    """A list of texts, or one text with commas."""
    if isinstance(value, str):
        return [piece.strip() for piece in value.split(",") if piece.strip()]
    if not isinstance(value, list) or not all(isinstance(piece, str) for piece in value):
        raise ValueError("must be a list of texts")
    return value


def hosts(value: object) -> tuple[str, ...]:
    """Names of servers or of the domains they stand in, in lower case."""
    return tuple(host(piece).lower() for piece in listed(value))


def networks(value: object) -> tuple[Network, ...]:
    """Networks as 10.0.0.0/8 or single addresses."""
    found: list[Network] = []
    for piece in listed(value):
        try:
            found.append(ipaddress.ip_network(piece))
        except ValueError as error:
            raise ValueError(f"has {error}; write networks as 10.0.0.0/8, 2001:db8::/32") from None
    return tuple(found)


def countries(value: object) -> tuple[str, ...]:
    """Countries by their two letters (ISO 3166-1)."""
    codes = tuple(piece.upper() for piece in listed(value))
    wrong = [code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS]
    if wrong or not codes:
        raise ValueError("must be countries by two letters (ISO 3166-1), as FI, SE")
    return codes


def modules(value: object) -> tuple[str, ...]:
    """Names of modules to load."""
    names = listed(value)
    wrong = [name for name in names if not _MODULE.fullmatch(name)]
    if wrong or not names:
        raise ValueError("must name modules, as channels.email")
    if len(set(names)) < len(names):
        raise ValueError("names a module twice")
    return tuple(names)


def relay(value: object) -> Relay:
    """A mail relay from its URL. With a password and no word on STARTTLS, TLS is required, so that
    nobody on the way can talk us out of it (RFC 8314 section 3)."""
    parts = _parts(value, _RELAY_FORM)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls = options.pop("starttls", "required" if parts.username else "opportunistic")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not parts.port:
        raise ValueError(f"must have scheme, host and port; write {_RELAY_FORM}")
    if options or parts.path.strip("/") or parts.fragment or starttls not in _STARTTLS:
        raise ValueError(f"has an option that is not known; write {_RELAY_FORM}")
    if parts.scheme == "smtps" and parts.query:
        raise ValueError("can't have starttls with smtps://, which is TLS from the start")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"needs both user and password, or neither; write {_RELAY_FORM}")
    return Relay(
        host=host(parts.hostname),
        port=parts.port,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls="implicit" if parts.scheme == "smtps" else _STARTTLS[starttls],
    )
