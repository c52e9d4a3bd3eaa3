"""What was said, for the agent who has a contact: a message may be what was not told."""

from __future__ import annotations

from contactcenter.cases import store as cases
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.sql import Connection, Row


def owes_more(row: Row) -> bool:
    """Whether more than the newest change of a contact in hand is owed to its owner: another
    change was committed and not told yet, or never will be."""
    in_hand = row["state"] in ("active", "wrap_up")
    return in_hand and row["owed_from"] is not None and row["owed_from"] < row["version"]


async def story(conn: Connection, row: Row) -> Frame:
    """{messages, more} of a contact's case as its owner sees it."""
    return await cases.timeline(conn, row["case_id"], [row["organisation_id"]], row["owner"])
