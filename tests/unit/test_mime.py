"""Mail as citizens send it: letters, bodies, files, who it is from, and what it answers."""

from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage

import pytest

from channels.email.mime import read_mail
from contactcenter.channel import Inbound

TEXT = "Hyvää päivää, Åsa! Äänestyspaikan osoite on väärä. Maksoin 20 €."
TO = ("palaute@kaupunki.example",)


def mail(body: bytes, *fields: str, kind: str = "text/plain; charset=utf-8") -> bytes:
    head = (
        "From: Päivi <paivi@citizen.example>",
        "Subject: Asia",
        "Message-ID: <1@citizen.example>",
        f"Content-Type: {kind}",
        *fields,
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n"


def read(raw: bytes, mail_from: str | None = None) -> Inbound:
    return read_mail(raw, to=TO, mail_from=mail_from)


@pytest.mark.parametrize(
    ("charset", "label"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "UTF8"),
        ("utf-8", "us-ascii"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "windows-1252"),
        ("utf-8", "x-unknown"),
        ("utf-8", ""),
        ("iso8859-15", "iso-8859-15"),
        ("cp1252", "windows-1252"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "utf-8"),
        ("cp1252", "us-ascii"),
        ("cp1252", "punycode"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16le"),
        ("utf-32", "utf-32"),
        ("utf-7", "utf-7"),
    ],
)
def test_finnish_letters(charset: str, label: str) -> None:
    kind = f'text/plain; charset="{label}"'
    body = TEXT.encode(charset)
    encoded = mail(base64.b64encode(body), "Content-Transfer-Encoding: base64", kind=kind)
    assert read(encoded).text == TEXT
    if charset.startswith(("utf-16", "utf-32")):
        return  # their line ends are no line ends to the other encodings
    quoted = quopri.encodestring(body).replace(b"\n", b"\r\n")
    encoded = mail(quoted, "Content-Transfer-Encoding: quoted-printable", kind=kind)
    assert read(encoded).text == TEXT
    assert read(mail(body, "Content-Transfer-Encoding: 8bit", kind=kind)).text == TEXT


def test_one_broken_byte_does_not_spoil_the_rest() -> None:
    assert read(mail(TEXT.encode() + b"\xff")).text == TEXT + "\ufffd"


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?utf-8?q?Kes=C3=A4n_ty=C3=B6t?=", "Kesän työt"),
        (b"=?iso-8859-1?Q?Kes=E4n?= =?iso-8859-1?Q?_ty=F6t?=", "Kesän työt"),
        (b"=?UTF-8?B?S2Vzw6RuIHR5w7Z0?=", "Kesän työt"),
        (b"=?UTF-8?B?S2Vzw6RuIHR5w7Z0", "=?UTF-8?B?S2Vzw6RuIHR5w7Z0"),
        (b"=?utf-8?B?S2Vzw6RuIHR5ww==?= =?utf-8?B?tnQ=?=", "Kesän työt"),
        (b"=?utf-8*fi?q?Kes=C3=A4?=", "Kesä"),
        (b"Re: =?utf-8?q?Kes=C3=A4?= 2026", "Re: Kesä 2026"),
        ("Kesän työt".encode(), "Kesän työt"),
        ("Kesän työt".encode("cp1252"), "Kesän työt"),
        (b"two\r\n lines\tand\x00 \x1bmore", "two lines and more"),
        ("va\u202eroitus\u200b!".encode(), "varoitus!"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
    ],
)
def test_subject(raw: bytes, subject: str) -> None:
    assert read(b"From: a@b.example\r\nSubject: " + raw + b"\r\n\r\nx").subject == subject


def test_plain_text_is_the_text_and_html_is_shown() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("plain ä")
    message.add_alternative("<p>rich ä</p>", subtype="html")
    got = read(message.as_bytes())
    assert (got.text, got.html) == ("plain ä", "<p>rich ä</p>")
    assert got.attachments == ()


def test_html_only_mail_has_text() -> None:
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><h1>Hei</h1>"
        "<p>Eka&nbsp;rivi<br>toka <b>rivi</b>, <a href='https://x.example/a'>linkki</a></p>"
        "<ul><li>yksi<li><p>kaksi</ul><table><tr><td>a<td>b</table>"
        "<pre>  kaksi\n    tyhjää</pre><img src='http://x.example/p.gif' alt='kuva'>"
    )
    got = read(mail(html.encode(), kind="text/html; charset=utf-8"))
    assert got.text.splitlines() == [
        "Hei", "", "Eka rivi", "toka rivi, linkki <https://x.example/a>", "", "- yksi", "- kaksi",
        "", "a b", "", "  kaksi", "    tyhjää", "", "[kuva]",
    ]  # fmt: skip


def test_blank_plain_text_beside_html() -> None:
    message = EmailMessage()
    message.set_content(" \n")
    message.add_alternative("<p>asia</p>", subtype="html")
    assert read(b"From: a@b.example\r\n" + message.as_bytes()).text == "asia"


def test_pieces_of_a_mixed_mail_are_joined_and_files_kept() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("ennen")
    message.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="päätös.pdf"
    )
    message.add_attachment("jälkeen", disposition="inline")
    got = read(message.as_bytes())
    assert got.text == "ennen\n\njälkeen"
    assert [(a.name, a.media_type, a.content) for a in got.attachments] == [
        ("päätös.pdf", "application/pdf", b"%PDF-1.7")
    ]


