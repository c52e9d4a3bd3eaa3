"""Persons who came by several ways, for tests of who is who."""

from __future__ import annotations

import hashlib
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Sender
from contactcenter.desk import handling
from contactcenter.people.persons import People
from tests.house import GENERAL, House

AINO = "aino@mikkeli.example"
BJORN = "bjorn@mikkeli.example"
TABLES = ("person", "identity", "cases", "contact", "message", "feedback", "callback", "chat")


def people(house: House) -> People:
    """The way to persons."""
    return People(house.node.db, house.node.ids, house.node.publisher)


async def wrote(
    house: House, address: str, *, to: str = GENERAL, name: str = "Ville Veikkonen", **given: Any
) -> int:
    """Somebody mails; the person."""
    sender = Sender(kind="email", address=address, name=name)
    contact = await house.arrives(to, sender=sender, **given)
    return int((await house.contact(contact))["person_id"])


async def in_hand(house: House, email: str, address: str, **given: Any) -> tuple[Actor, int, int]:
    """An agent with a mail of somebody's in hand: the agent, the contact, the person."""
    agent = await house.on_duty(email)
    person = await wrote(house, address, **given)
    await house.route()
    for offer in await house.offers(agent):
        await handling.accept(house.node.desk, agent, offer)
    row = await house.row("SELECT id FROM contact WHERE person_id = $1", person)
    return agent, row["id"], person


async def hashes(house: House) -> dict[str, str]:
    """Of each table whose rows are citizens', a hash over all columns of all rows."""
    found = {}
    for table in TABLES:
        rows = await house.rows(f"SELECT t::text AS row FROM {table} t ORDER BY 1")
        text = "\n".join(row["row"] for row in rows)
        found[table] = hashlib.sha256(text.encode()).hexdigest()
    return found
