"""The configuration read as a document, with the ids behind its keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.configuration import themes
from contactcenter.configuration.document import (
    Agreement,
    Area,
    ContactReason,
    DeclineReason,
    Disposition,
    Document,
    Organisation,
    Privacy,
    Queue,
    ServiceLevel,
    Skill,
    Template,
    Topic,
    User,
    WidgetOrigin,
)
from contactcenter.configuration.filing import tidy_all
from contactcenter.configuration.store import SQL
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.hours import read_hours
from contactcenter.queue.relax import Step


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
        topic=tuple(
            Topic(**_plain(row, keys) | {"hint": _json(row["hint"]), "chat_asks": _asks(row)})
            for row in await SQL.topics.all(conn, scope=scope)
        ),
        contact_reason=tuple(
            ContactReason(**_plain(row, keys))
            for row in await SQL.contact_reasons.all(conn, scope=scope)
        ),
        area=tuple(
            Area(**_plain(row, keys) | {"postal_codes": tuple(row["postal_codes"])})
            for row in await SQL.areas.all(conn, scope=scope)
        ),
        widget_origin=tuple(
            WidgetOrigin(organisation=keys[row["organisation_id"]], origin=row["origin"])
            for row in await SQL.widget_origins.all(conn, scope=scope)
        ),
        theme=tuple(
            themes.read(row, keys[row["organisation_id"]])
            for row in await themes.SQL.themes.all(conn, scope=scope)
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


def _plain(row: Row, keys: dict[int, str]) -> dict[str, Any]:
    given = dict(row) | {"organisation": keys[row["organisation_id"]], "name": _json(row["name"])}
    del given["organisation_id"]
    return given


def _asks(row: Row) -> tuple[str, ...] | None:
    return None if row["chat_asks"] is None else tuple(row["chat_asks"])


def _organisation(row: Row) -> Organisation:
    privacy = msgspec.json.decode(row["privacy"], type=Privacy)
    given = dict(row) | {
        "name": _json(row["name"]),
        "privacy": privacy,
        "chat_asks": tuple(row["chat_asks"]),
    }
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
        public_name=row["public_name"],
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
