"""The demo city: loaded once where it is missing, and described for whoever plays in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from contactcenter.accounts.passwords import hash_password
from contactcenter.configuration import actions as configuration
from contactcenter.configuration import filing, plan
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue.publish import Change
from contactcenter.services.importing import bring_in

SQL = load_sql(__file__)
CITY = Path(__file__).with_name("demo_city.toml")
SERVICES = Path(__file__).with_name("demo_services.toml")


def city() -> dict[str, Any]:
    """The demo city as its file says."""
    return tomllib.loads(CITY.read_text(encoding="utf-8"))


async def load(db: Database) -> None:
    """Add what is missing; what is there stays as it is."""
    made = city()
    password = made.pop("password")
    wanted = filing.load(made)
    async with db.connection() as conn:
        known = (await configuration.current(conn, None)).document
    await configuration.apply(db, _nobody_waits, None, plan.missing(known, wanted))
    password_hash = await hash_password(password)
    async with db.connection() as conn:
        emails = [user.email for user in wanted.user]
        await SQL.set_passwords.run(conn, emails=emails, password_hash=password_hash)
    await _load_services(db)


async def _load_services(db: Database) -> None:
    """The services of each organisation that has none, from whatever catalogue."""
    async with db.connection() as conn:
        rows = await SQL.without_services.all(conn)
    without = {row["key"] for row in rows}
    for organisation, catalogue in tomllib.loads(SERVICES.read_text(encoding="utf-8")).items():
        if organisation in without:
            data = msgspec.json.encode(catalogue)
            await bring_in(db, None, organisation, "own", [data])


async def _nobody_waits(change: Change) -> None:
    """What is new concerns no contact and no screen yet."""


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
