"""An agent with three chats beside two mails, and one of each offered."""

from __future__ import annotations

from tests.console import fake_chat
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.scenes import QUESTION

LINES: list[tuple[str, float, str]] = [
    ("inbound", 1500, "Hei! Asukaspysäköintitunnus loppuu huomenna."),
    ("inbound", 1495, "Voinko siirtää sen uuteen osoitteeseen?"),
    ("outbound", 1440, "Hei! Kyllä voi, muuttopäivästä alkaen."),
    ("outbound", 1432, "Ohje on täällä: https://www.example.fi/pysakointi/tunnus"),
    ("note", 1400, "Tarkistin: tunnus on voimassa 30.11. asti, ei rästejä."),
    ("inbound", 700, "Kiitos! Entä jos auto on liisattu?"),
    ("outbound", 640, "Silloin tarvitaan leasingsopimus. Voit liittää sen hakemukseen kuvana."),
    ("inbound", 150, "Selvä. Hyväksyttekö myös ruotsinkielisen sopimuksen? Se on kolmessa osassa."),
    ("inbound", 140, "Ja kuinka nopeasti sen saa?"),
]


def file(id_: str, name: str, media_type: str, scan: str = "clean", **found: str) -> Frame:
    """A file as the server tells of it."""
    made = {"id": id_, "name": name, "media_type": media_type, "size": 148_120, "scan": scan}
    return made | found


FILES: dict[float, list[Frame]] = {
    640: [file("801", "ohje.pdf", "application/pdf")],
    150: [
        file("802", "sopimus sivu 1.jpg", "image/jpeg"),
        file("803", "leasing" + "sopimus" * 6 + " sivu 2.pdf", "application/pdf", "waiting"),
        file("804", "sivu 3.doc", "application/msword", "infected", scan_name="Doc.Macro-1"),
    ],
}


def chats() -> Centre:
    """Available and busy: every sign that a chat's row can show."""
    centre = Centre()
    centre.status = {"value": "available", "reason": None, "since": ago(4300)}
    _talk(centre)
    _away(centre)
    _nameless(centre)
    _mails(centre)
    _offers(centre)
    return centre


def _talk(centre: Centre) -> None:
    name = "Maija-Liisa Korhonen-Wikström"
    card = fake_chat.begin(centre, name, mine=True, waited=1520, accepted=ago(1490), unread=2)
    for direction, seconds, text in LINES:
        written: Frame = {"client_id": f"c{seconds}"} if direction != "inbound" else {}
        if seconds in FILES:
            written["attachments"] = FILES[seconds]
        centre.message(card, direction, text, at=ago(seconds), **written)
    card["citizen_read"] = 7


def _away(centre: Centre) -> None:
    fields = {"queue": "daycare", "language": "sv", "accepted": ago(900), "waited": 960}
    card = fake_chat.begin(centre, "Johan", mine=True, **fields)
    centre.message(card, "inbound", "Hej, har ni plats på Solgläntan?", at=ago(950))
    answer = "Hej Johan! Jag kollar, ett ögonblick."
    centre.message(card, "outbound", answer, at=ago(880), client_id="j1")
    card |= {"here": False, "away_from": ago(200), "citizen_read": 2}


def _nameless(centre: Centre) -> None:
    card = fake_chat.begin(centre, "", mine=True, language="en", queue="building", accepted=ago(30))
    centre.message(
        card, "inbound", "Hello, do I need a permit for a sauna in the yard?", at=ago(35)
    )
    card["unread"] = 1


def _mails(centre: Centre) -> None:
    first = _mail(centre, "Otto Toinen", "Pysäköintivirhemaksun oikaisupyyntö", 9000)
    first["unread"] = 1
    last = _mail(centre, "Yhdenvertaisuusvaltuutetun toimisto / kirjaamo", "Tiedoksianto", 20_000)
    last["paused_from"] = ago(95)


def _mail(centre: Centre, person: str, subject: str, seconds: float) -> Frame:
    card = centre.contact(person, subject, mine=True, waited=seconds, accepted=ago(600))
    centre.message(card, "inbound", QUESTION, at=ago(seconds), subject=subject)
    return card


def _offers(centre: Centre) -> None:
    centre.offer(fake_chat.begin(centre, "Abdi Hassan", queue="daycare", language="en"), 45)
    mail = {"queue": "daycare", "language": "en", "waited": 5260}
    centre.offer(centre.contact("Abdi Hassan", "Päivähoito", **mail), 75)
