"""Why an agent did not get a contact that was offered to somebody else: by the same rules, of the
moment of the decision, from the log.

What was stored of the decision is believed before what is recomputed. What the log can't know is
named: `missing`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.accounts.store import skills_of
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.rules import EXCLUSIVE_CHANNELS, LEVELS, own
from contactcenter.routing.past import Hands, Known, Setting, There, passed, taken_back
from contactcenter.routing.rules import OnDuty, why_not

SQL = load_sql(__file__)


class Moment(NamedTuple):
    """A decision, and what was stored of it."""

    row: Row
    channel: str
    requirement: str  # the class of those who were looked at
    runners: list[int]


class Then(NamedTuple):
    """How it stood with an agent."""

    state: str | None
    setting: Setting
    hands: Hands
    missing: list[str]


async def why_not_then(
    db: Database, actor: Actor, number: int, agent: int | None, meant: int = 0
) -> dict[str, Any]:
    """Of each offer of a contact, by its number or its case's (of whose contacts `meant` goes
    before the newest), why the agent (without one, who asks) did not get it. Raises Refused:
    `not_found` for a contact or a colleague out of sight, `forbidden` where an agent asks of
    somebody else."""
    require(actor, "work")
    who = actor.user_id if agent is None else agent
    if who != actor.user_id:
        require(actor, "watch")
    scope = scope_for(actor, "work")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        found = await SQL.contact.one(conn, number=number, meant=meant, scope=scope)
        about = await SQL.agent.one(conn, agent=who, scope=scope)
        if found is None or about is None:
            raise Refused("not_found", field="contact" if found is None else "agent")
        offers = await SQL.offers.all(conn, contact=found["id"])
        told = [await _told(conn, actor, about, found, row) for row in offers]
    return {
        "contact": str(found["id"]),
        "case": None if found["case_id"] is None else str(found["case_id"]),
        "agent": {"id": str(who), "name": about["name"]},
        "decisions": told,
    }


async def _told(
    conn: Connection, actor: Actor, about: Row, contact: Row, row: Row
) -> dict[str, Any]:
    named = may(actor, "watch") or row["agent"] == actor.user_id
    told: dict[str, Any] = {
        "offer": str(row["offer"]),
        "at": stamp(row["at"]),
        "chosen": row["name"] if named else None,
        "place": None,
        "by": None,
        "missing": [],
        "then": None,
    }
    if row["agent"] == about["id"]:
        return told | {"reason": "got"}
    if row["why"] is None:  # given by a colleague, pulled, or older than decisions
        given = row["rule"] not in ("rank", "sticky")
        return told | {
            "reason": "given" if given else "unknown",
            "missing": [] if given else ["decision"],
        }
    moment = _moment(row, contact["channel"])
    then = await _then(conn, about, row, row["event"])
    return told | await _decided(conn, about["id"], contact["id"], moment, then)


def _moment(row: Row, channel: str) -> Moment:
    why = msgspec.json.decode(row["why"])
    return Moment(row, channel, why["class"], [int(one) for one in why["runners"]])


async def _then(conn: Connection, about: Row, row: Row, event: int) -> Then:
    at, agent = row["at"], about["id"]
    hands = Hands()
    for one in await SQL.hands.all(conn, agent=agent, at=at, event=event):
        hands.apply(one["contact_id"], one["channel"], one["kind"], one["why"])
    missing = []
    since = about["audited_since"]
    if since is None or since > at:
        missing.append("skills")  # the audit does not reach back so far
    return Then(
        state=await SQL.state.value(conn, agent=agent, event=event),
        setting=await _setting(conn, about, row),
        hands=hands,
        missing=missing,
    )


async def _setting(conn: Connection, about: Row, row: Row) -> Setting:
    skills = await skills_of(conn, about["id"])
    now = Setting(
        home=about["home"],
        capacity=about["capacity"],
        pauses_mail=about["pauses_mail"],
        scope=frozenset(about["scope"]),
        skills={
            (one.organisation_id, one.task, one.language): Known(one.level, one.trained)
            for one in skills
        },
        enabled=about["disabled_at"] is None,
    )
    changes = await SQL.changes.all(conn, agent=str(about["id"]), at=row["at"])
    decode = msgspec.json.decode
    return taken_back(now, [(c["verb"], c["before"] and decode(c["before"])) for c in changes])


async def _decided(
    conn: Connection, agent: int, contact: int, moment: Moment, then: Then
) -> dict[str, Any]:
    level, changed = await _level(conn, agent, then.setting, moment)
    if then.state in (None, "offline") or not then.setting.enabled:
        reason: str | None = "off_duty"
    else:
        wait = await SQL.own_wait.all(conn, contact=contact, event=moment.row["event"])
        declined = passed(agent, [(e["kind"], e["why"], e["agent"]) for e in wait])
        one = _on_duty(agent, then, able=level > 0)
        reason = why_not(one, moment.channel, {agent} if declined else ())
    missing = then.missing + (["agreements"] if changed else [])
    place = moment.runners.index(agent) + 1 if agent in moment.runners else None
    if place is not None and reason is not None:
        reason, missing = None, [*missing, "moment"]  # stored: could have had it
    elif place is None and reason is None and len(moment.runners) < 10:
        row = moment.row
        other = await SQL.at_once.value(conn, agent=agent, at=row["at"], event=row["event"])
        reason = "taken" if other else "unknown"  # stored: not among those who could
        missing += [] if other else ["moment"]
    return {
        "reason": reason or "free",
        "place": place,
        "by": await _by(conn, agent, moment, then, level) if reason is None else None,
        "missing": missing,
        "then": {
            "state": then.state,
            "load": then.hands.load(then.setting.capacity),
            "mails": then.hands.mails(),
            "capacity": then.setting.capacity,
            "level": level,
        },
    }


async def _level(
    conn: Connection, agent: int, setting: Setting, moment: Moment
) -> tuple[int, bool]:
    """The level for what was decided on, 0 where not able; whether that rests on agreements that
    were changed since."""
    requirement = moment.requirement
    if requirement.startswith(own("")):  # kept for who knows the case
        return (LEVELS if requirement == own(agent) else 0), False
    rows = await SQL.organisations.all(conn, at=moment.row["at"], home=setting.home)
    there = {row["key"]: There(row["id"], row["day"], frozenset(row["agreed"])) for row in rows}
    asked = next((row for row in rows if row["key"] == requirement.partition("/")[0]), None)
    serves = asked is not None and asked["id"] != setting.home and asked["id"] in setting.scope
    changed = asked is not None and serves and asked["changed"]
    return setting.level(requirement, there), bool(changed)


def _on_duty(agent: int, then: Then, *, able: bool) -> OnDuty:
    setting = then.setting
    mails = then.hands.mails() if setting.pauses_mail else 0
    load = then.hands.load(setting.capacity)
    return OnDuty(agent, able, then.state or "offline", load, setting.capacity, mails)


async def _by(
    conn: Connection,
    agent: int,
    moment: Moment,
    then: Then,
    level: int,
) -> str:
    """By what the chosen one came first: no mail to be paused, a higher level, or idle longer."""
    row = moment.row
    about = await SQL.setting.row(conn, agent=row["agent"])
    chosen = await _then(conn, about, row, row["event"])
    if _pauses(agent, moment, then) and not _pauses(row["agent"], moment, chosen):
        return "pauses"
    theirs, _ = await _level(conn, row["agent"], chosen.setting, moment)
    return "level" if theirs > level else "idle"


def _pauses(agent: int, moment: Moment, then: Then) -> bool:
    one = _on_duty(agent, then, able=True)
    whole = moment.channel in EXCLUSIVE_CHANNELS
    return one.load >= one.capacity or (whole and one.mails > 0)
