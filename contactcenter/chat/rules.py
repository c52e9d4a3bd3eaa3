"""What a citizen's page may say, and what it is told of its contact. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from contactcenter.kernel import phone
from contactcenter.kernel.clock import stamp

MAX_TEXT = 10_000
encode = msgspec.json.Encoder().encode
LIVE = frozenset({"queued", "offered", "active"})


def is_expired(
    state: str, away_from: datetime | None, seen_at: datetime, now: datetime, resume_s: float
) -> bool:
    """Whether the way back is closed: the page was gone for too long, or the chat's end is long
    past."""
    gone_from = away_from if state in LIVE else seen_at
    return gone_from is not None and now - gone_from > timedelta(seconds=resume_s)


def welcome_frame(
    contact: int, secret: str, seq: int, queue: str, name: str, language: str, offers: list[str]
) -> dict[str, Any]:
    """The `welcome` frame: the chat is taken in, how to come back to it, and what it may be changed
    to while it waits."""
    return {
        "type": "welcome",
        "contact": str(contact),
        "resume": secret,
        "seq": seq,
        "queue": {"key": queue, "name": name},
        "language": language,
        "offers": offers,
    }


def closed_frame(ended: str | None, case_url: str, feedback_url: str | None) -> dict[str, Any]:
    """The `closed` frame of a chat that was open; without another reason the agent closed it.
    `case_url`: the page on which the matter goes on; `feedback_url`: where the citizen says how it
    went, where that is asked."""
    frame = {"type": "closed", "reason": ended or "agent", "case_url": case_url}
    return frame if feedback_url is None else frame | {"feedback_url": feedback_url}


def queue_closed_frame(
    opens_at: datetime | None, offers: list[str], number: str = ""
) -> dict[str, Any]:
    """The `closed` frame of a queue that takes no chats now: when it opens, where it is known, and
    what can be done instead. `offers`: its other ways, callback and mail; `number`: by which it may
    be called."""
    frame: dict[str, Any] = {
        "type": "closed",
        "reason": "queue_closed",
        "opens_at": stamp(opens_at),
        "offers": instead(offers),
    }
    return frame | {"phone": phone_shown(number)} if number else frame


def phone_shown(number: str) -> dict[str, str]:
    """A number as pages get it: as it is read, and what dials it."""
    return {"number": number, "link": phone.link(number)}


def idle_frame(closes_at: datetime | None, closes_in_s: float | None) -> dict[str, Any]:
    """The `idle` frame: when the chat is closed unless its citizen says to be still there; None:
    the question has been answered."""
    left = None if closes_at is None or closes_in_s is None else max(0.0, round(closes_in_s, 3))
    return {"type": "idle", "closes_at": stamp(closes_at), "closes_in_s": left}


_WHY = {"transfer": "transfer", "agent_lost": "lost"}


def agent_frame(event: int, at: datetime, agent: str, *, came: bool, why: str) -> dict[str, Any]:
    """The `agent_came` or `agent_left` frame of an event. `agent`: "" for no name."""
    told = {"id": str(event), "at": stamp(at), "agent": agent}
    if came:
        return {"type": "agent_came"} | told
    return {"type": "agent_left"} | told | {"why": _WHY.get(why, "returned")}


def instead(offers: list[str]) -> list[str]:
    """What a page offers where there is no chat: a message first, which can be left at any hour."""
    ways = {"mail": "leave_message", "callback": "callback"}
    return [word for way, word in ways.items() if way in offers]


def waiting_frame(
    place: int, staffed: bool, told: tuple[int, int] | None, closes_at: datetime | None
) -> dict[str, Any]:
    """The `waiting` frame; `told`: between which seconds from now the wait is as good as sure to
    end; `closes_at`: when the queue closes, where it may last until then."""
    low_s, high_s = told or (None, None)
    frame: dict[str, Any] = {
        "type": "waiting",
        "place": place,
        "low_s": low_s,
        "high_s": high_s,
        "staffed": staffed,
    }
    return frame if closes_at is None else frame | {"closes_at": stamp(closes_at)}
