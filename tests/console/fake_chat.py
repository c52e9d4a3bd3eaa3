"""What citizens do in the chats of the fake contact centre."""

from __future__ import annotations

from typing import Any

from tests.console.fake_centre import Centre, Frame, ago


def begin(centre: Centre, person: str, **fields: Any) -> Frame:
    """A chat that waits, or with `mine=True` is in hand; "" for a citizen without a name."""
    about = {"channel": "chat", "subject": None, "address": None, "waited": 40.0}
    here = {"here": True, "away_from": None, "citizen_read": 0}
    return centre.contact(person, **about | here | fields)


def say(centre: Centre, card: Frame, text: str) -> None:
    """The citizen writes: no card follows, the console counts."""
    message = centre.message(card, "inbound", text)
    card["unread"] += 1
    centre.tell(centre.told(card, message))


def write(centre: Centre, card: Frame) -> None:
    """The citizen is writing."""
    centre.whisper({"type": "typing", "contact": card["contact"]})


def read(centre: Centre, card: Frame) -> None:
    """The citizen has seen all there is."""
    card["citizen_read"] = len(centre.messages[card["case"]])
    frame = {"type": "read", "contact": card["contact"], "seq": card["citizen_read"]}
    centre.whisper(frame)


def go(centre: Centre, card: Frame, seconds: float = 0) -> None:
    """The citizen's page is gone."""
    card |= {"here": False, "away_from": ago(seconds)}
    centre.show(card)


def come_back(centre: Centre, card: Frame) -> None:
    """The citizen's page is there again."""
    card |= {"here": True, "away_from": None}
    centre.show(card)


def fall_silent(centre: Centre, card: Frame, seconds: float = 120) -> None:
    """The citizen has been asked whether they are still there, and has so long to answer."""
    card |= {"idle_closes_at": ago(-seconds)}
    centre.show(card)


def leave(centre: Centre, card: Frame, ended: str = "left") -> None:
    """The citizen ends the chat, or it ends by itself."""
    card.pop("idle_closes_at", None)
    card |= {"ended": ended}
    card |= {"here": False, "away_from": ago(0), "state": "wrap_up", "wrap_up_from": ago(0)}
    centre.show(card)
