"""The chats' rows. Functions take a connection and never commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from contactcenter.cases import store as cases
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import names_of, pick
from contactcenter.kernel.links import key_of
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.citizens import file_shown
from contactcenter.queue.hours import Calendar, read_hours
from contactcenter.queue.publish import Change
from contactcenter.queue.rules import pick_language, requirement

SQL = load_sql(__file__)
MOST_SHOWN = 500
_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True)
class ChatQueue:
    """A queue that takes chats, and the language in which one is served there."""

    row: Row
    language: str
    topic: Mapping[str, str] | None = None  # what the matter is called, where one was chosen

    @property
    def name(self) -> str:
        """The queue's name in that language."""
        names: dict[str, str] = msgspec.json.decode(self.row["name"])
        return names.get(self.language) or next(iter(names.values()))

    def subject(self, language: str) -> str:
        """What the matter is called in a language; "" where none was chosen."""
        return pick(self.topic, language) if self.topic else ""

    @property
    def requirement(self) -> str:
        """What its agents must be able to."""
        row = self.row
        return requirement(row["organisation"], row["task"], self.language, row["level"])

    @property
    def offers(self) -> list[str]:
        """What may be had here instead of waiting in the chat."""
        ways = {
            "callback": "callback" in self.row["channels"],
            "mail": self.row["address"] is not None,
        }
        return [way for way, there in ways.items() if there]

    @property
    def calendar(self) -> Calendar:
        """When it is open."""
        return Calendar(read_hours(self.row["hours"]), self.row["time_zone"])


async def find_queue(
    conn: Connection, queue: str, language: str, *, closed_too: bool = False
) -> ChatQueue:
    """A queue that takes chats; or one that does no more. Raises Refused("unknown_queue")."""
    row = await _queue(conn, queue, closed_too=closed_too)
    if row is None:
        raise Refused("unknown_queue", field="queue")
    return ChatQueue(row, pick_language(language, list(row["languages"])))


async def find_topic(conn: Connection, topic: str, language: str) -> ChatQueue:
    """The queue that a topic, "mikkeli/parking", leads to. Raises Refused("unknown_queue")."""
    organisation, _, key = topic.partition("/")
    found = await SQL.topic.one(conn, organisation=organisation, topic=key)
    if found is None:
        raise Refused("unknown_queue", "unknown_topic", field="topic")
    queue = await find_queue(conn, found["queue"], language)
    return replace(queue, topic=names_of(found["name"]))


async def _queue(conn: Connection, queue: str, *, closed_too: bool = False) -> Row | None:
    if not _KEY.fullmatch(queue):
        return None
    return await SQL.queue.one(conn, key=queue, closed_too=closed_too)


def came_or_went(rows: Iterable[Row]) -> Change:
    """What is to be published when citizens came or went: the line and the agents' screens."""
    rows = list(rows)
    show = {row["id"]: [row["owner"]] for row in rows if row["state"] == "active"}
    return Change(contacts=[row["id"] for row in rows], show=show)


async def staffed(conn: Connection, classes: list[str]) -> set[str]:
    """Those requirement classes that somebody on duty can take."""
    return {row["class"] for row in await SQL.staffed.all(conn, classes=classes)}


@dataclass(frozen=True)
class Shown:
    """A message that a citizen's page sees, and its files."""

    row: Row
    attached: list[dict[str, Any]]


async def shown(conn: Connection, case: int, after: int) -> list[Shown]:
    """The messages that a citizen's page sees after a number."""
    rows = await cases.SQL.shown.all(conn, case_id=case, after=after, most=MOST_SHOWN)
    if all(row["files"] is None for row in rows):
        return [Shown(row, []) for row in rows]
    key = await key_of(conn, "file")
    return [
        Shown(row, [file_shown(key, file) for file in msgspec.json.decode(row["files"] or "[]")])
        for row in rows
    ]
