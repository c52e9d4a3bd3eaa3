"""To, Cc, Reply-To, reply tokens, and what our own server found of the sender."""

from __future__ import annotations

import pytest
from hypothesis import given

from channels.email.mime import read_mail
from channels.email.syntax.address_lists import read_mailboxes
from contactcenter.channel import Address, MailFacts
from tests.texts import texts

OURS = ("mx1.kaupunki.example",)


def facts(*fields: str, servers: tuple[str, ...] = OURS) -> MailFacts:
    raw = "\r\n".join([*fields, "From: m@koti.example", "", "x", ""]).encode()
    found = read_mail(raw, to=(), authserv_ids=servers).facts
    assert found is not None
    return found


def results(*fields: str, servers: tuple[str, ...] = OURS) -> dict[str, str]:
    return facts(*fields, servers=servers).authentication


# ---- addresses


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("a@x.example", ["a@x.example"]),
        ("a@x.example,b@x.example", ["a@x.example", "b@x.example"]),
        ('"Virtanen, Matti" <m@x.example>, Åsa <Asa@X.example>', ["m@x.example", "asa@x.example"]),
        ("Virtanen, Matti <m@x.example>", ["m@x.example"]),
        (
            "Ryhmä: a@x.example, b@x.example; c@x.example",
            ["a@x.example", "b@x.example", "c@x.example"],
        ),
        ("undisclosed-recipients:;", []),
        ("a@x.example (Kotiin, töihin), b@x.example", ["a@x.example", "b@x.example"]),
        ("a@x.example, A@x.example", ["a@x.example"]),
        ('"open <a@x.example>, b@x.example', ["a@x.example", "b@x.example"]),
        (",,;;:", []),
        ("", []),
    ],
)
def test_lists_of_addresses(value: str, addresses: list[str]) -> None:
    assert [box.address for box in read_mailboxes([value])] == addresses


def test_no_more_than_a_hundred() -> None:
    many = ", ".join(f"a{n}@x.example" for n in range(1_000))
    assert len(facts(f"To: {many}").to) == 100


@given(texts(max_size=300))
def test_no_list_breaks_the_reader(value: str) -> None:
    for box in read_mailboxes([value]):
        assert box.address


def test_who_else_a_mail_names() -> None:
    found = facts(
        "To: Neuvonta <neuvonta@kaupunki.example>, b@x.example",
        "Cc: =?utf-8?q?=C3=85sa?= <asa@x.example>",
        "Reply-To: Toinen <toinen@x.example>",
    )
    assert found.to == (
        Address(address="neuvonta@kaupunki.example", name="Neuvonta"),
        Address(address="b@x.example"),
    )
    assert found.cc == (Address(address="asa@x.example", name="Åsa"),)
    assert found.reply_to == Address(address="toinen@x.example", name="Toinen")


# ---- reply tokens


@pytest.mark.parametrize(
    ("fields", "rcpt", "tokens"),
    [
        (["To: neuvonta+abcd2345@kaupunki.example"], (), ("abcd2345",)),
        (["Cc: x@y.example, Neuvonta <NEUVONTA+ABCD2345@kaupunki.example>"], (), ("abcd2345",)),
        (["Delivered-To: neuvonta+abcd@kaupunki.example"], (), ("abcd",)),
        (["To: neuvonta@kaupunki.example"], ("neuvonta+abcd@kaupunki.example",), ("abcd",)),
        (["To: n+abcd@k.example"], ("n+abcd@k.example", "n+efgh@k.example"), ("abcd", "efgh")),
        (["To: neuvonta@kaupunki.example"], (), ()),
        (["To: +abcd@kaupunki.example"], (), ()),
        (["To: neuvonta+@kaupunki.example"], (), ()),
        (["Subject: neuvonta+abcd@kaupunki.example"], (), ()),
        (["From: neuvonta+abcd@kaupunki.example"], (), ()),
    ],
)
def test_tokens_of_the_addresses(
    fields: list[str], rcpt: tuple[str, ...], tokens: tuple[str, ...]
) -> None:
    raw = "\r\n".join([*fields, "", "x"]).encode()
    assert read_mail(raw, to=("neuvonta@kaupunki.example",), rcpt=rcpt).tokens == tokens


# ---- authentication

RECEIVED = (
    "Received: from relay.koti.example (relay.koti.example [192.0.2.1])\r\n"
    "\tby mx1.kaupunki.example (Postfix) with ESMTPS id 1; Thu, 26 Nov 2026 12:00:00 +0200"
)
INNER = "Received: from mx1.kaupunki.example by archive.kaupunki.example; today"
LOCAL = "Received: from localhost by localhost.localdomain with LMTP; today"
FOREIGN = "Received: from a.koti.example by relay.koti.example; today"


def ar(said: str, server: str = "mx1.kaupunki.example") -> str:
    return f"Authentication-Results: {server}; {said}"


