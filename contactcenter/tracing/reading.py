"""Reads what a new event ends: the whole life of its contact, what was written meanwhile, and what
was to leave."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import msgspec

from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.tracing.rules import Event, Life, Span, Stretch, number, told

SQL = load_sql(__file__)


class Sending(msgspec.Struct, array_like=True, frozen=True):
    """What is to leave, and the span to hold it."""

    send: int
    contact: int
    root: int


async def spans_of(
    conn: Connection, news: Sequence[Row], sends: Sequence[Sending]
) -> tuple[list[Span], list[Sending]]:
    """What these events end and what has left; and what is still to leave."""
    ids = {row["id"] for row in news}
    contacts = sorted({row["contact"] for row in news if row["contact"] is not None})
    spans: list[Span] = []
    stretches: list[Stretch] = []
    for life in await _lives(conn, contacts) if contacts else ():
        found, over = told(life, ids)
        spans += found
        stretches += over
    if stretches:
        spans += await _written(conn, stretches)
        sends = [*sends, *await _to_leave(conn, stretches)]
    settled = (
        {row["send"]: row for row in await SQL.settled.all(conn, sends=[s.send for s in sends])}
        if sends
        else {}
    )
    spans += [_sent(one, settled[one.send]) for one in sends if _has_left(settled.get(one.send))]
    return spans, [one for one in sends if one.send not in settled]


async def _lives(conn: Connection, contacts: list[int]) -> list[Life]:
    rows = await SQL.lives.all(conn, contacts=contacts)
    names = Event.__slots__
    return [
        Life(
            contact,
            several[0]["case"],
            several[0]["arrived"],
            [Event(**{name: row[name] for name in names}) for row in several],
        )
        for contact, several in ((c, list(g)) for c, g in groupby(rows, itemgetter("contact")))
    ]


async def _written(conn: Connection, stretches: Sequence[Stretch]) -> list[Span]:
    rows = await SQL.written.all(
        conn,
        contacts=[one.contact for one in stretches],
        cases=[one.case for one in stretches],
        since=[one.since for one in stretches],
        until=[one.until for one in stretches],
    )
    spans = []
    for row in rows:
        one = stretches[row["n"] - 1]
        facts = {
            "contact": one.contact,
            "direction": row["direction"],
            "automatic": row["automatic"],
        }
        found = number(one.contact, row["id"], "message")
        spans.append(Span(one.contact, "message", found, one.root, row["at"], row["at"], facts))
    return spans


async def _to_leave(conn: Connection, stretches: Sequence[Stretch]) -> list[Sending]:
    rows = await SQL.to_leave.all(
        conn,
        contacts=[one.contact for one in stretches],
        since=[one.since for one in stretches],
        until=[one.until for one in stretches],
    )
    found = ((row["send"], stretches[row["n"] - 1]) for row in rows)
    return [Sending(send, one.contact, one.root) for send, one in found]


def _has_left(row: Row | None) -> bool:
    return row is not None and row["state"] is not None


def _sent(one: Sending, row: Row) -> Span:
    facts = {
        "contact": one.contact,
        "kind": row["kind"],
        "channel": row["channel"],
        "state": row["state"],
        "attempts": row["attempts"],
    }
    found = number(one.contact, one.send, "sent")
    until = max(row["at"], row["until"])
    return Span(
        one.contact, "sent", found, one.root, row["at"], until, facts, failed=row["state"] != "sent"
    )
