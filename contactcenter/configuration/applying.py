"""One step of a plan into the database, in the transaction of the whole: the rights, the rows, the
audit with before and after, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from contactcenter.accounts import audit, staff
from contactcenter.accounts import rules as accounts
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.rules import Profile
from contactcenter.configuration import agreements, store, themes, waiting
from contactcenter.configuration.document import (
    Agreement,
    Area,
    ContactReason,
    DeclineReason,
    Disposition,
    Organisation,
    Queue,
    Template,
    Thing,
    Topic,
    User,
    WidgetOrigin,
)
from contactcenter.configuration.plan import Step
from contactcenter.configuration.reading import Known
from contactcenter.configuration.store import SQL
from contactcenter.configuration.theme import Theme
from contactcenter.configuration.theme_files import File
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Connection


@dataclass
class Work:
    """What the steps of one transaction share. `ids`: organisations by key, those out of the scope
    too, where users are given them; `contacts`, `users`: what is to be published; `files`: the
    logos and fonts that came along, by organisation and digest."""

    conn: Connection
    actor: Actor
    is_operator: bool
    known: Known
    ids: dict[str, int]
    contacts: list[int] = field(default_factory=list)
    users: list[int] = field(default_factory=list)
    files: dict[tuple[str, str], File] = field(default_factory=dict)


async def apply(work: Work, step: Step) -> None:
    """Do one step. Raises Refused."""
    thing: Any = step.thing
    if isinstance(thing, Organisation):
        organisation_id = await _organisation(work, step, thing)
    else:
        organisation_id = own_organisation(work, thing)
    match thing:
        case Queue():
            await _queue(work, step, thing, organisation_id)
        case Disposition():
            await store.put_disposition(work.conn, organisation_id, thing)
        case DeclineReason():
            await store.put_decline_reason(work.conn, organisation_id, thing)
        case Template():
            await store.put_template(work.conn, organisation_id, thing)
        case Topic():
            await store.put_topic(work.conn, organisation_id, thing)
        case ContactReason():
            await store.put_contact_reason(work.conn, organisation_id, thing)
        case Area():
            await store.put_area(work.conn, organisation_id, thing)
        case WidgetOrigin():
            await _origin(work, step, thing, organisation_id)
        case Theme():
            await _theme(work, step, thing, organisation_id)
        case Agreement():
            await _agreement(work, thing, organisation_id)
        case User():
            await _user(work, step, thing, organisation_id)
            return  # the accounts write their own audit
    await _note(work, step, organisation_id)


def own_organisation(work: Work, thing: Thing) -> int:
    """The id of the organisation that a thing belongs to. Raises Refused where that lies outside
    the actor's scope, just as where there is none."""
    key = thing.key if isinstance(thing, Organisation) else thing.organisation
    if key not in work.known.organisations:
        raise Refused("bad_request", "unknown_organisation", field="organisation", key=key[:60])
    return work.known.organisations[key]


async def _note(work: Work, step: Step, organisation_id: int) -> None:
    before, after = step.differences()
    await audit.note(
        work.conn,
        work.actor,
        f"{step.what}_{step.kind}",
        step.kind,
        step.key,
        organisation_id=organisation_id,
        before=before if step.before else None,
        after=after if step.after else None,
    )


async def _organisation(work: Work, step: Step, thing: Organisation) -> int:
    if step.before is not None:
        await store.change_organisation(work.conn, list(work.actor.scope), thing)
        return own_organisation(work, thing)
    if not work.is_operator:
        raise Refused("forbidden", "organisation_by_operator", field="key")
    made = await store.add_organisation(work.conn, thing)
    work.known.organisations[thing.key] = work.ids[thing.key] = made
    work.actor = replace(work.actor, scope=(*work.actor.scope, made))
    return made


