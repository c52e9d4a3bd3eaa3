"""Pages: Jinja templates with everything escaped, the catalogue's texts and a few facts on who
looks. Nothing a person wrote is ever a template."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES, direction, pick
from contactcenter.web.asked import ACTOR, ID
from contactcenter.web.auth import actor_of
from contactcenter.web.bodies import Form
from contactcenter.web.foreign_words import why_refused, why_unread
from contactcenter.web.i18n import chosen, language_of
from contactcenter.web.look import Look, Whose, last_look, look_of
from contactcenter.web.places import as_json, is_of_mail, places
from contactcenter.web.refusals import error_object, retry_header, status_of
from contactcenter.web.security import CSP
from contactcenter.web.services import services_of
from contactcenter.web.vendor import IMPORT_MAP

UI = Path(__file__).resolve().parents[2] / "agent_ui"
_ZONE = ZoneInfo("Europe/Helsinki")
CITIZENS = (
    "/contact",
    "/message",
    "/chat",
    "/privacy",
    "/accessibility",
    "/file/",
    "/give-feedback",
)
ENVIRONMENT = web.AppKey("environment", Environment)


def environment(folder: Path = UI / "templates") -> Environment:
    """The templates."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["import_map"] = Markup(IMPORT_MAP)  # noqa: S704  our own constant
    made.globals["languages"] = LANGUAGES
    made.filters["moment"] = _moment
    made.filters["day"] = day
    made.filters["why_refused"] = why_refused
    made.filters["why_unread"] = why_unread
    made.filters["from_json"] = msgspec.json.decode
    return made


@pass_context
def _moment(page: Context, at: datetime, zone: str | None = None) -> str:
    return moment(at, page.get("lang") or "fi", zone)


def moment(at: datetime, language: str, zone: str | None = None) -> str:
    """A time as each language writes it, 23.11.2026 21.05 or 23 November 2026, 21:05; by another
    clock than the house's in a zone."""
    local = at.astimezone(ZoneInfo(zone) if zone else _ZONE)
    if language == "en":
        return f"{day(local.date(), language)}, {local.hour}:{local:%M}"
    return f"{day(local.date(), language)} {local:%H.%M}"


def day(on: date | None, language: str) -> str:
    """A date as each language writes it, 28.12.2026 or 28 December 2026; "" for none."""
    if on is None:
        return ""
    return f"{on.day} {on:%B %Y}" if language == "en" else f"{on.day}.{on.month}.{on.year}"


def with_language(request: web.Request, path: str, **query: object) -> str:
    """A link to a page of ours that keeps the language chosen in the address."""
    given = {key: value for key, value in query.items() if value is not None}
    if chosen(request):
        given["lang"] = chosen(request)
    return f"{path}?{urlencode(given)}" if given else path


def switched(request: web.Request, language: str) -> str:
    """This same page in another language."""
    kept = [(k, v) for k, v in request.query.items() if k != "lang"]
    return f"{request.rel_url.raw_path}?{urlencode([*kept, ('lang', language)])}"


async def page(
    request: web.Request,
    template: str,
    *,
    no: Refused | None = None,
    form: Form | None = None,
    status: int = 200,
    whose: Whose | None = None,
    **given: Any,
) -> web.Response:
    """Answer with a page. `no` with `form`: what was typed, and why it was refused; `whose`: whose
    theme a citizens' page wears, while the staff's have none."""
    await actor_of(request)  # before the first text: the language may be the user's own
    if no is not None:
        status = status_of(no)
    look = None if whose is None else await look_of(request, whose)
    worn = {"whose": whose, "look": look}
    return _render(request, template, status, no, form or Form([]), worn | given)


def error_page(request: web.Request, no: Refused, status: int) -> web.Response:
    """The page for an error that no form explains. Asks no database: it may be down. Citizens are
    shown no way to the staff's pages."""
    template = "error.html"
    if request.path.startswith("/callback"):
        template = "callback_missing.html"
    elif request.path.startswith(CITIZENS):
        template = "citizen_missing.html"
    elif request.path.startswith("/feedback/") and not request.path.startswith("/feedback/open/"):
        template = "feedback_missing.html"
    elif request.path.startswith("/transcript/"):
        template = "transcript_missing.html"
    elif request.path.startswith("/case/"):
        template = "case_missing.html"
    look = None if template == "error.html" else last_look(request)
    return _render(request, template, status, no, Form([]), {"whose": Whose(), "look": look})


def _render(
    request: web.Request,
    template: str,
    status: int,
    no: Refused | None,
    form: Form,
    given: dict[str, Any],
) -> web.Response:
    services, language = services_of(request), language_of(request)
    demo_mail = services.demo_mail is not None
    heading = f"page.error.{status}"
    shown = places(request.get(ACTOR), request.path, demo_mail=demo_mail)
    html = (
        request.config_dict[ENVIRONMENT]
        .get_template(template)
        .render(
            t=partial(services.catalogue.t, language),
            lang=language,
            dir=direction(language),
            actor=request.get(ACTOR),
            path=request.path,
            request_id=request[ID],
            link=partial(with_language, request),
            switch=partial(switched, request),
            named=partial(pick, language=language),
            demo_mail=demo_mail,
            places=shown,
            places_json=as_json(shown),
            of_mail=is_of_mail(request.path),
            quarantine=services.quarantine is not None,
            error={"field": None, "errors": ()} | error_object(request, no)
            if no is not None
            else None,
            error_heading=heading if services.catalogue.has(heading) else "page.error.other",
            form=form,
            **given,
        )
    )
    answer = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
    answer.headers.update(retry_header(no) if no is not None else {})
    look: Look | None = given["look"]
    answer.headers["Content-Security-Policy"] = CSP if look is None else look.allowed(CSP)
    return answer
