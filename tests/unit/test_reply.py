"""What a person wrote, apart from quotes and signature: the rules, in any language."""
# ruff: noqa: RUF001 (letters of other alphabets are meant)

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.text.reply import Reply, split
from tests.texts import texts

QUOTED = "> Hei, hakemuksenne on saapunut.\n>\n> Palaamme asiaan."
PLAIN = "Hei, hakemuksenne on saapunut.\n\nPalaamme asiaan."
ANSWER = "Kiitos tiedosta.\n\nVoinko vielä lisätä liitteen?"

INTRODUCTIONS = [
    "On Wed, Oct 27, 2021 at 9:47 AM Jane Roe <jane.roe@firm.example> wrote:",
    "On 27 Oct 2021, at 9.31, Jane Roe <jane.roe@firm.example> wrote:",
    "On Wednesday, October 27, 2021 at 09:47:12 AM GMT+3, City <city@firm.example> wrote:",
    "ke 27. lokak. 2021 klo 9.31 Jane Roe (jane.roe@firm.example) kirjoitti:",
    "Jane Roe <jane.roe@firm.example> kirjoitti 27.10.2021 kello 9.31:",
    "Den ons 27 okt. 2021 kl 09:47 skrev Jane Roe <jane.roe@firm.example>:",
    "27 okt. 2021 kl. 09:47 skrev Jane Roe <jane.roe@firm.example>:",
    "Am 27.10.2021 um 09:47 schrieb Jane Roe <jane.roe@firm.example>:",
    "Jane Roe <jane.roe@firm.example> schrieb am Mi., 27. Okt. 2021, 09:47:",
    "Le mer. 27 oct. 2021 à 09:47, Jane Roe <jane.roe@firm.example> a écrit :",
    "El mié, 27 oct 2021 a las 9:47, Jane Roe (<jane.roe@firm.example>) escribió:",
    "Em qua., 27 de out. de 2021 às 09:47, Jane Roe <jane.roe@firm.example> escreveu:",
    "Il giorno mer 27 ott 2021 alle ore 09:47 Jane Roe <jane.roe@firm.example> ha scritto:",
    "Op wo 27 okt. 2021 om 09:47 schreef Jane Roe <jane.roe@firm.example>:",
    "Den ons. 27. okt. 2021 kl. 09.31 skrev Jane Roe <jane.roe@firm.example>:",
    "śr., 27 paź 2021 o 09:47 Jane Roe <jane.roe@firm.example> napisał(a):",
    "st 27. 10. 2021 v 9:47 odesílatel Jane Roe <jane.roe@firm.example> napsal:",
    "Jane Roe <jane.roe@firm.example> ezt írta (időpont: 2021. okt. 27., Sze, 9:47):",
    "ср, 27 окт. 2021 г. в 09:47, Jane Roe <jane.roe@firm.example>:",
    "ср, 27 жовт. 2021 р. о 09:47 Jane Roe <jane.roe@firm.example> пише:",
    "Kuupäev K, 27. oktoober 2021 kell 09:47 kirjutas Jane Roe <jane.roe@firm.example>:",
    "2021年10月27日(水) 9:47 Jane Roe <jane.roe@firm.example>:",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("quote", [QUOTED, PLAIN])
def test_an_introduction_in_any_language(introduction: str, quote: str) -> None:
    reply = split(f"{ANSWER}\n\n{introduction}\n\n{quote}", "Re: Hakemus")
    assert reply == Reply(ANSWER, f"{introduction}\n\n{quote}", forwarded=False)


@pytest.mark.parametrize("introduction", [line for line in INTRODUCTIONS if "<" in line])
def test_an_introduction_that_is_broken(introduction: str) -> None:
    broken = introduction.replace("<", "<\n", 1)
    assert split(f"{ANSWER}\n\n{broken}\n\n{QUOTED}", "Re: x").text == ANSWER


@pytest.mark.parametrize(
    "introduction",
    [
        "On Jan 9, 2024, at 1:05 PM, Jane Roe\n<jane.roe@firm.example>\nwrote:",
        "Jane Roe <jane.roe@firm.example> wrote on 27/10/2021 09:47:12 AM:",
        "Quoting Jane Roe <jane.roe@firm.example>:",
        "In article <123@firm.example>, Jane Roe <jane.roe@firm.example> wrote:",
        "Jane Roe kirjoitti:",
        "Den 27.10. skrev Maja:",
        "On Thu, 2 Apr 2024 at 10:08 Jane Roe\n\n<\nmailto:Jane <jane.roe@firm.example>\n> wrote:",
    ],
)
def test_an_introduction_of_a_marked_quote(introduction: str) -> None:
    quote = f"{introduction}\n\n{QUOTED}"
    assert split(f"{ANSWER}\n\n{quote}", "Re: x") == Reply(ANSWER, quote, forwarded=False)


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "-------- Alkuperäinen viesti --------",
        "----- Ursprungligt meddelande -----",
        "*-------- Original Message --------*",
        "##- Please type your reply above this line -##",
        "--- Kirjoita vastauksesi tämän rivin yläpuolelle ---",
        "--- Skriv ditt svar ovanför den här raden ---",
    ],
)
def test_a_line_above_the_answered_mail(line: str) -> None:
    assert split(f"{ANSWER}\n\n{line}\n{PLAIN}", "Re: x").text == ANSWER


