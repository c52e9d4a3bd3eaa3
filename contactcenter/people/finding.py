"""Whose an address is: for an agent who is told one and looks for the same person."""

from __future__ import annotations

from typing import Any

import phonenumbers

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.kernel.phone import HOME
from contactcenter.kernel.sql import load_sql
from contactcenter.people.persons import People, find

SQL = load_sql(__file__)


async def by_address(people: People, actor: Actor, address: str) -> list[dict[str, Any]]:
    """[{person, name}] in the organisations of the actor: at most one each. Only a whole address
    is found, and never a protected person. Audited for each that is found."""
    require(actor, "read_person")
    found: dict[int, dict[str, Any]] = {}
    async with people.db.transaction() as conn:
        for row in await SQL.by_address.all(
            conn,
            addresses=[address.strip().lower(), _number(address)],
            scope=scope_for(actor, "read_person"),
        ):
            one = await find(conn, actor, "read_person", row["person_id"], "address")
            if one.protected or one.id in found:
                continue
            found[one.id] = {"person": str(one.id), "name": one.name}
            await audit.note(
                conn, actor, "find", "person", one.id, organisation_id=one.organisation_id
            )
    return list(found.values())


def _number(text: str) -> str:
    """In E.164, as identities are; "" for what is none."""
    try:
        read = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
