"""What an agent decides about a message that left, or may have left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.cases import outbound, undelivered
from contactcenter.delivery.rules import Post
from contactcenter.delivery.store import SQL, columns, post_of
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.publish import Change, Publisher


class _Another(Exception):
    """The message is in another state than its agent saw."""


async def resend(
    db: Database, publisher: Publisher, actor: Actor, send_id: int, seen: str | None = None
) -> None:
    """Try again what failed, is not known to have left, or was refused to some; at once, what waits
    for its next try. With the same Message-ID, to those who are not known to have it. Raises
    Refused("wrong_state") for one that everybody has; a repeat changes nothing. `seen`: the state
    in which its agent saw it; where it is another by now, the agent is shown that alone, since it
    may have left meanwhile."""
    try:
        async with _decided(db, publisher, actor, send_id, "resent", sends=True) as (conn, row):
            if seen not in (None, row["state"]):
                raise _Another
            await _resend(conn, actor, row)
    except _Another:
        await tell_delivery(db, publisher, send_id, also=actor.user_id)


async def _resend(conn: Connection, actor: Actor, row: Row) -> None:
    post = post_of(row)
    if row["state"] in ("failed", "unknown") or (row["state"] == "sent" and post.refused):
        await _decide(conn, actor, row, "queued", "resend", post.again())
    elif row["state"] == "queued":
        await _decide(conn, actor, row, "queued", "resend", post)
    elif row["state"] != "sending":
        raise Refused("wrong_state", field="send_id")


async def arrived(db: Database, publisher: Publisher, actor: Actor, send_id: int) -> None:
    """The agent knows that it arrived. A repeat changes nothing."""
    async with _decided(db, publisher, actor, send_id, "arrived") as (conn, row):
        if row["state"] == "unknown":
            await _decide(conn, actor, row, "sent", "arrived", post_of(row).arrived())
        elif row["state"] != "sent":
            raise Refused("wrong_state", field="send_id")


@asynccontextmanager
async def _decided(
    db: Database,
    publisher: Publisher,
    actor: Actor,
    send_id: int,
    settles: str,
    *,
    sends: bool = False,
) -> AsyncIterator[tuple[Connection, Row]]:
    """The message, held while somebody decides about it; then it needs no more looking after, and
    all are shown what it is."""
    require(actor, "work")
    async with db.transaction() as conn:
        row = await SQL.of.one(conn, send_id=send_id, scope=scope_for(actor, "work"))
        if row is None:
            raise Refused("not_found", field="send_id")
        yield conn, row
        ended = await undelivered.settle(conn, send_id, settles)
    await tell_delivery(db, publisher, send_id, ended, also=actor.user_id, sends=sends)


async def _decide(conn: Connection, actor: Actor, row: Row, to: str, verb: str, post: Post) -> None:
    await SQL.decide.run(
        conn,
        send_id=row["send_id"],
        to=to,
        code=f"{verb} by agent",
        **{"from": row["state"]},
        **columns(post),
    )
    await audit.note(
        conn, actor, verb, "outbound", row["send_id"], organisation_id=row["organisation_id"]
    )


async def tell_delivery(
    db: Database,
    publisher: Publisher,
    send_id: int,
    more: Sequence[tuple[int, Frame]] = (),
    *,
    also: int | None = None,
    sends: bool = False,
) -> None:
    """Show the message's delivery state to those who see its contact; and `more` frames."""
    async with db.connection() as conn:
        row = await outbound.delivery(conn, send_id)
    users = {row["owner"], row["author_id"], also} - {None}
    frame = outbound.delivery_frame(row)
    tell = [*((user, frame) for user in sorted(users)), *more]
    await publisher.publish(Change(tell=tell, sends=sends))
