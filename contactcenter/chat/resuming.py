"""A page shows its secret: the chat goes on where it was, or a new contact of its case begins."""

from __future__ import annotations

from contactcenter.cases import store as cases
from contactcenter.chat import rules
from contactcenter.chat.store import SQL, ChatQueue
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import store as queue_store


async def lock(conn: Connection, case: int, shown: bytes | None, resume_s: float) -> Row:
    """The chat, held. `shown` is the hash of the secret that the page has; None where none was
    needed. Raises Refused: `request_id_used` where its page has shown one since, `resume_unknown`
    where it is worth nothing any more, `resume_expired` where the page was gone for too long."""
    await cases.lock(conn, case)
    way = await SQL.way_back.row(conn, case=case)
    if shown is None and way["secret"] is not None:  # meanwhile its page has shown that it is there
        raise Refused("request_id_used", field="request_id")
    if shown is not None and shown not in (way["secret"], way["next_secret"]):
        raise Refused("resume_unknown", field="resume")
    state = way["state"] if way["ended"] != "changed" else "closed"
    if rules.is_expired(state, way["away_from"], way["seen_at"], way["now"], resume_s):
        raise Refused("resume_expired", field="resume")
    return way


async def go_on(
    conn: Connection, way: Row, queue: ChatQueue, new: int, *, is_open: bool
) -> Row | None:
    """The contact that the page follows now, one version on: the chat's own while it lives or as
    long as the page doesn't know that it ended or became something else; then a new one of the
    case, `new`. None where the queue takes no chats. Raises Refused."""
    lives = way["state"] in rules.LIVE and way["ended"] != "changed"
    if lives or not way["told"]:
        return await SQL.come_back.row(conn, contact=way["contact_id"])
    if queue.row["organisation_id"] != way["organisation_id"]:
        raise Refused("resume_unknown", field="resume")  # another controller's matter
    return await _reopen(conn, way, queue, new) if is_open else None


async def _reopen(conn: Connection, way: Row, queue: ChatQueue, new: int) -> Row:
    row = await SQL.reopen.row(
        conn,
        contact=new,
        case=way["case_id"],
        person=way["person_id"],
        organisation_id=way["organisation_id"],
        queue_id=queue.row["queue_id"],
        language=queue.language,
        requirement=queue.requirement,
        target_s=queue.row["target_s"],
        priority_s=way["priority_s"],
        name=way["name"],
    )
    await queue_store.note(conn, "entered", row, why="reopened", waits=True)
    await queue_store.put_out(conn, row)
    await cases.wake(conn, way["case_id"])
    await SQL.follow.run(conn, case=way["case_id"], contact=new)
    return row
