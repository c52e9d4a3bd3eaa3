"""A citizen's form as it was typed, and what is wrong with it: beside its field where the form has
it, else said of the whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.bodies import Form, fresh_id
from contactcenter.web.pages import page
from contactcenter.web.refusals import error_object


async def show(
    request: web.Request,
    template: str,
    sent: Form,
    refused: Sequence[Refused],
    fields: Collection[str],
    **given: Any,
) -> web.Response:
    """Where the request's id was used for something else, the form gets a new one: what is sent
    then is a new request."""
    if any(no.field == "request_id" for no in refused) or not sent.get("request_id"):
        sent.values["request_id"] = [fresh_id()]
    texts = [(no.field, error_object(request, no)["message"]) for no in refused]
    answer = await page(
        request,
        template,
        no=refused[0] if refused else None,
        form=sent,
        wrong={field: text for field, text in texts if field in fields},
        other=[text for field, text in texts if field not in fields],
        **given,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
