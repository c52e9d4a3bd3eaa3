"""What screens are shown of a contact (docs/protocol.md)."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.kernel.clock import stamp
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.phone import national
from contactcenter.kernel.sql import Row


def card(row: Row, *, text: bool = True) -> dict[str, Any]:
    """A contact as screens get it (docs/protocol.md); without `text` what a citizen wrote stays
    out, as in an offer."""
    shown: dict[str, Any] = {
        "contact": str(row["id"]),
        "case": _id(row["case_id"]),
        "queue": row["queue"],
        "channel": row["channel"],
        "direction": row["direction"],
        "language": row["language"],
        "state": row["state"],
        "version": row["version"],
        "owner": _id(row["owner"]),
        "units": row["units"],
        "first_arrival": stamp(row["first_arrival"]),
        "wait_from": stamp(row["wait_from"]),
        "accepted": stamp(row["accepted_at"]),
        "held_from": stamp(row["held_at"]),
        "paused_from": stamp(row["paused_at"]),
        "wrap_up_from": stamp(row["wrap_up_at"]) if row["state"] == "wrap_up" else None,
        "unread": row["unread"],
        "case_state": row["case_state"],
        "person": {"id": _id(row["person_id"]), "name": row["called"] or row["person_name"] or ""},
    }
    if row["answer_by"] is not None:
        shown["answer_by"] = stamp(row["answer_by"])
    if row["channel"] == "chat":
        shown["here"] = row["away_from"] is None
        shown["away_from"] = stamp(row["away_from"])
        shown["citizen_read"] = row["read_by_citizen"] or 0
        shown["ended"] = row["ended"]
        if row["idle_at"] is not None:
            shown["idle_closes_at"] = stamp(row["idle_at"])
    if row["channel"] == "callback" and row["number"] is not None:
        shown["callback"] = _callback(row, text)
    if row["aside"] is not None:
        shown["aside"] = row["aside"]
    if text:
        shown["subject"] = row["subject"]
        if row["channel"] == "chat":
            shown["page_language"] = row["page_language"]
        shown["person"]["address"] = None if row["protected"] else row["person_address"]
        if row["protected"]:
            shown["person"]["protected"] = True
        known = row["person_name"] or ""
        if known and known.casefold() != shown["person"]["name"].casefold():
            shown["person"]["known_as"] = known
        if row["has_page"]:
            shown["page"] = {"seen_at": stamp(row["page_seen_at"])}
        if row["draft"]:
            shown["draft"] = row["draft"]
        if row["draft_mail"] is not None:
            shown["draft_mail"] = _draft_mail(row)
    return shown


def _draft_mail(row: Row) -> dict[str, Any]:
    """What the draft says beside its text, with the uploads that are still there."""
    told: dict[str, Any] = msgspec.json.decode(row["draft_mail"])
    told.pop("attachments", None)
    if row["draft_files"] is not None:
        told["attachments"] = [
            {name: value for name, value in file.items() if value is not None}
            for file in msgspec.json.decode(row["draft_files"])
        ]
    return told


def _callback(row: Row, text: bool) -> dict[str, Any]:
    """How often it was tried and what was promised; the number for the owner alone."""
    promised = row["promise_from"] is not None
    begun = row["accepted_at"] is not None and row["dialled_at"] is not None
    in_hand = begun and row["dialled_at"] >= row["accepted_at"]
    shown = {
        "attempts": row["attempts"],
        "most": row["most"],
        "promise": {"from": stamp(row["promise_from"]), "to": stamp(row["promise_to"])}
        if promised
        else None,
        "outcome": row["outcome"],
        "dialled_at": stamp(row["dialled_at"]) if in_hand else None,
        "next_at": stamp(row["next_at"]),
    }
    if text:
        shown |= {"number": row["number"], "shown": national(row["number"]), "email": row["email"]}
    return shown


def contact_frame(row: Row, user: int) -> Frame:
    """The frame by which a user hears of a contact: an offer, or the card. What the citizen wrote
    and the draft are for the owner alone, from acceptance on."""
    if row["state"] == "offered" and row["owner"] == user:
        return offer_frame(row)
    return {"type": "contact", "contact": card(row, text=row["owner"] == user)}


def offer_frame(row: Row) -> Frame:
    """The `offer` frame: the card without what the citizen wrote, and when the offer ends."""
    return {
        "type": "offer",
        "offer": str(row["offer_id"]),
        "contact": card(row, text=False),
        "expires_at": stamp(row["offered_until"]),
        "expires_in_s": max(0.0, round(row["expires_in_s"], 3)),
    }


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)
