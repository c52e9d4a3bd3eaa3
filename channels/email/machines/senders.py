"""Senders behind which no person sits: servers that report, and addresses that read nothing."""

from __future__ import annotations

import re

from channels.email.syntax.address_lists import read_mailboxes
from channels.email.syntax.addresses import Mailbox
from channels.email.syntax.head import Head
from channels.email.syntax.words import decode_words

_DAEMON = re.compile(
    r"(?:mailer|mail|mailserver|smtp)[._-]?(?:daemon|delivery|delivery[._-](?:sub)?system)"
    r"|mdaemon|majordomo|listserv"
)
_DAEMON_NAME = re.compile(
    r"mail(?:er)?[ _-]?(?:daemon|deliver(?:y|er)?[ _-]?(?:(?:sub)?system|service))"
    r"|(?:delivery|mail) subsystem|internet mail (?:delivery|service)"
)
_POSTMASTER = re.compile(
    r"post[._-]?master(?:[._-].*)?|.*[._-]postmaster|hostmaster|mailadm(?:in)?"
)
_UNREAD = re.compile(
    r"(?:.*[._-])?(?:no|non|not|never|donot|do[._-]?not|dont|ei|äläkä|ala|inte|svar(?:a)?[._-]?(?:ej|inte))"
    r"[._-]?(?:reply|replies|respond|response|answer|vastaa|vastata|vastausta|vastauksia|svara|besvara|svar)"
    r"(?:[._+-].*)?"
    r"|(?:svara?|vastaa)[._-]?(?:ej|inte|ei)|ne[._-]?pas[._-]?repondre|keine[._-]?antwort"
    r"|(?:auto|automaatti|automatic)[._-]?(?:reply|responder|confirm|vastaus|mailer|svar)"
    r"|bounces?(?:[._+-].*)?|unsubscribe(?:[._+-].*)?|.*-(?:bounces|owner|request)|owner-.*"
    r"|abuse|fbl|feedback[._-]?loop|dmarc[._-]?(?:report|noreply|support).*"
)
_NULL = re.compile(r"<?\s*(?:null|mailer-daemon(?:@[^>\s]*)?)?\s*>?", re.IGNORECASE)


def daemon_points(head: Head, sender: Mailbox) -> int:
    """How sure it is that a mail server speaks: 3 by its own name, 2 by an address that a person
    might write from too, 0 for all others."""
    local = sender.address.partition("@")[0] or head.first("from").strip(' "<>').lower()[:64]
    said = decode_words(head.first("from"))[:300].lower()
    if _DAEMON.fullmatch(local) or _DAEMON_NAME.search(said):
        return 3
    return 2 if _POSTMASTER.fullmatch(local) or not sender.address else 0


def reads_nothing(sender: Mailbox) -> bool:
    """Whether the address says that nobody reads what is sent to it."""
    local = sender.address.partition("@")[0]
    return any(kind.fullmatch(local) for kind in (_UNREAD, _DAEMON, _POSTMASTER))


def written_by(head: Head, sender: Mailbox) -> Mailbox:
    """Who wrote it: the sender, or else whom its Reply-To names where the sender's address reads
    nothing. So do forms on web pages send what people write into them, all from one address; the
    author is who answers are to go to then (RFC 5322 section 3.6.2), as sure as a form can be."""
    if not reads_nothing(sender):
        return sender
    named = read_mailboxes(head.all("reply-to"))
    if len(named) != 1 or not named[0].certain or reads_nothing(named[0]):
        return sender
    return named[0]._replace(certain=False)


def has_null_path(head: Head, mail_from: str | None) -> bool:
    """Whether it came with the null return path: nobody is to be told of it (RFC 5321 section
    4.5.5). Some servers write their own name there, and Exchange nothing at all."""
    if mail_from is not None and _NULL.fullmatch(mail_from.strip()):
        return True
    return "return-path" in head and _NULL.fullmatch(head.first("return-path")) is not None
