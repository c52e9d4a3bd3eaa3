"""Why a contact went to its agent, and why one waits: from what was kept of each decision, and by
the same rules for this moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.relax import Step
from contactcenter.queue.rules import own, task_of
from contactcenter.routing.history import history
from contactcenter.routing.rules import WHY_NOT, OnDuty, why_not

SQL = load_sql(__file__)


@dataclass(frozen=True)
class _Kept:
    """What is stored of a decision. `known`: it was kept for the agent, who knows the case."""

    known: bool
    counts: dict[str, int]
    runners: list[int]


async def explain(db: Database, actor: Actor, contact: int) -> dict[str, Any]:
    """Why this contact is where it is (docs/api.md). Other agents, whom it was offered to, is kept
    for, or who could have had it, are named to those who may watch. Raises Refused("not_found")."""
    require(actor, "work")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        row = await SQL.contact.one(conn, contact=contact, scope=scope_for(actor, "work"))
        if row is None:
            raise Refused("not_found", field="contact")
        decisions = await _decisions(conn, contact, actor)
        steps = await SQL.steps.all(conn, contact=contact)
        happened = await history(conn, actor, contact)
        taken = await SQL.taken.value(conn, contact=contact)
        waiting = await _waiting(conn, row, actor) if row["state"] == "queued" else None
        tasks = await _tasks(conn, row, [step["class"] for step in steps])
    return {
        "contact": str(contact),
        "case": None if row["case_id"] is None else str(row["case_id"]),
        "state": row["state"],
        "queue": row["queue"],
        "channel": row["channel"],
        "language": row["language"],
        "target_s": row["target_s"],
        "asks": row["requirement"],
        "tasks": tasks,
        "steps": [{"at": stamp(s["at"]), "why": s["why"], "class": s["class"]} for s in steps],
        "decisions": decisions,
        "history": happened,
        "taken": taken,
        "waiting": waiting,
    }


async def _tasks(conn: Connection, row: Row, classes: list[str]) -> dict[str, dict[str, str]]:
    """What `organisation/task` of these classes is called, in each language."""
    tasks = {task_of(name) for name in (row["requirement"], *classes)}
    rows = await SQL.tasks.all(conn, tasks=sorted(tasks), queue=row["queue_id"])
    return {one["task"]: msgspec.json.decode(one["name"]) for one in rows}


def _is_named(actor: Actor, agent: int | None) -> bool:
    """Whether the actor is told an agent's name: one's own, and who may watch all."""
    return may(actor, "watch") or agent == actor.user_id


async def _decisions(conn: Connection, contact: int, actor: Actor) -> list[dict[str, Any]]:
    named = may(actor, "watch")
    rows = [(row, _kept(row)) for row in await SQL.decisions.all(conn, contact=contact)]
    ids = sorted({runner for _, kept in rows for runner in kept.runners})
    names = {row["id"]: row["name"] for row in await SQL.names.all(conn, ids=ids)}
    return [
        {
            "offer": str(row["offer"]),
            "at": stamp(row["at"]),
            "agent": row["name"] if _is_named(actor, row["agent"]) else None,
            "ended": row["ended"],
            "rule": row["rule"],
            "known": kept.known,
            "counts": kept.counts,
            "others": len(kept.runners),
            "runners": [names.get(one) for one in kept.runners] if named else None,
        }
        for row, kept in rows
    ]


def _kept(row: Row) -> _Kept:
    why = msgspec.json.decode(row["why"])
    return _Kept(
        known=why["class"].startswith(own("")),
        counts=why["counts"],
        runners=[int(one) for one in why["runners"]],
    )


async def _waiting(conn: Connection, row: Row, actor: Actor) -> dict[str, Any]:
    """Who at work could take it this moment, and why the others can't."""
    classes = [] if row["preferred"] else [row["requirement"], *row["also"]]
    agents = [
        OnDuty(
            id=one["user_id"],
            able=one["user_id"] == row["preferred"] if row["preferred"] else one["able"],
            state=one["state"],
            load=one["load"],
            capacity=one["capacity"],
            mails=one["mails"],
        )
        for one in await SQL.on_duty.all(
            conn, classes=classes, organisation_id=row["organisation_id"]
        )
    ]
    reasons = {agent.id: why_not(agent, row["channel"], row["passed"]) for agent in agents}
    counts = Counter(reasons.values())
    able = 1 if row["preferred"] else int(await SQL.able_at_all.value(conn, classes=classes))
    at_work = sum(agent.able for agent in agents)
    return {
        "able": able,
        "uncovered": None if at_work else "nobody_on_duty" if able else "nobody_able",
        "since": stamp(row["wait_from"]),
        "waited_s": row["waited_s"],
        "on_duty": len(agents),
        "free": counts[None],
        "counts": {why: counts[why] for why in WHY_NOT},
        "me": reasons.get(actor.user_id, "off_duty") or "free",
        "citizen_away": row["away_from"] is not None,
        "kept_for": row["kept_for"] if _is_named(actor, row["preferred"]) else None,
        "kept_until": None if row["preferred"] is None else stamp(row["preferred_until"]),
        "next_step": _next(row),
    }


def _next(row: Row) -> dict[str, Any] | None:
    """The step that comes next, and after how long a wait."""
    steps = msgspec.json.decode(row["relax"], type=list[Step])
    done = len(row["also"])
    if done >= len(steps):
        return None
    return {"to": steps[done].to, "after_s": steps[done].after_s}
