"""Insight for programs: figures as JSON, and the open data."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from contactcenter.insight import data
from contactcenter.insight.reading import told
from contactcenter.insight.work import worked
from contactcenter.web.bodies import json_answer
from contactcenter.web.download import headers
from contactcenter.web.services import services_of
from contactcenter.web.supervisor.insight_asked import chosen, who

routes = web.RouteTableDef()


@routes.get("/api/insight")
async def figures(request: web.Request) -> web.Response:
    """{from, to, told_until, settled_until, total, contacts: {side: {word: n}}, views: {view:
    {parts: {part: n}, by_side: {word: {part: n}}}}}, of what was chosen."""
    actor = await who(request)
    found = await told(services_of(request).db, actor, chosen(request))
    shown: dict[str, Any] = {
        "from": str(found.since),
        "to": str(found.until),
        "told_until": found.last_day,
        "settled_until": found.settled,
        "total": found.total,
        "contacts": {side: words for side, words in found.contacts.items() if side},
        "views": {
            view: {"parts": parts, "by_side": found.by_side[view]}
            for view, parts in found.parts.items()
        },
    }
    return json_answer(shown)


@routes.get("/api/insight/work")
async def work(request: web.Request) -> web.Response:
    """[{organisation, staff_of, task, n, us, share}]: staff_of and task are empty for what is told
    together."""
    actor, asked = await who(request), chosen(request)
    db = services_of(request).db
    period = await told(db, actor, asked)
    found = await worked(db, actor, asked.organisation, period.since, period.until)
    return json_answer([share._asdict() for share in found.shares])


@routes.get("/insight/data.csv", allow_head=False)
async def as_csv(request: web.Request) -> web.Response:
    """The innermost cells of the months that were chosen."""
    actor, asked = await who(request), chosen(request)
    db = services_of(request).db
    period = await told(db, actor, asked)
    found = await data.rows(db, actor, asked.organisation, period.since, period.until)
    body = await asyncio.to_thread(data.as_csv, found)
    name = f"insight-{period.since}-{period.until}.csv"
    return web.Response(body=body, headers=headers(name, len(body), "text/csv; charset=utf-8"))


@routes.get("/insight/dictionary.json")
async def dictionary(request: web.Request) -> web.Response:
    """What the data's columns mean."""
    actor, services = await who(request), services_of(request)
    return json_answer(await data.dictionary(services.db, actor, services.catalogue))
