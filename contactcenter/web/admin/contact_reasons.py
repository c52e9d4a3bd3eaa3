"""What the pages of contact reasons have beside those of other choices (choices.py): the house's
list to begin with, the version that is valid now, and what a reason may be merged into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from contactcenter.cases import reasons
from contactcenter.configuration import actions
from contactcenter.configuration.document import ContactReason, Document, Thing
from contactcenter.configuration.reading import Known
from contactcenter.errors import Refused
from contactcenter.stats import reasons as figures
from contactcenter.web import auth
from contactcenter.web.admin import configuring
from contactcenter.web.bodies import Body, Line, form
from contactcenter.web.pages import with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.services import services_of
from contactcenter.web.words import words_of

DAYS = timedelta(days=30)  # of which it is said how many are without a reason


class Begin(Body):
    """Whose reasons the house's become."""

    organisation: Line


async def lists(request: web.Request, known: Known) -> dict[str, Any]:
    """Which organisations have no reasons of their own, what the house's are, since when each list
    is as it is, and of how many contacts nobody said why."""
    own = {one.organisation for one in known.document.contact_reason}
    now = datetime.now(UTC)
    async with services_of(request).db.connection() as conn:
        versions = await reasons.newest(conn, list(known.organisations.values()))
        said = await figures.unsaid(conn, list(known.organisations.values()), now - DAYS, now)
    return {
        "said": said,
        "w": words_of(request),
        "days": DAYS.days,
        "without": [key for key in configuring.organisation_names(known) if key not in own],
        "house": list(reasons.HOUSE.values()),
        "versions": versions,
    }


def others(known: Known, thing: Thing | None) -> list[ContactReason]:
    """What a reason may be merged into: others of its organisation that are said themselves."""
    if not isinstance(thing, ContactReason):
        return []
    return [
        one
        for one in known.document.contact_reason
        if one.organisation == thing.organisation
        and one.key != thing.key
        and (one.key == thing.merged_into or not (one.merged_into or one.disabled))
    ]


async def begin(request: web.Request) -> web.Response:
    """An organisation takes the house's reasons as its own, to change them."""
    actor, sent = await auth.signed_in(request), (await form(request)).read(Begin)
    known = await configuring.known(request)
    if any(one.organisation == sent.organisation for one in known.document.contact_reason):
        raise Refused("wrong_state", "reasons_there", field="organisation")
    mine = Document(
        contact_reason=tuple(
            ContactReason(organisation=sent.organisation, key=key, name=name, position=at)
            for at, (key, name) in enumerate(reasons.HOUSE.items())
        )
    )
    services = services_of(request)
    await actions.apply(services.db, services.published, actor, mine)
    return see_other(with_language(request, "/admin/contact_reasons", done="saved"))
