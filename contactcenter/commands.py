"""The commands that look or prepare, and end."""

from __future__ import annotations

import getpass
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from contactcenter import demo as demo_city
from contactcenter.accounts.first_admin import create_admin as make_admin
from contactcenter.app import Node, open_node
from contactcenter.config import Settings
from contactcenter.configuration import actions as configuration
from contactcenter.configuration import filing
from contactcenter.demo_history.load import load_history
from contactcenter.errors import Refused
from contactcenter.kernel import seal_keys
from contactcenter.routing.actions import rights_changed
from contactcenter.servers import servers
from contactcenter.stats.report import Asked, report
from contactcenter.stats.table import table
from contactcenter.terminal import Line, print_json
from contactcenter.traffic.plan import Options as TrafficOptions


@asynccontextmanager
async def house_node(settings: Settings) -> AsyncIterator[Node]:
    """A node that is built but does not run."""
    with servers(settings) as found:
        async with AsyncExitStack() as stack:
            yield await open_node(stack, settings, found.database_url, found.redis_url)


def make_key(settings: Settings) -> int:
    """Make the file of keys in the home, for a database that is not the home's own. Exit code 1
    where it is there."""
    path = seal_keys.place(settings.home, settings.seal_key_file)
    if not seal_keys.make(path):
        sys.stderr.write(f"{path} is there, and stays as it is\n")
        return 1
    sys.stdout.write(
        f"made {path}. Copy it to every node, keep a copy where no backup lies, and restart the"
        " nodes.\n"
    )
    return 0


async def demo(settings: Settings, as_json: bool, history_days: int) -> int:
    """Load the demo city where it is missing, and show it."""
    async with house_node(settings) as node:
        await load_demo(node, history_days)
        smtp = (settings.smtp_host, settings.smtp_port)
        described = await demo_city.describe(node.db, settings.public_url, smtp)
    if as_json:
        print_json(described)
    else:
        sys.stdout.write(welcome(described))
    return 0


async def load_demo(node: Node, history_days: int) -> None:
    """The demo city, and its history where nothing happened yet; says how far it is on standard
    error."""
    await demo_city.load(node.db)
    began, shown = time.monotonic(), Line()
    emails = [user["email"] for user in demo_city.city()["user"]]
    domain = node.settings.mail_domain
    loaded = await load_history(node.db, emails, domain, history_days, shown.over)
    if loaded is not None:
        took = time.monotonic() - began
        shown.end(
            f"history: {loaded.contacts:,} contacts of {loaded.days} days, loaded in {took:.1f} s"
        )


def welcome(described: dict[str, Any]) -> str:
    """The demo in a few lines for a person: where to look, whom to be."""
    smtp, users, queues = described["smtp"], described["users"], described["queues"]
    lines = [
        f"  Console      {described['url']}/",
        f"  Board        {described['url']}/board       as a supervisor: the line as it is now",
        f"  City page    {described['url']}/demo        chat as a citizen",
        f"  Contact      {described['url']}/contact     topics, and how every door stands now",
        f"  Call me      {described['url']}/callback    ask to be called, as a citizen",
        f"  Demo mail    {described['url']}/demo/mail   write as a citizen, read the answers",
        f"  Mail in      {smtp['host']}:{smtp['port']}",
        "",
        "  A city at work: `make traffic`, in another terminal. It plays citizens, and every agent",
        "  but the first, who is left for you.",
        "",
        "  Sign in with the password " + users[0]["password"] + " as",
        *(f"    {user['email']:<26} {user['role']:<11} {user['name']}" for user in users),
        "",
        "  Write to",
        *(f"    {q['address']:<34} {q['name']['en']}" for q in queues if q["address"]),
        "",
    ]
    return "\n".join(lines)


async def queues(settings: Settings) -> int:
    """Write the queues as one JSON array."""
    async with house_node(settings) as node, node.db.connection() as conn:
        print_json(await demo_city.queue_list(conn))
    return 0


async def stats(settings: Settings, asked: Asked, as_json: bool, rebuild: bool) -> int:
    """Write the figures of a period."""
    async with house_node(settings) as node:
        if rebuild:
            counted = await node.counting.rebuild()
            sys.stderr.write(f"{counted} events counted anew\n")
        found = await report(node.db, asked)
    if as_json:
        print_json(found)
    else:
        sys.stdout.write(table(found))
    return 0


async def export_configuration(settings: Settings) -> int:
    """Write the whole configuration as one JSON file."""
    async with house_node(settings) as node, node.db.transaction() as conn:
        sys.stdout.buffer.write(filing.write(await configuration.export(conn, None)))
    sys.stdout.buffer.flush()
    return 0


async def import_configuration(
    settings: Settings, data: bytes, *, dry_run: bool, prune: bool
) -> int:
    """Apply a file; a line for each change. Exit code 1 where the file is refused, with every
    problem."""
    async with house_node(settings) as node:
        try:
            applied = await configuration.apply(
                node.db,
                partial(rights_changed, node.db, node.publisher),
                None,
                filing.read(data),
                prune=prune,
                dry_run=dry_run,
            )
        except Refused as no:
            for one in no.errors or (no,):
                sys.stderr.write(f"{one.field or 'file'}: {node.texts.refusal('en', one)}\n")
            return 1
    for step in applied.steps:
        sys.stdout.write(f"{step.what:<8} {step.kind:<14} {step.key}\n")
    would = "would change" if dry_run else "changed"
    sys.stdout.write(f"{len(applied.steps)} {would}\n")
    return 0


async def create_admin(settings: Settings, email: str, name: str, organisation: str) -> int:
    """Make an admin and print the link by which a password is set."""
    async with house_node(settings) as node:
        token = await make_admin(node.db, email, name, organisation)
    sys.stdout.write(f"{settings.public_url}/set-password/{token}\n")
    return 0


async def traffic(settings: Settings, options: TrafficOptions) -> int:
    """Play citizens and agents; exit code 1 where something acknowledged is missing."""
    from contactcenter.traffic.command import traffic as play

    return await play(settings, options, house_node)


async def watch(url: str, email: str) -> int:
    """Sign in as an agent and print every frame, until the socket closes."""
    from websockets.exceptions import WebSocketException

    from contactcenter.watch import frames

    password = os.environ.get("PASSWORD") or getpass.getpass()
    try:
        async for frame in frames(url, email, password):
            sys.stdout.write(frame + "\n")
            sys.stdout.flush()
    except (OSError, ValueError, WebSocketException) as error:
        sys.stderr.write(f"{url}: {error}\n")
        return 1
    return 0
