"""Lists of addresses (RFC 5322 section 3.4): To, Cc and the like, with groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from channels.email.syntax.addresses import Mailbox, read_mailbox

MAX_ADDRESSES, MAX_CHARACTERS = 100, 32_768
# Commas, and what a comma means nothing in; a quote or bracket that does not end is a letter.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,100}"|\([^()]{0,100}\)|<[^<>]{0,100}>|[,;:]')


def read_mailboxes(values: Iterable[str]) -> list[Mailbox]:
    """The mailboxes of these header values, each address once, at most 100; what names none is
    left out."""
    found: dict[str, Mailbox] = {}
    for value in values:
        for piece in _pieces(value[:MAX_CHARACTERS]):
            if "@" in piece and (box := read_mailbox(piece)).address:
                found.setdefault(box.address, box)
                if len(found) == MAX_ADDRESSES:
                    return list(found.values())
    return list(found.values())


def _pieces(value: str) -> Iterator[str]:
    """The value between its commas; a group's name and its semicolon are passed over."""
    at = 0
    for match in _TOKEN.finditer(value):
        if match[0] in (",", ";"):
            yield value[at : match.start()]
            at = match.end()
        elif match[0] == ":" and "@" not in value[at : match.start()]:
            at = match.end()
    yield value[at:]
