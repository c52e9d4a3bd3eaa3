"""The web application: every door of ours over HTTP, with what stands before each.

Layers, from the outside: a request gets its id and its line in the log; what is refused becomes an
answer; forged and oversized requests end here; too many changes from one address end here; then
the handler.
"""

from __future__ import annotations

from collections import Counter

from aiohttp import web

from contactcenter.insight.typeset import Press
from contactcenter.web import auth, health, static
from contactcenter.web.account import pages as account_pages
from contactcenter.web.account import session_api, sign_in_pages
from contactcenter.web.admin import agreements as admin_agreements
from contactcenter.web.admin import audit as admin_audit
from contactcenter.web.admin import choices as admin_choices
from contactcenter.web.admin import configuration as admin_configuration
from contactcenter.web.admin import configuring, mailbox_api
from contactcenter.web.admin import mail as admin_mail
from contactcenter.web.admin import mailboxes as admin_mailboxes
from contactcenter.web.admin import organisations as admin_organisations
from contactcenter.web.admin import origins as admin_origins
from contactcenter.web.admin import quarantine as admin_quarantine
from contactcenter.web.admin import queues as admin_queues
from contactcenter.web.admin import services as admin_services
from contactcenter.web.admin import theme as admin_theme
from contactcenter.web.admin import users as admin_users
from contactcenter.web.agent import (
    aside_api,
    case_area_api,
    case_service_api,
    case_times_api,
    contact_reason_api,
    feedback_api,
    persons_api,
    why_api,
)
from contactcenter.web.citizen import (
    accessibility_page,
    callback_api,
    callback_link,
    callback_pages,
    case_link,
    chat_pages,
    contact_page,
    feedback_page,
    feedback_status_page,
    message_page,
    open_feedback_page,
    privacy_page,
    sent_form,
    theme_files,
    transcript_page,
)
from contactcenter.web.demo import mail as demo_mail
from contactcenter.web.errors import errors
from contactcenter.web.health import HEALTH, Health
from contactcenter.web.observe import TRAFFIC, Traffic, observe
from contactcenter.web.open311 import doors as open311
from contactcenter.web.pages import ENVIRONMENT, environment, with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import MAX_BODY, add_headers, guard
from contactcenter.web.services import SERVICES, Services
from contactcenter.web.supervisor import (
    board_page,
    given_feedback_page,
    insight_behind,
    insight_data,
    insight_page,
    insight_report,
    settling_page,
    waiting_page,
    whatif_page,
    why_not_page,
)
from contactcenter.web.supervisor.simulating import SIMULATING, Simulating
from contactcenter.web.throttle import TURNS, Turns, writes

_FIRST = {"supervisor": "/board"}  # all others begin at the console
_DOORS = (
    session_api,
    sign_in_pages,
    account_pages,
    admin_users,
    admin_audit,
    admin_mail,
    admin_mailboxes,
    admin_quarantine,
    aside_api,
    case_service_api,
    case_area_api,
    case_times_api,
    contact_reason_api,
    callback_api,
    callback_pages,
    callback_link,
    case_link,
    transcript_page,
    feedback_page,
    given_feedback_page,
    settling_page,
    open_feedback_page,
    feedback_status_page,
    feedback_api,
    open311,
    insight_behind,
    insight_data,
    insight_page,
    insight_report,
    board_page,
    admin_queues,
    admin_organisations,
    admin_theme,
    admin_agreements,
    admin_choices,
    admin_services,
    admin_origins,
    admin_configuration,
    configuring,
    chat_pages,
    contact_page,
    message_page,
    privacy_page,
    accessibility_page,
    theme_files,
    demo_mail,
    mailbox_api,
    persons_api,
    waiting_page,
    whatif_page,
    why_api,
    why_not_page,
    health,
    static,
)


def build_app(services: Services) -> web.Application:
    """Our doors; the app adds the console, its sockets and the rest. Run it with
    `access_log=None`: the log has its own line for each request."""
    app = web.Application(
        middlewares=[observe, errors, guard, writes],
        client_max_size=MAX_BODY,
    )
    app[SERVICES] = services
    app[TRAFFIC] = Traffic(services.metrics)
    app[HEALTH] = Health(services)
    app[TURNS] = Turns()
    app[SIMULATING] = Simulating()
    app[insight_report.PRESS] = Press()
    app[insight_behind.LOOKING] = Counter()
    app[sent_form.COMING] = Counter()
    app[open311.READING] = Counter()
    app[ENVIRONMENT] = environment()
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/", home)
    for door in _DOORS:
        app.add_routes(door.routes)
    return app


def build_metrics_app(services: Services) -> web.Application:
    """Health and figures alone, for a port of one process."""
    app = web.Application(middlewares=[errors])
    app[SERVICES] = services
    app[HEALTH] = Health(services)
    app.on_response_prepare.append(add_headers)
    app.add_routes(health.routes)
    return app


async def home(request: web.Request) -> web.Response:
    """The first page is where somebody works."""
    actor = await auth.actor_of(request)
    first = "/login" if actor is None else _FIRST.get(actor.role, "/console")
    return see_other(with_language(request, first))
