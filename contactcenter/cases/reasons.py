"""Why people turn to an organisation: what agents may say of it, and the versions of that list.

A contact keeps the version that was valid when its reason was said, so what is renamed, merged or
taken out of use later changes no figure of before.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
# Of value, or what could have avoided the contact.
Mark = Literal["value", "chasing", "unclear", "missing", "wrong_place", "unsolved"]
MARKS: tuple[Mark, ...] = get_args(Mark)

# Where an organisation has no list of its own. A key never comes to mean something else.
HOUSE: dict[str, dict[str, str]] = {
    "question": {"fi": "Kysymys tai neuvonta", "sv": "Fråga eller råd", "en": "Question or advice"},
    "apply": {
        "fi": "Hakemus tai pyyntö",
        "sv": "Ansökan eller begäran",
        "en": "Application or request",
    },
    "appointment": {"fi": "Ajanvaraus", "sv": "Tidsbokning", "en": "Appointment"},
    "change": {
        "fi": "Muutos tai peruutus",
        "sv": "Ändring eller avbokning",
        "en": "Change or cancellation",
    },
    "status": {
        "fi": "Asian eteneminen",
        "sv": "Hur ett ärende framskrider",
        "en": "How a matter is going",
    },
    "payment": {
        "fi": "Lasku tai maksu",
        "sv": "Faktura eller betalning",
        "en": "Bill or payment",
    },
    "fault": {"fi": "Vika tai ongelma", "sv": "Fel eller problem", "en": "Fault or problem"},
    "feedback": {"fi": "Palaute", "sv": "Respons", "en": "Feedback"},
    "other": {"fi": "Muu syy", "sv": "Annan orsak", "en": "Another reason"},
}


class Said(NamedTuple):
    """What an agent says of a contact when it is wrapped up; nothing has to be said."""

    reason: str | None = None
    mark: Mark | None = None


NOTHING = Said()


async def choices(conn: Connection, scope: list[int]) -> list[dict[str, Any]]:
    """What agents of these organisations may say, in order: [{key, name, organisation}]."""
    rows = await SQL.choices.all(conn, scope=scope)
    own = [
        {"key": row["key"], "name": msgspec.json.decode(row["name"]), "organisation": row["of"]}
        for row in rows
        if row["key"] is not None
    ]
    return own + [
        {"key": key, "name": name, "organisation": row["of"]}
        for row in rows
        if row["key"] is None
        for key, name in HOUSE.items()
    ]


async def keys(conn: Connection, organisation_id: int) -> Collection[str]:
    """The reasons that may be said now."""
    known = await SQL.known.row(conn, organisation_id=organisation_id)
    return known["keys"] if known["has_own"] else HOUSE.keys()


async def say(conn: Connection, contact: int, organisation_id: int, said: Said) -> None:
    """Write down why the person turned to us; the contact is held by the caller. Raises
    Refused("bad_request", "unknown_reason") for one that is not, or no longer, said there."""
    valid = None
    if said.reason is not None:
        if said.reason not in await keys(conn, organisation_id):
            raise Refused("bad_request", "unknown_reason", field="reason")
        valid = await version(conn, organisation_id)
    await SQL.say.run(
        conn, contact=contact, reason=said.reason, reason_version=valid, mark=said.mark
    )


async def version(conn: Connection, organisation_id: int) -> int:
    """The version that is valid now. The house's list becomes an organisation's first one when it
    is first used."""
    known = await SQL.version.value(conn, organisation_id=organisation_id)
    if known is not None:
        return int(known)
    listed = {
        key: {"name": name, "position": at, "merged_into": None, "disabled": False}
        for at, (key, name) in enumerate(HOUSE.items())
    }
    await SQL.add_house_version.run(
        conn, organisation_id=organisation_id, reasons=msgspec.json.encode(listed).decode()
    )
    return 1


async def add_version(conn: Connection, organisation_id: int) -> None:
    """The list as it is now is valid from now on."""
    await SQL.add_version.run(conn, organisation_id=organisation_id)


async def newest(conn: Connection, organisations: list[int]) -> list[Row]:
    """The version that is valid now, by organisation: organisation, version, at."""
    return await SQL.newest.all(conn, organisations=organisations)
