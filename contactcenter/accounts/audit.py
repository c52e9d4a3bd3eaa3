"""The audit: who read or changed what, when and from where. Rows are only ever added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from contactcenter.accounts.authorise import OPERATOR, Actor, require, scope_for
from contactcenter.kernel.sql import Connection, Row, load_sql

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
    """Add one row, in the transaction of what it tells of. No citizen's text goes in. The operator
    of the server, who is no user, is noted as nobody signed in."""
    await SQL.note.run(
        conn,
        user_id=actor.user_id if actor and actor.user_id != OPERATOR else None,
        organisation_id=organisation_id or (actor.organisation_id if actor else None),
        verb=verb,
        object_kind=object_kind,
        object_id=str(object_id),
        before=_json(before),
        after=_json(after),
        address=address or (actor.address if actor else None),
    )


async def note_shown(
    conn: Connection, actor: Actor, verb: str, object_kind: str, shown: Iterable[tuple[int, int]]
) -> None:
    """A list that was shown: a row for each organisation, with the contacts of it that stood there.
    `shown`: (organisation, contact)."""
    contacts: defaultdict[int, list[str]] = defaultdict(list)
    for organisation, contact in shown:
        contacts[organisation].append(str(contact))
    for organisation, of in contacts.items():
        after = {"contacts": of}
        await note(conn, actor, verb, object_kind, "", organisation_id=organisation, after=after)


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def entries(
    conn: Connection,
    actor: Actor,
    *,
    user_id: int | None = None,
    verb: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
    before_id: int | None = None,
    count: int = 50,
) -> list[Row]:
    """What was done on the data of the actor's organisations, newest first, at most 200 rows;
    `before_id` goes on from the last row of a page. The look itself is noted too."""
    require(actor, "read_audit")
    filters = {
        "user_id": user_id,
        "verb": verb,
        "object_kind": object_kind,
        "object_id": object_id,
        "before_id": before_id,
    }
    rows = await SQL.entries.all(
        conn, **filters, count=min(count, 200), scope=scope_for(actor, "read_audit")
    )
    asked = {key: value for key, value in filters.items() if value is not None}
    await note(conn, actor, "read_audit", "audit", "", after=asked or None)
    return rows


async def choices(conn: Connection, actor: Actor) -> tuple[list[str], list[str]]:
    """The verbs and the kinds of objects that occur, for the filter."""
    require(actor, "read_audit")
    rows = await SQL.choices.all(conn, scope=scope_for(actor, "read_audit"))
    return sorted({row["verb"] for row in rows}), sorted({row["object_kind"] for row in rows})