PASS = {"spf": "pass", "dkim": "pass", "dmarc": "pass"}
ALL = ar("spf=pass smtp.mailfrom=m@koti.example; dkim=pass header.d=koti.example; dmarc=pass")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([ALL], PASS),
        ([RECEIVED, ALL], PASS),
        ([LOCAL, INNER, RECEIVED, ALL], PASS),
        ([LOCAL, INNER, ALL, RECEIVED], PASS),
        ([ar("none")], {}),
        (
            [ar('spf=PASS ("a; dmarc=pass") x=y;\r\n\tdkim=fail (bad (very; bad))')],
            {"spf": "pass", "dkim": "fail"},
        ),
        ([ar('spf=fail reason="a; dmarc=pass"')], {"spf": "fail"}),
        ([ar('spf=fail; reason="a; dmarc=pass')], {"spf": "fail"}),
        ([ar("dkim=fail; dkim=pass; spf=none; spf=pass")], {"dkim": "pass", "spf": "none"}),
        ([ar("dmarc=pass", "mx1.kaupunki.example 1")], {"dmarc": "pass"}),
        ([ar("dmarc=pass", "MX1.Kaupunki.example")], {"dmarc": "pass"}),
        ([ar("dkim/1=pass; arc=pass; dmarc=yes; iprev=pass")], {"dkim": "pass"}),
    ],
)
def test_our_servers_word(fields: list[str], found: dict[str, str]) -> None:
    assert results(*fields) == found


@pytest.mark.parametrize(
    "fields",
    [
        [ar("dmarc=pass", "mx.koti.example")],
        [ar("spf=fail", "mx.koti.example"), ALL],  # under another's: brought along
        [RECEIVED, FOREIGN, ALL],  # of an earlier passage
        [FOREIGN, ALL],
        ["ARC-Authentication-Results: i=1; mx1.kaupunki.example; dmarc=pass"],
        ["X-Authentication-Results: mx1.kaupunki.example; dmarc=pass"],
        ["Authentication-Results-Original: mx1.kaupunki.example; dmarc=pass"],
        ["Authentication-Results: (mx1.kaupunki.example); dmarc=pass"],
        ["Authentication-Results: notmx1.kaupunki.example; dmarc=pass"],
        ["Authentication-Results: dmarc=pass"],
        ["Authentication-Results:"],
        ["Subject: x\r\n\tAuthentication-Results: mx1.kaupunki.example; dmarc=pass"],
    ],
)
def test_nobody_elses_word(fields: list[str]) -> None:
    assert results(*fields) == {}


def test_a_forged_field_right_under_ours_adds_nothing() -> None:
    assert results(RECEIVED, ar("spf=fail"), ALL) == {"spf": "fail"}


def test_without_the_setting_no_field_is_believed() -> None:
    assert results(ALL, servers=()) == {}


def test_a_domain_names_all_its_servers() -> None:
    assert results(INNER, RECEIVED, ALL, servers=("kaupunki.example",)) == PASS
    assert results(ALL, servers=("upunki.example",)) == {}


def test_microsofts_field_is_that_of_the_next_server() -> None:
    inner = "Received: from AB1.eurprd03.prod.outlook.com by CD2.eurprd03.prod.outlook.com; today"
    said = "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x; dmarc=fail"
    edge = "Received: from relay.koti.example by AM1.mail.protection.outlook.com; today"
    servers = ("protection.outlook.com", "outlook.com")
    assert results(inner, said, edge, servers=servers) == {"spf": "pass", "dmarc": "fail"}
    assert results(inner, said, FOREIGN, servers=servers) == {}
    assert results(said, edge, servers=OURS) == {}


# ---- who wrote what a form sent


@pytest.mark.parametrize(
    ("sender", "reply_to", "author"),
    [
        ("noreply@kaupunki.example", "Ville <ville@koti.example>", "ville@koti.example"),
        ("Lomake <ei-vastausta@kaupunki.example>", "ville@koti.example", "ville@koti.example"),
        ("m@koti.example", "muu@koti.example", "m@koti.example"),
        ("noreply@kaupunki.example", "", "noreply@kaupunki.example"),
        ("noreply@kaupunki.example", "no-reply@muu.example", "noreply@kaupunki.example"),
        ("noreply@kaupunki.example", "a@x.example, b@x.example", "noreply@kaupunki.example"),
        ("noreply@kaupunki.example", "a@x.example <b@x.example>", "noreply@kaupunki.example"),
    ],
)
def test_a_forms_author_is_who_reply_to_names(sender: str, reply_to: str, author: str) -> None:
    raw = f"From: {sender}\r\nReply-To: {reply_to}\r\nSubject: x\r\n\r\nx\r\n".encode()
    read = read_mail(raw, to=())
    assert read.sender.address == author
    assert read.facts is not None
    sent_by = read.facts.sent_by
    assert (sent_by is None) == (author in sender)
    if sent_by is not None:
        assert read.sender.strength == "none"
        assert sent_by.address in sender
        assert not read.answerable
