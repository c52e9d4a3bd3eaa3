"""Mail made to break its reader: names, addresses, HTML, bombs and noise."""

from __future__ import annotations

import base64
import gzip
import re
import struct

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.mime import read_mail
from channels.email.syntax.addresses import read_mailbox
from channels.email.text import body
from channels.email.text.html import MAX_CHARACTERS, MAX_TAGS, harmless, stripped, to_text
from contactcenter.channel import Inbound
from contactcenter.files import safe_name, safe_type
from tests.texts import texts
from tests.unit.test_mail_contents import attribute, file, properties, tnef

UNSAFE = re.compile(
    '[/\\\\\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"|?*]|^[. ]|[. ]$|^$'
)


def read(raw: bytes) -> Inbound:
    return read_mail(raw, to=("a@b.example",))


def assert_storable(inbound: Inbound) -> None:
    """Whatever came in, a database and a screen can take it."""
    text = msgspec.json.encode(msgspec.structs.replace(inbound, raw=None, attachments=()))
    assert b"\\u0000" not in text.replace(b"\\\\", b"")  # a backslash may be written
    assert len(inbound.subject) <= 500
    assert not re.search(r"[\r\n]", inbound.subject + inbound.sender.name + inbound.sender.address)
    for attached in inbound.attachments:
        attached.name.encode()
        assert not UNSAFE.search(attached.name), attached.name
        assert len(attached.name) <= 132


# ---- names (S04)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.pdf", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("C:\\Users\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nb.txt", "ab.txt"),
        ("kuva\u202egpj.exe", "kuvagpj.exe"),
        ("\u200b.htaccess", "htaccess"),
        (".htaccess", "htaccess"),
        ("...", "attachment-3.bin"),
        ("", "attachment-3.bin"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("päätös.pdf ", "päätös.pdf"),
        ("pa\u0308a\u0308to\u0308s.pdf", "päätös.pdf"),
        ("a\uff0fb.txt", "b.txt"),
        ("a" * 4_000 + ".pdf", "a" * 109 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 107),
        ("\ud800x.txt", "x.txt"),
    ],
)
def test_shown_names(name: str, shown: str) -> None:
    assert safe_name(name, 3, "application/octet-stream") == shown


@given(texts(max_size=300))
def test_no_name_is_unsafe(name: str) -> None:
    shown = safe_name(name, 1, "text/plain")
    assert not UNSAFE.search(shown)
    assert len(shown) <= 132
    shown.encode()


@pytest.mark.parametrize(
    "field",
    [
        'attachment; filename="../../x"',
        "attachment; filename*=utf-8''..%2F..%2Fx",
        "attachment; filename*0=..; filename*1=/../x",
        "attachment; filename*0*=utf-8''..%2F; filename*1*=..%2Fx",
        "attachment; filename==?utf-8?q?=2E=2E/x?=",
        'attachment; filename="=?utf-8?b?Li4vLi4veA==?="',
    ],
)
def test_names_by_every_encoding(field: str) -> None:
    raw = b"From: a@b.example\r\nContent-Disposition: " + field.encode() + b"\r\n\r\nx"
    assert [file.name for file in read(raw).attachments] == ["x"]


