"""The queue's rows. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LIVE_CHANNELS

SQL = load_sql(__file__)
VERSION = "3"  # of the rules that decide: queue/line.lua and docs/routing.md tell them
_EXCLUSIVE = sorted(EXCLUSIVE_CHANNELS)
_LIVE = sorted(LIVE_CHANNELS)
_DECIDED = ["rank", "sticky"]  # the router's own choices; all others somebody asked for by name


async def cards(conn: Connection, ids: list[int]) -> list[Row]:
    """Contacts with what a card and the projection need, in the order asked for."""
    rows = {row["id"]: row for row in await SQL.cards.all(conn, ids=ids)}
    return [rows[contact] for contact in ids if contact in rows]


async def in_hand(conn: Connection, agent: int) -> list[int]:
    """Contacts offered to or handled by the agent."""
    return [row["id"] for row in await SQL.in_hand.all(conn, agent=agent)]


async def agents(conn: Connection, ids: list[int]) -> list[Row]:
    """Agents with what the projection needs."""
    return await SQL.agents.all(conn, ids=ids)


async def lock_agent(conn: Connection, agent: int) -> Row:
    """Hold the agent's row to the end of the transaction. Raises Refused("not_found")."""
    row = await SQL.lock_agent.one(conn, agent=agent)
    if row is None:
        raise Refused("not_found", field="agent")
    return row


class Offer(NamedTuple):
    """A contact for an agent, by which rule, and why nobody else (live.Pair) where we decided."""

    id: int
    agent: int
    contact: int
    rule: str
    why: str | None = None


async def offer(conn: Connection, offers: Sequence[Offer], offer_s: float) -> list[Row]:
    """Offer waiting contacts to available agents with room: a card of each; none where the one no
    longer waits or the other has no room, or may not take it."""
    return await SQL.offer.all(
        conn,
        offers=[one.id for one in offers],
        agents=[one.agent for one in offers],
        contacts=[one.contact for one in offers],
        rules=[one.rule for one in offers],
        whys=[one.why for one in offers],
        offer_s=offer_s,
        version=VERSION,
        exclusive=_EXCLUSIVE,
        live=_LIVE,
        decided=_DECIDED,
    )


async def require_may_take(conn: Connection, agent: int, contact: Row | dict[str, Any]) -> None:
    """Raise Refused("forbidden", "no_agreement") where an agent takes up another organisation's
    contact without an agreement, or training."""
    asked = {name: contact[name] for name in ("organisation_id", "requirement")}
    if not await SQL.may_take.value(conn, agent=agent, **asked):
        raise Refused("forbidden", "no_agreement")


async def note(
    conn: Connection,
    kind: str,
    row: Row,
    *,
    agent: int | None = None,
    offer: int | None = None,
    why: str | None = None,
    waits: bool = False,
    rule: str | None = None,
    disposition: str | None = None,
    reason: str | None = None,
    about: Mapping[str, int | None] | None = None,
) -> None:
    """Write what happened to a contact. `waits`: the event begins or tells a wait; `about`: of what
    was closed, its service and request (cases/requests.py)."""
    said = row if kind == "closed" else None
    ends = kind in ("entered", "wrap_up", "closed") or why == "reopened"
    await (SQL.note_end if ends else SQL.note).run(
        conn,
        kind=kind,
        organisation_id=row["organisation_id"],
        contact_id=row["id"],
        queue_id=row["queue_id"],
        channel=row["channel"],
        language=row["language"],
        direction=row["direction"],
        agent=agent,
        offer=offer,
        why=why,
        wait_from=row["wait_from"] if waits else None,
        rank=row["rank"] if waits else None,
        rule=rule,
        disposition=disposition or (said["disposition"] if said else None),
        reason=reason or (said["reason"] if said else None),
        reason_version=said["reason_version"] if said else None,
        mark=said["mark"] if said else None,
        service_id=about["service_id"] if about else None,
        request=about["request"] if about else None,
    )


async def put_out(conn: Connection, row: Row, *tell: int) -> None:
    """Note that the contact's change is to be projected, and whose screens show it."""
    await SQL.put_out.run(conn, contact=row["id"], version=row["version"], tell=list(tell))


async def load_agent(conn: Connection, agent: int, delta: int) -> bool:
    """Change an agent's load by so many units, after the contact's change; whether mail of the
    agent is paused."""
    return bool(await SQL.load_agent.value(conn, agent=agent, delta=delta))


async def queue_by_key(conn: Connection, key: str) -> Row:
    """A queue that is in use. Raises Refused("unknown_queue")."""
    row = await SQL.queue_by_key.one(conn, key=key)
    if row is None:
        raise Refused("unknown_queue", field="queue")
    return row


async def waiting(conn: Connection) -> list[Row]:
    """Every waiting contact; read in pieces, so that nobody waits for a long line."""
    found: list[Row] = []
    async for piece in SQL.waiting.pieces(conn):
        found += piece
    return found


async def count_repair(conn: Connection, name: str, n: int) -> None:
    """Add to the count of repairs."""
    await SQL.repaired.run(conn, name=name, n=n)
