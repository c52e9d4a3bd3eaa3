"""How a contact came back into the line, and who had it out of its turn: told in words by whoever
shows it."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor, may
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
MOST = 50  # the newest


async def history(conn: Connection, actor: Actor, contact: int) -> list[dict[str, Any]]:
    """What happened to a contact that the actor may see, in its order (docs/api.md). Others than
    the actor are named to those who may watch."""
    rows = await SQL.happened.all(conn, contact=contact, most=MOST)
    named = may(actor, "watch")

    def name(user: int | None, name: str | None) -> str | None:
        return name if named or user == actor.user_id else None

    return [
        {
            "at": stamp(row["at"]),
            "what": _what(row),
            "agent": name(row["agent"], row["name"]),
            "me": row["agent"] == actor.user_id,
            "reason": _reason(row),
            "by": name(row["asker"], row["asker_name"]),
        }
        for row in reversed(rows)
    ]


def _what(row: Row) -> str:
    """The offer's end (declined, missed, lost, withdrawn) or the agent's (agent_lost, handed_back,
    transfer, not_reached); `pulled`: taken, or `pulled_for`: offered, out of its turn."""
    return "pulled_for" if row["kind"] == "offered" else str(row["why"])


def _reason(row: Row) -> dict[str, Any] | None:
    if row["reason"] is None:
        return None
    said = None if row["said"] is None else msgspec.json.decode(row["said"])
    return {"key": row["reason"], "name": said}