@pytest.mark.parametrize(
    ("declared", "content", "media_type"),
    [
        ("text/html", b"<script>", "application/octet-stream"),
        ("image/svg+xml", b"<svg onload=x>", "application/octet-stream"),
        ("text/xml", b"<?xml?>", "application/octet-stream"),
        ("image/png", b"<script>", "application/octet-stream"),
        ("text/html", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("application/pdf", b"MZ", "application/octet-stream"),
        ("text/plain", b"hei", "text/plain"),
        ("text/plain", b"he\0i", "application/octet-stream"),
        ("nonsense\r\nX: y", b"", "application/octet-stream"),
    ],
)
def test_types(declared: str, content: bytes, media_type: str) -> None:
    assert safe_type(declared, content) == media_type


# ---- addresses (S18)


@pytest.mark.parametrize(
    ("value", "address", "name", "certain"),
    [
        ("alice@city.example", "alice@city.example", "", True),
        ("Alice <Alice@City.example>", "alice@city.example", "Alice", True),
        ('"Virtanen, Alice" <a@c.example>', "a@c.example", "Virtanen, Alice", True),
        ("a@c.example (Alice)", "a@c.example", "Alice", True),
        ("=?utf-8?q?P=C3=A4ivi?= <p@c.example>", "p@c.example", "Päivi", True),
        ('"a@c.example" <a@c.example>', "a@c.example", "", True),
        ('"a@city.example" <b@evil.example>', "b@evil.example", "", False),
        ("=?utf-8?q?a=40city.example?= <b@evil.example>", "b@evil.example", "", False),
        ("a@city.example <b@evil.example>", "b@evil.example", "", False),
        ("alice@city.example)bob@evil.example", "alice@city.example", "", False),
        ("alice@city.example, bob@evil.example", "alice@city.example", "", False),
        ("<alice@city.example>bob@evil.example", "alice@city.example", "", False),
        ("Group: a@b.example, c@d.example;", "a@b.example", "", False),
        ("=?utf-8?q?a=40b.example?=", "a@b.example", "", False),
        ("a@c\u0456ty.example", "a@xn--cty-jhd.example", "", False),
        ("<a..b@c.example>", "a..b@c.example", "", False),
        ("a@b@c.example", "a@b", "", False),
        ("Doe, John <j@d.example>", "j@d.example", "Doe, John", False),
        ("undisclosed-recipients:;", "", "", False),
        ("Vahtimestari <vahti>", "", "Vahtimestari", False),
        ("Vahtimestari", "", "Vahtimestari", False),
        ("", "", "", False),
        ("x" * 3_000 + "@b.example", "", "", False),
    ],
)
def test_addresses(value: str, address: str, name: str, certain: bool) -> None:
    assert tuple(read_mailbox(value)) == (address, name, certain)


@pytest.mark.parametrize(
    ("head", "address", "strength"),
    [
        ("From: a@b.example\r\nFrom: c@d.example", "a@b.example", "none"),
        ("Sender: a@b.example", "a@b.example", "none"),
        ("Subject: x", "envelope@x.example", "none"),
        ("From: nobody", "envelope@x.example", "none"),
        ("From: a@b.example", "a@b.example", "asserted"),
    ],
)
def test_sender(head: str, address: str, strength: str) -> None:
    raw = f"{head}\r\n\r\nx".encode()
    sender = read_mail(raw, to=(), mail_from="envelope@x.example").sender
    assert (sender.address, sender.strength) == (address, strength)


@given(texts(max_size=200))
def test_no_address_holds_what_ends_a_line_or_a_path(value: str) -> None:
    mailbox = read_mailbox(value)
    assert not re.search(r"[\s<>\x00]", mailbox.address)
    assert not re.search(r"[\r\n\x00]", mailbox.name)


# ---- HTML (S01, S05, S06, S08, S11)

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<base href=//evil>",
    "<form action=//evil><input name=x><button>go</button></form>", "<iframe srcdoc='<b>'>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='data:text/html,x'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>", "<a href='/logout'>x</a>", "<a href='//evil'>x</a>",
    "<style>@import 'http://evil'</style>", "<p style='background:url(http://evil)'>x</p>",
    "<link rel=stylesheet href=http://evil>", "<meta http-equiv=refresh content='0;//evil'>",
    "<video poster=http://evil><source src=http://evil></video>", "<body background=http://evil>",
    "<img srcset='http://evil 1x' alt=x>", "<table background=http://evil><tr><td>x</table>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<p id=config name=body>x</p>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>", "<a href='http://x' target=_top>x</a>",
    "<select><template><script>alert(1)</script></template></select>", "<![CDATA[<script>]]>",
    "<![>", "<!--><img src=x onerror=alert(1)>-->", "<object data=http://evil>", "<embed src=//e>",
    "<textarea><img src=x onerror=alert(1)></textarea>", "<title><img src=x onerror=a></title>",
]  # fmt: skip
ALLOWED = re.compile(
    r' (?:href="(?:https?|mailto|tel):[^"]*"|rel="noopener noreferrer"|alt="[^"]*"|dir="[^"]*"'
    r'|lang="[^"]*"|start="[^"]*"|colspan="[^"]*"|rowspan="[^"]*")'
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_html_does_no_harm(attack: str) -> None:
    shown = harmless(f"<div>before{attack}after</div>")
    assert shown is not None
    assert not re.search(r"<(?!/?[a-z0-9]+[ >])", shown)
    for name, attributes in re.findall(r"<([a-z0-9]+)([^>]*)>", shown):
        assert name in {"a", "div", "img", "p", "table", "tbody", "tr", "td"}
        assert ALLOWED.sub("", attributes) == ""
    for link in re.findall(r"<a [^>]*>", shown):
        assert 'rel="noopener noreferrer"' in link
    to_text(shown)


@given(st.text(alphabet="<>!-/[]= \"'abps&;#\n\0é", max_size=300))
def test_any_html_becomes_text(html: str) -> None:
    shown = harmless(html)
    assert shown is not None
    to_text(shown).encode()
    stripped(html).encode()


# ---- bombs (S25, S26)


def nested(levels: int) -> bytes:
    parts = [b"From: a@b.example\r\nSubject: deep\r\n"]
    for level in range(levels):
        boundary = b"b%d" % level
        parts.append(b"Content-Type: multipart/x; boundary=%s\r\n\r\n" % boundary)
        parts.append(b"--%s\r\n" % boundary)
    return b"".join(parts) + b"\r\nx"


def multipart(body: bytes) -> bytes:
    head = b"From: a@b.example\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=b"
    return head + b"\r\n\r\n" + body


RTF_BOMB = tnef(
    attribute(
        1,
        0x00069003,
        properties(
            (0x102, 0x1009, b"\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0" + b"\xff" + b"\1\x0f" * 9_000)
        ),
    )
)
BOMBS = {
    "10,000 levels": (nested(10_000), "nested deeper"),
    "50,000 parts": (multipart(b"--b\r\n\r\nx\r\n" * 50_000), "more than 1000 parts"),
    "false boundaries": (multipart(b"--bx\r\n" * 50_000), "like a boundary"),
    "1,000,000 addresses": (b"To: " + b"a@b, " * 1_000_000 + b"\r\n\r\nx", "a header over"),
    "many fields": (b"From: a@b\r\n" * 20_000 + b"\r\nx", "header fields"),
    "many parameters": (multipart(b"")[:-4] + b"; x=y" * 5_000 + b"\r\n\r\nx", None),
    "quotes": (multipart(b"")[:-4] + b'; x="\\' * 5_000 + b"\r\n\r\nx", None),
    "encoded words": (b"Subject: " + b"=?utf-8?q?x?= " * 10_000 + b"\r\n\r\nx", None),
    "half encoded words": (b"Subject: " + b"=?x?q?" * 20_000 + b"\r\n\r\nx", None),
    "references": (b"From: a@b\r\nReferences: " + b"<a@b> <" * 20_000 + b"\r\n\r\nx", None),
    "a From of brackets": (b"From: " + b'<("' * 10_000 + b"\r\n\r\nx", None),
    "a name of a megabyte": (b"Subject: x\r\n\r\n" + b"x" * 1_000_000, None),
    "lines of quotes": (b"Subject: x\r\n\r\n" + b">" * 1_000_000, None),
    "utf-7": (b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+AGE-" * 100_000, None),
    "bad base64": (
        b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=a!\xff" * 250_000,
        None,
    ),
}
BOMBS |= {
    "900 parts of HTML": (
        multipart(b"--b\r\nContent-Type: text/html\r\n\r\n%s\r\n" % (b"<b><p>x" * 500) * 900),
        None,
    ),
    "900 parts of text": (multipart((b"--b\r\n\r\n" + b"> hei\r\n" * 1_000) * 900), None),
    "900 calendars": (
        multipart(b"--b\r\nContent-Type: text/calendar\r\n\r\n%s" % (b"X;Y=z:1\r\n" * 1_400) * 900),
        None,
    ),
    "900 compressed RTFs": (
        multipart(b"--b\r\nContent-Type: application/ms-tnef\r\n\r\n%s\r\n" % RTF_BOMB * 900),
        None,
    ),
    "100,000 files in winmail.dat": (
        multipart(
            b"--b\r\nContent-Type: application/ms-tnef\r\n\r\n%s\r\n"
            % tnef(file("a", b"x") * 500)
            * 200
        ),
        "more than 1000 files",
    ),
    "utf-32": (b"Content-Type: text/plain; charset=utf-32\r\n\r\n" + b"\0\0\0a" * 250_000, None),
    "utf-16": (b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + b"\xd8\0" * 500_000, None),
    "encoded twice": (b"Subject: x\r\n\r\n" + "Ã¤ Ã".encode() * 60_000, None),
    "PGP headers": (
        b"Subject: x\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\n" + b"A: b\n" * 200_000,
        None,
    ),
    "BER without end": (
        b"Content-Type: application/pkcs7-mime\r\n\r\n" + b"\x30\x80" * 500_000,
        None,
    ),
}
HTML = ("<div>", "<b><p>", "<", "<a b='", "<!--", "&", "<p a b c ", "<table><td>", " \n")
BOMBS |= {
    f"html {piece}": (b"Content-Type: text/html\r\n\r\n" + piece.encode() * 20_000, None)
    for piece in HTML
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_bounded(name: str) -> None:
    raw, reason = BOMBS[name]
    inbound = read(raw)
    assert_storable(inbound)
    assert inbound.raw == raw
    if reason is not None:
        assert reason in (inbound.unreadable or "")
    else:
        assert inbound.unreadable is None


def test_a_mail_of_many_parts_has_one_allowance_of_html(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_through: list[str] = []

    def look_through(html: str) -> str | None:
        looked_through.append(html)
        return harmless(html)

    monkeypatch.setattr(body, "harmless", look_through)
    read(BOMBS["900 parts of HTML"][0])
    assert looked_through
    assert sum(map(len, looked_through)) <= MAX_CHARACTERS
    assert sum(html.count("<") for html in looked_through) <= MAX_TAGS


def test_what_could_be_read_of_a_bomb_is_there() -> None:
    inbound = read(multipart(b"--b\r\n\r\nhei\r\n" + b"--b\r\n\r\nx\r\n" * 2_000))
    assert inbound.unreadable
    assert (inbound.subject, inbound.sender.address) == ("s", "a@b.example")
    assert inbound.text.startswith("hei\n")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress(bytes(10_000_000)), "attachment-1.bin"),
        (b"PK\x03\x04" + bytes(1_000), "attachment-1.zip"),
        (b"%PDF-1.7", "attachment-1.pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 60_000, 60_000), "attachment-1.png"),
    ],
)
def test_what_is_no_text_is_a_file_as_it_came(content: bytes, name: str) -> None:
    """Nothing is unpacked or decoded, whatever the label says."""
    head = b"From: a@b.example\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64"
    inbound = read(head + b"\r\nContent-Encoding: gzip\r\n\r\n" + base64.encodebytes(content))
    assert (inbound.text, inbound.html, inbound.unreadable) == ("", None, None)
    assert [(one.name, one.content) for one in inbound.attachments] == [(name, content)]


# ---- noise


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"hello\r\n", b"\xff\xfe\x00", b": x\r\n\r\n", b"a: b"]
)
def test_no_mail_at_all_goes_to_quarantine(raw: bytes) -> None:
    assert read(raw).unreadable == "no header of a mail"


def test_a_fault_of_the_reader_goes_to_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("secret")

    monkeypatch.setattr("channels.email.mime.read_parts", fail)
    inbound = read(b"From: a@b.example\r\n\r\nx")
    assert inbound.unreadable == "the reader failed: RecursionError"
    assert inbound.raw == b"From: a@b.example\r\n\r\nx"


PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"text/html",
        b"\r\n", b"\r\n\r\n", b"--b", b"--b--", b"Content-Transfer-Encoding: ", b"base64",
        b"quoted-printable", b"; charset=", b"utf-16", b"iso-2022-jp", b"filename*0*=",
        b"=?utf-8?b?", b"?=", b"\n", b" ", b"\t", b"Content-Disposition: attachment",
        b"message/rfc822", b"<a@b>", b'"', b"\0", b"=ff", b"\\",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40).map(b"".join))
def test_noise_never_raises(raw: bytes) -> None:
    inbound = read(raw)
    assert_storable(inbound)
    assert "failed" not in (inbound.unreadable or "")
