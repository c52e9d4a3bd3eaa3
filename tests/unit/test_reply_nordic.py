"""Finnish and Swedish mail as its programs write it, in the charsets that they use."""

from __future__ import annotations

import quopri
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.mime import read_mail
from channels.email.text.html import harmless, to_text
from channels.email.text.html_quotes import quoting_text
from channels.email.text.reply import split
from contactcenter.channel import Inbound
from tests.unit.nordic_mail import FORWARDED, HTML, PLAIN, WRITTEN_HTML

CHARSETS = ("iso-8859-15", "iso-8859-1", "windows-1252", "utf-8")


def read(body: str, charset: str, subject: str, kind: str = "plain") -> Inbound:
    """A mail that answers one of ours. What a charset has no letter for is written without."""
    codec = "windows-1252" if charset == "iso-8859-1" else charset  # as programs do
    encoded = quopri.encodestring(body.replace("\ufeff", "").encode(codec))
    head = (
        f"From: Åke Öhman <ake@citizen.example>\nSubject: {subject}\nTo: palaute@kaupunki.example\n"
        "Message-ID: <2@citizen.example>\nIn-Reply-To: <1@kaupunki.example>\n"
        f"Content-Type: text/{kind}; charset={charset}\n"
        "Content-Transfer-Encoding: quoted-printable\n\n"
    )
    return read_mail(head.encode() + encoded, to=("palaute@kaupunki.example",))


def words(text: str) -> list[str]:
    return sorted(re.findall(r"\w+", text))


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    ("written", "around"), [row[1:] for row in PLAIN], ids=[r[0] for r in PLAIN]
)
def test_an_answer(written: str, around: str, charset: str) -> None:
    inbound = read(f"{written}\n{around}", charset, "Re: Katutyöt")
    assert inbound.text == written
    assert words(inbound.rest) == words(around)
    assert inbound.facts is not None
    assert inbound.facts.marks == ()


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    ("subject", "text"), [row[1:] for row in FORWARDED], ids=[row[0] for row in FORWARDED]
)
def test_a_forwarded_original(subject: str, text: str, charset: str) -> None:
    inbound = read(text, charset, subject)
    assert inbound.text == text
    assert inbound.rest == ""


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("html", [row[1] for row in HTML], ids=[row[0] for row in HTML])
def test_an_answer_in_html(html: str, charset: str) -> None:
    inbound = read(html, charset, "VS: Katutyöt", "html")
    assert inbound.text == WRITTEN_HTML
    assert "Åke" in inbound.rest
    assert not re.search("[\ue000-\uf8ff]", inbound.text + inbound.rest)
    forwarded = read(html, charset, "VL: Katutyöt", "html")
    assert words(forwarded.text) == words(inbound.text + " " + inbound.rest)
    assert forwarded.rest == ""


INLINE = """<p>Hei</p><div class="gmail_quote"><div class="gmail_attr">On 1.1.2024 A wrote:</div>
<blockquote class="gmail_quote"><p>Koska?</p></blockquote><div>Huomenna.</div>
<blockquote class="gmail_quote"><p>Missä?</p></blockquote><div>Torilla.</div></div>"""
GMAIL = """<div dir=ltr>Katso tämä<div class="gmail_quote"><div class="gmail_attr">----------
Forwarded message ---------<br>Lähettäjä: Maija<br>Date: ke<br>Subject: Asia<br></div><p>Katu</p>
</div></div>"""
APPLE = """Tiedoksi<blockquote type="cite"><div>Välitetty viesti alkaa:</div><p>Lähettäjä: Maija</p>
<p>Katu</p></blockquote>"""


def test_quotes_of_html_that_are_text() -> None:
    inline = read(INLINE, "utf-8", "Re: x", "html")
    assert inline.text.split("\n\n") == [
        *("Hei", "On 1.1.2024 A wrote:", "> Koska?", "Huomenna.", "> Missä?", "Torilla."),
    ]
    assert inline.rest == ""
    for html in (GMAIL, APPLE):
        forwarded = read(html, "utf-8", "Re: x", "html")
        assert forwarded.facts is not None
        assert forwarded.facts.marks == ("forwarded",)
        assert "Katu" in forwarded.text
        assert forwarded.rest == ""
    indented = "<p>Ohje:</p><blockquote style='margin:0 0 0 40px;border:none'>Kohta 1</blockquote>"
    assert read(indented, "utf-8", "Re: x", "html").text == "Ohje:\n\nKohta 1"


PIECES = st.lists(
    st.sampled_from(
        [
            *("<blockquote>", "<blockquote type=cite>", "</blockquote>", "<div>", "</div>", "<p>"),
            *(
                "<div class=gmail_quote>",
                "<div class=gmail_attr>",
                "<div id=divRplyFwdMsg>",
                "<hr>",
            ),
            *("<div class=gmail_signature>", "<pre class=moz-signature>", "</pre>", "<br>", "</p>"),
            *("On 1.1.2024 A &lt;a@b.example> wrote:", "Hei", "vastaus", "From: a@b.example<br>"),
            *(
                "<table><tr><td>",
                "</table>",
                "<b>x</b>",
                "\ue000",
                "&#xe010;",
                "<!--",
                "-->",
                "<li>",
            ),
        ]
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_marks_change_no_word(pieces: list[str]) -> None:
    source = "".join(pieces)
    marked = quoting_text(source)
    if marked is not None:
        assert words(marked) == words(to_text(harmless(source) or ""))
        reply = split(marked, "Re: x")
        assert words(f"{reply.text}\n{reply.rest}") == words(marked)


def test_html_tells_what_plain_text_does_not() -> None:
    """A program in a language that nobody here has seen."""
    html = (
        "<p>Kiitos!<br>Entä <b>milloin</b>?</p><div id=divRplyFwdMsg><b>Oo</b> Palaute<br>"
        "<b>Uu</b> 27.10.</div><p>Hei Åke,</p><p>katutyöt alkavat.</p>"
    )
    text = "Kiitos!\nEntä milloin?\n\nOo Palaute\nUu 27.10.\n\nHei Åke,\n\nkatutyöt alkavat."
    body = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    )
    raw = (
        "From: ake@citizen.example\nSubject: Re: x\nIn-Reply-To: <1@kaupunki.example>\n"
        f"Content-Type: multipart/alternative; boundary=b\n\n{body}"
    )
    inbound = read_mail(raw.encode(), to=())
    assert inbound.text == "Kiitos!\nEntä milloin?"
    assert inbound.rest == text.partition("?\n\n")[2]
    for other in (raw.replace("Kiitos!\n", "Kiitos paljon!\n"), raw.replace("Re: x", "VL: x")):
        assert read_mail(other.encode(), to=()).rest == ""