def test_inline_image_keeps_its_content_id() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("<p>katso <img src='cid:one'></p>", subtype="html")
    png = b"\x89PNG\r\n\x1a\n"
    message.add_related(png, maintype="image", subtype="png", cid="<one>", filename="k.png")
    got = read(message.as_bytes())
    assert [(a.name, a.content_id) for a in got.attachments] == [("k.png", "one")]
    assert got.html == '<p>katso <img alt="" data-cid="one"></p>'


def test_a_mail_within_a_mail_is_a_file() -> None:
    inner = mail(TEXT.encode())
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("ohessa")
    raw = message.as_bytes().replace(b"text/plain", b"multipart/mixed; boundary=b; x=y", 1)
    raw += b"\n--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    (file,) = read(raw).attachments
    assert (file.name, file.media_type) == ("Asia.eml", "message/rfc822")
    assert TEXT.encode() in file.content


def test_references_nearest_first_and_once() -> None:
    got = read(mail(b"x", "In-Reply-To: <c@x>", "References: <a@x> <b@x>\r\n <c@x> nonsense"))
    assert got.references == ("<c@x>", "<b@x>", "<a@x>")


@pytest.mark.parametrize(
    ("field", "external_id"),
    [
        ("Message-ID: <a@b>", "<a@b>"),
        ("Message-Id:   a@b ", "<a@b>"),
        ("Message-ID: (x) <a@b> y", "<a@b>"),
        ("Message-ID: a@b", "<a@b>"),
        ("Message-ID: <a b@c>", None),
        ("Message-ID: <\x01a@b>", None),
        ("Message-ID: <ä@b>", None),
        ("Message-ID: <" + "a" * 1_000 + ">", None),
        ("Message-ID: ", None),
        ("X: y", None),
    ],
)
def test_external_id(field: str, external_id: str | None) -> None:
    assert read(f"From: a@b.example\r\n{field}\r\n\r\nx".encode()).external_id == external_id


@pytest.mark.parametrize(
    ("text", "field", "language"),
    [
        ("Hei, milloin työt alkavat? En ole saanut vastausta, ja asia on kiireinen.", "", "fi"),
        ("Hej, när börjar arbetet? Jag har inte fått något svar från er.", "", "sv"),
        ("Hello, when will the work begin? I have not had an answer from you.", "", "en"),
        ("12345", "", None),
        ("Hello, when will the work begin?", "Content-Language: fi-FI", "fi"),
        ("Bonjour, quand est-ce que les travaux commencent?", "", None),
    ],
)
def test_language(text: str, field: str, language: str | None) -> None:
    assert read(mail(text.encode(), field or "X: y")).language == language


@pytest.mark.parametrize(
    ("field", "mail_from", "automatic"),
    [
        ("X: y", "a@b.example", False),
        ("X: y", None, False),
        ("X: y", "", True),
        ("Return-Path: <>", None, True),
        ("Auto-Submitted: auto-replied; x=y", "a@b.example", True),
        ("Auto-Submitted: auto-generated (notice)", "a@b.example", True),
        ("Auto-Submitted: no", "a@b.example", False),
        ("Auto-Submitted: auto-forwarded", "a@b.example", False),
        ("Precedence: bulk", "a@b.example", True),
        ("Precedence: list\r\nList-Id: <all.city.example>", "a@b.example", False),
        ("X-Auto-Response-Suppress: All", "a@b.example", False),
    ],
)
def test_automatic(field: str, mail_from: str | None, automatic: bool) -> None:
    assert read(mail(b"x", field), mail_from).automatic is automatic


TRACE = (
    b"Received: from a.example\r\n\tby b.example; today\r\n",
    b"Return-Path: <x@y.example>\r\n",
    b"Delivered-To: a@b.example\r\n",
    b"authentication-results: mx;\r\n dmarc=pass\r\n",
    b"ARC-Seal: i=1;\r\n cv=none\r\n",
)


@pytest.mark.parametrize("trace", TRACE)
def test_same_mail_by_another_way(trace: bytes) -> None:
    raw = mail(TEXT.encode())
    assert read(trace + raw).fingerprint == read(raw).fingerprint
    middle = raw.replace(b"Subject", trace + b"Subject", 1)
    assert read(middle).fingerprint == read(raw).fingerprint


def test_same_mail_with_other_line_ends() -> None:
    raw = mail(TEXT.encode() + b"\r\nmore")
    assert read(raw.replace(b"\r\n", b"\n")).fingerprint == read(raw).fingerprint
    assert read(raw + b"\r\n").fingerprint == read(raw).fingerprint


@pytest.mark.parametrize(
    "changed",
    [
        (b"Asia", b"Asja"),
        (b"<1@", b"<2@"),
        (TEXT.encode(), TEXT.encode() + b"."),
        (b"Subject", b"Received-SPF: pass\r\nSubject"),
        (b"\r\n\r\n", b"\r\n\r\nReceived: in the body\r\n"),
    ],
)
def test_another_mail(changed: tuple[bytes, bytes]) -> None:
    raw = mail(TEXT.encode())
    assert read(raw.replace(*changed, 1)).fingerprint != read(raw).fingerprint


def test_fingerprint_is_the_id_and_a_digest() -> None:
    message_id, digest = read(mail(b"x")).fingerprint.split(" ")
    assert message_id == "<1@citizen.example>"
    assert len(digest) == 64
    assert " " not in read(b"From: a@b.example\r\n\r\nx").fingerprint


def test_raw_source_is_kept() -> None:
    raw = mail(b"x\xff\x00")
    assert read(raw).raw == raw
