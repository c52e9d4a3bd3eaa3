"""The contact page of the city: what one can turn to it with, by which doors, and how they stand
now. It needs no script; a door that is closed never stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Literal, NamedTuple

from aiohttp import web

from contactcenter.callback.windows import free
from contactcenter.kernel import phone
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.queue.bands import Estimated, line_name
from contactcenter.queue.wait_words import closing_words, wait_words
from contactcenter.web.citizen.chat_matters import chat_stands
from contactcenter.web.citizen.matters import Matter, matters, promised
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import page
from contactcenter.web.services import services_of
from contactcenter.web.when import When, Words

routes = web.RouteTableDef()


class Door(NamedTuple):
    """One way to the city: `kind` is one of the catalogue's `contact.door.*`, `path` where it is,
    None where it can't be used now; `is_open`: somebody is there; `says` how it stands, sentence by
    sentence."""

    kind: Literal["chat", "phone", "callback", "message"]
    path: str | None
    is_open: bool
    says: list[str]


class Shown(NamedTuple):
    """A matter as the page shows it."""

    matter: Matter
    doors: list[Door]
    when: When

    @property
    def is_open(self) -> bool:
        """Whether somebody can be talked to now."""
        return any(door.is_open for door in self.doors if door.kind != "message")


@routes.get("/contact")
async def contact(request: web.Request) -> web.Response:
    """Of ?organisation=, or of all; ?topic= is shown unfolded."""
    asked = request.query.get("organisation") or None
    found = await matters(request, asked)
    missing = asked is not None and not found
    if missing:
        found = await matters(request)
    shown = [one for one in await _shown(request, found) if one.doors or one.matter.address]
    groups = [
        (group[0].matter.organisation_names, group)
        for group in (list(g) for _, g in groupby(shown, lambda one: one.matter.organisation))
    ]
    return await page(
        request,
        "contact.html",
        whose=Whose(groups[0][1][0].matter.organisation if len(groups) == 1 else None),
        groups=groups,
        missing=missing,
        unfolded=request.query.get("topic", ""),
        status=404 if missing else 200,
    )


async def _shown(request: web.Request, found: list[Matter]) -> list[Shown]:
    """With as many queries for many matters as for one."""
    services, language = services_of(request), language_of(request)
    words = partial(services.catalogue.t, language)
    classes = {one.requirement(language) for one in found}
    staffed = await services.staffed(classes) if classes else set()
    waits = await _waits(request, found)
    taken = await promised(request, found) if services.calls is not None else {}

    def doors(one: Matter, when: When) -> Iterator[Door]:
        requirement = one.requirement(language)

        def wait(channel: str) -> str:
            line = (one.queue_id, requirement, channel, None)
            if (band := waits.told(*line)) is not None:
                return wait_words(services.catalogue, language, band)
            closes = waits.closing(*line)
            if closes is None:
                return ""
            return closing_words(services.catalogue, language, when.clock(closes))

        there = requirement in staffed
        if services.chat_matters is not None and "chat" in one.channels:
            yield _chat(words, one, when, there, wait("chat"))
        if one.phone:
            yield _phone(words, one, when)
        if services.calls is not None and "callback" in one.channels:
            windows = free(one.calendar, one.now, taken[one.queue_id], one.places)
            first = when.window(windows[0]) if windows else ""
            yield _callback(words, one.is_open, there, first, wait("callback"))
        if services.receive is not None and one.address is not None:
            yield Door("message", "/message", True, [words("contact.message")])

    whens = ((one, When(words, one.zone, one.now)) for one in found)
    return [Shown(one, list(doors(one, when)), when) for one, when in whens]


async def _waits(request: web.Request, found: list[Matter]) -> Estimated:
    services, language = services_of(request), language_of(request)
    if services.bands is None:
        return Estimated()
    lines = {
        line_name(one.requirement(language), channel)
        for one in found
        for channel in ("chat", "callback")
    }
    try:
        return await services.bands.of(lines)
    except LiveUnavailable:
        return Estimated()  # the page is there without Redis too


def _chat(words: Words, matter: Matter, when: When, staffed: bool, wait: str) -> Door:
    stands = chat_stands(matter, staffed)
    opens = matter.opens_at if stands == "closed" else None
    says = [
        words("contact.chat.opens", time=when.moment(opens))
        if opens is not None
        else words(f"contact.chat.{stands}")
    ]
    if stands == "open" and wait:
        says.append(wait)
    usable = stands in ("open", "quiet")
    return Door("chat", "/chat" if usable else None, stands == "open", says)


def _phone(words: Words, matter: Matter, when: When) -> Door:
    """Answered within the hours, whatever happens in the line."""
    opens = None if matter.is_open else matter.opens_at
    if matter.is_open:
        says = words("contact.phone.open")
    elif opens is not None:
        says = words("contact.phone.opens", time=when.moment(opens))
    else:
        says = words("contact.phone.closed")
    return Door("phone", phone.link(matter.phone), matter.is_open, [says])


def _callback(words: Words, is_open: bool, there: bool, first: str, wait: str) -> Door:
    """Asked for at any hour; `first` is the next half hour that may be promised."""
    says = [words("contact.callback.open" if is_open else "contact.callback.closed")]
    if is_open and wait:
        says.append(wait)
    if first:
        says.append(words("contact.callback.next", window=first))
    return Door("callback", "/callback", is_open and there, says)
