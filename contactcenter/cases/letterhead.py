"""From whom a mail that no person wrote comes, and where an answer to it goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from contactcenter.cases import letter, reply_token
from contactcenter.kernel.i18n import pick


class Letterhead(NamedTuple):
    """`queue`: its name in the mail's language; `sender_name`: the one that the mail comes from;
    `reply_to`: None where answers go to the sender."""

    queue: str
    sender_name: str
    reply_to: str | None


def letterhead(
    key: bytes | None,
    *,
    case: int,
    sender: str,
    queue: Mapping[str, str],
    from_name: Mapping[str, str],
    language: str,
) -> Letterhead:
    """Of a mail about a case. `key`: what reply tokens are signed with, None without them;
    `sender`: the queue's address; names by language."""
    name = pick(queue, language)
    words = {"agent": "", "case": str(case), "queue": name}
    reply_to = None if key is None else reply_token.address(key, case, sender)
    return Letterhead(name, letter.sender_name(from_name, words, language), reply_to)
