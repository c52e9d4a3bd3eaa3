"""Whose page it is: the organisation that a citizen's page speaks for."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from aiohttp import web

from contactcenter.configuration.document import Names, Privacy
from contactcenter.errors import Refused
from contactcenter.web.citizen.matters import KEY, SQL, Matter, queues_of
from contactcenter.web.services import services_of


@dataclass(frozen=True)
class Owner:
    """An organisation, and what it says of itself to everybody."""

    id: int
    key: str
    names: Names
    privacy: Privacy
    accessibility_queue: str
    feedback_queue: str


async def owner(request: web.Request) -> Owner:
    """Of ?organisation=, of the ?queue=, or the first. Raises Refused("not_found")."""
    key, queue = (request.query.get(name) or None for name in ("organisation", "queue"))
    if any(one is not None and not KEY.fullmatch(one) for one in (key, queue)):
        raise Refused("not_found")
    async with services_of(request).db.connection() as conn:
        row = await SQL.organisation.one(conn, key=key, queue=queue)
    if row is None:
        raise Refused("not_found")
    return Owner(
        row["id"],
        row["key"],
        msgspec.json.decode(row["name"], type=Names),
        msgspec.json.decode(row["privacy"], type=Privacy),
        row["accessibility_queue"],
        row["feedback_queue"],
    )


async def for_accessibility(request: web.Request, of: Owner) -> Matter | None:
    """The queue that gets feedback on accessibility."""
    return await _answering(request, of.key, of.accessibility_queue)


async def for_feedback(request: web.Request, of: Owner) -> Matter | None:
    """The queue that gets open feedback."""
    return await for_feedback_of(request, of.key, of.feedback_queue)


async def for_feedback_of(request: web.Request, organisation: str, chosen: str) -> Matter | None:
    """The same, of an organisation's key and the queue that it chose."""
    return await _answering(request, organisation, chosen)


async def _answering(request: web.Request, organisation: str, chosen: str) -> Matter | None:
    """The chosen queue, else the first that is always open, else the first; None where no queue
    can be written to."""
    found = [one for one in await queues_of(request, organisation) if one.address is not None]
    found.sort(key=lambda one: (one.queue != chosen, not one.always, one.queue_id))
    return found[0].by_queue() if found else None
