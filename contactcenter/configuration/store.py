"""The configuration's rows, read as a document and written thing by thing. Functions take a
connection and never commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.configuration.document import (
    Agreement,
    DeclineReason,
    Disposition,
    Document,
    Organisation,
    Queue,
    ServiceLevel,
    Skill,
    Template,
    User,
    WidgetOrigin,
)
from contactcenter.configuration.filing import tidy_all
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.hours import read_hours
from contactcenter.queue.relax import Step

SQL = load_sql(__file__)


@dataclass(frozen=True)
class Known:
    """The configuration as it is, with the ids behind its keys."""

    document: Document
    organisations: dict[str, int]  # those in the scope
    queues: dict[str, int]


async def read(conn: Connection, scope: list[int]) -> Known:
    """Everything of the organisations in the scope."""
    organisations = await SQL.organisations.all(conn, scope=scope)
    keys = {row["id"]: row["key"] for row in organisations}
    queues = await SQL.queues.all(conn, scope=scope)
    skills: dict[int, list[Row]] = {}
    for row in await SQL.skills.all(conn, scope=scope):
        skills.setdefault(row["user_id"], []).append(row)
    document = Document(
        organisation=tuple(_organisation(row) for row in organisations),
        user=tuple(
            _user(row, keys, skills.get(row["id"], ()))
            for row in await SQL.users.all(conn, scope=scope)
        ),
        queue=tuple(_queue(row, keys) for row in queues),
        disposition=tuple(
            Disposition(**_plain(row, keys))
            for row in await SQL.dispositions.all(conn, scope=scope)
        ),
        decline_reason=tuple(
            DeclineReason(**_plain(row, keys))
            for row in await SQL.decline_reasons.all(conn, scope=scope)
        ),
        template=tuple(
            Template(**_plain(row, keys) | {"text": _json(row["text"])})
            for row in await SQL.templates.all(conn, scope=scope)
        ),
        widget_origin=tuple(
            WidgetOrigin(organisation=keys[row["organisation_id"]], origin=row["origin"])
            for row in await SQL.widget_origins.all(conn, scope=scope)
        ),
        agreement=tuple(
            Agreement(organisation=keys[row["organisation_id"]], **_tasks(row))
            for row in await SQL.agreements.all(conn, scope=scope)
        ),
    )
    return Known(
        tidy_all(document),
        {key: id_ for id_, key in keys.items()},
        {row["key"]: row["id"] for row in queues},
    )


def _json(value: str) -> Any:
    return msgspec.json.decode(value)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _plain(row: Row, keys: dict[int, str]) -> dict[str, Any]:
    given = dict(row) | {"organisation": keys[row["organisation_id"]], "name": _json(row["name"])}
    del given["organisation_id"]
    return given


def _organisation(row: Row) -> Organisation:
    given = dict(row) | {"name": _json(row["name"])}
    del given["id"]
    return Organisation(**given)


def _queue(row: Row, keys: dict[int, str]) -> Queue:
    given = _plain(row, keys)
    del given["id"]
    level = ServiceLevel(
        seconds=given.pop("service_level_s"),
        way=given.pop("service_level_way"),
        short_abandon_s=given.pop("short_abandon_s"),
    )
    lists = {name: tuple(row[name]) for name in ("languages", "channels", "addresses")}
    texts = {name: _json(row[name]) for name in ("from_name", "greeting", "signature")}
    read = {
        "service_level": level,
        "hours": read_hours(row["hours"]),
        "relax": msgspec.json.decode(row["relax"], type=tuple[Step, ...]),
    }
    return Queue(**given | lists | texts | read)


def _tasks(row: Row) -> dict[str, Any]:
    given = dict(row) | {"tasks": tuple(row["tasks"])}
    del given["organisation_id"]
    return given


def _user(row: Row, keys: dict[int, str], skills: Iterable[Row]) -> User:
    return User(
        email=row["email"],
        name=row["name"],
        role=row["role"],
        organisation=keys[row["organisation_id"]],
        language=row["language"],
        capacity=row["capacity"],
        pauses_mail=row["pauses_mail"],
        organisations=tuple(row["organisations"]),
        skills=tuple(
            Skill(
                organisation=skill["organisation"],
                task=skill["task"],
                languages=(skill["language"],),
                level=skill["level"],
                trained=skill["trained_on"],
            )
            for skill in skills
        ),
        disabled=row["disabled"],
    )


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
    return msgspec.structs.asdict(new) | {"name": _text(new.name)}


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
        relax=_text(new.relax),
        prefer_s=new.prefer_s,
        auto_accept=new.auto_accept,
        decision=new.decision,
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


def _choice(new: Disposition | DeclineReason) -> dict[str, Any]:
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


async def add_origin(conn: Connection, organisation_id: int, origin: str) -> None:
    """A site. Raises Refused where another organisation has it."""
    added = await SQL.add_origin.value(conn, origin=origin, organisation_id=organisation_id)
    if added is None:
        raise Refused("bad_request", "origin_taken", field="origin")


async def every_origin(conn: Connection) -> list[str]:
    """The sites of all organisations."""
    return [row["origin"] for row in await SQL.every_origin.all(conn)]
