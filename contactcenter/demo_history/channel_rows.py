"""The rows that a simulated contact has by its channel."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from contactcenter.chat.talk import FIRST_SOCKET
from contactcenter.demo_history.lived import Lived

By = dict[str, list[dict[str, Any]]]
REQUEST = "demo-{}"  # with a contact's id: what it was asked for by


def moment(at: float | None) -> datetime | None:
    """A time as the database takes it."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def channel_rows(by: By, c: Lived) -> None:
    """The key it was taken in by, a chat's way back, a callback's tries."""
    keys = {
        "mail": ("mail", f"demo {c.external_id}"),
        "chat": ("chat", f"hello demo-{c.id}"),
    }
    by_hand = ("desk", f"{c.owner.id if c.owner else 0} {REQUEST.format(c.id)}")
    channel, key = keys.get(c.channel, by_hand)
    if c.channel == "callback":
        _callback(by, c)
        return
    by["intake"].append(
        {"channel": channel, "key": key, "contact_id": c.id, "at": moment(c.made_at)}
    )
    if c.channel == "chat":
        by["chat"].append(_chat(c))


def _chat(c: Lived) -> dict[str, Any]:
    ended = "left" if c.left or c.state == "abandoned" else None
    return {
        "case_id": c.case.id,
        "contact_id": c.id,
        "socket": FIRST_SOCKET,
        "seen_at": moment(max(said.made_at for said in c.case.said)),
        "read_by_citizen": len(c.case.said),
        "read_by_agent": len(c.case.said) if c.owner else 0,
        "ended": ended,
        "told": True,
    }


def _callback(by: By, c: Lived) -> None:
    call, number_ = c.call, c.case.person.number
    opens, closes = call.promise or (None, None)
    by["callback"].append(
        {
            "contact_id": c.id,
            "organisation_id": c.queue.organisation_id,
            "number": number_,
            "promise_from": moment(opens),
            "promise_to": moment(closes),
            "kept": call.kept,
            "attempts": len(call.tries),
            "result": call.result,
        }
    )
    by["callback_request"].append(
        {
            "id": call.request.id,
            "request_id": REQUEST.format(c.id),
            "contact_id": c.id,
            "digest": hashlib.sha256(f"{number_} {c.id}".encode()).digest(),
            "joined": False,
            "language": c.language,
            "at": moment(c.made_at),
        }
    )
    for n, (at, agent, outcome) in enumerate(call.tries, 1):
        by["attempt"].append(
            {
                "contact_id": c.id,
                "client_id": f"demo-{n}",
                "n": n,
                "at": moment(at),
                "agent": agent.id,
                "outcome": outcome,
            }
        )
