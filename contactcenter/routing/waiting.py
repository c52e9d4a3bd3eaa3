"""Who waits, in the order of the line, and why: for those who watch.

A contact's case, queue, channel and times are told, and no word of the person's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.relax import Step
from contactcenter.queue.rules import stands_in
from contactcenter.routing.rules import WHY_NOT, OnDuty, WhyNot, why_not

SQL = load_sql(__file__)
MOST = 200
COUNTED = 1000  # so far is counted how many wait in a queue: the board has the whole figure


class After(NamedTuple):
    """The contact after which a page begins."""

    rank: int = -(2**63)
    contact: int = 0

    @classmethod
    def read(cls, text: str) -> After:
        """As `next` gave it. Raises Refused("bad_request", field="after")."""
        found = re.fullmatch(r"(-?[0-9]{1,18})\.([0-9]{1,18})", text, re.ASCII)
        if found is None:
            raise Refused("bad_request", "invalid_field", field="after")
        return cls(int(found[1]), int(found[2]))


Asking = tuple[frozenset[int], str, frozenset[int]]


class Able:
    """The agents at work who are able to take contacts, by the class for which they are."""

    def __init__(self, agents: dict[int, OnDuty], of: dict[str, set[int]]) -> None:
        self.agents, self.of = agents, of
        self._counted: dict[Asking, Counter[WhyNot | None]] = {}
        self._united: dict[tuple[str, ...], frozenset[int]] = {}

    def who(self, classes: tuple[str, ...]) -> frozenset[int]:
        """Those of any of these classes."""
        if classes not in self._united:
            found = (self.of.get(name, set()) for name in classes)
            self._united[classes] = frozenset(set().union(*found))
        return self._united[classes]

    def counts(
        self, who: frozenset[int], channel: str, passed: frozenset[int]
    ) -> Counter[WhyNot | None]:
        """How many of them can't take a contact for which reason; None: could. Most contacts of a
        page ask alike, and are counted once."""
        key = (who, channel, passed & who)
        if key not in self._counted:
            reasons = (why_not(self.agents[one], channel, passed) for one in who)
            self._counted[key] = Counter(reasons)
        return self._counted[key]


async def waiting(
    db: Database, actor: Actor, queue: str | None, after: After, most: int
) -> dict[str, Any]:
    """A page of who waits, of one queue or all in sight (docs/api.md). Raises Refused:
    `forbidden`, and `unknown_queue` also for one out of sight."""
    require(actor, "watch")
    scope, most = scope_for(actor, "watch"), min(most, MOST)
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        queues = await SQL.queues.all(conn, scope=scope, most=COUNTED)
        if queue is not None and all(row["key"] != queue for row in queues):
            raise Refused("unknown_queue", field="queue")
        rows = await SQL.page.all(
            conn, scope=scope, queue=queue, rank=after.rank, after=after.contact, most=most + 1
        )
        able = await _able(conn, rows[:most])
    more = rows[most - 1] if len(rows) > most else None
    return {
        "queues": [_queue(row) for row in queues],
        "contacts": [_shown(row, able) for row in rows[:most]],
        "next": None if more is None else f"{more['rank']}.{more['id']}",
    }


async def _able(conn: Connection, rows: Iterable[Row]) -> Able:
    classes = {name for row in rows for name in stands_in(row["requirement"], row["also"])}
    kept = {row["preferred"] for row in rows if row["preferred"] is not None}
    of: defaultdict[str, set[int]] = defaultdict(set)
    agents: dict[int, OnDuty] = {}
    for row in await SQL.able.all(conn, classes=sorted(classes), kept=sorted(kept)):
        one = OnDuty(row["user_id"], True, row["state"], row["load"], row["capacity"], row["mails"])
        agents[one.id] = one
        for name in row["classes"]:
            of[name].add(one.id)
    return Able(agents, of)


def _queue(row: Row) -> dict[str, Any]:
    return {
        "queue": row["key"],
        "name": msgspec.json.decode(row["name"]),
        "organisation": row["organisation"],
        "waiting": row["waiting"],
    }


def _shown(row: Row, able: Able) -> dict[str, Any]:
    waited = max(0.0, (row["now"] - row["wait_from"]).total_seconds())
    steps = msgspec.json.decode(row["relax"], type=list[Step])
    done = len(row["also"])
    following = steps[done] if done < len(steps) else None
    return {
        "contact": str(row["id"]),
        "case": None if row["case_id"] is None else str(row["case_id"]),
        "queue": row["queue"],
        "channel": row["channel"],
        "language": row["language"],
        "state": row["state"],
        "wait_from": stamp(row["wait_from"]),
        "waited_s": waited,
        "target_s": row["service_level_s"],
        "over": waited > row["service_level_s"],
        "steps": [step.to for step in steps[:done]],
        "next_step": None
        if following is None
        else {"to": following.to, "in_s": max(0.0, following.after_s - waited)},
        "why": _why(row, able),
    }


def _why(row: Row, able: Able) -> dict[str, Any]:
    """The reason, and how those who are able stand to it."""
    if row["preferred"] is not None:
        who = frozenset({row["preferred"]} & able.agents.keys())
    else:
        who = able.who(tuple(stands_in(row["requirement"], row["also"])))
    counts = able.counts(who, row["channel"], frozenset(row["passed"]))
    until: datetime | None = row["offered_until"] or row["preferred_until"]
    return {
        "reason": _reason(row, len(who), counts),
        "able": len(who),
        "free": counts[None],
        "counts": {why: counts[why] for why in WHY_NOT if why != "unable"},
        "agent": row["offered_to"] or row["kept_for"],
        "seconds": None if until is None else max(0.0, (until - row["now"]).total_seconds()),
    }


def _reason(row: Row, able: int, counts: Counter[WhyNot | None]) -> str:
    """The one that comes first, and of those who are able the one that holds for all."""
    if row["state"] == "offered":
        return "offered"
    if row["away_from"] is not None:
        return "citizen_away"
    if row["preferred"] is not None:
        return "kept"
    if not able:
        return "nobody"
    if counts[None]:
        return "free"
    return next((why for why in WHY_NOT if counts[why] == able), "mixed")
