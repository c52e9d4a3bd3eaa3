"""The configuration's rows, written thing by thing (reading.py reads them). Functions take a
connection and never commit."""

from __future__ import annotations

from typing import Any

import msgspec

from contactcenter.configuration.document import (
    Area,
    ContactReason,
    DeclineReason,
    Disposition,
    Organisation,
    Queue,
    Template,
    Topic,
)
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def add_organisation(conn: Connection, new: Organisation) -> int:
    """A new organisation. Raises Refused where the key is in use."""
    found = await SQL.add_organisation.value(conn, **_columns(new))
    if found is None:
        raise Refused("bad_request", "key_taken", field="key")
    return int(found)


async def change_organisation(conn: Connection, scope: list[int], new: Organisation) -> None:
    """All but its key."""
    await SQL.change_organisation.run(conn, scope=scope, **_columns(new))


def _columns(new: Organisation) -> dict[str, Any]:
    return msgspec.structs.asdict(new) | {
        "name": _text(new.name),
        "privacy": _text(new.privacy),
        "chat_asks": list(new.chat_asks),
    }


async def put_queue(conn: Connection, organisation_id: int, new: Queue, *, add: bool) -> int:
    """A queue without its addresses; its id. Raises Refused where the key is in use."""
    query = SQL.add_queue if add else SQL.change_queue
    found = await query.value(
        conn,
        organisation_id=organisation_id,
        key=new.key,
        name=_text(new.name),
        task=new.task,
        level=new.level,
        languages=list(new.languages),
        channels=list(new.channels),
        target_s=new.target_s,
        service_level_s=new.service_level.seconds,
        service_level_way=new.service_level.way,
        short_abandon_s=new.service_level.short_abandon_s,
        offer_s=new.offer_s,
        always_open=new.always_open,
        hours=_text(new.hours),
        callbacks_per_half_hour=new.callbacks_per_half_hour,
        receipts=new.receipts,
        feedback=new.feedback,
        feedback_after_s=new.feedback_after_s,
        feedback_every_days=new.feedback_every_days,
        relax=_text(new.relax),
        prefer_s=new.prefer_s,
        auto_accept=new.auto_accept,
        decision=new.decision,
        sensitive=new.sensitive,
        idle_warning_s=new.idle_warning_s,
        idle_close_s=new.idle_close_s,
        phone=new.phone,
        from_name=_text(new.from_name),
        greeting=_text(new.greeting),
        signature=_text(new.signature),
        disabled=new.disabled,
    )
    if found is None:
        raise Refused("bad_request", "key_taken", field="key")
    return int(found)


async def drop_addresses(conn: Connection, organisation_id: int, new: Queue) -> None:
    """The addresses that shall lead here no more; before any are added anywhere."""
    await SQL.drop_addresses.run(
        conn, key=new.key, organisation_id=organisation_id, keep=list(new.addresses)
    )


async def add_addresses(conn: Connection, scope: list[int], queue_id: int, new: Queue) -> None:
    """The addresses that lead here. Raises Refused where one leads elsewhere; where that is one's
    own queue, it says which."""
    for address in new.addresses:
        if await SQL.add_address.value(conn, address=address, queue_id=queue_id) is None:
            other = await SQL.address_leads_to.value(conn, address=address, scope=scope)
            detail = "address_taken" if other is None else "address_taken_by"
            raise Refused("bad_request", detail, field="addresses", address=address, queue=other)


async def put_disposition(conn: Connection, organisation_id: int, new: Disposition) -> None:
    """Add or change."""
    await SQL.put_disposition.run(conn, organisation_id=organisation_id, **_choice(new))


async def put_decline_reason(conn: Connection, organisation_id: int, new: DeclineReason) -> None:
    """Add or change."""
    await SQL.put_decline_reason.run(conn, organisation_id=organisation_id, **_choice(new))


async def put_contact_reason(conn: Connection, organisation_id: int, new: ContactReason) -> None:
    """Add or change."""
    await SQL.put_contact_reason.run(
        conn, organisation_id=organisation_id, merged_into=new.merged_into, **_choice(new)
    )


async def put_area(conn: Connection, organisation_id: int, new: Area) -> None:
    """Add or change."""
    await SQL.put_area.run(
        conn,
        organisation_id=organisation_id,
        postal_codes=list(new.postal_codes),
        **_choice(new),
    )


def _choice(new: Disposition | DeclineReason | ContactReason | Area) -> dict[str, Any]:
    return {
        "key": new.key,
        "name": _text(new.name),
        "position": new.position,
        "disabled": new.disabled,
    }


async def put_template(conn: Connection, organisation_id: int, new: Template) -> None:
    """Add or change."""
    await SQL.put_template.run(
        conn,
        organisation_id=organisation_id,
        key=new.key,
        name=_text(new.name),
        text=_text(new.text),
        position=new.position,
        disabled=new.disabled,
    )


async def put_topic(conn: Connection, organisation_id: int, new: Topic) -> None:
    """Add or change. Raises Refused where the organisation has no such queue."""
    added = await SQL.put_topic.value(
        conn,
        organisation_id=organisation_id,
        key=new.key,
        name=_text(new.name),
        hint=_text(new.hint),
        queue=new.queue,
        position=new.position,
        chat_asks=None if new.chat_asks is None else list(new.chat_asks),
        disabled=new.disabled,
    )
    if added is None:
        raise Refused("bad_request", "topic_queue", field="queue")


async def add_origin(conn: Connection, organisation_id: int, origin: str) -> None:
    """A site. Raises Refused where another organisation has it."""
    added = await SQL.add_origin.value(conn, origin=origin, organisation_id=organisation_id)
    if added is None:
        raise Refused("bad_request", "origin_taken", field="origin")


async def every_origin(conn: Connection) -> list[str]:
    """The sites of all organisations."""
    return [row["origin"] for row in await SQL.every_origin.all(conn)]