HEADS = [
    ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    ("Från", "Skickat", "Till", "Ämne"),
    ("From", "Sent", "To", "Subject"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("De", "Envoyé", "À", "Objet"),
    ("De", "Enviado el", "Para", "Asunto"),
    ("De", "Enviada em", "Para", "Assunto"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"),
    ("Fra", "Sendt", "Til", "Emne"),
    ("Od", "Wysłano", "Do", "Temat"),
    ("Od", "Odesláno", "Komu", "Předmět"),
    ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    ("От", "Отправлено", "Кому", "Тема"),
    ("Saatja", "Saadetud", "Kellele", "Teema"),
]


def head(labels: tuple[str, str, str, str]) -> str:
    values = ("City <city@firm.example>", "27. 10. 2021 9:47", "Matti <m@citizen.example>", "Asia")
    return "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))


@pytest.mark.parametrize("labels", HEADS)
@pytest.mark.parametrize(
    "above", ["", "________________________________\n", "-----Alkuperäinen-----\n"]
)
def test_the_head_of_the_answered_mail(labels: tuple[str, str, str, str], above: str) -> None:
    quote = f"{above}{head(labels)}\n\n{PLAIN}"
    assert split(f"{ANSWER}\n\n{quote}", "Re: x") == Reply(ANSWER, quote, forwarded=False)
    bold = re.sub("^([^:\n]+):", r"*\1:*", head(labels), flags=re.MULTILINE)
    assert split(f"{ANSWER}\n\n{bold}\n\n{PLAIN}", "Re: x").text == ANSWER


@pytest.mark.parametrize("labels", HEADS)
@pytest.mark.parametrize(
    "subject", ["Fwd: x", "FW: x", "VL: x", "VB: x", "WG: x", "TR: x", "PD: x"]
)
def test_a_forwarded_original_is_text(labels: tuple[str, str, str, str], subject: str) -> None:
    text = f"Tiedoksi.\n\n-- \nMatti\n\n{head(labels)}\n\n{PLAIN}"
    assert split(text, subject) == Reply(text, "", forwarded=True)


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Välitetty viesti --------",
        "Välitetty viesti alkaa:",
        "---------- Edelleenlähetetty viesti ---------",
        "-------- Vidarebefordrat meddelande --------",
        "Vidarebefordrat brev:",
        "-------- Weitergeleitete Nachricht --------",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message réexpédié :",
        "---------- Mensaje reenviado ---------",
        "------ Forwarded Message",
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_forwarded_whatever_the_subject(line: str, mark: str) -> None:
    forwarded = f"{mark}{line}\n{mark}\n{mark}From: A <a@b.example>\n{mark}\n{mark}Katu on auki."
    text = f"Katsoisitteko tätä?\n\n{forwarded}"
    assert split(text, "Re: x") == Reply(text, "", forwarded=True)


def test_vs_is_an_answer_in_finnish_and_a_forward_in_danish() -> None:
    assert split(f"{ANSWER}\n\n{head(HEADS[0])}\n\n{PLAIN}", "VS: x").text == ANSWER
    assert split(f"{ANSWER}\n\n{head(HEADS[9])}\n\n{PLAIN}", "VS: x").forwarded


def test_answers_between_the_lines_keep_what_they_answer() -> None:
    text = f"Hei!\n\n{INTRODUCTIONS[0]}\n> Koska?\n\nHuomenna.\n\n> Missä?\n\nTorilla."
    assert split(text, "Re: x") == Reply(text, "", forwarded=False)
    tail = "\n\n> Muuta?\n> Terveisin A"
    assert split(text + tail, "Re: x") == Reply(text, tail.strip(), forwarded=False)


def test_an_answer_below_the_quote() -> None:
    top = f"{INTRODUCTIONS[0]}\n{QUOTED}"
    assert split(f"{top}\n\n{ANSWER}", "Re: x") == Reply(ANSWER, top, forwarded=False)


def test_a_line_that_a_program_broke_is_no_answer() -> None:
    broken = "> Lue lisää (https://www.kaupunki.example/palvelut/hakemus\n/ohje)\n> Kiitos"
    quote = f"{INTRODUCTIONS[0]}\n{broken}"
    assert split(f"{ANSWER}\n\n{quote}", "Re: x") == Reply(ANSWER, quote, forwarded=False)
    full = "> Hakemus on käsitelty ja päätös lähetetty osoitteeseen, jonka\nannoitte\n> Kiitos"
    assert split(f"{ANSWER}\n\n{full}", "Re: x") == Reply(ANSWER, full, forwarded=False)
    between = "> Tuletteko?\nTulen.\n> Kuka muu tulee?\nEi kukaan."
    assert split(between, "Re: x").text == between


@pytest.mark.parametrize("quote", [QUOTED, PLAIN, f"-----Original Message-----\n{PLAIN}"])
def test_where_nothing_is_written_the_quote_is_shown(quote: str) -> None:
    assert split(quote, "Re: x") == Reply(quote, "", forwarded=False)


@pytest.mark.parametrize(
    "text",
    [
        "Virkailija kirjoitti minulle 3.5.2024 klo 10.30 näin:\nTule käymään.\nEn tule.",
        "Sähköpostini on matti@citizen.example ja 3.5.2024 klo 10.30 tulin, asia:\n\npuu kaatui",
        "Tarvitsen:\n-passi\n-kuva",
        "Hinnat\n\nTuote  Hinta\n------------\nPuu  3\nKivi  5",
        "From: Helsinki\nTo: Espoo\n\nMilloin juna lähtee?",
        "Sent from my desk, is much easier than my phone.",
        "On this day\n\nI wrote something\n\nwhich was long.",
        "Terveisin Matti\n\nPS. Soittakaa huomenna, olen silloin kotona.",
        ">From the beginning it was wrong.",
        "Yhteystietoni:\n-----\nNimi: Matti Meikäläinen\nPuhelin: 040 123 4567\nOsoite: Katu 1",
        "Lähetetty hakemus puhelimesta ei näy teillä, miksi ei?",
        "T. Virtanen kävi täällä eilen.",
        "Ohjeessa lukee:\n\n> Palauta avain",
        "Hei!\n\n-- \nMatti\n\nPS. Ovi jäi auki",
        "Hej,\n\nHälsningar från Åbo\nvar är nyckeln",
        "Hei,\n\nTerveisin Matti\n\nLisäksi ovi on rikki",
        "Tämä tuli lokiin:\n\nFrom: client\nTo: server\n\nMitä teen?",
        "Ensin tämä.\n---\nSitten se, jonka piti tulla ensin.",
        "Summa on alle 100 €, siis\n> 50 €\nja se on väärin.",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert split(text, "Re: x") == Reply(text, "", forwarded=False)


def test_marked_lines_of_a_mail_that_answers_nothing_stay() -> None:
    text = f"{ANSWER}\n\n{QUOTED}"
    assert split(text, "x", answers=False) == Reply(text, "", forwarded=False)
    assert split(text, "x", answers=True).text == ANSWER
    for introduced in (f"{INTRODUCTIONS[0]}\n{QUOTED}", f"> {INTRODUCTIONS[0]}\n>\n{QUOTED}"):
        assert split(f"{ANSWER}\n\n{introduced}", "x", answers=False).text == ANSWER


def test_only_so_many_places_are_looked_at() -> None:
    quote = f"{INTRODUCTIONS[0]}\n{QUOTED}"
    assert split("rivi: 1\n" * 900 + quote, "Re: x").rest == quote
    assert split("rivi: 1\n" * 1_100 + quote, "Re: x").rest == ""


def test_a_filled_in_form_stays() -> None:
    form = "Uusi palaute.\n\nLähettäjä: m@citizen.example\nAihe: Valo\nViesti: Ei pala"
    assert split(form, "Re: Palaute").text == form
    form = "Uusi palaute.\n\nLähettäjä: m@citizen.example\nAihe: Valo\nPvm: 1.2.2024\n\nEi pala"
    assert split(form, "Palaute", answers=False).text == form
    whole = f"{ANSWER}\n\n{head(HEADS[0])}\n\n{PLAIN}"
    assert split(whole, "Hakemus", answers=False).text == ANSWER


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nMatti Meikäläinen\npuh. 040 123 4567",
        "--\nMatti",
        "Terveisin\nMatti Meikäläinen",
        "Ystävällisin terveisin\n\nMatti Meikäläinen\nKatu 1 A 2, 00100 Helsinki\n040 123 4567",
        "Yst. terv. Matti Meikäläinen",
        "t. Matti",
        "Med vänliga hälsningar\nMaja Gräddnos",
        "Mvh Maja",
        "Kind regards,\nJane Roe",
        "Mit freundlichen Grüßen\n\nHans Müller",
        "Lähetetty iPhonesta",
        "Lähetetty laitteesta Samsung Galaxy",
        "Hanki Outlook for Android<https://aka.ms/AAb9ysg>",
        "Skickat från min iPhone",
        "Hämta Outlook för iOS<https://aka.ms/o0ukef>",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "-Matti",
        "/Maja",
        "_______________________________________________\nlista mailing list\nlista@lists.example",
        "This e-mail is confidential and meant for its intended recipient only. If you have"
        " received it in error, delete it and tell the sender.",
        "Tämä viesti liitteineen on luottamuksellinen ja tarkoitettu vain vastaanottajalle. Jos"
        " sait viestin erehdyksessä, ilmoita siitä lähettäjälle ja tuhoa viesti.",
    ],
)
def test_a_signature(signature: str) -> None:
    assert split(f"{ANSWER}\n\n{signature}", "x", answers=False) == Reply(ANSWER, signature, False)
    answered = split(f"{ANSWER}\n\n{signature}\n\n{INTRODUCTIONS[0]}\n{QUOTED}", "Re: x")
    assert answered.text == ANSWER
    assert split(signature, "Re: x") == Reply(signature, "", forwarded=False)


LINES = st.sampled_from(
    [
        *INTRODUCTIONS[:6],
        *(f"{label}: a@b.example" for labels in HEADS[:3] for label in labels),
        *("> lainaus", ">> toinen", ">", "", "", "Hei!", "vastaus tähän", "-- ", "--", "Terveisin"),
        *("Matti", "-Matti", "Mvh Maja", "Lähetetty iPhonesta", "-----Original Message-----"),
        *("---------- Forwarded message ---------", "____________", "Nimi: Matti", ">From here"),
    ]
)
TEXTS = st.lists(LINES | texts(max_size=30), max_size=25).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["Re: x", "Fwd: x", "x", "VS: x"]), st.booleans())
def test_no_word_is_lost_and_its_own_text_stays(text: str, subject: str, answers: bool) -> None:
    reply = split(text, subject, answers=answers)
    there = Counter(re.findall(r"\w+", f"{reply.text}\n{reply.rest}"))
    assert there == Counter(re.findall(r"\w+", text))
    assert bool(reply.text.strip()) or not text.strip()
    again = split(reply.text, subject, answers=answers)
    assert again.text == reply.text


@pytest.mark.parametrize(
    "piece",
    ["tetete", " on x.. at y..", ">", ">\n", "> a\nb\n", "On Mon wrote:\n", "From: a@b\n", "-",
     "---\n", "--\nx\n", "Regards,\n", "<a@b ", "---------- Forward", "1.1.2024 10:00 ", "("],
)  # fmt: skip
def test_the_work_grows_no_faster_than_the_mail(piece: str) -> None:
    short, long = piece * (5_000 // len(piece)), piece * (20_000 // len(piece))
    assert _steps(long) < 6 * _steps(short) + 5_000


def _steps(text: str) -> int:
    """How many lines of Python are run: a measure that no other load of the machine changes."""
    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        split(text, "Re: x")
    finally:
        sys.settrace(None)
    return count