async def _queue(work: Work, step: Step, thing: Queue, organisation_id: int) -> None:
    before = step.before
    if isinstance(before, Queue):
        if before.organisation != thing.organisation:
            raise Refused("bad_request", "organisation_fixed", field="organisation")
        if step.what == "disable":
            await waiting.refuse_with_open(work.conn, work.known.queues[thing.key])
    is_new = before is None
    queue_id = await store.put_queue(work.conn, organisation_id, thing, add=is_new)
    await store.add_addresses(work.conn, list(work.actor.scope), queue_id, thing)
    if isinstance(before, Queue):
        work.contacts += await waiting.realign(work.conn, queue_id, before, thing)
    if decides_anew(step):
        staff = await agreements.own_staff(work.conn, [organisation_id])
        await agreements.SQL.touch_agents.run(work.conn, users=staff)
        work.users += staff


def decides_anew(step: Step) -> bool:
    """Whether a queue begins or ends to be for its organisation alone to decide, which opens
    classes to its own staff, or closes them. Who has them is locked before (actions.py)."""
    before, after = step.before, step.after
    now = isinstance(after, Queue) and after.decision
    return now != (isinstance(before, Queue) and before.decision)


async def _origin(work: Work, step: Step, thing: WidgetOrigin, organisation_id: int) -> None:
    if step.after is None:
        await SQL.drop_origin.run(work.conn, origin=thing.origin, organisation_id=organisation_id)
    elif step.before is not None:
        raise Refused("bad_request", "organisation_fixed", field="organisation")
    else:
        await store.add_origin(work.conn, organisation_id, thing.origin)


async def _theme(work: Work, step: Step, thing: Theme, organisation_id: int) -> None:
    if step.after is None:
        await themes.drop(work.conn, organisation_id)
        return
    mine = {digest: file for (of, digest), file in work.files.items() if of == thing.organisation}
    await themes.put(work.conn, organisation_id, thing, mine)


async def _agreement(work: Work, thing: Agreement, organisation_id: int) -> None:
    """The agents whom it concerns were locked before (actions.py)."""
    agents_of = _id(work, thing.agents_of, "agents_of")
    if await agreements.put_agreement(work.conn, organisation_id, agents_of, thing) is None:
        raise Refused("bad_request", "organisation_fixed", field="agents_of")
    served = await agreements.who_serves(work.conn, [(organisation_id, agents_of)])
    await agreements.SQL.touch_agents.run(work.conn, users=served)
    work.users += served


async def _user(work: Work, step: Step, thing: User, organisation_id: int) -> None:
    new, before = _profile(work, thing), step.before
    if isinstance(before, User):
        if before.organisation != thing.organisation:
            raise Refused("bad_request", "organisation_fixed", field="organisation")
        user_id = await SQL.user_id.value(
            work.conn, email=thing.email, scope=list(work.actor.scope)
        )
        await staff.change(work.conn, work.actor, user_id, new)
    else:
        row = await staff.add(work.conn, work.actor, organisation_id, new)
        user_id = row["id"]
    if thing.disabled != getattr(before, "disabled", False):
        await staff.set_disabled(work.conn, work.actor, user_id, disabled=thing.disabled)
    work.users.append(user_id)


def _profile(work: Work, thing: User) -> Profile:
    return Profile(
        email=thing.email,
        name=thing.name,
        public_name=thing.public_name,
        role=thing.role,
        language=thing.language,
        capacity=thing.capacity,
        pauses_mail=thing.pauses_mail,
        scope=tuple(_id(work, key, "organisations") for key in thing.organisations),
        skills=tuple(
            accounts.Skill(
                _id(work, skill.organisation, "skills"),
                skill.task,
                language,
                skill.level,
                skill.trained,
            )
            for skill in thing.skills
            for language in skill.languages
        ),
    )


def _id(work: Work, key: str, field_: str) -> int:
    if key not in work.ids:
        raise Refused("bad_request", "unknown_organisation", field=field_, key=key[:60])
    return work.ids[key]
