"""The city: queues that nobody serves or nobody can reach, organisations without an admin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from contactcenter import demo
from contactcenter.accounts.passwords import Passwords
from contactcenter.config import Settings
from contactcenter.doctor.finding import Finding, fine, note, wrong
from contactcenter.doctor.machine import is_here
from contactcenter.kernel.sql import Connection, load_sql

SQL = load_sql(__file__)


async def look(conn: Connection, settings: Settings) -> list[Finding]:
    """Each queue in use, admins, and the demo's password where it has no place."""
    queues = [dict(row) for row in await SQL.queues.all(conn)]
    sites = bool(await SQL.origins.value(conn) or settings.widget_origins)
    found = of_queues(queues, sites)
    found.append(of_admins([row["key"] for row in await SQL.admins.all(conn)]))
    return found + await _demo_password(conn, settings)


def of_queues(queues: list[dict[str, Any]], sites: bool) -> list[Finding]:
    """`sites`: whether some web site may show the chat. Pure."""
    if not queues:
        do = "add queues under Settings, or by contactcenter config import"
        return [note("queues", "none", do)]
    found = [one for queue in queues for one in _of_queue(queue)]
    if not sites and any("chat" in queue["channels"] for queue in queues):
        do = "name the city's site under Settings, Sites, or in widget_origins"
        found.append(note("queues.sites", "no site may show the chat", do))
    return found or [fine("queues", f"{len(queues)}, each with agents, hours and doors")]


def _of_queue(queue: dict[str, Any]) -> list[Finding]:
    name, found = f"queue.{queue['key']}", []
    if not queue["agents"]:
        do = "give agents its task under Settings, Users, or disable it"
        found.append(wrong(name, "no agent has its skill: nobody is ever answered", do))
    elif queue["uncovered"]:
        do = "give agents the language, or take it from the queue"
        found.append(note(name, f"nobody knows {', '.join(queue['uncovered'])}", do))
    if not queue["always_open"] and queue["no_hours"]:
        do = "set its hours under Settings, Queues, or let it be always open"
        found.append(wrong(name, "has no hours and is not always open: it never opens", do))
    if not queue["doors"]:
        found.append(note(name, "has no channel", "give it channels, or disable it"))
    if "mail" in queue["channels"] and not queue["addressed"]:
        do = "give it an address, or take the channel mail from it"
        found.append(wrong(name, "takes mail and has no address", do))
    if "callback" in queue["channels"] and not queue["callbacks_per_half_hour"]:
        do = "set callbacks_per_half_hour, or take the channel callback from it"
        found.append(wrong(name, "takes callbacks, none in each half hour", do))
    return found


def of_admins(without: list[str]) -> Finding:
    """Pure."""
    if without:
        do = f"contactcenter create-admin EMAIL --name NAME --organisation {without[0]}"
        return note("admins", f"nobody administers {', '.join(without)}", do)
    return fine("admins", "each organisation has one")


async def _demo_password(conn: Connection, settings: Settings) -> list[Finding]:
    """Everybody knows the demo's password."""
    if is_here(urlsplit(settings.public_url).hostname or ""):
        return []
    city = demo.city()
    emails = [user["email"] for user in city["user"]]
    stored = await SQL.passwords.value(conn, emails=emails)
    passwords = Passwords()
    try:
        known = stored is not None and await passwords.verify(stored, city["password"])
    finally:
        passwords.close()
    if not known:
        return []
    do = "disable the demo's users, or begin with an empty database: the password is public"
    return [wrong("admins.demo", "users of the demo city can sign in from everywhere", do)]
