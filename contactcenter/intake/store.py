"""Intake's rows. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import msgspec

from contactcenter.channel import Cursor, OpenFeedback
from contactcenter.intake.rules import Entry, File, Target
from contactcenter.kernel.mask import storable
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sealing import Chunk
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
_json = msgspec.json.Encoder().encode


async def take_in(
    conn: Connection,
    entries: Sequence[Entry],
    files: Sequence[File],
    blobs: Sequence[Chunk],
    cursor: Cursor | None = None,
) -> list[Row]:
    """Insert new contacts in one statement. Returns the rows of those that were new."""
    return await SQL.take_in.all(
        conn,
        entries=_json(entries).decode(),
        files=_json(files).decode(),
        blob_id=[blob.blob_id for blob in blobs],
        blob_n=[blob.n for blob in blobs],
        blob_data=[blob.data for blob in blobs],
        blob_seal=[blob.sealed_by for blob in blobs],
        source=cursor.source if cursor else None,
        cursor=cursor.value if cursor else None,
        fence=cursor.fence if cursor else 0,
    )


async def add_feedback(conn: Connection, contact: int, given: OpenFeedback) -> None:
    """What is said of a new contact that is open feedback, masked, in the transaction of intake."""
    await SQL.add_feedback.run(
        conn,
        contact=contact,
        via=given.via,
        kind=given.kind,
        about=given.about,
        service=given.service,
        language=given.language,
        place=storable(given.place),
        lat=given.lat,
        long=given.long,
        media_url=None if given.media_url is None else storable(given.media_url),
        token_hash=given.token_hash,
        days=given.days,
        publish=given.publish,
    )


async def move_on(conn: Connection, cursor: Cursor | None) -> None:
    """Note how far a door has read, in the caller's transaction; nothing without a cursor."""
    if cursor is not None:
        await SQL.set_cursor.run(conn, source=cursor.source, value=cursor.value, fence=cursor.fence)


async def known(conn: Connection, channel: str, keys: list[str]) -> dict[str, int]:
    """The contacts already taken in under these keys, surely."""
    rows = await SQL.known.all(conn, channel=channel, keys=keys)
    if rows:
        await require_replicated(conn)
    return {row["key"]: row["contact_id"] for row in rows}


async def targets(conn: Connection) -> dict[str, Target]:
    """Every address of ours and the queue it leads to."""
    return {row["address"]: target(row) for row in await SQL.targets.all(conn)}


def target(row: Row) -> Target:
    """The queue's columns in a row, as a target."""
    return Target(**{field.name: row[field.name] for field in fields(Target)})
