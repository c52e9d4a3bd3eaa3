"""What an import decides. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping
from typing import Any

import msgspec

from contactcenter.services.things import Channel, Service, Term
from contactcenter.services.values import MOST_TEXT


def cycle_breakers(parents: Mapping[str, str | None]) -> set[str]:
    """The codes whose parent must be dropped so that no code is above itself: of each cycle the
    first by its code, so that the same catalogue always gives the same tree."""
    found: set[str] = set()
    known: set[str] = set()
    for start in parents:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in known and at not in path:
            path[at] = None
            at = parents.get(at)
        if at is not None and at in path:
            way = list(path)
            found.add(min(way[way.index(at) :]))
        known |= path.keys()
    return found


def words(service: Service, terms: Iterable[Term]) -> str:
    """What a service is found by, in lower case, a line each: names, key words, terms."""
    names = [
        *service.name.values(),
        *(word for several in service.also.values() for word in several),
        *(name for term in terms for name in term.name.values()),
    ]
    return "\n".join(dict.fromkeys(name.lower() for name in names))[:MOST_TEXT]


def service_row(service: Service, found_by: str) -> dict[str, Any]:
    """A row to be stored."""
    return _with_digest(msgspec.to_builtins(service) | {"words": found_by})


def channel_row(channel: Channel) -> dict[str, Any]:
    """A row to be stored."""
    return _with_digest(msgspec.to_builtins(channel))


def term_row(term: Term, breakers: Container[str]) -> dict[str, Any]:
    """A row to be stored."""
    return {
        "code": term.code,
        "kind": term.kind,
        "name": term.name,
        "parent": None if term.code in breakers else term.parent,
    }


def _with_digest(row: dict[str, Any]) -> dict[str, Any]:
    """`digest` is the same for the same content, in whatever order its fields came."""
    plain = msgspec.json.encode(row, order="sorted")
    return row | {"digest": hashlib.sha256(plain).hexdigest()}
