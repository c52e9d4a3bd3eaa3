"""The form by which a citizen writes to the city. It needs no script and no address, keeps what was
typed, and a double submit is one message: the form holds its request's id.

What is written becomes mail to the queue, answered by mail, or on the case's own page.
"""

from __future__ import annotations

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.kernel.i18n import pick
from contactcenter.web.citizen import sent_form, written_form
from contactcenter.web.citizen.matters import Matter, chosen
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Whose
from contactcenter.web.pages import with_language
from contactcenter.web.redirects import see_other
from contactcenter.web.security import takes
from contactcenter.web.services import services_of

routes = web.RouteTableDef()
_TEMPLATE = "message.html"


@routes.get("/message")
async def message(request: web.Request) -> web.Response:
    """The form for a topic or a queue; without one, the contact page."""
    if not (request.query.get("topic") or request.query.get("queue")):
        return see_other(with_language(request, "/contact"))
    matter, every = await _chosen(request)
    return await written_form.show(
        request,
        _TEMPLATE,
        written_form.empty(),
        whose=Whose(matter.organisation),
        matter=matter,
        every=every,
    )


@routes.post("/message")
@takes(sent_form.MOST_BODY)
async def post_message(request: web.Request) -> web.Response:
    """Take it in, then show the case's own page."""
    sent = await sent_form.read(request)
    matter, every = await _chosen(request)
    refused: list[Refused] = []
    if not written_form.is_switch(sent):
        about = next((one for one in every if one.value == sent.get("topic")), None)
        refused = ([] if about else [_no_topic()]) + written_form.wrong(sent)
        if about is not None and not refused:
            try:
                subject = pick(about.names, language_of(request))
                return await written_form.take(request, about, sent, subject)
            except Refused as no:  # unknown: the queue gave up its address a moment ago
                refused = [_no_topic() if no.code == "unknown_queue" else no]
    return await written_form.show(
        request,
        _TEMPLATE,
        sent,
        refused,
        whose=Whose(matter.organisation),
        matter=matter,
        every=every,
    )


async def _chosen(request: web.Request) -> tuple[Matter, list[Matter]]:
    """The matter asked for, and those that messages may be about. Raises Refused("not_found")."""
    matter, every = await chosen(request)
    if services_of(request).receive is None or matter is None or matter.address is None:
        raise Refused("not_found")
    return matter, [one for one in every if one.address is not None]


def _no_topic() -> Refused:
    return Refused("bad_request", "message_topic", field="topic")
