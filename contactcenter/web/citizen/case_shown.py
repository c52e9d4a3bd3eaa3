"""How the matter of a case's page stands, in the words of its reader."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from contactcenter.case_page import rules
from contactcenter.case_page.reading import View
from contactcenter.queue.wait_words import closing_words, wait_words
from contactcenter.web.i18n import language_of
from contactcenter.web.services import services_of
from contactcenter.web.when import When


def shown(request: web.Request, view: View) -> dict[str, Any]:
    """What changes by itself: what the template is given, with its entity tag."""
    when = when_of(request, view)
    waits_for_call = view.story == "waiting" and view.channel == "callback"
    kind = "callback" if waits_for_call or view.story in rules.CALLS else "case"
    shown: dict[str, Any] = {
        "standing": f"{kind}.status.{view.story}",
        "agent": view.agent,
        "promise": None if view.promise is None else when.window(view.promise),
        "earliest": None if view.next_at is None else when.moment(view.next_at),
        "place": view.place,
        "wait": _wait(request, view, when),
        "said": [(one, when.moment(one.at)) for one in view.messages],
    }
    return shown | {"tag": _tag(language_of(request), view.mailbox, shown)}


def _wait(request: web.Request, view: View, when: When) -> str | None:
    catalogue, language = services_of(request).catalogue, language_of(request)
    if view.wait is not None:
        return wait_words(catalogue, language, view.wait)
    if view.closes_at is not None:
        return closing_words(catalogue, language, when.clock(view.closes_at))
    return None


def when_of(request: web.Request, view: View) -> When:
    words = partial(services_of(request).catalogue.t, language_of(request))
    return When(words, ZoneInfo(view.zone), view.now)


def _tag(*shown: object) -> str:
    """What an entity tag says of what is shown (RFC 9110, 8.8.3)."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
