"""What other programs say of a mail, in words of ours."""

from __future__ import annotations

import pytest

from channels.email.mime import read_mail
from channels.email.unfetched import unfetched, why_unfetched
from contactcenter.web.foreign_words import why_refused, why_unread

PARTS = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (None, None),
        ("5.1.1 unknown user", "no_address"),
        ("550 5.1.2 no such domain", "no_domain"),
        ("452 4.2.2 mailbox full", "full"),
        ("554 5.7.1 spam", "refused"),
        ("451 4.7.1 greylisted", "later"),
        ("4.4.1 connection timed out", "no_answer"),
        ("550 5.4.1 access denied", None),
        ("5.4.4 unable to look up host", "no_domain"),
        ("4.4.7 delivery time expired", "expired"),
        ("550 no", None),
        ("5.9.9", None),
    ],
)
def test_why_another_server_refused(code: str | None, name: str | None) -> None:
    assert why_refused(code) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"hello", "no_mail"),
        (b"From: a@b.example\r\n" + b"X-A: 1\r\n" * 20_000 + b"\r\nHello", "complex"),
        (PARTS + b"--b\r\n\r\nx\r\n" * 5_000, "complex"),
    ],
)
def test_why_a_mail_was_not_read(raw: bytes, name: str) -> None:
    why = read_mail(raw, to=("info@city.example",)).unreadable
    assert why is not None
    assert why_unread(why) == name


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("9 bytes are over the limit of 3", "large"),
        ("could not be fetched (cut); it is still in the mailbox", "unfetched"),
        ("could not be read in 3 tries", "failed"),
        ("the reader failed: KeyError", "failed"),
        ("not read within 10 seconds", "slow"),
        ("a phrase of tomorrow", "other"),
    ],
)
def test_why_a_mail_was_not_fetched_or_read(why: str, name: str) -> None:
    assert why_unread(why_unfetched(unfetched(why, b"")) or "") == name
