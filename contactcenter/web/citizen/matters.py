"""What citizens turn to the city with: its topics, and the queue behind each; where an organisation
has no topics, its queues."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue.hours import read_hours
from contactcenter.queue.rules import pick_language, requirement
from contactcenter.web.citizen.open_hours import OpenHours
from contactcenter.web.services import services_of

SQL = load_sql(__file__)
KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.ASCII)
_names = msgspec.json.Decoder(dict[str, str]).decode
Names = Mapping[str, str]


@dataclass(frozen=True)
class Matter(OpenHours):
    """A topic, or a queue by its own name. `address`: where mail to the queue goes; None: nowhere,
    and then no message can be left either. `phone`: by which it is called, "" for none; `places`:
    calls that a half hour holds. `asks`: what a chat asks before it begins."""

    organisation: str
    organisation_names: Names
    topic: str | None
    names: Names
    hint: Names
    queue_id: int
    queue: str
    queue_names: Names
    task: str
    level: int
    languages: Sequence[str]
    channels: Sequence[str]
    places: int
    address: str | None
    asks: Sequence[str]
    phone: str

    @property
    def value(self) -> str:
        """What it is called in addresses and forms: "mikkeli/parking", or the queue's key."""
        return self.queue if self.topic is None else f"{self.organisation}/{self.topic}"

    @property
    def query(self) -> dict[str, str]:
        """The same as a query of an address."""
        return {"queue" if self.topic is None else "topic": self.value}

    def requirement(self, language: str) -> str:
        """What its agents must be able to, for somebody who speaks the language."""
        spoken = pick_language(language, list(self.languages))
        return requirement(self.organisation, self.task, spoken, self.level)

    def by_queue(self) -> Matter:
        """The queue behind it, by its own name."""
        return replace(self, topic=None, names=self.queue_names, hint={})


async def matters(request: web.Request, organisation: str | None = None) -> list[Matter]:
    """What may be chosen, by organisation: topics, and queues where it has none."""
    return await offered(services_of(request).db, organisation)


async def offered(db: Database, organisation: str | None) -> list[Matter]:
    """As `matters`."""
    return _offered(await _read(db, organisation))


async def chosen(request: web.Request) -> tuple[Matter | None, list[Matter]]:
    """The matter that ?topic= or ?queue= names, None for an unknown one; and what may be chosen in
    its organisation, that one among them."""
    topic, queue = request.query.get("topic", ""), request.query.get("queue", "")
    return await find(services_of(request).db, topic, queue)


async def find(db: Database, topic: str, queue: str) -> tuple[Matter | None, list[Matter]]:
    """As `chosen`; a topic before a queue."""
    organisation: str | None = topic.partition("/")[0]
    if not topic and KEY.fullmatch(queue):
        async with db.connection() as conn:
            organisation = await SQL.organisation_of.value(conn, queue=queue)
    found = await _read(db, organisation) if organisation else []
    every = _offered(found)
    if topic:
        return next((one for one in every if one.value == topic), None), every
    named = next((one.by_queue() for one in found if one.queue == queue), None)
    if named is not None and named not in every:
        every = [named, *every]
    return named, every


async def queues_of(request: web.Request, organisation: str) -> list[Matter]:
    """All queues in use of an organisation, once for each topic that leads there."""
    return await _read(services_of(request).db, organisation)


async def _read(db: Database, organisation: str | None) -> list[Matter]:
    if organisation is not None and not KEY.fullmatch(organisation):
        return []
    async with db.connection() as conn:
        return [_matter(row) for row in await SQL.matters.all(conn, organisation=organisation)]


def _offered(found: list[Matter]) -> list[Matter]:
    with_topics = {one.organisation for one in found if one.topic is not None}
    return [one for one in found if one.topic is not None or one.organisation not in with_topics]


async def promised(request: web.Request, found: Sequence[Matter]) -> dict[int, dict[datetime, int]]:
    """How many calls are promised in the half hours of these matters' queues."""
    taken: dict[int, dict[datetime, int]] = {one.queue_id: {} for one in found}
    async with services_of(request).db.connection() as conn:
        for row in await SQL.promised.all(conn, queues=sorted(taken)):
            taken[row["queue_id"]][row["starts_at"]] = row["taken"]
    return taken


def _matter(row: Row) -> Matter:
    return Matter(
        zone=ZoneInfo(row["time_zone"]),
        hours=read_hours(row["hours"]),
        now=row["now"],
        always_open=row["always_open"],
        organisation=row["organisation"],
        organisation_names=_names(row["organisation_names"]),
        topic=row["topic"],
        names=_names(row["name"]),
        hint=_names(row["hint"]),
        queue_id=row["queue_id"],
        queue=row["queue"],
        queue_names=_names(row["queue_names"]),
        task=row["task"],
        level=row["level"],
        languages=row["languages"],
        channels=row["channels"],
        places=row["callbacks_per_half_hour"],
        address=row["address"],
        asks=row["chat_asks"],
        phone=row["phone"],
    )
