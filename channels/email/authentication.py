"""What our own mail server found of a mail's sender: SPF, DKIM and DMARC (RFC 8601).

Anybody can write an Authentication-Results field into a mail. So only the topmost one counts, and
only if it bears the name of a server of ours: our server puts its own above what a mail brought
along, and must take away what the mail brought under our name (RFC 8601 section 5). Above the
field no other server may have handed the mail on: it would be the word of an earlier passage. The
fields that follow do not count, even if they bear our name: one brought along may stand right
under ours. Where a server writes several fields, the topmost is believed and no other.

Microsoft 365 writes no name; its field is that of the server whose Received field follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from channels.email.syntax.head import Field, Head

MAX_CHARACTERS = 16_384
_RESULTS = frozenset(
    "none pass fail softfail neutral policy temperror permerror bestguesspass".split()
)
_PARTS = re.compile(r'([()]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))')  # a quote without end takes all
_NAME = re.compile(r"\s*([^\s;=]{1,255})(?:\s+\d{1,3})?\s*(?:;|\Z)")
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)(?:\s*/\s*\d{1,3})?\s*=\s*([a-z]{1,20})\b", re.I)
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.I)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*", re.I)


def read_authentication(head: Head, servers: Collection[str]) -> dict[str, str]:
    """The results of spf, dkim and dmarc that a server of ours stated; empty where none did.

    `servers`: the names that ours write (the authserv-id), or the domains they stand in.
    """
    ours = [name.lower().rstrip(".") for name in servers if name]
    if not ours:
        return {}
    for number, field in enumerate(head.fields):
        if field.name == "received" and _is_foreign(_by(field), ours):
            return {}
        if field.name == "authentication-results":
            value = _plain(_text(field))
            name = _NAME.match(value)
            if name is None:
                by = _next_by(head.fields[number + 1 :])
                return _results(value) if by and _within(by, ours) else {}
            return _results(value[name.end() :]) if _within(name[1].lower(), ours) else {}
    return {}


def _text(field: Field) -> str:
    return field.value[:MAX_CHARACTERS].decode("utf-8", "replace").replace("\r", "")


def _by(field: Field) -> str:
    match = _BY.search(_text(field))
    return match[1].lower().rstrip(".") if match else ""


def _next_by(fields: Sequence[Field]) -> str:
    return next((_by(field) for field in fields if field.name == "received"), "")


def _within(host: str, ours: Collection[str]) -> bool:
    """Whether a host is one of ours or stands in a domain of ours."""
    return any(host == name or host.endswith(f".{name}") for name in ours)


def _is_foreign(host: str, ours: Collection[str]) -> bool:
    """Whether a Received field is of a server that can't be ours. Ours are in the domain of a name
    given (mx1.city.example is beside relay.city.example), or have no name on the internet."""
    if not _HOST.fullmatch(host) or host.endswith((".local", ".internal", ".localdomain", ".lan")):
        return False
    domains = [name.partition(".")[2] if name.count(".") > 1 else name for name in ours]
    return not _within(host, domains)


def _plain(value: str) -> str:
    """The value without quoted texts and comments, which may hold anything, also each other."""
    out: list[str] = []
    depth = 0
    for piece in _PARTS.split(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            out.append(" " if piece.startswith('"') else piece)
    return "".join(out)


def _results(value: str) -> dict[str, str]:
    """The first result of each method; of several signatures one that holds is enough."""
    found: dict[str, str] = {}
    for statement in value.split(";"):
        match = _RESULT.match(statement)
        if match is None or (result := match[2].lower()) not in _RESULTS:
            continue
        method = match[1].lower()
        if method not in found or (method == "dkim" and result == "pass"):
            found[method] = result
    return found
