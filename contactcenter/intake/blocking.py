"""Blocked senders of an organisation: their mail is kept and never waits.

A From address proves nothing, so a block is no defence against who wants to write; it spares agents
those who write the same thing every day. It is of mail alone: an address that was typed into a
form may be anybody's.
"""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)


async def block(db: Database, actor: Actor, contact: int) -> str:
    """Block who wrote this contact of mine; the address. Raises Refused: "not_found",
    "not_yours", "wrong_state" where there is nobody to block. A repeat changes nothing."""
    async with db.transaction() as conn:
        row = await _sender(conn, actor, contact)
        if await SQL.is_ours.value(conn, address=row["address"]):
            raise Refused("wrong_state", "own_address", field="contact")
        if row["by_form"]:  # anybody may have typed anybody's address
            raise Refused("wrong_state", "sent_by_form", field="contact")
        added = await SQL.block.value(
            conn,
            organisation_id=row["organisation_id"],
            address=row["address"],
            user_id=actor.user_id,
            contact=contact,
        )
        if added is not None:
            await _note(conn, actor, "block_sender", contact, row["organisation_id"])
    return str(row["address"])


async def unblock(db: Database, actor: Actor, contact: int) -> tuple[str, bool]:
    """Undo a block of one's own; (address, whether it is blocked still: by a colleague)."""
    async with db.transaction() as conn:
        row = await _sender(conn, actor, contact)
        where = {"organisation_id": row["organisation_id"], "address": row["address"]}
        gone = await SQL.unblock.value(conn, **where, own_of=actor.user_id)
        if gone is not None:
            await _note(conn, actor, "unblock_sender", contact, row["organisation_id"])
        still = await SQL.blocked_by.value(conn, **where)
    return str(row["address"]), still is not None


async def listed(db: Database, actor: Actor) -> list[Row]:
    """Newest first: organisation, address, at, by, contact_id, mails (kept since), last_at."""
    require(actor, "read_aside")
    async with db.connection() as conn:
        return await SQL.listed.all(conn, scope=scope_for(actor, "read_aside"))


async def remove(db: Database, actor: Actor, organisation: str, address: str) -> int | None:
    """Unblock a sender, whoever blocked. What was kept stays aside. The contact by which it was
    blocked, for `restore`; None where there is none, or nothing was blocked. Raises
    Refused("not_found") for an organisation outside the scope; a repeat changes nothing."""
    async with db.transaction() as conn:
        found = await SQL.organisation.value(conn, key=organisation)
        require(actor, "read_aside", -1 if found is None else found)
        gone = await SQL.unblock.value(
            conn, organisation_id=found, address=address.lower(), own_of=None
        )
        if gone is not None:
            await _note(conn, actor, "unblock_sender", gone, found)
    return gone or None


async def restore(db: Database, actor: Actor, contact: int) -> None:
    """Take back `remove`: block who wrote a contact again. Raises Refused("not_found") where
    nobody did; a repeat changes nothing."""
    require(actor, "read_aside")
    async with db.transaction() as conn:
        scope = scope_for(actor, "read_aside")
        row = await SQL.sender.one(conn, contact=contact, scope=scope)
        if row is None or not await SQL.was_unblocked.value(conn, contact=str(contact)):
            raise Refused("not_found", field="contact")
        where = {"organisation_id": row["organisation_id"], "address": row["address"]}
        added = await SQL.block.value(conn, **where, user_id=actor.user_id, contact=contact)
        if added is not None:
            await _note(conn, actor, "block_sender", contact, row["organisation_id"])


async def _sender(conn: Connection, actor: Actor, contact: int) -> Row:
    require(actor, "work")
    row = await SQL.sender.one(conn, contact=contact, scope=scope_for(actor, "work"))
    if row is None:
        raise Refused("not_found", field="contact")
    if row["owner"] != actor.user_id:
        raise Refused("not_yours", field="contact")
    if row["channel"] != "mail" or row["state"] == "offered":
        raise Refused("wrong_state", field="contact")
    if not row["address"]:
        raise Refused("wrong_state", "no_sender_to_block", field="contact")
    return row


async def _note(
    conn: Connection, actor: Actor, verb: str, contact: object, organisation_id: int
) -> None:
    await audit.note(conn, actor, verb, "contact", contact, organisation_id=organisation_id)
