"""Agreements for admins: whose agents serve in which tasks, and until when."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from contactcenter.accounts.authorise import scope_for
from contactcenter.configuration import agreements as serving
from contactcenter.configuration.document import Agreement, Kind, Names
from contactcenter.configuration.reading import Known
from contactcenter.errors import Refused
from contactcenter.web import auth
from contactcenter.web.admin import configuring
from contactcenter.web.admin.configuring import Pairs
from contactcenter.web.admin.keyed_pages import KeyedPages
from contactcenter.web.bodies import Body, Form, Line, Text
from contactcenter.web.pages import page
from contactcenter.web.services import services_of

_LIST = "/admin/agreements"


class Edit(Body, kw_only=True):
    """The form of one."""

    organisation: Line
    key: Line
    agents_of: Line
    tasks: tuple[Line, ...] = ()
    valid_from: date
    valid_to: date | None = None
    seen: Text = ""


async def agreements(request: web.Request) -> web.Response:
    """The organisation's own, and those by which its agents serve others."""
    actor, known = await auth.signed_in(request), await configuring.known(request)
    async with services_of(request).db.connection() as conn:
        names, tasks = await serving.organisation_names(conn), await serving.task_names(conn)
        others = await serving.agreements_elsewhere(conn, scope_for(actor, "configure"))
    return await page(
        request,
        "admin_agreements.html",
        agreements=[
            (one, serving.standing(one, _today(known, one))) for one in known.document.agreement
        ],
        elsewhere=[(one, serving.standing(one, _day_in(zone))) for one, zone in others],
        organisations=names,
        tasks=tasks,
    )


def _day_in(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()


def _today(known: Known, thing: Agreement) -> date:
    zones = {one.key: one.time_zone for one in known.document.organisation}
    return _day_in(zones[thing.organisation])


def _wanted(_: Kind, sent: Form, thing: Agreement | None) -> Agreement:
    """What the form says; between whom it is stays, and no last day is none."""
    pairs = [(name, value) for name, values in sent.values.items() for value in values]
    given = Form([pair for pair in pairs if pair != ("valid_to", "")]).read(Edit)
    return Agreement(
        organisation=thing.organisation if thing else given.organisation,
        key=thing.key if thing else given.key.strip(),
        agents_of=thing.agents_of if thing else given.agents_of,
        tasks=given.tasks,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        disabled=thing.disabled if thing else False,
    )


async def _form(
    request: web.Request, thing: Agreement | None, no: Refused | None, sent: Form | None
) -> web.Response:
    known = await configuring.known(request)
    async with services_of(request).db.connection() as conn:
        names, called = await serving.organisation_names(conn), await serving.task_names(conn)
    own = configuring.organisation_names(known)
    return await configuring.editor(
        request,
        "admin_agreement.html",
        "agreement",
        thing,
        _pairs(thing, next(iter(own), "")),
        no,
        sent,
        organisations=own,
        others={key: name for key, name in names.items() if [*own] != [key] or thing},
        tasks=_tasks(thing, [*own], called),
    )


def _tasks(
    thing: Agreement | None, own: list[str], called: dict[tuple[str, str], Names]
) -> dict[str, list[Names]]:
    """What may be chosen: the tasks of the organisation (of all, where it is not known yet), and
    what was chosen of those that no queue asks for any more; with what each is called."""
    found: dict[str, list[Names]] = {}
    for (organisation, task), name in called.items():
        if organisation == thing.organisation if thing else organisation in own:
            found.setdefault(task, []).append(name)
    return found | {task: [] for task in (thing.tasks if thing else ()) if task not in found}


def _pairs(thing: Agreement | None, first: str) -> Pairs:
    if thing is None:
        return [("organisation", first)]
    return [
        ("organisation", thing.organisation),
        ("key", thing.key),
        ("agents_of", thing.agents_of),
        *(("tasks", task) for task in thing.tasks),
        ("valid_from", str(thing.valid_from)),
        ("valid_to", str(thing.valid_to or "")),
    ]


_pages = KeyedPages(lambda request: "agreement", _wanted, _form)
routes = [web.get(_LIST, agreements), *_pages.routes(_LIST, "/admin/new/agreement")]
