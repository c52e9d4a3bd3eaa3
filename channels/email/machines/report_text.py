"""Whom a report is about where no field says it: the addresses in its own words.

An address that begins a line is one of a list of those that failed; one behind "to", "user" or a
colon comes next. What the report was sent to, and postmasters to be asked, are not meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from contactcenter.addresses import is_address

MAX_CHARACTERS, MAX_LINE, MAX_FOUND = 64_000, 1_000, 100
_ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_LIST = re.compile(
    r"[\s>*•·#-]{0,40}(?:\d{1,3}[.)]\s)?[\s\"'`(\[<]{0,4}(?:(?:smtp|mailto|rfc822|e-?mail):?\s?)?<?\Z",
    re.I,
)
_EXPANDED = re.compile(r"\(expanded from:? <?\Z", re.I)
_LABEL = re.compile(
    r"(?:\b(?:to|for|at|of|user|mailbox|account|address(?:es)?|recipients?|addressee|e-?mail"
    r"|delivered|deliver|reach|undeliverable|unknown|invalid|rejected"
    r"|osoite|osoitteeseen|osoitteelle|osoitetta|vastaanottaja|vastaanottajalle|vastaanottajaa"
    r"|till|adressen?|mottagaren?|mottager|modtager|til|an|für|adresse|empfänger|aan|voor"
    r"|ontvanger|à|destinataires?|a|para|destinatarios?|destinatari|per)\b[^\w@]{0,12}"
    r"|[\w)][ ]?:[ ]?[\"'<\[(]{0,3})\Z",
    re.I,
)
_NOT_MEANT = re.compile(
    r"\b(?:from|sender|contact|cc|date|reporting|by|mail from|original sender|lähettäjä|avsändare"
    r"|absender|expéditeur|remitente|mittente|lisätietoja|kontakta|kontaktieren)\b[^\w@]{0,12}\Z",
    re.I,
)  # fmt: skip
_HELPERS = re.compile(r"(?:post_?master|mailer-daemon|abuse|support|helpdesk|hostmaster)@")
_CODE = re.compile(r"(?<![\d.])([45]\.\d{1,2}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.-])[45]\d\d[ -](?!\d{3})")
# Some words, but not just when it happened.
_SAYS = re.compile(r"(?!on (?:\w{3}, )?\d)(?=.*[^\W\d_]{3}).{6}", re.I)


class Named(NamedTuple):
    """The addresses in a report's words, in lower case and in their order: those that it is surely
    about (a list, else behind a label), and others it may be about."""

    surely: list[str]
    perhaps: list[str]


def named(words: str, never: Collection[str]) -> Named:
    """The addresses that the report's words name. `never`: those that can't be meant."""
    kinds: tuple[dict[str, None], ...] = ({}, {}, {})
    for line in words[:MAX_CHARACTERS].split("\n"):
        for match in _ADDRESS.finditer(line[:MAX_LINE]) if "@" in line else ():
            address = match[0].strip(".'`").lower()
            kind = _kind(line[max(0, match.start() - 60) : match.start()])
            if kind is None or address in never or not is_address(address):
                continue
            if not _HELPERS.match(address):
                kinds[kind][address] = None
    listed, labelled, others = (list(kind)[:MAX_FOUND] for kind in kinds)
    return Named(listed or labelled, others)


def _kind(before: str) -> int | None:
    """How surely an address is meant (0 the most; None not at all), by what stands before it."""
    if _LIST.match(before) or _EXPANDED.search(before):
        return 0
    if _NOT_MEANT.search(before):
        return None
    return 1 if _LABEL.search(before) else 2


def enhanced_code(text: str) -> str:
    """The first enhanced status code (RFC 3463) that tells of a failure, else ""."""
    match = _CODE.search(text[:MAX_CHARACTERS])
    return match[1] if match else ""


def reason_line(words: str, recipients: Collection[str]) -> str:
    """The line that has a server's answer, else what follows the first address; "" without."""
    lines = [line.strip()[:MAX_LINE] for line in words[:MAX_CHARACTERS].split("\n")]
    for line in lines:
        if len(line) > 8 and (_REPLY.search(line) or _CODE.search(line)):
            return line
    for number, line in enumerate(lines):
        address = next((one for one in recipients if one in line.lower()), None)
        if address is not None:
            before, _, _ = line.lower().partition(address)
            rest = line[len(before) + len(address) :].lstrip(" >:.;,)]\"'")
            if not _LIST.match(before):
                return line
            return rest if _SAYS.match(rest) else _next(lines[number + 1 : number + 8])
    return ""


def _next(lines: Sequence[str]) -> str:
    """The line that says why: the very next one, or one behind a label such as "because:"."""
    filled = [line for line in lines if line]
    if lines[:1] == filled[:1] and filled:
        return filled[0]
    if len(filled) > 1 and filled[0].endswith(":"):
        return filled[1]
    return ""
