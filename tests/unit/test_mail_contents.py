"""Wrappings are opened, what is secured is named, meetings are told, images are told apart."""

from __future__ import annotations

import base64
import struct
from email.message import EmailMessage

import pytest

from channels.email.contents import MAX_WRAPPINGS
from channels.email.files.rtf import decompress, to_text
from channels.email.files.tnef import MAGIC, read_tnef
from channels.email.mime import read_mail
from contactcenter.channel import Inbound, MailFacts

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 3, 2) + b"\x08\2\0\0\0"


def mail(body: bytes, kind: str, *fields: str) -> bytes:
    head = ("From: a@citizen.example", "Subject: Asia", f"Content-Type: {kind}", *fields)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def read(raw: bytes) -> Inbound:
    inbound = read_mail(raw, to=("a@b.example",))
    assert inbound.unreadable is None
    return inbound


def facts(inbound: Inbound) -> MailFacts:
    assert inbound.facts is not None
    return inbound.facts


def multipart(*parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return mail(body, f"multipart/{kind}; boundary=b")


def part(kind: str, content: bytes, *fields: str) -> bytes:
    head = (f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *fields)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + base64.encodebytes(content)


# ---- winmail.dat


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + b"\0\0"


def properties(*values: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(values))
    for kind, name, data in values:
        out += struct.pack("<HH", kind, name)
        if name >= 0x8000:
            out += bytes(16) + struct.pack("<II", 0, 7)
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            out += struct.pack("<II", 1, len(data))
        out += data + bytes(-len(data) % 4)
    return out


def tnef(*attributes: bytes) -> bytes:
    return MAGIC + b"\1\0" + b"".join(attributes)


def file(name: str, content: bytes, content_id: str = "") -> bytes:
    values = properties(
        (3, 0x8001, b"\1\0\0\0"),  # a named one before what is looked for
        (0x1F, 0x3707, name.encode("utf-16-le") + b"\0\0"),
        (0x1F, 0x3712, content_id.encode("utf-16-le") + b"\0\0"),
    )
    return (
        attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, b"SHORT~1.TXT\0")
        + attribute(2, 0x0006800F, content)
        + attribute(2, 0x00069005, values)
    )


CODEPAGE = attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
HTML = '<p>Hyvää päivää</p><img src="cid:kuva@x" alt="Kuva">'
WINMAIL = 'application/ms-tnef; name="winmail.dat"'


def test_winmail_dat_gives_its_files_and_its_body() -> None:
    packed = tnef(
        CODEPAGE,
        attribute(1, 0x00069003, properties((3, 0x3FDE, struct.pack("<I", 28591)),
                                            (0x102, 0x1013, HTML.encode("latin-1")))),
        file("päätös €.pdf", b"%PDF-1"),
        file("kuva.png", PNG, "kuva@x"),
    )  # fmt: skip
    inbound = read(mail(base64.encodebytes(packed), WINMAIL, "Content-Transfer-Encoding: base64"))
    assert inbound.text == "Hyvää päivää\n\n[Kuva]"
    assert [(f.name, f.media_type, f.inline) for f in inbound.attachments] == [
        ("päätös €.pdf", "application/pdf", False),
        ("kuva.png", "image/png", True),
    ]
    assert inbound.attachments[0].content == b"%PDF-1"


def test_a_mail_that_says_something_itself_needs_no_body_from_winmail_dat() -> None:
    packed = tnef(CODEPAGE, attribute(1, 0x0002800C, b"Sama\0"), file("a.txt", b"x"))
    inbound = read(multipart(part("text/plain", b"Terve"), part(WINMAIL, packed)))
    assert inbound.text == "Terve"
    assert [f.name for f in inbound.attachments] == ["a.txt"]


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (b"{\\rtf1\\ansi\\ansicpg1252 Hyv\\'e4\\'e4 p\\'e4iv\\'e4\\'e4\\par \\b 20 \\u8364?}",
         "Hyvää päivää\n20 €"),
        (b"{\\rtf1\\fromhtml1{\\fonttbl{\\f0 Arial;}}{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hei"
         b"{\\*\\htmltag72 </p>}\\htmlrtf\\par}\\htmlrtf0}", "Hei"),
        (b"{\\rtf1 \\uc1\\u-10179?\\u-8704? \\{a\\}\\tab b\\emdash c}", "\U0001f600 {a}\tb\u2014c"),
        (b"{\\rtf1 \\u55296? }}}} \\'zz", "\ufffd "),
    ],
)  # fmt: skip
def test_rtf(rtf: bytes, text: str) -> None:
    header = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0)
    packed = tnef(attribute(1, 0x00069003, properties((0x102, 0x1009, header + rtf))))
    found = read_tnef(packed)
    assert found is not None
    assert to_text(decompress(found.rtf)).startswith(text)


