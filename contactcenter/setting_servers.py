"""Where Postgres and Redis are, as a setting: one server, or several of which one takes writes.
Parsers as those of setting_values.py; what they return is a URL still, to be handed on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from contactcenter.setting_values import text

POSTGRES_FORM = "postgresql://user:password@host:5432[,host2:5432]/contactcenter"
REDIS_FORM = "redis://:password@host:6379/0"
SENTINEL_FORM = "redis+sentinel://:password@host1:26379,host2:26379,host3:26379/service/0"
_PRIMARY = ("read-write", "primary")
_PLACE = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:,/@]*)(:(?P<port>[0-9]{1,5}))?")
_SENTINEL_PORT = 26379
_SENTINEL_OPTIONS = {"sentinel_username", "sentinel_password"}


@dataclass(frozen=True)
class Sentinels:
    """The Sentinels that know where the master of `service` is, and how to speak to both."""

    places: tuple[tuple[str, int], ...]
    service: str
    db: int = 0
    tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sentinel_username: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)


def database_url(value: object) -> str:
    """Postgres' URL as libpq writes it, with one host or several. The value is never in an error:
    it may hold a password."""
    url = text(value)
    parts = _split(url, POSTGRES_FORM)
    if parts.scheme not in ("postgresql", "postgres") or url.partition("://")[2].strip("/") == "":
        raise ValueError(f"must begin with postgresql://; write {POSTGRES_FORM}")
    _places(parts, POSTGRES_FORM)
    wanted = dict(parse_qsl(parts.query)).get("target_session_attrs", "read-write")
    if wanted not in _PRIMARY:
        raise ValueError(f"can only have target_session_attrs={_PRIMARY[0]}: every node writes")
    each_database(url)
    return url


def each_database(url: str) -> list[str]:
    """A URL for each of its hosts, in their order."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if "," in hosts:
        return [parts._replace(netloc=user + at + place).geturl() for place in hosts.split(",")]
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    several = options.get("host", "").split(",")
    ports = options.get("port", "").split(",")
    if len(several) < 2:
        return [url]
    if len(ports) not in (1, len(several)):
        raise ValueError("must name one port, or one for each host")
    each = zip(several, ports if len(ports) > 1 else ports * len(several), strict=True)
    return [
        parts._replace(
            query=urlencode(
                {n: v for n, v in {**options, "host": host, "port": port}.items() if v},
                safe="/",
                quote_via=quote,
            )
        ).geturl()
        for host, port in each
    ]


def redis_url(value: object) -> str:
    """Redis' URL: a server's, or that of Sentinels."""
    url = text(value)
    parts = _split(url, REDIS_FORM)
    if parts.scheme in ("redis+sentinel", "rediss+sentinel"):
        sentinels(url)
        return url
    if parts.scheme not in ("redis", "rediss", "unix") or not url.partition("://")[2].strip("/"):
        raise ValueError(f"must begin with redis://; write {REDIS_FORM}, or {SENTINEL_FORM}")
    if "," in parts.netloc:
        raise ValueError(f"names several hosts, which only Sentinels can; write {SENTINEL_FORM}")
    _places(parts, REDIS_FORM)
    return url


def sentinels(url: str) -> Sentinels | None:
    """What a URL of Sentinels says; None where it is a server's own."""
    parts = urlsplit(url)
    if not parts.scheme.endswith("+sentinel"):
        return None
    service, _, db = parts.path.strip("/").partition("/")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not service:
        raise ValueError(f"names no service after the hosts; write {SENTINEL_FORM}")
    if not re.fullmatch("[0-9]{0,4}", db):
        raise ValueError(f"must end with a database's number; write {SENTINEL_FORM}")
    if parts.fragment or not options.keys() <= _SENTINEL_OPTIONS:
        known = " and ".join(sorted(_SENTINEL_OPTIONS))
        raise ValueError(f"has an option that is not known; there are {known}")
    places = _places(parts, SENTINEL_FORM)
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    return Sentinels(
        tuple((host.strip("[]"), port or _SENTINEL_PORT) for host, port in places),
        unquote(service),
        int(db or 0),
        parts.scheme == "rediss+sentinel",
        unquote(user) or None,
        unquote(password) or None,
        options.get("sentinel_username") or None,
        options.get("sentinel_password") or None,
    )


def _split(url: str, form: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise ValueError(f"is no URL; write {form}") from None


def _places(parts: SplitResult, form: str) -> list[tuple[str, int | None]]:
    """Hosts and ports; an empty host only where it is the only one."""
    found: list[tuple[str, int | None]] = []
    several = parts.netloc.rpartition("@")[2].split(",")
    for place in several:
        match = _PLACE.fullmatch(place)
        port = int(match["port"]) if match and match["port"] else None
        if match is None or (port is not None and not 0 < port < 65_536):
            raise ValueError(f"is no URL; write {form}")
        if not match["host"] and (len(several) > 1 or form == SENTINEL_FORM):
            raise ValueError(f"names no host before or after a comma; write {form}")
        found.append((match["host"], port))
    return found
