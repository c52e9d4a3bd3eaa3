"""What admins do with the configuration: one thing saved, a file applied, a change taken back.

Each is one transaction, audited with before and after, for organisations in the actor's scope
only. `actor` None is the operator of the server, who sees every organisation and alone can add one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import OPERATOR, Actor, require, scope_for
from contactcenter.cases import reasons
from contactcenter.configuration import agreements as serving
from contactcenter.configuration import applying, rules, store, themes, undoing, waiting
from contactcenter.configuration.applying import Work, decides_anew
from contactcenter.configuration.document import (
    Agreement,
    ContactReason,
    Document,
    Kind,
    Queue,
    Thing,
    key_of,
)
from contactcenter.configuration.fields import wrong
from contactcenter.configuration.filing import tidy
from contactcenter.configuration.plan import (
    Step,
    astray,
    is_disabled,
    shared,
    steps,
    unanswered,
    unsaid,
)
from contactcenter.configuration.reading import Known, read
from contactcenter.configuration.store import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.publish import Change

Publish = Callable[[Change], Awaitable[object]]


@dataclass(frozen=True)
class Applied:
    """What was done, or would be. `seal`: names exactly these steps."""

    steps: list[Step]
    contacts: int = 0  # waiting contacts whose requirement or place was written anew
    entry: int | None = None  # the audit's row of the last step, by which it can be taken back

    @property
    def seal(self) -> str:
        """The same for the same steps only."""
        plain = [(step.kind, step.before, step.after) for step in self.steps]
        return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


class _Enough(Exception):
    """Nothing of the transaction is to stay."""


async def current(conn: Connection, actor: Actor | None) -> Known:
    """The configuration of the actor's organisations. Raises Refused."""
    who = await _who(conn, actor)
    require(who, "configure")
    return await read(conn, scope_for(who, "configure"))


async def export(conn: Connection, actor: Actor | None) -> Document:
    """The same to take out of the house: noted in the audit."""
    known = await current(conn, actor)
    for organisation_id in sorted(known.organisations.values()):
        await audit.note(
            conn,
            actor,
            "export_configuration",
            "configuration",
            "",
            organisation_id=organisation_id,
        )
    files = await themes.files_of(conn, known.organisations)
    return msgspec.structs.replace(known.document, theme_file=files)


async def _who(conn: Connection, actor: Actor | None) -> Actor:
    if actor is not None:
        return actor
    every = tuple(row["id"] for row in await SQL.every_organisation.all(conn))
    return Actor(user_id=OPERATOR, name="", role="admin", organisation_id=0, scope=every)


async def save(
    db: Database, publish: Publish, actor: Actor, kind: Kind, wanted: Thing, seen: Thing | None
) -> Applied:
    """Save one thing that the admin saw as `seen` (None: it was not there). Raises Refused: `stale`
    where it has changed meanwhile, `bad_request` with every problem."""
    async with db.transaction() as conn:
        work = await _begin(conn, actor)
        wanted = tidy(wanted)
        now = find(work.known.document, kind, key_of(kind, wanted))
        rules.refuse(rules.problems(kind, wanted))
        if seen is None and now is not None:
            raise Refused("bad_request", "key_taken", field="key")
        if seen != now:
            raise Refused("stale", "changed_meanwhile")
        applied = await _apply(work, [Step(kind, now, wanted)] if now != wanted else [])
    await publish(_change(work))
    return applied


async def remove(db: Database, publish: Publish, actor: Actor, kind: Kind, seen: Thing) -> Applied:
    """Remove a thing that is there or not (a site). A repeat changes nothing."""
    async with db.transaction() as conn:
        work = await _begin(conn, actor)
        now = find(work.known.document, kind, key_of(kind, tidy(seen)))
        applied = await _apply(work, [Step(kind, now, None)] if now is not None else [])
    await publish(_change(work))
    return applied


async def apply(
    db: Database,
    publish: Publish,
    actor: Actor | None,
    document: Document,
    *,
    prune: bool = False,
    dry_run: bool = False,
    seal: str | None = None,
) -> Applied:
    """Apply a file whole, or not at all. What it does not name stays as it is, or is disabled with
    `prune`. `dry_run`: only say what would change; `seal`: what was shown then, refused as `stale`
    where it would be something else now. Raises Refused with every problem."""
    try:
        async with db.transaction() as conn:
            work = await _begin(conn, actor, users=True)
            rules.refuse(rules.document_problems(document))
            work.files = themes.given_files(document.theme_file)
            plan = steps(work.known.document, document, prune=prune)
            if seal is not None and seal != Applied(plan).seal:
                raise Refused("stale", "changed_meanwhile")
            applied = await _apply(work, plan, document)
            if dry_run:
                raise _Enough
    except _Enough:
        return applied
    await publish(_change(work))
    return applied


async def undo(db: Database, publish: Publish, actor: Actor, entry: int) -> Applied:
    """Take back a change of one's own, by its row in the audit, where nobody has changed the same
    since. Raises Refused: `not_found`, `stale`."""
    async with db.transaction() as conn:
        work = await _begin(conn, actor)
        scope = scope_for(actor, "configure")
        row = await SQL.entry.one(conn, entry=entry, user_id=actor.user_id, scope=scope)
        if row is None or row["object_kind"] not in undoing.UNDONE:
            raise Refused("not_found")
        kind: Kind = row["object_kind"]
        now = find(work.known.document, kind, row["object_id"])
        applied = await _apply(work, [undoing.back(kind, now, row["before"], row["after"])])
    await publish(_change(work))
    return applied


