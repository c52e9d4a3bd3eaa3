"""The audit: who read or changed what, when and from where. Rows are only ever added."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def note(
    conn: Connection,
    actor: Actor | None,
    verb: str,
    object_kind: str,
    object_id: object,
    *,
    organisation_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Add one row, in the transaction of what it tells of. No citizen's text goes in."""
    await SQL.note.run(
        conn,
        user_id=actor.user_id if actor else None,
        organisation_id=organisation_id or (actor.organisation_id if actor else None),
        verb=verb,
        object_kind=object_kind,
        object_id=str(object_id),
        before=_json(before),
        after=_json(after),
        address=address or (actor.address if actor else None),
    )


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
