"""Scenes of an agent's day, with the long words and names that Finnish cities have."""

from __future__ import annotations

from typing import Any

from tests.console.fake_centre import Centre, ago


def _named(key: str, organisation: str, fi: str, sv: str, en: str) -> dict[str, Any]:
    return {"key": key, "organisation": organisation, "name": {"fi": fi, "sv": sv, "en": en}}


def _queue(key: str, organisation: str, fi: str, sv: str, en: str) -> dict[str, Any]:
    return _named(key, organisation, fi, sv, en) | {"languages": ["fi", "sv", "en"]}


QUEUES = [
    _queue("parking", "city", "Pysäköinti ja asukaspysäköintitunnukset", "Parkering", "Parking"),
    _queue("daycare", "city", "Varhaiskasvatus ja esiopetus", "Småbarnspedagogik", "Daycare"),
    _queue("building", "city", "Rakennusvalvonta", "Byggnadstillsyn", "Building control"),
    _queue("benefits", "partner", "Etuudet", "Förmåner", "Benefits") | {"decision": True},
]
DISPOSITIONS = [
    _named("answered", "city", "Vastattu", "Besvarad", "Answered"),
    _named("directed", "city", "Ohjattu oikeaan palveluun", "Hänvisad vidare", "Directed on"),
    _named("sent_on", "city", "Välitetty asiantuntijalle", "Till en expert", "To a specialist"),
    _named("no_reply", "city", "Ei vaadi vastausta", "Kräver inget svar", "Needs no answer"),
    _named("other", "partner", "Muu", "Annat", "Other"),
]
TEMPLATES = [
    _queue("received", "city", "Viesti saapui", "Meddelandet mottaget", "Received")
    | {"text": {"fi": "Kiitos viestistäsi.", "sv": "Tack för ditt meddelande."}},
    _queue("hours", "city", "Aukioloajat", "Öppettider", "Opening hours")
    | {"text": {"fi": "Olemme auki arkisin."}},
    _queue("benefits", "partner", "Etuudet", "Förmåner", "Benefits") | {"text": {"fi": "Kela"}},
]

QUESTION = """Hei,

asukaspysäköintitunnukseni vanhenee 30.11. ja olen muuttamassa kantakaupungista \
Vanhankaupunginlahden alueelle joulukuun alussa. Voinko siirtää tunnuksen uuteen osoitteeseen \
verkossa, vai pitääkö hakea uusi?

Hinnasto löytyi täältä: https://www.example.fi/pysakointi/asukaspysakointitunnus/hinnasto-2027

Ystävällisin terveisin
Maija-Liisa Korhonen-Wikström"""
ANSWER = """Hei Maija-Liisa,

tunnuksen voi siirtää uuteen osoitteeseen muuttopäivästä alkaen. Kirjaudu asiointipalveluun ja \
valitse Omat tunnukset: Muuta osoite. Uutta hakemusta ei tarvita.

Terveisin
Aino Virtanen, asiakasneuvonta"""
THANKS = """Kiitos! Entä jos auto on liisattu?

> Hei Maija-Liisa,
>
> tunnuksen voi siirtää uuteen osoitteeseen muuttopäivästä alkaen.
> Kirjaudu asiointipalveluun ja valitse Omat tunnukset."""
MAIL = """<!doctype html><meta charset="utf-8"><p>Hej,</p>
<p>vi har fått <b>beslutet</b> om plats i dagvården men det saknas en bilaga.</p>
<table><tr><th>Barn</th><th>Plats</th></tr>
<tr><td>Elsa</td><td>Daghemmet Solgläntan</td></tr></table>
<p>Med vänlig hälsning<br>Johan Bergström</p>"""


def _file(id: str, name: str, media_type: str, size: int) -> dict[str, Any]:
    return {"id": id, "name": name, "media_type": media_type, "size": size}


def working_day() -> Centre:
    """Available, two mails in hand, one in wrap-up, one offered; every delivery state."""
    centre = Centre()
    centre.status = {"value": "available", "reason": None, "since": ago(4300)}
    card = centre.contact(
        "Maija-Liisa Korhonen-Wikström",
        "Asukaspysäköintitunnuksen siirtäminen uuteen osoitteeseen",
        mine=True,
        waited=93_000,
        accepted=ago(3000),
        unread=1,
        address="maija-liisa.korhonen-wikstrom@posti.example.fi",
    )
    subject = {"subject": card["subject"]}
    centre.message(card, "inbound", QUESTION, at=ago(93_000), **subject)
    note = "Tarkistin: tunnus on voimassa 30.11. asti, ei rästejä."
    centre.message(card, "note", note, at=ago(2900))
    fates = [("sent", None), ("unknown", None), ("failed", "550 5.1.1")]
    for n, (state, code) in enumerate(fates):
        text = [ANSWER, "Lähetin juuri ohjeen myös kirjeenä.", "Liitteenä hinnasto."][n]
        message = centre.message(
            card, "outbound", text, at=ago(2700 - n * 600), send_id=f"91{n}", client_id=f"c{n}"
        )
        centre.deliveries[f"91{n}"] = {
            "send_id": f"91{n}",
            "contact": card["contact"],
            "message_seq": message["seq"],
            "state": state,
            "code": code,
        }
    files = [
        _file("70", "leasingsopimus_2026_allekirjoitettu.pdf", "application/pdf", 234_567),
        _file("71", "rekisteriote.jpg", "image/jpeg", 1_834_567),
    ]
    centre.message(card, "inbound", THANKS, at=ago(700), attachments=files, **subject)
    _more(centre)
    return centre


def _more(centre: Centre) -> None:
    second = centre.contact(
        "Johan Bergström",
        "Beslut om dagvårdsplats: bilaga saknas",
        mine=True,
        queue="daycare",
        language="sv",
        waited=9000,
        accepted=ago(1200),
    )
    text = "Hej,\n\nvi har fått beslutet om plats i dagvården men det saknas en bilaga."
    message = centre.message(second, "inbound", text, at=ago(9000), html=True)
    centre.html[second["case"], message["seq"]] = MAIL
    centre.drafts[second["contact"]] = "Hej Johan,\n\ntack för din fråga."
    third = centre.contact(
        "Yhdenvertaisuusvaltuutetun toimisto / kirjaamo",
        "Rakennuslupapäätöksen tiedoksianto",
        mine=True,
        queue="building",
        waited=20_000,
        accepted=ago(900),
    )
    centre.message(third, "inbound", "Tiedoksenne.", at=ago(20_000))
    third |= {"state": "wrap_up", "wrap_up_from": ago(95)}
    fields = {"queue": "daycare", "language": "en", "waited": 1260}
    centre.offer(centre.contact("Abdi Hassan", "Oleskelulupa ja päivähoito", **fields), 75)


def first_day() -> Centre:
    """Nothing yet: offline, nothing in hand."""
    return Centre()
