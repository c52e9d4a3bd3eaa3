"""The demo city: loaded once where it is missing, and described for whoever plays in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from contactcenter.accounts.passwords import hash_password
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)
CITY = Path(__file__).with_name("demo_city.toml")


def city() -> dict[str, Any]:
    """The demo city as its file says."""
    return tomllib.loads(CITY.read_text(encoding="utf-8"))


async def load(db: Database) -> None:
    """Add what is missing; what is there stays as it is."""
    made = city()
    password_hash = await hash_password(made["password"])
    async with db.transaction() as conn:
        for organisation in made["organisation"]:
            await SQL.add_organisation.run(conn, **_as_json(organisation, "name"))
        for queue in made["queue"]:
            await _add_queue(conn, queue)
        for disposition in made["disposition"]:
            await SQL.add_disposition.run(conn, **_as_json(disposition, "name"))
        for template in made["template"]:
            await SQL.add_template.run(conn, **_as_json(template, "name", "text"))
        for origin in made["widget_origin"]:
            await SQL.add_widget_origin.run(conn, **origin)
        for user in made["user"]:
            await _add_user(conn, user, password_hash)


async def _add_queue(conn: Connection, queue: dict[str, Any]) -> None:
    addresses, level = queue.pop("addresses"), queue.pop("service_level")
    values = _as_json(queue, "name", "hours") | {
        "offer_s": queue.get("offer_s"),
        "service_level_s": level["seconds"],
        "service_level_way": level["way"],
        "short_abandon_s": level["short_abandon_s"],
    }
    await SQL.add_queue.run(conn, **values)
    for address in addresses:
        await SQL.add_address.run(conn, address=address, queue=queue["key"])


async def _add_user(conn: Connection, user: dict[str, Any], password_hash: str) -> None:
    skills, scope = user.pop("skills"), user.pop("organisations")
    user_id = await SQL.add_user.value(conn, **user, password_hash=password_hash)
    if user_id is None:
        return
    await SQL.add_scope.run(conn, user_id=user_id, organisations=scope)
    for skill in skills:
        await SQL.add_skill.run(conn, user_id=user_id, **skill)


def _as_json(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The values, those of these names as JSON."""
    return values | {name: _json(values[name]) for name in names}


async def describe(db: Database, url: str, smtp: tuple[str, int]) -> dict[str, Any]:
    """What `demo --json` prints: where it is, who can sign in, which queues there are."""
    made = city()
    async with db.connection() as conn:
        users = await SQL.users.all(conn, emails=[user["email"] for user in made["user"]])
        dispositions = await SQL.dispositions.all(conn)
        queues = await queue_list(conn)
    return {
        "url": url,
        "smtp": {"host": smtp[0], "port": smtp[1]},
        "users": [dict(user) | {"password": made["password"]} for user in users],
        "queues": queues,
        "dispositions": [row["key"] for row in dispositions],
    }


async def queue_list(conn: Connection) -> list[dict[str, Any]]:
    """The queues as `demo --json` and `queues --json` print them."""
    shown = []
    for row in await SQL.queues.all(conn):
        queue = dict(row) | {"name": msgspec.json.decode(row["name"])}
        queue["service_level"] = {
            "seconds": queue.pop("service_level_s"),
            "way": queue.pop("service_level_way"),
            "short_abandon_s": queue.pop("short_abandon_s"),
        }
        shown.append(queue)
    return shown


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
