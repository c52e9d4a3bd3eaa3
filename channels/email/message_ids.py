"""Message-IDs: a mail's own, and those it says it answers."""

from __future__ import annotations

import re

from channels.email.head import Head

MAX_REFERENCES = 50
_ID = re.compile(r"<[^<>\s]{1,996}>")


def own_id(head: Head) -> str | None:
    """The Message-ID in its angle brackets; a bare one gets them, an empty one is None."""
    value = head.first("message-id")
    if found := _ID.search(value):
        return found[0]
    bare = value.strip("<> \t")
    return f"<{bare}>" if 0 < len(bare) <= 996 and not re.search(r"[\s<>]", bare) else None


def answered_ids(head: Head) -> tuple[str, ...]:
    """In-Reply-To, then References from the newest to the oldest, each id once (RFC 5322
    section 3.6.4)."""
    ids: list[str] = []
    for value in head.all("in-reply-to"):
        ids += _ID.findall(value)
    for value in head.all("references"):
        ids += reversed(_ID.findall(value))
    return tuple(dict.fromkeys(ids))[:MAX_REFERENCES]
