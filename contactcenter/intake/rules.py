"""What an Inbound becomes: the rows of a new contact. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from contactcenter.cases.rules import MAX_NAME, one_line
from contactcenter.channel import Attachment, Inbound
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.mask import sendable, storable
from contactcenter.queue.rules import pick_language, requirement

MAX_SUBJECT = 500
_SPACE = re.compile(r"\s+")
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Target:
    """A queue that an address leads to."""

    queue_id: int
    queue: str
    organisation_id: int
    organisation: str
    task: str
    level: int
    languages: Sequence[str]
    target_s: int
    receipts: bool = False


class Entry(msgspec.Struct, frozen=True):
    """One new contact's columns, as the intake statement takes them."""

    contact_id: int
    case_id: int
    message_id: int
    new_person_id: int
    organisation_id: int
    queue_id: int
    channel: str
    language: str
    requirement: str
    target_s: int
    external_id: str | None
    key: str
    kind: str
    address: str
    strength: str
    name: str
    subject: str
    text: str
    html: str | None
    raw_blob: int | None
    raw_size: int | None
    received_at: datetime | None
    automatic: bool
    refs: str
    rest: str | None
    facts: msgspec.Raw | None
    aside: str | None
    receipt: str | None
    has_page: bool
    answer_by: datetime | None


class File(msgspec.Struct, frozen=True):
    """An attachment's columns."""

    id: int
    contact_id: int
    blob_id: int
    name: str
    media_type: str
    size: int
    content_id: str | None
    inline: bool


def refs(inbound: Inbound) -> list[str]:
    """The message ids it named, oldest first, as an answer's References begin (RFC 5322, 3.6.4)."""
    return [sendable(ref) for ref in reversed(inbound.references) if not _SPACE.search(ref)]


def facts(inbound: Inbound) -> msgspec.Raw | None:
    """What a mail tells beside its text, as it is stored."""
    if inbound.facts is None:
        return None
    return msgspec.Raw(storable(_encode(inbound.facts).decode()).encode())


def aside(inbound: Inbound) -> str | None:
    """Why it is kept out of the line; None where a person waits for an answer."""
    if inbound.report is not None:
        return "report"
    return "automatic" if inbound.automatic else None


def receipt(inbound: Inbound, language: str) -> str | None:
    """The language in which it is to be acknowledged: its own where we write that, else the one
    it waits in. None where no machine may answer it, or its sender may be another than it says:
    an acknowledgement must reach nobody who did not write to us (RFC 3834, 2)."""
    if inbound.channel != "mail" or inbound.automatic or not inbound.answerable:
        return None
    if inbound.sender.kind != "email" or inbound.sender.strength == "none":
        return None
    if inbound.facts is not None and forged(inbound.facts.authentication):
        return None
    return inbound.language if inbound.language in LANGUAGES else language


def forged(authentication: Mapping[str, str]) -> bool:
    """Whether our own server's results speak against the sender (RFC 8601)."""
    if authentication.get("dmarc") == "fail":
        return True
    return authentication.get("spf") == "fail" and authentication.get("dkim") != "pass"


def key(address: str, inbound: Inbound) -> str:
    """The idempotency key: the same content to the same address is the same contact; of open
    feedback, to the same organisation."""
    return sendable(f"{address} {inbound.fingerprint}")


def address_of(inbound: Inbound) -> str:
    """The sender's address as stored."""
    return sendable(inbound.sender.address.lower())[:320]


def ids_needed(inbound: Inbound, targets: Sequence[Target]) -> int:
    """How many ids `entries` and `files` take: contact, case, message and person for each queue,
    one for the raw source, two for each file."""
    return 4 * len(targets) + 1 + 2 * len(inbound.attachments)


def entries(
    inbound: Inbound, targets: Sequence[tuple[str, Target]], ids: Iterator[int]
) -> list[Entry]:
    """A contact for each queue; those of one organisation share a case. `targets`: the address
    used and the queue it leads to. One raw source serves all."""
    raw_blob = next(ids) if inbound.raw else None
    cases: dict[int, tuple[int, int, int]] = {}
    made = []
    for address, target in targets:
        if target.organisation_id not in cases:
            cases[target.organisation_id] = (next(ids), next(ids), next(ids))
        case_id, message_id, person_id = cases[target.organisation_id]
        language = pick_language(inbound.language, list(target.languages))
        made.append(
            Entry(
                contact_id=next(ids),
                case_id=case_id,
                message_id=message_id,
                new_person_id=person_id,
                organisation_id=target.organisation_id,
                queue_id=target.queue_id,
                channel=inbound.channel,
                language=language,
                requirement=requirement(target.organisation, target.task, language, target.level),
                target_s=target.target_s,
                external_id=None if inbound.external_id is None else sendable(inbound.external_id),
                # Which queue gets feedback is a setting, and may change before a repeat comes.
                key=key(target.organisation if inbound.feedback else address, inbound),
                kind=inbound.sender.kind,
                address=address_of(inbound),
                strength=inbound.sender.strength,
                name=one_line(inbound.sender.name, MAX_NAME),
                subject=one_line(inbound.subject, MAX_SUBJECT),
                text=storable(inbound.text),
                html=None if inbound.html is None else storable(inbound.html),
                raw_blob=raw_blob,
                raw_size=None if inbound.raw is None else len(inbound.raw),
                received_at=inbound.received_at,
                automatic=inbound.automatic,
                refs=" ".join(refs(inbound)),
                rest=storable(inbound.rest) or None,
                facts=facts(inbound),
                aside=aside(inbound),
                receipt=receipt(inbound, language) if target.receipts else None,
                has_page=inbound.has_page,
                answer_by=inbound.answer_by,
            )
        )
    return made


def files(attachments: Sequence[Attachment], contact_id: int, ids: Iterator[int]) -> list[File]:
    """The attachments' rows; they belong to the first contact's message."""
    return [
        File(
            id=next(ids),
            contact_id=contact_id,
            blob_id=next(ids),
            name=one_line(attachment.name, 200),
            media_type=attachment.media_type,
            size=len(attachment.content),
            content_id=None if attachment.content_id is None else sendable(attachment.content_id),
            inline=attachment.inline,
        )
        for attachment in attachments
    ]
