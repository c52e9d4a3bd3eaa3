"""The command: every check after the other, whatever the others found. It changes nothing."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from contactcenter.config import Settings, SettingsError
from contactcenter.doctor import city, doors, keys, machine, postgres, redis, work
from contactcenter.doctor.finding import Finding, wrong
from contactcenter.errors import DatabaseUnavailable
from contactcenter.kernel.db import Database
from contactcenter.kernel.embedded import EmbeddedError
from contactcenter.kernel.live import Live
from contactcenter.kernel.schema import VERSION
from contactcenter.servers import servers

PATIENCE_S = 60.0
_MARKS = {"ok": "  ok   ", "note": "  note ", "wrong": "WRONG  "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run, unsettled=unsettled)


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Exit code 0 where nothing is wrong, else 1."""
    found = machine.look(settings, os.environ)
    try:
        with servers(settings) as at:
            found += asyncio.run(look(settings, at.database_url, at.redis_url))
    except EmbeddedError as error:
        found.append(wrong("servers", str(error), "see the logs in the home's log folder"))
    return tell(found, as_json=given.json)


def unsettled(error: SettingsError, given: argparse.Namespace) -> int:
    """The settings can't be used, so nothing else can be looked at."""
    do = "correct it; docs/api.md lists all settings"
    return tell([wrong("settings", one, do) for one in error.problems], as_json=given.json)


def tell(found: Sequence[Finding], *, as_json: bool) -> int:
    """Print it; the exit code."""
    bad = sum(one.level == "wrong" for one in found)
    if as_json:
        shown = {"ok": not bad, "wrong": bad, "findings": found}
        sys.stdout.buffer.write(msgspec.json.encode(shown) + b"\n")
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write("".join(_lines(found)))
    return 1 if bad else 0


def _lines(found: Sequence[Finding]) -> list[str]:
    wide = max(len(one.check) for one in found)
    lines = []
    for one in found:
        lines.append(f"{_MARKS[one.level]}{one.check:<{wide}}  {one.found}\n")
        if one.do:
            lines.append(f"       {'':<{wide}}  -> {one.do}\n")
    counts = {level: sum(one.level == level for one in found) for level in _MARKS}
    lines.append(f"\n{counts['wrong']} wrong, {counts['note']} to know, {counts['ok']} fine\n")
    return lines


async def look(settings: Settings, database_url: str, redis_url: str) -> list[Finding]:
    """All that needs servers."""
    found: list[Finding] = []
    running = 0
    try:
        db = await Database.open(database_url, size=2, role="none")
    except (DatabaseUnavailable, ValueError) as error:
        do = "start PostgreSQL, or correct CONTACTCENTER_DATABASE_URL; nothing can be taken in"
        found.append(wrong("postgres", str(error), do))
    else:
        try:
            running = await _stored(settings, db, found)
        finally:
            await db.close()
    live = Live(redis_url)
    try:
        await _gently("redis", found, lambda: redis.look(live, running > 0))
    finally:
        await live.close()
    await _gently("doors", found, lambda: doors.look(settings, running))
    return found


async def _stored(settings: Settings, db: Database, found: list[Finding]) -> int:
    """What the database tells; how many nodes are at work."""
    async with db.connection() as conn:
        await _gently("postgres", found, lambda: postgres.look(conn))
        version = await postgres.version(conn)
        oldest = await postgres.oldest(conn, version)
        found.append(postgres.of_schema(version, oldest))
        if version < VERSION or oldest > VERSION:  # what is asked below may not be there
            return 0
        running = await work.nodes(conn)
        found += postgres.of_nodes(await postgres.SQL.server.row(conn), running)

        async def partitions() -> list[Finding]:
            return [await postgres.partitions(conn)]

        await _gently("postgres.partitions", found, partitions)
        await _gently("work", found, lambda: work.look(conn, running))
        await _gently("files.key", found, lambda: keys.look(conn, settings))
        await _gently("files.scan", found, lambda: work.scans(conn, settings))
        await _gently("city", found, lambda: city.look(conn, settings))
    if settings.mailbox:
        await _gently("mailboxes", found, lambda: work.fetched(db, settings))
    return running


async def _gently(
    name: str, found: list[Finding], ask: Callable[[], Awaitable[list[Finding]]]
) -> None:
    """A check that breaks is a finding; the others are made all the same."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            found += await ask()
    except Exception as error:  # whatever it is, somebody has to see it
        said = f"could not be looked at: {type(error).__name__} {str(error)[:200]}".rstrip()
        found.append(wrong(name, said, "try again; if it stays so, tell us"))