def test_compressed_rtf() -> None:
    """The example of MS-OXRTFCP section 3.1.1."""
    data = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af320"
        "68656c090020627705b06c647d0a800fa0".replace(" ", "")
    )
    assert decompress(data) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_winmail_dat_cut_off_is_no_trouble() -> None:
    packed = tnef(CODEPAGE, attribute(1, 0x00069003, properties((0x1F, 0x1000, b"H\0i\0"))),
                  file("a.txt", b"x" * 60))  # fmt: skip
    for end in range(6, len(packed)):
        inbound = read(mail(packed[:end], WINMAIL, "Content-Transfer-Encoding: binary"))
        assert inbound.text.rstrip("\ufffd") in ("", "H", "Hi"), end


def test_an_empty_winmail_dat_stays_a_file() -> None:
    inbound = read(mail(base64.b64encode(tnef()), WINMAIL, "Content-Transfer-Encoding: base64"))
    assert [f.name for f in inbound.attachments] == ["winmail.dat"]


def test_a_winmail_dat_within_one_gives_its_files_and_no_end_of_them() -> None:
    packed = tnef(file("sisin.txt", b"x"))
    for n in range(6):
        values = properties((0x0D, 0x3701, bytes(16) + packed), (0x1E, 0x3001, b"%d" % n))
        packed = tnef(attribute(2, 0x00069002, b""), attribute(2, 0x00069005, values))
    found = read_tnef(packed)
    assert found is not None
    assert [one.name for one in found.files] == ["2"]  # the fourth is not opened any more


# ---- S/MIME and PGP


def der(tag: int, content: bytes) -> bytes:
    size = len(content).to_bytes(4, "big")
    return bytes((tag, 0x84)) + size + content


def signed(content: bytes, pieces: int = 1) -> bytes:
    """SignedData around it, without signatures."""
    data = der(4, content)
    if pieces > 1:
        data = b"\x24\x80" + der(4, content[:5]) + der(4, content[5:]) + b"\0\0"
    inner = der(0x30, der(6, bytes.fromhex("2a864886f70d010701")) + der(0xA0, data))
    body = der(0x30, der(2, b"\1") + der(0x31, b"") + inner)
    return der(0x30, der(6, bytes.fromhex("2a864886f70d010702")) + der(0xA0, body))


ENVELOPED = der(0x30, der(6, bytes.fromhex("2a864886f70d010703")) + der(0xA0, der(0x30, b"\1")))
SMIME = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
INNER = b"Content-Type: text/plain; charset=iso-8859-15\r\n\r\nHyv\xe4\xe4 p\xe4iv\xe4\xe4, 5 \xa4"


@pytest.mark.parametrize("pieces", [1, 2])
def test_an_opaque_signature_is_opened(pieces: int) -> None:
    inbound = read(
        mail(base64.encodebytes(signed(INNER, pieces)), SMIME, "Content-Transfer-Encoding: base64")
    )
    assert (inbound.text, facts(inbound).marks) == ("Hyvää päivää, 5 €", ("signed_smime",))
    assert inbound.attachments == ()


def test_signatures_in_signatures_end_somewhere() -> None:
    content = INNER
    for _ in range(MAX_WRAPPINGS + 1):
        packed = base64.encodebytes(signed(content))
        content = b"Content-Type: " + SMIME.encode() + b"\nContent-Transfer-Encoding: base64\n\n"
        content += packed
    inbound = read(b"From: a@b.example\n" + content)
    assert [f.name for f in inbound.attachments] == ["smime.p7m"]


ARMOUR = "-----BEGIN PGP MESSAGE-----\n\nhQEMA0JvyzRv\n=abcd\n-----END PGP MESSAGE-----"
CLEAR = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHei!\n- -- viiva\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----"
)


