"""A month of finished history for the demo city, loaded once, where nothing has happened yet.

What is not finished by yesterday's midnight is left out, so nothing of it waits for anybody.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from contactcenter.demo_history import classifying, placing, rows, unasked
from contactcenter.demo_history.channel_rows import By
from contactcenter.demo_history.lived import Agent, Queue
from contactcenter.demo_history.month import QUEUES, Month
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import LANGUAGES, Catalogue
from contactcenter.kernel.ids import BLOCK
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.hours import Calendar, read_hours

SQL = load_sql(__file__)
TOPICS = Path(__file__).with_name("topics.toml")
ORGANISATION = "mikkeli"
DAYS, MOST_DAYS = 30, 366
COPY_ROWS, COPY_TIMEOUT_S = 5000, 60.0
Told = Callable[[str], None]


class Loaded(NamedTuple):
    """What came in."""

    days: int
    contacts: int
    events: int


async def load_history(
    db: Database, emails: list[str], domain: str, days: int, told: Told = lambda line: None
) -> Loaded | None:
    """Load the last days up to yesterday's midnight, all in one transaction; None where something
    has happened already, where another process is at it, or for no days. `told` hears how far it
    is."""
    if days <= 0:
        return None
    async with db.transaction(patient=True) as conn:
        if not (await SQL.lock.value(conn) and await SQL.is_new.value(conn)):
            return None
        month = await _month(conn, emails, days)
        if month is None:
            return None
        await asyncio.to_thread(month.run, lambda n: told(f"history: day {n} of {days}"))
        unasked.say(month.finished(), _kinds())
        kept = rows.kept(month.finished(), month.floor.story)
        since = datetime.fromtimestamp(min((e.at for e in kept.story), default=month.until), UTC)
        await SQL.partitions.run(conn, since=since, until=datetime.fromtimestamp(month.until, UTC))
        await _number(conn, kept)
        services = {
            (row["organisation_id"], row["external_id"]): row["id"]
            for row in await SQL.services.all(conn)
        }
        made = await asyncio.to_thread(rows.rows, kept, month.floor.agents, domain, services)
        homes = {row["organisation_id"] for row in made["contact"]}
        areas: defaultdict[int, list[Row]] = defaultdict(list)
        for row in await SQL.areas.all(conn):
            areas[row["organisation_id"]].append(row)
        made = placing.say(made, areas)
        await _copy(conn, classifying.say(made, await classifying.known(conn, homes)), told)
    return Loaded(days, len(kept.contacts), len(kept.story))


def _kinds() -> dict[str, dict[str, str]]:
    """What kinds of open feedback are called, by language."""
    texts = Catalogue.load()
    return {
        kind: {code: texts.t(code, f"open_feedback.kind.{kind}") for code in LANGUAGES}
        for kind in ("thanks", "complaint", "question", "proposal", "fault")
    }


async def _month(conn: Connection, emails: list[str], days: int) -> Month | None:
    """None where somebody has already changed the demo's queues: it is no demo city any more."""
    home = await SQL.today.row(conn, organisation=ORGANISATION)
    queues = {row["key"]: _queue(row) for row in await SQL.queues.all(conn, keys=list(QUEUES))}
    if any(key not in queues or queues[key].address is None for key in QUEUES):
        return None
    agents = [_agent(row) for row in await SQL.agents.all(conn, emails=emails)]
    topics = tomllib.loads(TOPICS.read_text(encoding="utf-8"))
    return Month(queues, agents, topics, home["time_zone"], home["today"], days)


def _queue(row: Row) -> Queue:
    values = dict(row)
    calendar = Calendar(read_hours(values.pop("hours")), values.pop("time_zone"))
    return Queue(**values | {"name": msgspec.json.decode(row["name"])}, calendar=calendar)


def _agent(row: Row) -> Agent:
    words = [skill.split() for skill in row["skills"]]
    skills = {(organisation, task): int(level) for organisation, task, level in words}
    return Agent(**dict(row) | {"skills": skills})


async def _number(conn: Connection, kept: rows.Past) -> None:
    """Ids out of the house's sequence, rising in time."""
    things = rows.things(kept)
    blocks = await SQL.blocks.all(conn, count=-(-len(things) // BLOCK))
    ids = chain.from_iterable(range(b["nextval"], b["nextval"] + BLOCK) for b in blocks)
    for thing, id_ in zip(things, ids, strict=False):
        thing.id = id_


async def _copy(conn: Connection, by: By, told: Told) -> None:
    done, total = 0, sum(map(len, by.values()))
    for table, table_rows in by.items():
        if not table_rows:  # a history of days on which nobody came
            continue
        columns = list(table_rows[0])
        for piece in _pieces(table_rows):
            await conn.copy_records_to_table(
                table,
                records=[tuple(row.values()) for row in piece],
                columns=columns,
                timeout=COPY_TIMEOUT_S,
            )
            done += len(piece)
            told(f"history: {done:,} of {total:,} rows")


def _pieces(whole: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    at = iter(whole)
    while piece := list(islice(at, COPY_ROWS)):
        yield piece
