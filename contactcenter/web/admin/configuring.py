"""What the pages of the configuration have in common: a form is one thing, saved if it is still as
it was shown, and can be taken back once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import Actor
from contactcenter.configuration import actions
from contactcenter.configuration.document import KINDS, Kind, Thing, key_of
from contactcenter.configuration.plan import Step
from contactcenter.configuration.reading import Known
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web import auth
from contactcenter.web.admin.changes import changes
from contactcenter.web.bodies import Body, Form, Line, form
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page, with_language
from contactcenter.web.redirects import safe_next, see_other
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
Pairs = list[tuple[str, str]]
SEEN = "seen"  # the hidden field: the thing as the form showed it


class Undo(Body):
    """The form beside "saved": which row of the audit to take back, and where to go on."""

    entry: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    next: Line


@routes.post("/admin/undo")
async def undo(request: web.Request) -> web.Response:
    """Take back what was saved last, where nobody changed it since."""
    actor, sent = await auth.signed_in(request), (await form(request)).read(Undo)
    services = services_of(request)
    done = await actions.undo(services.db, services.published, actor, sent.entry)
    place = safe_next(sent.next, "/admin/queues")
    return saved(request, place, done, done="undone")


async def known(request: web.Request) -> Known:
    """The configuration that the signed-in admin sees. Raises Refused."""
    actor = await auth.signed_in(request)
    async with services_of(request).db.connection() as conn:
        return await actions.current(conn, actor)


async def found(request: web.Request, kind: Kind, key: str) -> tuple[Known, Any]:
    """The thing of this key, with all the rest. Raises Refused("not_found")."""
    everything = await known(request)
    thing = actions.find(everything.document, kind, key)
    if thing is None:
        raise Refused("not_found")
    return everything, thing


async def save(request: web.Request, kind: Kind, wanted: Thing, sent: Form) -> actions.Applied:
    """Save what a form says, if the thing is as the form showed it. Raises Refused."""
    services, actor = services_of(request), await auth.signed_in(request)
    return await actions.save(
        services.db, services.published, actor, kind, wanted, seen_of(kind, sent)
    )


def seen_of(kind: Kind, sent: Form) -> Thing | None:
    """The thing as the form showed it; None for a new one, or where nobody can tell."""
    try:
        thing: Thing = msgspec.json.decode(sent.get(SEEN), type=KINDS[kind])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None
    return thing


def saved(
    request: web.Request, place: str, applied: actions.Applied, done: str = "saved"
) -> web.Response:
    """Back to the page, which says so and offers to take it back."""
    entry = applied.entry if applied.steps and done == "saved" else None
    return see_other(with_language(request, place, done=done, undo=entry))


async def editor(
    request: web.Request,
    template: str,
    kind: Kind,
    thing: Thing | None,
    pairs: Pairs,
    no: Refused | None = None,
    sent: Form | None = None,
    **given: Any,
) -> web.Response:
    """The form of one thing: as it is, or as it was typed with what is wrong. After `stale` the
    form shows what was typed and knows the newest state: saved again, it takes its place."""
    typed = sent if sent is not None else Form(pairs)
    stale = no is not None and no.code == "stale" and sent is not None
    return await page(
        request,
        template,
        no=no,
        form=typed,
        kind=kind,
        thing=thing,
        seen=msgspec.json.encode(thing).decode() if thing is not None else "",
        meanwhile=await _meanwhile(request, kind, thing, sent) if stale and sent else None,
        done=request.query.get("done"),
        undo=request.query.get("undo", ""),
        **given,
    )


async def _meanwhile(
    request: web.Request, kind: Kind, thing: Thing | None, sent: Form
) -> dict[str, Any] | None:
    """Who changed what while the form was open."""
    seen = seen_of(kind, sent)
    if thing is None or seen is None or key_of(kind, seen) != key_of(kind, thing):
        return None
    actor: Actor = await auth.signed_in(request)
    async with services_of(request).db.connection() as conn:
        last = await actions.last_entry(conn, actor, kind, key_of(kind, thing))
    before, after = Step(kind, seen, thing).differences()
    catalogue, language = services_of(request).catalogue, language_of(request)
    return {"last": last, "changes": changes(catalogue, language, before, after)}


def organisation_names(known: Known) -> dict[str, dict[str, str]]:
    """The organisations' names by key."""
    return {one.key: one.name for one in known.document.organisation}


def names(thing: Any, field: str = "name") -> Pairs:
    """Texts by language as fields of a form."""
    given = {} if thing is None else getattr(thing, field)
    return [(f"{field}.{language}", text) for language, text in given.items()]


def texts(given: Body, field: str) -> dict[str, str]:
    """Texts by language out of a form that was read."""
    return {language: getattr(given, f"{field}_{language}") for language in LANGUAGES}


def several(name: str, values: Iterable[object]) -> Pairs:
    """A field with several values."""
    return [(name, str(value)) for value in values]
