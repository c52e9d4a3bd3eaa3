"""Files that came with a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable

from channels.email.syntax.head import MAIL_BYTES, MAIL_FIELDS, read_head
from channels.email.syntax.parts import Leaf
from contactcenter.channel import Attachment
from contactcenter.files import MAIL, PATH, safe_name, safe_type

_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}")
_ID = re.compile(r"[^\s<>\"']{1,200}")


def read_attachments(leaves: Iterable[Leaf]) -> tuple[Attachment, ...]:
    """The leaves as files, numbered in their order."""
    return tuple(_attachment(leaf, number) for number, leaf in enumerate(leaves, 1))


def _attachment(leaf: Leaf, number: int) -> Attachment:
    media_type = safe_type(leaf.media_type, leaf.content)
    name = leaf.file_name
    if not name and media_type == MAIL:
        name = _mail_name(leaf.content)
    content_id = _ID.search(leaf.head.shown("content-id", 300))
    return Attachment(
        name=safe_name(name, number, media_type),
        media_type=media_type,
        content=leaf.content,
        content_id=content_id[0] if content_id else None,
        declared=leaf.media_type if _TYPE.fullmatch(leaf.media_type) else "",
    )


def _mail_name(mail: bytes) -> str:
    """A mail within a mail is called by its subject."""
    subject = read_head(mail, 0, len(mail), MAIL_BYTES, MAIL_FIELDS).shown("subject", 100)
    return f"{PATH.sub('-', subject)}.eml" if subject else ""
