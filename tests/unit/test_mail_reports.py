"""Reports of other servers on mail of ours: what failed, what waits, what arrived."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.mime import read_mail
from contactcenter.channel import Inbound, Report
from tests.texts import texts
from tests.unit.mail_reports import COPY, OURS, TO, Case, delayed, failed, formal, plain
from tests.unit.mail_reports_abroad import ABROAD
from tests.unit.mail_reports_nordic import NO_REPORTS, NORDIC


def read(raw: bytes) -> Inbound:
    mail = read_mail(raw, to=(TO,))
    assert mail.unreadable is None
    return mail


WORDS = NORDIC + ABROAD


def names(cases: list[Case]) -> list[str]:
    return [case.name for case in cases]


@pytest.mark.parametrize("case", WORDS, ids=names(WORDS))
def test_reports_in_words(case: Case) -> None:
    mail = read(plain(case))
    assert mail.report == case.report
    assert (mail.automatic, mail.answerable) == (True, False)
    assert mail.facts is not None
    assert mail.facts.marks == ("report",)


@pytest.mark.parametrize("case", NO_REPORTS, ids=names(NO_REPORTS))
def test_what_is_no_report(case: Case) -> None:
    assert read(plain(case)).report is None


FINAL = "Final-Recipient: rfc822; matti@koti.example\n"


@pytest.mark.parametrize(
    ("status", "report"),
    [
        (
            f"Reporting-MTA: dns; mx\n\n{FINAL}Action: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1\n  Unknown user",
            failed("550 5.1.1 Unknown user", "5.1.1"),
        ),
        (f"{FINAL}Action: FAILED (bad)\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 5.2.2 full",
         failed("552 5.2.2 full", "5.2.2")),
        (f"{FINAL}Action: delayed\nStatus: 4.4.7\nWill-Retry-Until: x", delayed("", "4.4.7")),
        (f"{FINAL}Status: 5.1.1", failed("", "5.1.1")),
        ("Action: failed\nFinal-Recipient: rfc822;<Matti@Koti.example>\nStatus: 5.1.1\n",
         failed("", "5.1.1")),
        (f"Original-Recipient: rfc822; liisa@koti.example\n{FINAL}Action: failed\nStatus: 5.1.1",
         failed("", "5.1.1", to=("liisa@koti.example",))),
        (f"{FINAL}Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; liisa@koti.example\n"
         "Action: delayed\nStatus: 4.0.0", failed("", "5.1.1")),
        (f"{FINAL}\nAction: failed\n\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; l@koti.example\n"
         "Action: failed\n", failed("", "5.1.1", to=("matti@koti.example", "l@koti.example"))),
        (f"{FINAL}Action: failed\nStatus: 5.1.1 (unknown)\nDiagnostic-Code: X-Unix; 67",
         failed("67", "5.1.1")),
        ("Final-Recipient: rfc822; @mx.example:matti@koti.example\nAction: failed\n", failed()),
        ("Final-Recipient: utf-8; \\x{E4}iti@koti.example\nAction: failed\n",
         failed(to=("äiti@koti.example",))),
        ("Final-Recipient: rfc822; not an address\nAction: failed\nStatus: 5.1.3",
         failed("", "5.1.3")),
    ],
)  # fmt: skip
def test_reports_in_fields(status: str, report: Report) -> None:
    """RFC 3464 and RFC 6533, and what programs make of them."""
    assert read(formal(status)).report == report


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_success(action: str) -> None:
    report = read(formal(f"{FINAL}Action: {action}\nStatus: 2.0.0")).report
    assert report is not None
    assert (report.action, report.message_ids) == ("delivered", (OURS,))


@pytest.mark.parametrize(
    "disposition",
    [
        "manual-action/MDN-sent-manually; displayed",
        "automatic-action/x; deleted",
    ],
)
def test_receipts(disposition: str) -> None:
    """RFC 8098: it reached the reader."""
    fields = f"{FINAL}Original-Message-ID: {OURS}\nDisposition: {disposition}"
    mail = read(formal(fields, subject="Luettu: Vastaus", kind="disposition", copy=""))
    assert mail.report == Report(
        action="delivered", recipients=("matti@koti.example",), message_ids=(OURS,)
    )
    assert (mail.automatic, mail.answerable) == (True, False)


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/global", "text/plain"])
def test_the_original_as_it_comes_back(kind: str) -> None:
    raw = formal(f"{FINAL}Action: failed").replace(b"message/rfc822", kind.encode())
    report = read(raw).report
    assert report is not None
    assert report.message_ids == (OURS,)


def test_without_the_original_what_it_answers_counts() -> None:
    raw = formal(f"{FINAL}Action: failed", copy="")
    answers = f"In-Reply-To: {OURS}\nReferences: <0@x.example> {OURS}\n".encode()
    report = read(answers + raw).report
    assert report is not None
    assert report.message_ids == (OURS, "<0@x.example>")


def test_an_inner_mails_id_is_not_the_originals() -> None:
    inner = COPY.replace(OURS, "<inner@x.example>")
    report = read(formal(f"{FINAL}Action: failed", copy=f"{COPY}\n{inner}")).report
    assert report is not None
    assert report.message_ids == (OURS,)


def test_an_id_in_the_words_is_not_the_originals() -> None:
    words = "Tästä on kyse.\n\nMessage-ID: <log@x.example>"
    raw = formal(f"{FINAL}Action: failed").replace("Tästä on kyse.".encode(), words.encode())
    report = read(raw).report
    assert report is not None
    assert report.message_ids == (OURS,)


def test_a_report_that_a_person_passes_on_is_no_report() -> None:
    whole = formal(f"{FINAL}Action: failed").decode()
    head = (
        f"From: Maija <m@koti.example>\nTo: {TO}\nSubject: Undeliverable: apua\nMIME-Version: 1.0\n"
    )
    words = "--o\nContent-Type: text/plain\n\nMikä tämä on?\n"
    typed = 'Content-Type: multipart/mixed; boundary="o"\n\n'
    attached = f"{head}{typed}{words}--o\nContent-Type: message/rfc822\n\n{whole}\n--o--\n"
    mail = read(attached.encode())
    assert (mail.report, mail.automatic) == (None, False)
    status = f"--o\nContent-Type: message/delivery-status\n\n{FINAL}Action: failed\n--o--\n"
    mail = read(f"{head}{typed}{words}{status}".encode())
    assert (mail.report, mail.automatic) == (None, False)


# ---- made to break the reader


HOSTILE = {
    "delivery": "deliver" * 10_000,
    "deliver-fail": "deliver " * 10_000,
    "not": "could not " * 10_000,
    "user": "user " * 10_000,
    "addresses": "a@b.example " * 10_000,
    "one-address": "a" * 60_000 + "@" + "b." * 30_000,
    "ats": "@" * 100_000,
    "brackets": "<" * 100_000,
    "blanks": " " * 100_000 + "\n" + "\n" * 50_000,
    "marks": "--- original message -" * 5_000,
    "digits": "5.1." * 10_000,
    "fields": "Final-Recipient: rfc822; a@b.example\nAction: failed\n" * 2_000,
    "folded": "Status: 5\n" + " x\n" * 20_000,
    "ids": "Message-ID: <" * 20_000,
    "id-blanks": "message-id:" + " " * 100_000,
    "commas": "a,<" * 10_000,
    "labels": "to to to: " * 10_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words(kind: str) -> None:
    """Read to the end, whatever comes of it; each is far beyond what a step for every pair of
    characters would allow."""
    hostile = HOSTILE[kind]
    for sender in ("MAILER-DAEMON@x.example", "m@koti.example"):
        for subject in ("Undelivered Mail Returned to Sender", "x"):
            raw = plain(Case("", sender, subject, hostile, None))
            assert "the reader failed" not in (read_mail(raw, to=(TO,)).unreadable or "")
    raw = formal(hostile)
    assert "the reader failed" not in (read_mail(raw, to=(TO,)).unreadable or "")


def test_a_subject_of_a_megabyte() -> None:
    """More than a header may have: it goes to quarantine, read as far as it goes."""
    raw = f"From: MAILER-DAEMON@x.example\nSubject: {'Undeliverable: ' * 70_000}\n\nx\n".encode()
    mail = read_mail(raw, to=(TO,))
    assert mail.unreadable == "a header over 262144 bytes"
    assert len(mail.subject) <= 500


@pytest.mark.parametrize(
    "field",
    [
        "Received: from a by b; today",
        "Authentication-Results: x; spf=pass",
        "To: a@b.example",
        "X-Loop: x",
    ],
)
def test_thousands_of_fields(field: str) -> None:
    raw = ((field + "\r\n") * 900 + "From: m@koti.example\r\n\r\nx").encode()
    mail = read_mail(raw, to=(TO,), authserv_ids=("mx.kaupunki.example",))
    assert mail.unreadable is None
    assert mail.report is None


PIECES = st.sampled_from(
    [
        "From: MAILER-DAEMON@x.example\n", "From: m@koti.example\n", "Return-Path: <>\n",
        "Subject: Undeliverable: x\n", "Subject: =?utf-8?q?=ff?=\n",
        "Auto-Submitted: auto-replied\n",
        'Content-Type: multipart/report; boundary="b"\n', "\n", "--b\n", "--b--\n",
        "Content-Type: message/delivery-status\n\n", "Content-Type: message/rfc822\n\n",
        "Final-Recipient: rfc822; a@b.example\n", "Final-Recipient: ;;;\n", "Action: \n",
        "Status: 5.1.1\n", "Message-ID: <a@b>\n", "could not be delivered\n", "<a@b.example>:\n",
        "550 5.1.1 x\n", "Authentication-Results: x; (((\n", "To: a+b@c, :;\n", "\xe4\n", "\x00",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, texts(max_size=20)), max_size=25))
@settings(max_examples=150)
def test_no_mail_breaks_the_reader(pieces: list[str]) -> None:
    raw = "".join(pieces).encode("utf-8", "replace")
    mail = read_mail(raw, to=(TO,), mail_from="", rcpt=("a+b@c",), authserv_ids=("x",))
    assert "the reader failed" not in (mail.unreadable or "")
    if mail.report is not None:
        assert len(mail.report.reason) <= 300
        assert "\n" not in mail.report.reason
        assert len(mail.report.recipients) <= 100
        assert mail.automatic
        assert not mail.answerable
