"""What was said, for supervisors: marks by queue, and each item with its text, asked or unasked."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.feedback import rules
from contactcenter.feedback.rules import Spread
from contactcenter.feedback.store import SQL
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.sql import Row

PAGE = 50


class Asked(NamedTuple):
    """Of which queue (its key), of how many days up to now, with which mark of either, with a text
    only; `what`: all, asked (after a close), open, undecided, or a kind of open feedback; and after
    which contact's of the list, whose item was open or not."""

    queue: str | None = None
    days: int = 30
    mark: int | None = None
    texts: bool = False
    what: str = "all"
    before: int | None = None
    before_open: bool = False


class Marks(NamedTuple):
    """The marks of a queue; of all of them without a key."""

    queue: str | None
    name: dict[str, str]
    handling: Spread
    service: Spread


class Found(NamedTuple):
    """`marks`: of all first where there are several queues, then of each; `undecided`: how much
    open feedback waits for a decision; `more`: the item to go on after, None at the end."""

    queues: list[Row]
    marks: list[Marks]
    items: list[Row]
    undecided: int
    more: Row | None


async def listed(db: Database, actor: Actor, asked: Asked) -> Found:
    """Raises Refused. That texts were read is noted in the audit of each organisation."""
    require(actor, "read_feedback")
    scope = scope_for(actor, "read_feedback")
    async with db.transaction() as conn:
        marks = await SQL.marks.all(conn, scope=scope, days=asked.days, queue=asked.queue)
        rows = await SQL.listed.all(
            conn,
            scope=scope,
            days=asked.days,
            queue=asked.queue,
            mark=asked.mark,
            texts=asked.texts,
            what=asked.what,
            agent=actor.user_id,
            before=asked.before,
            before_open=asked.before_open,
            most=PAGE + 1,
        )
        items = rows[:PAGE]
        read = [(row["organisation_id"], row["contact_id"]) for row in items if row["text"]]
        await audit.note_shown(conn, actor, "read_feedback", "feedback", read)
        queues = await SQL.queues.all(conn, scope=scope)
        undecided = await SQL.undecided.value(conn, scope=scope)
    more = items[-1] if len(rows) > PAGE else None
    return Found(queues, added_up(marks), items, undecided, more)


def added_up(rows: list[Row]) -> list[Marks]:
    """The marks by queue, and of all."""
    names: dict[str, dict[str, str]] = {}
    counts: defaultdict[tuple[str | None, str], list[int]] = defaultdict(
        lambda: [0] * len(rules.STEPS)
    )
    for row in rows:
        names[row["queue"]] = names_of(row["name"])
        for queue in (row["queue"], None):
            counts[queue, row["about"]][row["mark"] - 1] += row["n"]
    keys: list[str | None] = [None, *names] if len(names) > 1 else [*names]
    return [
        Marks(
            key,
            names.get(key or "", {}),
            *(rules.spread(counts[key, about]) for about in rules.ABOUT),
        )
        for key in keys
    ]
