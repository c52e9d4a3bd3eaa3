"""Contacts begun by hand and callbacks in the fake contact centre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.console.fake_centre import ME, Centre, Frame, Refuse, ago

MOST = 3


def hand(centre: Centre, channel: str, person: str = "", **fields: Any) -> Frame:
    """A contact that the agent has begun."""
    about = {"subject": "", "address": None, "waited": 0.0, "accepted": ago(0), "held_from": None}
    return centre.contact(person, **about | {"mine": True, "channel": channel} | fields)


def callback(centre: Centre, person: str, matter: str, **fields: Any) -> Frame:
    """A call that is owed; `call` changes what is known of it."""
    owed = {
        "attempts": 0,
        "most": MOST,
        "promise": None,
        "outcome": None,
        "dialled_at": None,
        "next_at": None,
        "number": "+358401234567",
        "shown": "040 1234567",
        "email": "maija@example.net",
    } | fields.pop("call", {})
    about = {"channel": "callback", "subject": "", "address": None, "held_from": None}
    card = centre.contact(person, **about | fields, callback=owed)
    centre.message(card, "inbound", matter, at=card["first_arrival"])
    return card


def _start(centre: Centre, frame: Frame, ref: Frame) -> None:
    known = [c for c in centre.cards.values() if c.get("external_id") == frame["request_id"]]
    if not known:
        if frame["channel"] != "letter":  # takes the whole agent: what is offered goes back first
            for offer in list(centre.offers):
                centre.end_offer(offer, "withdrawn", **ref)
        asked = {name: frame[name] for name in ("queue", "language", "direction")}
        came = frame.get("arrived_at")
        arrived = {"first_arrival": came, "wait_from": came} if came else {}
        request = {"external_id": frame["request_id"]}
        known = [hand(centre, frame["channel"], **asked | arrived | request)]
    centre.show(known[0], **centre.history(known[0]), **ref)


def _person(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = _mine(centre, frame)
    number = frame.get("number", "").replace(" ", "")
    if number and not number.lstrip("+").isdigit():
        raise Refuse("invalid_number", "Tarkista puhelinnumero.", "number")
    known = [c["person"] for c in centre.cards.values() if c["person"]["address"] == number != ""]
    told = {"name": frame.get("name") or card["person"]["name"]}
    told["address"] = number or frame.get("email") or card["person"]["address"]
    card["person"] = card["person"] | told
    if known and known[0]["name"] != told["name"]:
        card["person"]["known_as"] = known[0]["name"]
    centre.show(card, **ref)


def _hold(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = _mine(centre, frame)
    card["held_from"] = ago(0)
    centre.show(card, **ref)


def _unhold(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = _mine(centre, frame)
    card["held_from"] = None
    centre.show(card, **ref)


def _dial(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = _mine(centre, frame)
    card["callback"]["dialled_at"] = ago(0)
    centre.show(card, **ref)


def _attempt(centre: Centre, frame: Frame, ref: Frame) -> None:
    card = centre.cards[frame["contact"]]
    call, outcome = card["callback"], frame["outcome"]
    if call.get("client_id") != frame["client_id"]:
        _mine(centre, frame)
        call |= {"client_id": frame["client_id"], "attempts": call["attempts"] + 1}
        call["outcome"] = outcome
        _follow(card, outcome, frame.get("again_at"))
    centre.show(card, **ref)


def _follow(card: Frame, outcome: str, again_at: str | None) -> None:
    call = card["callback"]
    if outcome == "wrong_number":
        card |= {"state": "wrap_up", "wrap_up_from": ago(0)}
    elif outcome != "reached" and call["attempts"] >= call["most"]:
        card |= {"state": "closed", "disposition": "not_reached"}
    elif outcome != "reached":
        card |= {"state": "scheduled", "owner": None}
        call["next_at"] = again_at or ago(-3600)


def _mine(centre: Centre, frame: Frame) -> Frame:
    card = centre.cards[frame["contact"]]
    if card["owner"] != ME or card["state"] not in ("active", "wrap_up"):
        raise Refuse("not_yours", "Yhteydenotto ei ole sinulla.")
    return card


VERBS: dict[str, Callable[[Centre, Frame, Frame], None]] = {
    "start": _start,
    "person": _person,
    "hold": _hold,
    "unhold": _unhold,
    "dial": _dial,
    "attempt": _attempt,
}
