"""Letters come out right whatever the label says, in bodies, subjects and names of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.mime import read_mail
from channels.email.syntax.charsets import decode
from channels.email.syntax.mojibake import repaired
from channels.email.syntax.parameters import read_parameters
from tests.texts import texts

FINNISH = "Hyvää päivää, Åsa! Äänestin \u201dÖölandissa\u201d \u2013 maksoi 5 €"
SWEDISH = "Får jag räkning på 20 € för båtplatsen i Mariehamn? Åsa Öberg"


@pytest.mark.parametrize("text", [FINNISH, SWEDISH])
@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("utf-8", "iso-8859-1"), ("utf-8", "iso-8859-15"), ("utf-8", "windows-1252"),
        ("utf-8", "ISO_8859-1:1987"), ("utf-8", "unicode"), ("utf-8", ""), ("utf-8", None),
        ("utf-8", "x" * 10_000), ("utf-8", "zip"), ("utf-8", "../../etc"), ("utf-8", "utf-16"),
        ("cp1252", "iso-8859-1"), ("cp1252", "utf-8"), ("cp1252", "us-ascii"), ("cp1252", "latin1"),
        ("cp1252", "iso-8859-15"), ("cp1252", None), ("utf-16", "utf-8"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16le"), ("utf-32", "utf-8"), ("utf-32", "utf-32"), ("utf-7", "utf-7"),
    ],
)  # fmt: skip
def test_labels_lie(text: str, written: str, label: str | None) -> None:
    if (written, label) == ("utf-8", "utf-16"):
        label = "utf-16-nonsense"
    assert decode(text.encode(written), label) == text


@pytest.mark.parametrize("label", ["iso-8859-15", "ISO-8859-15", "latin9", "iso-8859-1", "", None])
def test_euro_of_8859_15(label: str | None) -> None:
    text = "Lasku 20 €, 5€, € 7: päätös"
    assert decode(text.encode("iso8859-15"), label) == text


def test_a_currency_sign_of_its_own_stays() -> None:
    assert decode("merkki ¤ on valuutan".encode("cp1252"), "iso-8859-1") == "merkki ¤ on valuutan"


@pytest.mark.parametrize("taken_for", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["Hyvää päivää, Åsa Ööberg", "Får jag räkning på 5 €? Ärende", "öö"]
)
def test_what_was_encoded_twice_is_repaired(text: str, taken_for: str) -> None:
    twice = text.encode().decode(taken_for, "replace").encode()
    assert decode(twice, "utf-8") == text


@pytest.mark.parametrize(
    "text",
    [
        "Otsikossa näkyy HyvÃ¤Ã¤ eikä oikein",
        "NÃO, AMANHÃ… IRMÃ - sim",
        "Ça coûte 5 € - Île-de-France, âge, Âge",
        "Ã",
        "Zażółć gęślą jaźń",
    ],
)
def test_what_may_be_right_stays(text: str) -> None:
    assert repaired(text) == text
    assert decode(text.encode(), "utf-8") == text


def test_a_quoted_line_is_repaired_beside_a_right_one() -> None:
    assert repaired("Hyvää päivää\n> HyvÃ¤Ã¤\n") == "Hyvää päivää\n> Hyvää\n"


@given(st.binary(max_size=200), texts(max_size=20))
def test_any_bytes_by_any_label(data: bytes, label: str) -> None:
    decode(data, label)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"=?iso-8859-15?Q?Lasku_20_=A4?=", "Lasku 20 €"),
        (b"=?iso-8859-1?Q?Lasku_20_=80?=", "Lasku 20 €"),
        (b"=?iso-8859-1?B?SHl2w6TDpA==?=", "Hyvää"),
        ("Kysymys päivähoidosta".encode("cp1252"), "Kysymys päivähoidosta"),
        ("Kysymys päivähoidosta".encode(), "Kysymys päivähoidosta"),
        (b"=?utf-8?Q?Hyv=C3=83=C2=A4=C3=83=C2=A4?=", "Hyvää"),
        (b"=?UTF-8?B?SHl2w6Q=?=\r\n =?UTF-8?B?w6Q=?=", "Hyvää"),
        (b"=?utf-8?Q?Hyv=C3?= =?utf-8?B?pMOk?=", "Hyvää"),
        (b"=?utf-7?Q?Hyv+AOQA5A-?=", "Hyvää"),
        (b"=?nonsense?Q?Hyv=E4=E4?=", "Hyvää"),
    ],
)
def test_subjects(subject: bytes, shown: str) -> None:
    assert (
        read_mail(b"From: a@b.example\r\nSubject: " + subject + b"\r\n\r\n", to=()).subject == shown
    )


@pytest.mark.parametrize(
    "field",
    [
        "filename*=utf-8''p%C3%A4%C3%A4t%C3%B6s.pdf",
        "filename*=iso-8859-1'fi'p%E4%E4t%F6s.pdf",
        "filename*=iso-8859-15''p%C3%A4%C3%A4t%C3%B6s.pdf",
        "filename*0*=utf-8''p%C3%A4%C3; filename*1*=%A4t%C3%B6s.pdf",
        "filename*1*=%A4t%C3%B6s.pdf; filename*0*=UTF-8''p%C3%A4%C3",
        "filename*0*=utf-8''p%C3%A4%C3%A4t; filename*1=\"ös\"; filename*2=.pdf",
        "filename=\"x.pdf\"; filename*=utf-8''p%C3%A4%C3%A4t%C3%B6s.pdf",
        'filename="päätös.pdf"',
    ],
)
def test_names_of_files(field: str) -> None:
    assert read_parameters(f"attachment; {field}")[1]["filename"] == "päätös.pdf"


@pytest.mark.parametrize(
    "field",
    [
        'attachment; filename="=?iso-8859-1?Q?p=E4=E4t=F6s.pdf?="',
        'attachment; filename="=?utf-8?Q?p=C3=A4=C3?= =?utf-8?Q?=A4t=C3=B6s.pdf?="',
        "attachment; filename==?utf-8?B?cMOkw6R0w7ZzLnBkZg==?=",
        'attachment; filename="pÃ¤Ã¤tÃ¶s.pdf"',
    ],
)
def test_names_by_encoded_words(field: str) -> None:
    raw = b"From: a@b.example\r\nContent-Disposition: " + field.encode() + b"\r\n\r\nx"
    assert [file.name for file in read_mail(raw, to=()).attachments] == ["päätös.pdf"]
