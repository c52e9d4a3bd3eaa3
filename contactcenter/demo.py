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
            name = _json(organisation["name"])
            await SQL.add_organisation.run(conn, key=organisation["key"], name=name)
        for queue in made["queue"]:
            address = queue.pop("address")
            values = {"always_open": True} | queue | {"name": _json(queue["name"])}
            await SQL.add_queue.run(conn, **values)
            await SQL.add_address.run(conn, address=address, queue=queue["key"])
        for position, disposition in enumerate(made["disposition"]):
            await SQL.add_disposition.run(
                conn, key=disposition["key"], name=_json(disposition["name"]), position=position
            )
        for user in made["user"]:
            await _add_user(conn, user, password_hash)


async def _add_user(conn: Connection, user: dict[str, Any], password_hash: str) -> None:
    skills, languages = user.pop("skills"), user.pop("languages")
    user_id = await SQL.add_user.value(conn, **user, password_hash=password_hash)
    if user_id is None:
        return
    await SQL.add_scope.run(conn, user_id=user_id)
    for task, level in skills.items():
        for language in languages:
            await SQL.add_skill.run(
                conn, user_id=user_id, task=task, language=language, level=level
            )


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
