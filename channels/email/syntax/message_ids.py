"""Message-IDs: a mail's own, and those it says it answers.

Only what could go out again in a header of ours counts as one: printable ASCII without spaces
and angle brackets (RFC 5322 section 3.6.4 allows less, programs use all of it).
"""

from __future__ import annotations

import re

from channels.email.syntax.head import Head

MAX_REFERENCES = 50
_INSIDE = r"[!-;=?-~]{1,900}"
_ID = re.compile(f"<{_INSIDE}>")
_BARE = re.compile(f"<?({_INSIDE})>?")


def own_id(head: Head) -> str | None:
    """The Message-ID in its angle brackets; a bare one gets them, an empty one is None."""
    value = head.first("message-id")
    found = _ID.search(value)
    return found[0] if found else bracketed(value.strip())


def bracketed(value: str) -> str | None:
    """The id in angle brackets, whether it had them or not; None where it is none."""
    bare = _BARE.fullmatch(value)
    return f"<{bare[1]}>" if bare else None


def answered_ids(head: Head) -> tuple[str, ...]:
    """In-Reply-To, then References from the newest to the oldest, each id once (RFC 5322
    section 3.6.4)."""
    ids: list[str] = []
    for value in head.all("in-reply-to"):
        ids += _ID.findall(value)
    for value in head.all("references"):
        ids += reversed(_ID.findall(value))
    return tuple(dict.fromkeys(ids))[:MAX_REFERENCES]
