"""What leaves the house, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from contactcenter.channel.inbound import Attachment

Outcome = Literal["sent", "failed", "retry", "unknown"]


class Outbound(msgspec.Struct, frozen=True, kw_only=True):
    """A message to leave the house. `message_id` was fixed before the first attempt and stays the
    same over retries; every value is free of CR, LF and other control characters but `text`.

    `to`, `also_to`, `cc` and `bcc` are all whom it is for; `envelope` those whom this attempt is
    for (empty: all), since each gets it once. `reply_to` is where answers go, where that is not the
    sender. `is_ours` says whether this process still is the one that sends it; a door asks right
    before the step that delivers it, and does not take it after a no: another may be sending it.
    """

    send_id: str
    message_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    also_to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    envelope: tuple[str, ...] = ()
    reply_to: str | None = None
    language: str = "fi"
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = False
    attachments: tuple[Attachment, ...] = ()
    is_ours: Callable[[], bool] | None = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom this attempt is for, each once."""
        everybody = (self.to, *self.also_to, *self.cc, *self.bcc)
        return tuple(dict.fromkeys(self.envelope or everybody))


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One recipient whom the other side did not take the message for, with its word; for good
    where `lasting`."""

    address: str
    code: str
    lasting: bool


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one attempt.

    sent: the other side took it. failed: it said never (5xx). retry: it did not take it, and may
    later (4xx, no connection; nothing can have arrived). unknown: it may or may not have arrived
    (the connection was lost after the last byte). `code` is the other side's word.

    `refused` are recipients whom the outcome is not about, each with its own: with sent and unknown
    all others have it, or may have it; with retry those who are refused for good need no other try.
    """

    outcome: Outcome
    code: str = ""
    refused: tuple[Refusal, ...] = ()
