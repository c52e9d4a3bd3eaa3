"""Answers of which it is known that they did not arrive: shown to somebody until they are settled.

An answer that bounces days later finds no contact in anybody's hands. So what is to be looked after
stands on the message itself, with the agent who is shown it; the frame is only the quick way.
"""

from __future__ import annotations

from contactcenter.cases import store as cases
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def mark(conn: Connection, send_id: int) -> list[tuple[int, Frame]]:
    """An agent's message did not arrive: its case is open again, and the agent is shown it. The
    frames to tell after the commit; none for what no agent wrote."""
    marked = await SQL.mark.one(conn, send_id=send_id)
    if marked is None:
        return []
    if marked["case_id"] is not None:
        await cases.wake(conn, marked["case_id"])
    if marked["undelivered_for"] is None:
        return []
    row = await SQL.notice.row(conn, send_id=send_id)
    return [(row["undelivered_for"], {"type": "notice", **shown(row)})]


async def settle(conn: Connection, send_id: int, why: str) -> list[tuple[int, Frame]]:
    """Somebody dealt with it (resent, arrived, dismissed). The frames to tell; none where nobody
    was shown it, or it was settled before."""
    was = await SQL.settle.one(conn, send_id=send_id)
    if was is None or was["undelivered_for"] is None:
        return []
    return [(was["undelivered_for"], ended_frame(send_id, why))]


async def notices(conn: Connection, agent: int, scope: list[int]) -> list[Frame]:
    """What an agent is shown now, as the snapshot carries it."""
    return [shown(row) for row in await SQL.notices.all(conn, agent=agent, scope=scope)]


def ended_frame(send_id: int, why: str) -> Frame:
    """The `notice_ended` frame."""
    return {"type": "notice_ended", "send_id": str(send_id), "why": why}


def shown(row: Row) -> Frame:
    """A notice (docs/protocol.md)."""
    return {
        "notice": "undelivered",
        "send_id": str(row["send_id"]),
        "case": None if row["case_id"] is None else str(row["case_id"]),
        "contact": None if row["contact_id"] is None else str(row["contact_id"]),
        "message_seq": row["seq"],
        "subject": row["subject"],
        "recipient": row["recipient"],
        "code": row["code"],
        "at": stamp(row["undelivered_at"]),
    }
