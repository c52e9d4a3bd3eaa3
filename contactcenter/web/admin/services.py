"""The city's services for admins: the catalogue to look through, a service with all that belongs to
it, and a catalogue brought in by upload."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, NamedTuple, get_args

import msgspec
from aiohttp import web

from contactcenter.accounts.authorise import require
from contactcenter.desk import case_service
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.services import showing
from contactcenter.services.imported import Imported
from contactcenter.services.importing import bring_in
from contactcenter.services.reading import FORMATS
from contactcenter.services.showing import COUNT, State
from contactcenter.web import auth
from contactcenter.web.admin import configuring, uploaded
from contactcenter.web.bodies import Body, Line, query
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page
from contactcenter.web.security import takes
from contactcenter.web.services import services_of
from contactcenter.web.words import words_of

routes = web.RouteTableDef()
PLACE = "/admin/services"
DAYS = 30  # whose resolved cases are looked at for the share without a service
MOST_MEGABYTES = 16  # a larger catalogue is brought in by a command
_MOST = MOST_MEGABYTES * 1024 * 1024 + 64 * 1024  # with the form around it
_FIELDS = frozenset({"file", "format", "organisation", "language", "dry", "lang"})


class Asked(Body):
    """What to look for, and from which on."""

    find: Line = ""
    organisation: Line | None = None
    state: State = "offered"
    skip: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Sent(NamedTuple):
    """The form by which a catalogue is brought in, as it was sent."""

    format: str = "ptv"
    organisation: str = ""
    language: str = LANGUAGES[0]
    dry: bool = False


@routes.get(PLACE)
async def services(request: web.Request) -> web.Response:
    """The catalogue."""
    return await _show(request, query(request, Asked))


@routes.get(PLACE + r"/{service:[0-9]{1,9}}")
async def service(request: web.Request) -> web.Response:
    """One service, offered or removed."""
    actor = await auth.signed_in(request)
    async with services_of(request).db.connection() as conn:
        shown = await showing.one(conn, actor, int(request.match_info["service"]))
    given = msgspec.json.format(msgspec.json.encode(shown.service["given"]), indent=2).decode()
    known = await configuring.known(request)
    return await page(
        request,
        "admin_service.html",
        service=shown.service,
        terms=shown.terms,
        channels=shown.channels,
        given=given,
        organisations=configuring.organisation_names(known),
    )


@routes.post(PLACE)
@takes(_MOST)
async def upload(request: web.Request) -> web.Response:
    """Bring a file in, or only say what it would change."""
    actor = await auth.signed_in(request)
    require(actor, "configure")
    sent = dict(await uploaded.fields(request, _FIELDS, _MOST))
    data = sent.pop("file", b"")
    text = {name: value.decode("utf-8", "replace") for name, value in sent.items()}
    form = Sent(
        _one_of(text.get("format"), FORMATS, "format"),
        text.get("organisation", ""),
        _one_of(text.get("language", LANGUAGES[0]), LANGUAGES, "language"),
        dry="dry" in text,
    )
    try:
        done = await bring_in(
            services_of(request).db,
            actor,
            form.organisation,
            form.format,
            [data],
            language=form.language,
            dry_run=form.dry,
        )
    except Refused as no:
        return await _show(request, Asked(), no, form)
    return await _show(request, Asked(), None, form, done)


def _one_of(value: str | None, known: Collection[str], field: str) -> str:
    if value is None or value not in known:
        raise Refused("bad_request", field=field)
    return value


async def _show(
    request: web.Request,
    asked: Asked,
    no: Refused | None = None,
    sent: Sent = Sent(),  # noqa: B008  a constant
    done: Imported | None = None,
) -> web.Response:
    actor, language = await auth.signed_in(request), language_of(request)
    wanted = showing.Asked(asked.find, asked.organisation or None, asked.state, asked.skip)
    async with services_of(request).db.connection() as conn:
        found = await showing.listed(conn, actor, wanted, language)
        counts = await showing.counts(conn, actor)
        unclassified = await case_service.unclassified(conn, actor, DAYS)
    known = await configuring.known(request)
    return await page(
        request,
        "admin_services.html",
        no=no,
        asked=asked,
        found=found,
        counts=counts,
        unclassified=unclassified,
        days=DAYS,
        w=words_of(request),
        organisations=configuring.organisation_names(known),
        states=get_args(State),
        formats=tuple(FORMATS),
        most=MOST_MEGABYTES,
        sent=sent,
        done=done,
        before=max(asked.skip - COUNT, 0) if asked.skip else None,
        after=asked.skip + COUNT if asked.skip + COUNT < found.found else None,
    )
