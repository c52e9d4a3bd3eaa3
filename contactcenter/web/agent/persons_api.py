"""Persons as JSON: all of one, which two are one, whose addresses are protected."""

from __future__ import annotations

from typing import Annotated

import msgspec
from aiohttp import web

from contactcenter.people import finding, merging, proposing, protecting, viewing
from contactcenter.people.persons import People
from contactcenter.people.rules import Checked
from contactcenter.web import auth
from contactcenter.web.bodies import Body, Line, id_of, json_answer, json_body, query
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_ID = r"[0-9]{1,18}"
_PERSON = rf"/api/persons/{{person:{_ID}}}"


class For(Body):
    """For which contact in hand it is read."""

    contact: Annotated[int, msgspec.Meta(ge=1, le=2**62)] | None = None


class Whose(Body):
    """An address or a telephone number."""

    address: Line


class Other(Body):
    """Who is the same person, and how the agent made sure; null: not at all."""

    other: Line
    checked: Checked | None = None


class Protection(Body):
    """Whether the addresses are hidden."""

    protected: bool


class Reason(Body):
    """Why a protected address is read."""

    reason: Line


def _people(request: web.Request) -> People:
    people = services_of(request).people
    if people is None:
        raise web.HTTPNotFound
    return people


@routes.get(_PERSON)
async def view(request: web.Request) -> web.Response:
    """The person (docs/persons.md). Audited."""
    actor, asked = await auth.signed_in(request), query(request, For)
    person = int(request.match_info["person"])
    return json_answer(await viewing.view(_people(request), actor, person, asked.contact))


@routes.get(f"{_PERSON}/proposals")
async def proposals(request: web.Request) -> web.Response:
    """{proposals}. Audited."""
    actor = await auth.signed_in(request)
    found = await proposing.proposals(_people(request), actor, int(request.match_info["person"]))
    return json_answer({"proposals": found})


@routes.post("/api/persons/find")
async def find(request: web.Request) -> web.Response:
    """{persons}: whose address or number it is. Audited."""
    actor, asked = await auth.signed_in(request), await json_body(request, Whose)
    return json_answer(
        {"persons": await finding.by_address(_people(request), actor, asked.address)}
    )


@routes.post(f"{_PERSON}/merge")
async def merge(request: web.Request) -> web.Response:
    """{merge, person}."""
    actor, asked = await auth.signed_in(request), await json_body(request, Other)
    person, other = int(request.match_info["person"]), id_of(asked.other, "other")
    return json_answer(await merging.merge(_people(request), actor, person, other, asked.checked))


@routes.post(f"/api/merges/{{merge:{_ID}}}/undo")
async def undo(request: web.Request) -> web.Response:
    """{persons}."""
    actor = await auth.signed_in(request)
    return json_answer(
        await merging.undo(_people(request), actor, int(request.match_info["merge"]))
    )


@routes.post(f"{_PERSON}/protection")
async def protect(request: web.Request) -> web.Response:
    """204."""
    actor, asked = await auth.signed_in(request), await json_body(request, Protection)
    person = int(request.match_info["person"])
    await protecting.protect(_people(request), actor, person, protected=asked.protected)
    return web.Response(status=204)


@routes.post(f"{_PERSON}/addresses")
async def reveal(request: web.Request) -> web.Response:
    """{identities} of a protected person. Audited with the reason."""
    actor, asked = await auth.signed_in(request), await json_body(request, Reason)
    person = int(request.match_info["person"])
    shown = await protecting.reveal(_people(request), actor, person, asked.reason)
    return json_answer({"identities": shown})
