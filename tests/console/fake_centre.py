"""A contact centre in memory, for one agent: just enough of docs/protocol.md for the console.

The tests steer it: `offer`, `inbound`, `delivery` make things happen, `deaf` swallows answers,
`Centre.refuse` says no. It keeps the server's promises: numbered frames, replies stored once by
their client id, repeats answered like the first.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from contactcenter.queue.rules import EXCLUSIVE_CHANNELS

Frame = dict[str, Any]
ME = "7"
CAPACITY = 5


def ago(seconds: float) -> str:
    """A moment so many seconds ago, as the server writes it."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="microseconds")


def _unowned(card: Frame) -> Frame:
    """A callback as it is shown to whoever has yet to accept it: without number and address."""
    hidden = ("number", "shown", "email")
    owed = card.get("callback")
    return {"callback": {k: v for k, v in owed.items() if k not in hidden}} if owed else {}


class Refuse(Exception):
    """What a verb says no with: code and words."""


class Centre:
    """The agent's state, contacts, offers, and the frames told so far."""

    def __init__(self) -> None:
        self.seq = 0
        self.language = "fi"
        self.zone = "Europe/Helsinki"
        self.role = "agent"
        self.may_pull = False
        self.feed: list[Frame] = []
        self.tell_all: Callable[[Frame], None] = lambda frame: None
        self.status: Frame = {"value": "offline", "reason": None, "since": ago(4000)}
        self.cards: dict[str, Frame] = {}
        self.messages: dict[str, list[Frame]] = {}
        self.html: dict[tuple[str, int], str] = {}
        self.rests: dict[tuple[str, int], str] = {}
        self.feedback: dict[str, Frame] = {}  # what opened a case, of those opened unasked
        self.services: dict[str, int | None] = {}  # which service was said of a case
        self.areas: dict[str, str | None] = {}  # which area was said of a case
        self.undelivered: dict[str, Frame] = {}
        self.deliveries: dict[str, Frame] = {}
        self.offers: dict[str, Frame] = {}
        self.drafts: dict[str, str] = {}
        self.draft_mails: dict[str, Frame] = {}
        self.uploads: dict[str, Frame] = {}
        self.heard: list[Frame] = []
        self.hears = asyncio.Event()  # set with each of them
        self.refusals: dict[str, tuple[str, str]] = {}
        self.snapshots = 0  # how many were asked for
        self._ids = itertools.count(4001)

    # ------------------------------------------------------------ what the tests make happen

    def contact(self, person: str, subject: str | None, **fields: Any) -> Frame:
        """A new contact of a new case; `mine=True`: in hand already."""
        mine = fields.pop("mine", False)
        waited = fields.pop("waited", 600.0)
        address = fields.pop("address", "asukas@example.net")
        card: Frame = {
            "contact": str(next(self._ids)),
            "case": str(next(self._ids)),
            "queue": "parking",
            "channel": "mail",
            "direction": "citizen",
            "language": "fi",
            "state": "active" if mine else "queued",
            "version": 1,
            "owner": ME if mine else None,
            "first_arrival": ago(waited),
            "wait_from": ago(waited),
            "accepted": ago(waited / 2) if mine else None,
            "wrap_up_from": None,
            "unread": 0,
            "case_state": "open",
            "person": {"id": "90", "name": person, "address": address},
            "subject": subject,
        } | fields
        card.setdefault("units", CAPACITY if card["channel"] in EXCLUSIVE_CHANNELS else 1)
        self.cards[card["contact"]] = card
        self.messages[card["case"]] = []
        return card

    def message(self, card: Frame, direction: str, text: str, **fields: Any) -> Frame:
        """Add a message without telling."""
        told = self.messages[card["case"]]
        who = {"inbound": card["person"]["name"], "outbound": "Aino Virtanen"}
        message: Frame = {
            "seq": len(told) + 1,
            "direction": direction,
            "from": who.get(direction, "Aino Virtanen"),
            "text": text,
            "at": ago(0),
        } | fields
        told.append(message)
        return message

    def inbound(self, card: Frame, text: str) -> None:
        """The citizen writes again."""
        message = self.message(card, "inbound", text)
        card["unread"] += 1
        self.tell(self.told(card, message))
        self.show(card)

    def told(self, card: Frame, message: Frame) -> Frame:
        """The frame that tells a message."""
        contact, case = card["contact"], card["case"]
        return {"type": "message", "contact": contact, "case": case, "message": message}

    def offer(self, card: Frame, seconds: float = 60) -> str:
        """Offer it, or prolong the offer that stands."""
        standing = [o for o, f in self.offers.items() if f["contact"]["contact"] == card["contact"]]
        offer = standing[0] if standing else str(next(self._ids))
        card["state"], card["owner"] = "offered", ME
        shown = {k: v for k, v in card.items() if k != "subject"} | _unowned(card)
        frame = {
            "type": "offer",
            "offer": offer,
            "contact": shown | {"person": {"id": "90", "name": card["person"]["name"]}},
            "expires_at": ago(-seconds),
            "expires_in_s": seconds,
        }
        self.offers[offer] = frame
        self.tell(frame)
        return offer

    def take(self, card: Frame) -> None:
        """A mail is taken for the agent without asking."""
        card |= {"state": "active", "owner": ME, "accepted": ago(0)}
        self.show(card, **self.history(card), automatic=True)

    def end_offer(self, offer: str, why: str, **ref: Any) -> None:
        """It ends unaccepted."""
        card = self.cards[self.offers.pop(offer)["contact"]["contact"]]
        card["state"], card["owner"] = "queued", None
        self.tell({"type": "offer_ended", "offer": offer, "why": why} | ref)

    def take_away(self, card: Frame) -> None:
        """The contact goes back to the line."""
        card["state"], card["owner"] = "queued", None
        self.show(card)

    def delivery(self, send_id: str, state: str, code: str | None = None, **ref: Any) -> None:
        """What became of a reply."""
        self.deliveries[send_id] |= {"state": state, "code": code}
        self.tell({"type": "delivery"} | self.deliveries[send_id] | ref)

    def refuse(self, verb: str, code: str, message: str) -> None:
        """Say no to the next frame of this type."""
        self.refusals[verb] = (code, message)

    # ------------------------------------------------------------ frames

    def tell(self, frame: Frame) -> None:
        """Number a frame, keep it, send it to the open tabs."""
        self.seq += 1
        told = {"seq": self.seq} | frame
        self.feed.append(told)
        self.tell_all(told)

    def whisper(self, frame: Frame) -> None:
        """Send an unnumbered frame, which is not kept."""
        self.tell_all(frame)

    def show(self, card: Frame, **beside: Any) -> None:
        """Tell a contact's card."""
        card["version"] += 1
        self.tell({"type": "contact", "contact": self.card(card)} | beside)

    def card(self, card: Frame) -> Frame:
        """The card with its draft."""
        draft = self.drafts.get(card["contact"])
        mail = self.draft_mails.get(card["contact"])
        kept = {"draft": draft, "draft_mail": mail}
        return dict(card) | {name: said for name, said in kept.items() if said}

    def history(self, card: Frame) -> Frame:
        """The newest 50 messages of the case, and what became of the replies."""
        told = self.messages[card["case"]]
        sent = {message.get("send_id") for message in told}
        mine = [d for d in self.deliveries.values() if d["send_id"] in sent]
        return {"messages": told[-50:], "more": len(told) > 50, "deliveries": mine}

    def snapshot(self) -> Frame:
        """All there is."""
        self.snapshots += 1
        mine = [card for card in self.cards.values() if card["owner"] == ME]
        in_hand = [card for card in mine if card["state"] in ("active", "wrap_up")]
        me = {"id": ME, "name": "Aino Virtanen", "capacity": CAPACITY, "role": self.role}
        return {
            "seq": self.seq,
            "type": "snapshot",
            "agent": me | {"language": self.language},
            "state": self.status,
            "contacts": [self.card(card) | self.history(card) for card in in_hand],
            "offers": list(self.offers.values()),
            "notices": list(self.undelivered.values()),
        }

    def since(self, after: int) -> list[Frame] | None:
        """The frames after a number; None where they are not all kept: a snapshot is needed."""
        missed = [frame for frame in self.feed if frame["seq"] > after]
        whole = len(missed) == self.seq - after
        return missed if after > 0 and whole else None
