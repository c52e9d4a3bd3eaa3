"""The mail that a report is about: where its copy begins in a text, and what it was called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.syntax.charsets import decode
from channels.email.syntax.head import PART_BYTES, PART_FIELDS, Head, read_head
from channels.email.syntax.message_ids import bracketed
from channels.email.syntax.parts import Leaf

MAX_CHARACTERS, MAX_LINE = 200_000, 400
_COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
# Lines that only a mail's header has; From, To and Subject also stand in the words of a report.
_HEADER = re.compile(
    r"[ \t>|]*(?:(?:received|return-path|message-id|dkim-signature|arc-seal|x-received"
    r"|delivered-to|x-originating-ip|domainkey-signature|mime-version|x-[a-z-]{2,30}id)[ \t]*:"
    r"|from \S{1,200} +(?:mon|tue|wed|thu|fri|sat|sun) )",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"[ \t>|]*(?:[-=_*#]{2,}[ \t]*)?(?:"
    r"(?:this is |below (?:this line )?is |included is |here is )?(?:a |the )?copy of "
    r"(?:the|your)(?: original)? (?:message|mail)"
    r"|(?:the )?(?:headers? of the )?original (?:message|mail)\b(?! was| identifier|:? *\S+@)"
    r"|(?:returned|unsent|undelivered|bounced|rejected) (?:message|mail|e-?mail)\b"
    r"(?=[ \t:]*(?:-|$|below|follow))"
    r"|(?:message|mail) (?:header|body|text|source)s? (?:follow|is|suppressed)"
    r"|message[- ]headers? follow"
    r"|(?:alkuperäi(?:nen|sen)|palautettu) (?:viesti|viestin|sähköposti)"
    r"|(?:ursprunglig[ta]|det ursprungliga|återsänt) (?:meddelande|rubrik|mail|brev)"
    r"|(?:ursprüngliche|original-?) ?(?:nachricht|mail)"
    r"|(?:mensaje|mensagem|messaggio|message) (?:original|originale|d'origine)"
    r")",
    re.IGNORECASE,
)
_ID = re.compile(r"^[ \t>|]*message-id[ \t]*:\s{0,80}(<[^<>\s]{1,900}>)", re.I | re.M)
_TO = re.compile(r"^[ \t>|]*to[ \t]*:[ \t]*(\S.{0,500})", re.I | re.M)


def split_original(text: str) -> tuple[str, str]:
    """What the report says itself, and the copy of the original behind it ("" without)."""
    text = text[:MAX_CHARACTERS]
    at = 0
    for line in text.split("\n"):
        if at and (_HEADER.match(line, 0, MAX_LINE) or _MARK.match(line, 0, MAX_LINE)):
            return text[:at], text[at:]
        at += len(line) + 1
    return text, ""


def returned_heads(leaves: Sequence[Leaf]) -> list[Head]:
    """The headers of the copies that came as parts."""
    copies = [leaf for leaf in leaves if leaf.media_type in _COPIES]
    return [
        read_head(leaf.content.lstrip(), 0, len(leaf.content.lstrip()), PART_BYTES, PART_FIELDS)
        for leaf in copies[:3]
    ]


def returned_text(leaves: Sequence[Leaf]) -> str:
    """A copy that came as plain text behind the report's own words."""
    texts = [leaf for leaf in leaves if leaf.media_type == "text/plain"][1:3]
    return "\n".join(decode(leaf.content[:MAX_CHARACTERS], "utf-8") for leaf in texts)


def original_ids(heads: Sequence[Head], copy: str) -> list[str]:
    """The Message-IDs of the original, in angle brackets."""
    found = [bracketed(head.first("message-id")) for head in heads]
    if not any(found) and (match := _ID.search(copy)):
        found.append(match[1])
    return [one for one in found if one]


def original_to(heads: Sequence[Head], copy: str) -> str:
    """The To field of the original, as it stands; "" without."""
    for head in heads:
        if value := head.first("to"):
            return value
    match = _TO.search(copy)
    return match[1] if match else ""
