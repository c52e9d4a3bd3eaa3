"""What a setting that names hosts may be: a host, a network, a URL, a relay. Parsers as those of
setting_values.py."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from contactcenter.setting_values import listed, text

Tls = Literal["implicit", "required", "opportunistic", "never"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.?)+", re.IGNORECASE)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"https?://({_LABEL}(\.{_LABEL})*|\[[0-9a-f:]+\])(:(?P<port>[1-9][0-9]{{0,4}}))?", re.ASCII
)
_RELAY_FORM = "smtp://[user:password@]host:port[?starttls=required|opportunistic|never] or smtps://"
_SCANNER_FORM = "clamd://host:3310 or clamd:///run/clamav/clamd.ctl"
_MOST_PATH = 107  # bytes of a socket's path (unix(7))
_STARTTLS: dict[str, Tls] = {
    "required": "required",
    "opportunistic": "opportunistic",
    "never": "never",
}


@dataclass(frozen=True)
class Relay:
    """The mail server that takes our outgoing mail."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = "opportunistic"


@dataclass(frozen=True)
class Scanner:
    """Where clamd listens: a socket's path, else host and port."""

    host: str = ""
    port: int = 0
    path: str | None = None


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


def tiles(value: object) -> str:
    """Where a map's tiles are: {z}, {x} and {y} stand in the path, and nowhere else."""
    form = "https://tiles.example.org/{z}/{x}/{y}.png"
    url = page_url(value)
    place = urlsplit(url).path
    if not all(place.count(word) == url.count(word) == 1 for word in ("{z}", "{x}", "{y}")):
        raise ValueError(f"must hold {{z}}, {{x}} and {{y}} once; write {form}")
    if any(sign in url for sign in "\"'<>;,") or "#" in url:
        raise ValueError(f"must hold no quotes, commas or semicolons; write {form}")
    return url


def collector(value: object) -> str:
    """Where traces go: a collector's address, or the whole path of its OTLP over HTTP."""
    form = "http://collector:4318"
    parts = _parts(value, form)
    url = text(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        raise ValueError(f"must begin with http:// or https:// and a host; write {form}")
    if parts.username is not None or parts.query or parts.fragment or " " in url:
        raise ValueError("must have no password and no options: OTEL_EXPORTER_OTLP_HEADERS has")
    return url


def origins(value: object) -> tuple[str, ...]:
    """Web sites as their browsers name them: scheme, host and port."""
    found = tuple(public_url(piece) for piece in listed(value))
    if not all(map(is_origin, found)):
        raise ValueError("must be sites, each with its whole name; write https://www.example.org")
    return found


def is_origin(text: str) -> bool:
    """Whether a text is a site as browsers name it, and nothing besides: it stands in a header of
    ours."""
    found = _ORIGIN.fullmatch(text) if len(text) <= 300 else None
    return found is not None and int(found["port"] or 443) <= 65_535


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


def scanner(value: object) -> Scanner:
    """clamd's address as a URL."""
    parts = _parts(value, _SCANNER_FORM)
    if parts.scheme != "clamd" or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"must begin with clamd://; write {_SCANNER_FORM}")
    if not parts.netloc:
        path = unquote(parts.path)
        if len(path) < 2 or "\0" in path or len(path.encode()) > _MOST_PATH:
            raise ValueError(f"names no socket; write {_SCANNER_FORM}")
        return Scanner(path=path)
    if not parts.hostname or not parts.port or parts.path.strip("/"):
        raise ValueError(f"must have host and port; write {_SCANNER_FORM}")
    return Scanner(host=host(parts.hostname), port=parts.port)
