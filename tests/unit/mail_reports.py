"""Reports of mail servers to read in tests: as programs in Finland, Sweden and elsewhere write
them, with words of our own."""

from __future__ import annotations

from typing import NamedTuple

from contactcenter.channel import Report

TO = "neuvonta@kaupunki.example"
OURS = "<1.abc@kaupunki.example>"
COPY = (
    "Received: from kaupunki.example by mx.koti.example; Thu, 26 Nov 2026 09:00:00 +0200\n"
    f"Message-ID: {OURS}\nFrom: Neuvonta <{TO}>\nTo: matti@koti.example\n"
    "Subject: Vastaus kysymykseesi\n\nHei Matti,\n"
)
M = ("matti@koti.example",)


class Case(NamedTuple):
    """One report in words: its sender and subject, what it says, and what that means. `fields` are
    further ones, `charset` that of the text."""

    name: str
    sender: str
    subject: str
    text: str
    report: Report | None
    fields: str = "Return-Path: <>"
    charset: str = "utf-8"


def plain(case: Case) -> bytes:
    """The mail of a case, in one plain text part."""
    head = (
        f"{case.fields}\nFrom: {case.sender}\nTo: {TO}\nSubject: {case.subject}\n"
        f"Content-Type: text/plain; charset={case.charset}\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return head.encode() + case.text.encode(case.charset)


def formal(
    status: str, *, subject: str = "Toimitusraportti", copy: str = COPY, kind: str = "delivery"
) -> bytes:
    """A multipart/report with these status fields (RFC 3464), or a receipt (RFC 8098)."""
    name = {"delivery": "delivery-status", "disposition": "disposition-notification"}[kind]
    back = f"--b\nContent-Type: message/rfc822\n\n{copy}" if copy else ""
    return (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.koti.example>\nTo: {TO}\n"
        f"Subject: {subject}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={name}; boundary="b"\n\n'
        "--b\nContent-Type: text/plain; charset=utf-8\n\nTästä on kyse.\n"
        f"--b\nContent-Type: message/{name}\n\n{status}\n{back}\n--b--\n"
    ).encode()


def failed(
    reason: str = "",
    status: str = "",
    to: tuple[str, ...] = M,
    ids: tuple[str, ...] = (OURS,),
) -> Report:
    """A report that a mail failed."""
    return Report(action="failed", recipients=to, status=status, reason=reason, message_ids=ids)


def delayed(
    reason: str = "", status: str = "", to: tuple[str, ...] = M, ids: tuple[str, ...] = (OURS,)
) -> Report:
    """A report that a mail waits."""
    return Report(action="delayed", recipients=to, status=status, reason=reason, message_ids=ids)


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.koti.example>"
POSTMASTER = "postmaster@koti.example"
