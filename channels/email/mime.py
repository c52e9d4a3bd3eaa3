"""Bytes of a mail to an `Inbound`. Pure: no clock but for the time it may take, no I/O.

`read_mail` never raises. What it can't understand, and what passes a bound, comes back with
`unreadable` set, whatever could be read, and the raw source; so nothing is dropped and nothing is
fetched again and again.
"""

from __future__ import annotations

from typing import NamedTuple

from channels.email.authentication import read_authentication
from channels.email.contents import Contents, read_contents
from channels.email.facts import read_facts, read_tokens
from channels.email.fingerprint import fingerprint
from channels.email.language import guess_language
from channels.email.machines.automatic import Judged, judge
from channels.email.machines.report import Suspect, is_complaint, read_report
from channels.email.machines.senders import written_by
from channels.email.syntax.addresses import NOBODY, Mailbox, read_mailbox
from channels.email.syntax.head import MAIL_BYTES, MAIL_FIELDS, Head, read_head
from channels.email.syntax.message_ids import answered_ids, own_id
from channels.email.syntax.parts import read_parts
from channels.email.text.body import Body, read_body
from channels.email.text.html_images import has_remote
from contactcenter.channel import Inbound, Mark, Sender

MAX_SUBJECT = 500
_LEADING = b" \t\r\n\xef\xbb\xbf"  # some programs send blank lines or a byte order mark first
_FIRST_LINES = 2_000  # no line end in these: old programs that end lines by CR alone
_KNOWN = frozenset(
    "from to subject date message-id received return-path mime-version content-type sender"
    " reply-to cc".split()
)


class _Envelope(NamedTuple):
    """What is known of a mail beside its source, as `read_mail` is told."""

    mail_from: str | None
    rcpt: tuple[str, ...]
    authserv_ids: tuple[str, ...]


def read_mail(
    raw: bytes,
    *,
    to: tuple[str, ...],
    mail_from: str | None = None,
    rcpt: tuple[str, ...] = (),
    authserv_ids: tuple[str, ...] = (),
) -> Inbound:
    """The mail that came for our addresses `to`. `mail_from` is the envelope's sender: "" is the
    null sender, None not known; `rcpt` its recipients as they were written; `authserv_ids` the
    names of our servers, whose Authentication-Results are believed."""
    try:
        return _read(raw, to, _Envelope(mail_from, rcpt, authserv_ids))
    except Exception as error:  # whatever a stranger found: quarantine, never lose
        return unread(raw, to, f"the reader failed: {type(error).__name__}")


def unread(raw: bytes, to: tuple[str, ...], why: str) -> Inbound:
    """A mail that nothing was read of, for quarantine; `why` as an admin may read it."""
    return Inbound(
        channel="mail",
        to=to,
        fingerprint=fingerprint(raw, Head((), 0, None), None),
        sender=_sender(NOBODY),
        unreadable=why,
        raw=raw,
    )


def _read(raw: bytes, to: tuple[str, ...], envelope: _Envelope) -> Inbound:
    source = raw if b"\n" in raw[:_FIRST_LINES] else raw.replace(b"\r", b"\n")
    start = len(source) - len(source.lstrip(_LEADING))
    head = read_head(source, start, len(source), MAIL_BYTES, MAIL_FIELDS)
    leaves, bound = read_parts(source, head)
    contents = read_contents(leaves)
    subject = head.shown("subject", MAX_SUBJECT)
    references = answered_ids(head)
    body = read_body(contents.written, subject, answers=bool(references))
    message_id = own_id(head)
    mailbox = _mailbox(head, envelope.mail_from)
    report = read_report(Suspect(head, leaves, mailbox, subject, body.whole, envelope.mail_from))
    authentication = read_authentication(head, envelope.authserv_ids)
    nature = judge(
        Judged(
            head=head,
            sender=mailbox,
            subject=subject,
            mail_from=envelope.mail_from,
            report=report is not None,
            complaint=is_complaint(head, leaves),
            authentication=authentication,
            ours=to,
        )
    )
    marks = nature.marks + _marks(contents, body)
    author = written_by(head, mailbox)
    return Inbound(
        channel="mail",
        to=to,
        fingerprint=fingerprint(source, head, message_id),
        sender=_sender(author),
        external_id=message_id,
        subject=subject,
        text=body.text,
        rest=body.rest,
        html=body.html,
        language=guess_language(head, subject, body.text),
        references=references,
        attachments=contents.attachments(body.html),
        facts=read_facts(
            head,
            marks,
            authentication,
            contents.invitation,
            sent_by=None if author is mailbox else mailbox,
        ),
        tokens=read_tokens(head, envelope.rcpt),
        automatic=nature.automatic,
        answerable=nature.answerable,
        report=report,
        unreadable=_problem(head, bound or contents.bound),
        raw=raw,
    )


def _marks(contents: Contents, body: Body) -> tuple[Mark, ...]:
    marks = set(contents.marks)
    if body.html and has_remote(body.html):
        marks.add("remote_content")
    if body.forwarded:
        marks.add("forwarded")
    return tuple(sorted(marks))


def _problem(head: Head, bound: str | None) -> str | None:
    if not any(field.name in _KNOWN for field in head.fields):
        return "no header of a mail"
    return head.problem or bound


def _mailbox(head: Head, mail_from: str | None) -> Mailbox:
    """Who it is from: the one From field. Where that leaves a doubt, the address that a person
    would see, or else the envelope's, and in no case certain."""
    fields = head.all("from")
    read = [read_mailbox(value) for value in fields]
    if len(read) == 1 and read[0].certain:
        return read[0]
    read += [read_mailbox(head.first("sender")), read_mailbox(mail_from or "")]
    found = [one for one in read if one.address] or [one for one in read if one.name] or [NOBODY]
    return found[0]._replace(certain=False)


def _sender(mailbox: Mailbox) -> Sender:
    return Sender(
        kind="email",
        address=mailbox.address,
        name=mailbox.name,
        strength="asserted" if mailbox.certain else "none",
    )
