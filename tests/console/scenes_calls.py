"""An agent at the counter and on the telephone: contacts begun by hand, and callbacks."""

from __future__ import annotations

from tests.console import fake_calls
from tests.console.fake_centre import Centre, Frame, ago

MATTER = (
    "Asia koskee rakennuslupaa: naapurin kuulemisesta puuttuu yksi allekirjoitus. "
    "Tavoitatte parhaiten aamupäivällä."
)


def window(begins_in_s: float) -> Frame:
    """A promised half hour."""
    return {"from": ago(-begins_in_s), "to": ago(-begins_in_s - 1800)}


def calls() -> Centre:
    """A visit on hold, a call, a letter; a callback in hand, two offered."""
    centre = Centre()
    centre.status = {"value": "available", "reason": None, "since": ago(4300)}
    owed = {"promise": window(-700), "attempts": 1, "outcome": "no_answer"}
    about = {"mine": True, "queue": "building", "accepted": ago(95), "waited": 5400.0}
    fake_calls.callback(centre, "Maija-Liisa Korhonen-Wikström", MATTER, call=owed, **about)
    visit = fake_calls.hand(centre, "visit", "Johan Bergström", accepted=ago(754), language="sv")
    visit["held_from"] = ago(64)
    centre.message(visit, "note", "Kysyy päivähoitopaikasta. Haen lomakkeen.", at=ago(300))
    fake_calls.hand(centre, "call", accepted=ago(12))
    fake_calls.hand(centre, "letter", "Tilitoimisto Öhman Oy", accepted=ago(3735), queue="daycare")
    centre.cards[visit["contact"]]["person"]["address"] = "+358401234567"
    third = {"promise": window(600), "attempts": 2, "outcome": "busy"}
    centre.offer(fake_calls.callback(centre, "Abdi Hassan", "Oleskelulupa", call=third), 75)
    centre.offer(fake_calls.callback(centre, "", "Kirjasto", language="en"), 45)
    return centre