def find(document: Document, kind: Kind, key: str) -> Thing | None:
    """The thing of this key, or None."""
    things: tuple[Thing, ...] = getattr(document, kind)
    return next((thing for thing in things if key_of(kind, thing) == key), None)


async def _begin(conn: Connection, actor: Actor | None, *, users: bool = False) -> Work:
    """One at a time; `users` are held too where they may change: they have a page of their own."""
    await SQL.take_turns.all(conn)
    who = await _who(conn, actor)
    require(who, "configure")
    scope = scope_for(who, "configure")
    if users:
        await SQL.lock_users.all(conn, scope=scope)
    known = await read(conn, scope)
    return Work(conn, who, actor is None, known, dict(known.organisations))


async def _apply(work: Work, plan: list[Step], document: Document | None = None) -> Applied:
    """Every step, or every problem. Addresses are given up before any is taken, agents are held
    before contacts."""
    await _prepare(work, plan)
    found: list[Refused] = []
    for step in plan:
        try:
            await applying.apply(work, step)
        except Refused as no:
            found.append(_placed(step, no, document))
    for step in astray(work.known.document, plan):
        problem = Refused("bad_request", "step_queue", field="relax")
        found.append(_placed(step, problem, document))
    for step, field in unanswered(work.known.document, plan):
        problem = Refused("bad_request", "topic_queue", field=field)
        found.append(_placed(step, problem, document))
    for step in unsaid(work.known.document, plan):
        problem = Refused("bad_request", "reason_merged", field="merged_into")
        found.append(_placed(step, problem, document))
    for step, code in shared(work.known.document, plan):
        problem = wrong("postal_code_shared", "postal_codes", code=code)
        found.append(_placed(step, problem, document))
    rules.refuse(found)
    _refuse_without_outcomes(work, plan)
    for organisation in {s.thing.organisation for s in plan if isinstance(s.thing, ContactReason)}:
        await reasons.add_version(work.conn, work.known.organisations[organisation])
    entry = await last_entry(work.conn, work.actor, plan[-1].kind, plan[-1].key) if plan else None
    return Applied(plan, len(work.contacts), entry["id"] if entry else None)


def _placed(step: Step, no: Refused, document: Document | None) -> Refused:
    return no if document is None else rules.placed(step.kind, step.thing, no)


async def last_entry(conn: Connection, actor: Actor, kind: Kind, key: str) -> Row | None:
    """The audit's newest row about a thing: id, at, user_name."""
    scope = scope_for(actor, "configure")
    return await SQL.last_entry.one(conn, kind=kind, key=key, scope=scope)


async def _prepare(work: Work, plan: list[Step]) -> None:
    users = [step for step in plan if step.kind == "user"]
    agreements = [step.after for step in plan if isinstance(step.after, Agreement)]
    keys = {key for step in users for key in _organisations(step.after)}
    keys |= {agreement.agents_of for agreement in agreements}
    rows = await SQL.organisation_ids.all(work.conn, keys=sorted(keys))
    work.ids.update({row["key"]: row["id"] for row in rows})
    emails = [step.key for step in users if step.before is not None]
    scope = list(work.actor.scope)
    ids = [await SQL.user_id.value(work.conn, email=email, scope=scope) for email in emails]
    pairs = [(work.ids.get(one.organisation), work.ids.get(one.agents_of)) for one in agreements]
    ids += await serving.who_serves(work.conn, pairs)
    deciding = [step.thing for step in plan if step.kind == "queue" and decides_anew(step)]
    keys_of = {one.organisation for one in deciding if isinstance(one, Queue)}
    ids += await serving.own_staff(work.conn, map(work.known.organisations.get, keys_of))
    await SQL.lock_agents.all(work.conn, users=ids)
    changed = []
    for step in plan:
        if isinstance(step.after, Queue) and isinstance(step.before, Queue):
            changed.append((work.known.queues[step.key], step.before, step.after))
            organisation = work.known.organisations.get(step.after.organisation)
            if organisation is not None:
                await store.drop_addresses(work.conn, organisation, step.after)
    await waiting.hold(work.conn, changed)


def _organisations(user: Thing | None) -> set[str]:
    skills = getattr(user, "skills", ())
    return {*getattr(user, "organisations", ()), *(skill.organisation for skill in skills)}


def _refuse_without_outcomes(work: Work, plan: list[Step]) -> None:
    """An organisation whose last outcome is disabled could not wrap up anything."""
    ends = [step for step in plan if step.kind == "disposition" and step.what == "disable"]
    new = {step.key: step.after for step in plan if step.kind == "disposition"}
    for step in ends:
        organisation = getattr(step.after, "organisation", "")
        there = {key_of("disposition", one): one for one in work.known.document.disposition} | new
        left = (one for one in there.values() if getattr(one, "organisation", "") == organisation)
        if all(one is None or is_disabled(one) for one in left):
            raise Refused("wrong_state", "last_disposition", field="disabled")


def _change(work: Work) -> Change:
    return Change(contacts=work.contacts, agents=work.users)
