"""Reports of other servers on mail that we sent: it failed, waits, or arrived (RFC 3464), in fields
where they write them, else in words. A vacation reply is no report, and neither is a report that a
person passes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from channels.email.machines.automatic_subjects import is_automatic_subject
from channels.email.machines.report_fields import Action, Told, original_id, read_status
from channels.email.machines.report_original import (
    original_ids,
    original_to,
    returned_heads,
    returned_text,
    split_original,
)
from channels.email.machines.report_signs import Signs, may_report, reported
from channels.email.machines.report_text import enhanced_code, named, reason_line
from channels.email.machines.senders import daemon_points, has_null_path
from channels.email.syntax.address_lists import read_mailboxes
from channels.email.syntax.addresses import Mailbox
from channels.email.syntax.charsets import decode
from channels.email.syntax.head import Head
from channels.email.syntax.message_ids import answered_ids, bracketed
from channels.email.syntax.parts import Leaf
from channels.email.syntax.words import one_line
from contactcenter.channel import Report

MAX_REASON, MAX_IDS, MAX_FIELDS = 300, 10, 200_000
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT = ("message/disposition-notification", "message/global-disposition-notification")
_COMPLAINT = "message/feedback-report"


class Suspect(NamedTuple):
    """A mail that may be a report. `text` is all that its text parts say."""

    head: Head
    leaves: Sequence[Leaf]
    sender: Mailbox
    subject: str
    text: str
    mail_from: str | None


def is_complaint(head: Head, leaves: Sequence[Leaf]) -> bool:
    """Whether it is a feedback report (RFC 5965; Hotmail's came before that): somebody called our
    mail spam."""
    said = head.first("content-type").lower() if _is_formal(head) else ""
    return (
        any(leaf.media_type == _COMPLAINT for leaf in leaves)
        or "feedback-report" in said
        or head.first("subject").lower().startswith("complaint about message from ")
    )


def read_report(mail: Suspect) -> Report | None:
    """What the mail reports of one of ours; None where it is no report."""
    if is_complaint(mail.head, mail.leaves):
        return None
    daemon = daemon_points(mail.head, mail.sender)
    null_path = has_null_path(mail.head, mail.mail_from)
    formal = _is_formal(mail.head)
    if not (formal or daemon or null_path or may_report(mail.subject)):
        return None
    told = _fields(mail.leaves, _STATUS) if formal or daemon or null_path else ""
    receipt = _fields(mail.leaves, _RECEIPT) if formal else ""
    copy = _Copy(mail)
    if receipt:
        readers = tuple(one.recipient for one in read_status(receipt) if one.recipient)
        return Report(action="delivered", recipients=readers, message_ids=copy.ids(receipt))
    if stated := read_status(told):
        return _stated(stated, copy, told, mail)
    if not daemon and is_automatic_subject(mail.subject):
        return None
    failed_to = mail.head.first("x-failed-recipients")
    stated = read_status(copy.words) or read_status(copy.text)
    action = reported(
        Signs(
            subject=mail.subject,
            words=copy.words,
            daemon=daemon,
            null_path=null_path,
            automatic=mail.head.first("auto-submitted").lower()[:5] == "auto-",
            copy=bool(copy.text or copy.heads),
            stated=bool(stated or failed_to or told),
        )
    )
    if action is None:
        return None
    if stated and action != "delivered":
        return _stated(stated, copy, told, mail, action)
    boxes = [box.address for box in read_mailboxes([failed_to])]
    recipients = boxes or copy.bounced()
    return Report(
        action=action,
        recipients=tuple(recipients),
        status=enhanced_code(copy.words),
        reason=one_line(reason_line(copy.words, recipients), MAX_REASON),
        message_ids=copy.ids(""),
    )


def _is_formal(head: Head) -> bool:
    return head.first("content-type").lower().partition(";")[0].strip() == "multipart/report"


def _fields(leaves: Sequence[Leaf], types: tuple[str, ...]) -> str:
    found = [
        decode(leaf.content[:MAX_FIELDS], "utf-8") for leaf in leaves if leaf.media_type in types
    ]
    return "\n\n".join(found[:10]).replace("\r\n", "\n")


def _stated(
    stated: Sequence[Told], copy: _Copy, fields: str, mail: Suspect, default: Action = "failed"
) -> Report:
    """The worst that the fields say, and for whom."""
    actions = [one.action or default for one in stated]
    worst: Action = next(
        (action for action in ("failed", "delayed") if action in actions), "delivered"
    )
    meant = [one for one, action in zip(stated, actions, strict=True) if action == worst]
    recipients = [one.recipient for one in meant if one.recipient] or copy.bounced()
    status = next((one.status for one in meant if one.status), "")
    reason = next((one.reason for one in meant if one.reason), "")
    reason = reason or reason_line(copy.words, recipients)
    return Report(
        action=worst,
        recipients=tuple(dict.fromkeys(recipients)),
        status=_surer(status, enhanced_code(reason) or enhanced_code(copy.words)),
        reason=one_line(reason, MAX_REASON),
        message_ids=copy.ids(fields),
    )


def _surer(status: str, code: str) -> str:
    """The status, or a code in words where it says more: x.0.0 says nothing (RFC 3463)."""
    vague = status.endswith(".0.0") and code[:1] == status[:1]
    return code if not status or vague else status


class _Copy:
    """The mail that a report is about, as far as it came back, and the report's own words."""

    def __init__(self, mail: Suspect) -> None:
        self._mail = mail
        self.heads = returned_heads(mail.leaves)
        self.words, self.text = split_original(mail.text)
        if not self.heads and not self.text:
            self.text = returned_text(mail.leaves)

    def ids(self, fields: str) -> tuple[str, ...]:
        """Its Message-IDs; where it did not come back, those that the report says to answer."""
        found = original_ids(self.heads, self.text)
        if said := bracketed(original_id(fields)):
            found.append(said)
        return tuple(dict.fromkeys(found or answered_ids(self._mail.head)))[:MAX_IDS]

    def bounced(self) -> list[str]:
        """Who was not reached, by the report's words, else by the copy's To field."""
        head = self._mail.head
        ours = {box.address for box in read_mailboxes(head.all("to"))}
        found = named(self.words, ours | {self._mail.sender.address})
        to = [box.address for box in read_mailboxes([original_to(self.heads, self.text)])]
        return found.surely or [one for one in to[:1] if one not in ours] or found.perhaps
