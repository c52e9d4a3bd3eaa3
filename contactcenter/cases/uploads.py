"""Files that agents send: uploaded for a contact, kept beside its draft, sent with an answer.

Functions take a connection and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contactcenter.cases import files
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
MOST_FILES = 20
MOST_BYTES = 18_000_000  # in base64 they still fit into a mail of 25 MB
MOST_WAITING = 40


async def send(conn: Connection, contact: int, message: int, ids: Sequence[int]) -> int:
    """Make an agent's uploads of a contact files of a message; their bytes. Raises Refused, also
    for what is infected, and `unavailable` for what waits for the scanner: nothing leaves the house
    before it was looked at."""
    if not ids:
        return 0
    sent = await SQL.send.all(conn, contact=contact, message=message, ids=list(ids))
    if len(sent) < len(set(ids)):
        raise Refused("not_found", "unknown_upload", field="attachments")
    for row in sent:
        files.require_open(row, "attachments")
    return sum(row["size"] for row in sent)


def check_size(size: int) -> None:
    """Raises Refused("too_large") where all files of a mail together are too much."""
    if size > MOST_BYTES:
        raise Refused("too_large", "files_too_large", field="attachments", most=MOST_BYTES)


async def these(conn: Connection, contact: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Uploads of a contact as screens get them; those that are gone are left out."""
    rows = await SQL.these.all(conn, contact=contact, ids=list(ids)) if ids else []
    return [files.shown(row) for row in rows]


async def drop_unused(db: Database) -> int:
    """Delete what nobody sent for a day and no draft names. Returns how many were deleted."""
    async with db.transaction() as conn:
        ids = [row["id"] for row in await SQL.unused.all(conn)]
        return int(await SQL.drop.value(conn, ids=ids)) if ids else 0
