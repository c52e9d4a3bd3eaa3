"""What an agent sees on arrival: own state, contacts in hand with their messages, offers."""

from __future__ import annotations

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.cases import undelivered
from contactcenter.desk.handling import history
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Feed
from contactcenter.queue import agents, frames, store


async def snapshot(db: Database, feed: Feed, actor: Actor) -> bytes:
    """The `snapshot` frame. Its number is read first: a change that comes between is told again."""
    seq = await feed.newest(actor.user_id)
    async with db.connection() as conn:
        state = await agents.state(conn, actor.user_id)
        rows = await store.cards(conn, await store.in_hand(conn, actor.user_id))
        contacts = [
            frames.card(row) | await history(conn, actor, row["id"])
            for row in rows
            if row["state"] != "offered"
        ]
        notices = await undelivered.notices(conn, actor.user_id, list(actor.scope))
    return msgspec.json.encode(
        {
            "seq": seq,
            "type": "snapshot",
            "agent": {
                "id": str(actor.user_id),
                "name": actor.name,
                "capacity": actor.capacity,
                "role": actor.role,
                "language": actor.language,
            },
            "state": agents.shown(state),
            "contacts": contacts,
            "offers": [frames.offer_frame(row) for row in rows if row["state"] == "offered"],
            "notices": notices,
        }
    )
