"""What a mail tells beside its text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from channels.email.syntax.address_lists import read_mailboxes
from channels.email.syntax.addresses import Mailbox
from channels.email.syntax.head import Head
from contactcenter.channel import Address, Invitation, MailFacts, Mark

MAX_TOKENS = 20
_TOKEN = re.compile(r"[^+@\s]{1,64}\+([a-z0-9][a-z0-9._=-]{0,62})@")
_TO_US = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def read_facts(
    head: Head,
    marks: tuple[Mark, ...],
    authentication: dict[str, str],
    invitation: Invitation | None = None,
    *,
    sent_by: Mailbox | None = None,
) -> MailFacts:
    """To, Cc and Reply-To as the mail gives them, with what is known of it from elsewhere. The
    Reply-To that is the sender itself tells nothing new, but is kept as it is. `sent_by` is From
    where somebody else is the author."""
    reply_to = read_mailboxes(head.all("reply-to"))
    return MailFacts(
        to=_addresses(head.all("to")),
        cc=_addresses(head.all("cc")),
        reply_to=_address(reply_to[0]) if reply_to else None,
        authentication=authentication,
        marks=marks,
        invitation=invitation,
        sent_by=None if sent_by is None else _address(sent_by),
    )


def read_tokens(head: Head, recipients: Iterable[str]) -> tuple[str, ...]:
    """What follows a plus in the addresses that it came to (RFC 5233), in lower case: those of the
    envelope, as they were written, then those of the fields. A token proves itself, so others'
    plus addresses do no harm."""
    fields = [value for name in _TO_US for value in head.all(name) if "+" in value]
    addresses = [*recipients, *(box.address for box in read_mailboxes(fields))]
    found = [match[1] for one in addresses if (match := _TOKEN.match(one.lower()))]
    return tuple(dict.fromkeys(found))[:MAX_TOKENS]


def _addresses(values: Iterable[str]) -> tuple[Address, ...]:
    return tuple(_address(box) for box in read_mailboxes(values))


def _address(box: Mailbox) -> Address:
    return Address(address=box.address, name=box.name)