@pytest.mark.parametrize(
    ("raw", "text", "marks", "files"),
    [
        (mail(ENVELOPED, "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
         "", "encrypted_smime", ["smime.p7m"]),
        (mail(ENVELOPED, 'application/octet-stream; name="smime.p7m"'),
         "", "encrypted_smime", ["smime.p7m"]),
        (mail(b"\0\1\2", "application/x-pkcs7-mime"), "", "encrypted_smime", ["attachment-1.bin"]),
        (multipart(part("text/plain", b"Hei"), part("application/pkcs7-signature; name=smime.p7s",
                                                    b"0"), kind="signed"),
         "Hei", "signed_smime", ["smime.p7s"]),
        (multipart(part("text/plain", b"Hei"), part("application/pgp-signature", b"x"),
                   kind="signed"), "Hei", "signed_pgp", []),
        (multipart(part("application/pgp-encrypted", b"Version: 1"),
                   part("application/octet-stream; name=encrypted.asc", ARMOUR.encode()),
                   kind="encrypted"), "", "encrypted_pgp", ["encrypted.asc"]),
        (mail(f"Ohessa:\n{ARMOUR}\nT. Aino".encode(), "text/plain"),
         "Ohessa:", "encrypted_pgp", ["message.asc"]),
        (mail(CLEAR.encode(), "text/plain"), "Hei!\n-- viiva", "signed_pgp", []),
        (mail(f"<p>{ARMOUR}</p>Hei".encode(), "text/html"), "Hei", "encrypted_pgp", []),
        (mail(ARMOUR[:-20].encode(), "text/plain"), ARMOUR[:-20], "", []),
        (mail(CLEAR[:-60].encode(), "text/plain"), CLEAR[:-60], "", []),
    ],
)  # fmt: skip
def test_what_is_secured_is_named(raw: bytes, text: str, marks: str, files: list[str]) -> None:
    inbound = read(raw)
    assert (inbound.text, " ".join(facts(inbound).marks)) == (text, marks)
    assert [f.name for f in inbound.attachments] == files


# ---- meetings

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
METHOD:{method}
BEGIN:VEVENT
UID:1
DTSTAMP:20261126T080000Z
{times}
SUMMARY:Kokous\\, päätös
LOCATION:Kaupungintalo
ORGANIZER;CN="Aino Virtanen":MAILTO:aino@city.example
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("method", "times", "told"),
    [
        ("REQUEST", "DTSTART;TZID=Europe/Helsinki:20261201T090000\nDTEND:20261201T080000Z",
         ("request", "2026-12-01T09:00:00+02:00", "2026-12-01T08:00:00+00:00")),
        ("CANCEL", "DTSTART;VALUE=DATE:20261201", ("cancel", "2026-12-01", "")),
        ("COUNTER", "DTSTART:20261201T090000Z\nDURATION:PT1H",
         ("other", "2026-12-01T09:00:00+00:00", "2026-12-01T10:00:00+00:00")),
    ],
)  # fmt: skip
def test_a_meeting_is_told_and_stays_a_file(
    method: str, times: str, told: tuple[str, str, str]
) -> None:
    event = EVENT.format(method=method, times=times).replace("\n", "\r\n").encode()
    inbound = read(
        multipart(part("text/plain", b"Tervetuloa"), part("text/calendar; charset=utf-8", event),
                  kind="alternative")
    )  # fmt: skip
    meeting = facts(inbound).invitation
    assert meeting is not None
    assert (meeting.method, meeting.starts, meeting.ends) == told
    assert (meeting.summary, meeting.location) == ("Kokous, päätös", "Kaupungintalo")
    assert meeting.organiser == "Aino Virtanen <aino@city.example>"
    assert [f.media_type for f in inbound.attachments] == ["text/calendar"]
    assert inbound.text == "Tervetuloa"


@pytest.mark.parametrize(
    "event",
    [
        b"BEGIN:VCALENDAR\nEND:VCALENDAR",
        b"nonsense",
        b"BEGIN:VEVENT\n" * 500,
        EVENT.format(method="REQUEST", times="DTSTART:yesterday").encode() * 400,
    ],
)
def test_no_meeting_is_guessed(event: bytes) -> None:
    inbound = read(multipart(part("text/plain", b"x"), part("text/calendar", event)))
    assert facts(inbound).invitation is None
    assert len(inbound.attachments) == 1


# ---- images


def test_only_what_the_html_shows_is_inline() -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content('<img src="cid:a"><img src="CID:b%40x" width="20">', subtype="html")
    for name in ("a", "b@x", "c", "a"):
        message.add_related(PNG, "image", "png", cid=f"<{name}>", filename=f"{name}.png")
    message.add_related(b"%PDF-", "application", "pdf", cid="<d>", filename="d.pdf")
    inbound = read(message.as_bytes())
    assert [f.inline for f in inbound.attachments] == [True, True, False, False, False]
    assert inbound.html == ('<img alt="" data-cid="a"><img alt="" data-cid="b@x" width="20">')
    assert facts(inbound).marks == ()


def test_remote_images_are_marked() -> None:
    raw = mail(b'<img src="http://news.example/a.png" alt="Uutiset">Hei', "text/html")
    inbound = read(raw)
    assert facts(inbound).marks == ("remote_content",)
    assert inbound.text == "[Uutiset]Hei"
