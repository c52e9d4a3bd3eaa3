"""Mails of many shapes, and the same ones broken in every way that chance finds."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from channels.email.mime import read_mail
from contactcenter.channel import Inbound
from tests.unit.test_mail_contents import ARMOUR, CLEAR, EVENT, PNG, SMIME, file, signed, tnef
from tests.web.mail_attacks import ATTACKS

HEAD = (
    "Return-Path: <v@citizen.example>\r\nReceived: from mx.citizen.example by mail.city.example;"
    " Thu, 26 Nov 2026 10:00:00 +0200\r\nFrom: =?utf-8?Q?P=C3=A4ivi?= <p@citizen.example>\r\n"
    'To: "Neuvonta, Mikkeli" <neuvonta+abc.1@city.example>, b@c.example\r\nCc: (x) c@d.example\r\n'
    "Subject: =?iso-8859-1?Q?Kysymys_p=E4iv?= =?utf-8?B?w6Rob2lkb3N0YQ==?=\r\nMessage-ID:"
    " <1@citizen.example>\r\nReferences: <a@city.example> <b@city.example>\r\n"
    "Auto-Submitted: no\r\n"
    "Authentication-Results: mail.city.example; spf=pass; dkim=fail\r\nMIME-Version: 1.0\r\n"
)
TEXT = (
    "Content-Type: text/plain; charset=iso-8859-15; format=flowed\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nHyv=E4=E4 p=E4iv=E4=E4, 5 =A4 =\r\njatkuu"
    "\r\n"
    "-- \r\nP=E4ivi\r\n\r\nOn Thu, Aino <aino@city.example> wrote:\r\n> Hei\r\n>> Moi\r\n"
)
FORWARDED = (
    "Content-Type: text/plain; charset=utf-8\r\n\r\nKatsotko?\r\n\r\n---------- Forwarded message"
    " ---------\r\nFrom: Ville <v@x.example>\r\nDate: Thu, 26 Nov 2026\r\nSubject: Lasku\r\n\r\n"
    "Hei, lasku puuttuu.\r\n"
)
BOUNCE = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.example\r\n\r\n"
    "Final-Recipient: rfc822; v@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code:"
    " smtp; 550 5.1.1 no such user\r\n"
)
WORDS = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\0", b"\xff", b"=", b"=?utf-8?b?", b"?=", b'"', b"<",
    b">", b"--b", b"\r\n--b\r\n", b"\r\n--b--\r\n", b";", b"charset=utf-7", b"charset=utf-16",
    b"charset=utf-32be", b"charset=iso-2022-jp", b"base64", b"quoted-printable", b"text/html",
    b"multipart/mixed; boundary=b", b"message/rfc822", b"application/ms-tnef", b"filename*0*=",
    b"filename=../../x", b"<img src=x onerror=alert(1)>", b"<script>alert(1)</script>",
    b"<svg><style>", b"javascript:alert(1)", b"<!--", b"]]>", b"&#0;", b"\xe2\x80\xae",
    b"\xef\xbb\xbf", b"> ", b"(" * 99, b"<" * 99, b"=?x?q?" * 30, b"\t", b"\xc3", b"\x80" * 9,
    b"-----BEGIN PGP SIGNED MESSAGE-----\n",
)  # fmt: skip


def part(kind: str, content: bytes, *fields: str) -> str:
    """A part by base64."""
    more = "".join(f"{field}\r\n" for field in fields)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n"
    return head + base64.encodebytes(content).decode()


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    """A part of parts."""
    body = "".join(f"--{boundary}\r\n{one}\r\n" for one in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\r\n\r\n{body}--{boundary}--\r\n"


def html(body: str) -> str:
    """HTML as it stands."""
    return f"Content-Type: text/html; charset=utf-8\r\n\r\n<div>{body}<img src='cid:k'></div>\r\n"


def seeds() -> list[bytes]:
    """Whole mails, a few kB each."""
    picture = part("image/png", PNG, "Content-ID: <k>", "Content-Disposition: inline")
    named = part("application/pdf", b"%PDF-1", "Content-Disposition: attachment;"
                 " filename*0*=utf-8''p%C3%A4; filename*1=\"a.pdf\"")  # fmt: skip
    event = EVENT.format(method="REQUEST", times="DTSTART;TZID=Europe/Helsinki:20261201T090000")
    bodies = [
        TEXT, FORWARDED, multipart("alternative", TEXT, html("<p>Hyvää <b>päivää</b></p>")),
        multipart("mixed", multipart("related", html("Hei"), picture, boundary="c"), named),
        multipart("report; report-type=delivery-status", TEXT, BOUNCE, part("message/rfc822",
                                                                           HEAD.encode())),
        multipart("mixed", TEXT, part("application/ms-tnef; name=winmail.dat",
                                      tnef(file("a.txt", b"x"), file("b.png", PNG, "k")))),
        multipart("signed", TEXT, part("application/pkcs7-signature; name=smime.p7s", b"0")),
        part(SMIME, signed(TEXT.encode(), 2)),
        f"Content-Type: text/plain\r\n\r\n{ARMOUR}\r\n{CLEAR}\r\n",
        multipart("alternative", TEXT, part("text/calendar; charset=utf-8", event.encode())),
        multipart("mixed", FORWARDED, part("message/rfc822", HEAD.encode() + TEXT.encode())),
        *(html(attack) for attack in ATTACKS[::4]),
    ]  # fmt: skip
    return [(HEAD + body).encode() for body in bodies]


def mutated(mails: Sequence[bytes], random: Random, count: int) -> Iterator[bytes]:
    """So many of them, each broken a few times."""
    for _ in range(count):
        mail = bytearray(random.choice(mails))
        for _ in range(random.randint(1, 6)):
            _break(mail, mails, random)
        yield bytes(mail)


def _break(mail: bytearray, mails: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(mail) + 1)
    end = at + random.choice((1, 1, 2, 5, 20, 200))
    match random.randrange(8):
        case 0:
            del mail[at:end]
        case 1:
            mail[at:at] = random.choice(WORDS)
        case 2:
            mail[at:end] = random.choice(WORDS)
        case 3:
            mail[at:at] = mail[at:end] * random.choice((1, 2, 40))
        case 4:
            mail[at:end] = random.randbytes(random.randint(1, 8))
        case 5:
            other = random.choice(mails)
            start = random.randrange(len(other))
            mail[at:end] = other[start : start + random.choice((30, 300, 3_000))]
        case 6:
            del mail[max(at, 400) :]
        case 7:
            mail[at:end] = mail[at:end].swapcase()


_TAG = re.compile(
    r"</?(?:a|abbr|b|bd[io]|blockquote|br|caption|center|code|col|colgroup|d[dlt]|del|div|em|font"
    r"|h[1-6]|hr|i|img|ins|kbd|li|mark|[ou]l|p|pre|q|s|samp|small|span|strong|su[bp]|table|tbody"
    r'|t[dhrt]|tfoot|thead|u|var)(?: (?:href="(?:https?|mailto|tel):[^"<>]*"'
    r'|rel="noopener noreferrer"|alt="[^"]*"|data-cid="[^"<>]*"|data-remote="https?://[^"<>]*"|(?:width|height|start|colspan'
    r'|rowspan|dir|lang)="[^"]*"))*>',
    re.IGNORECASE,
)
_UNSAFE = re.compile("[/\\\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]|^\\.|^$")


def judge(raw: bytes) -> Inbound:
    """Read it; whatever it is, a database, a screen and a disk can take what comes out."""
    inbound = read_mail(raw, to=("neuvonta@city.example",), mail_from="v@citizen.example")
    assert "failed" not in (inbound.unreadable or ""), (inbound.unreadable, raw)
    stored = msgspec.json.encode(msgspec.structs.replace(inbound, raw=None, attachments=()))
    assert b"\\u0000" not in stored, raw
    assert not re.search(r"[\r\n]", inbound.subject + inbound.sender.name + inbound.sender.address)
    assert "<" not in _TAG.sub("", inbound.html or ""), (inbound.html, raw)
    for attachment in inbound.attachments:
        assert not _UNSAFE.search(attachment.name), (attachment.name, raw)
        attachment.name.encode()
    assert inbound.raw == raw
    return inbound
