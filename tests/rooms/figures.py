"""Events and figures, for the tests of the rooms."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling
from contactcenter.kernel.sql import Connection
from contactcenter.queue import agents
from contactcenter.stats.period import Moment, moment
from contactcenter.stats.report import Asked, report
from contactcenter.stats.rules import COUNTERS
from tests.house import House

NOTE = """
INSERT INTO event (at, kind, organisation_id, contact_id, queue_id, channel, language, direction,
                   agent, why, wait_from, promise_from, promise_to, kept, disposition,
                   low_s, high_s)
SELECT coalesce(at, now()), kind, q.organisation_id, contact_id, q.id, coalesce(channel, 'mail'),
       coalesce(language, 'fi'), coalesce(direction, 'citizen'), agent, why, wait_from,
       promise_from, promise_to, kept, disposition, low_s, high_s
FROM json_populate_record(NULL::event, $1::json) AS e JOIN queue q ON q.key = $2
RETURNING event.id
"""


async def note(conn: Connection, kind: str, queue: str = "general", **fields: Any) -> int:
    """Write an event as a room that is built elsewhere would."""
    told = {n: v.isoformat() if isinstance(v, datetime) else v for n, v in fields.items()}
    number: int = await conn.fetchval(NOTE, json.dumps({"kind": kind, **told}), queue)
    return number


async def happens(house: House, kind: str, queue: str = "general", **fields: Any) -> int:
    """An event, committed."""
    async with house.node.db.connection() as conn:
        return await note(conn, kind, queue, **fields)


async def kept(house: House) -> dict[tuple[Any, ...], dict[str, int]]:
    """Table `figure`."""
    rows = await house.rows("SELECT * FROM figure")
    key = ("by", "at", "queue_id", "channel", "language")
    return {tuple(row[n] for n in key): {n: row[n] for n in COUNTERS} for row in rows}


async def total(house: House, by: str = "end") -> dict[str, int]:
    """All counters of one kind added up; what is 0 left out."""
    rows = [counts for key, counts in (await kept(house)).items() if key[0] == by]
    sums = {name: sum(row[name] for row in rows) for name in COUNTERS}
    return {name: value for name, value in sums.items() if value}


async def figures(
    house: House, since: str | Moment, until: str | Moment, **more: Any
) -> dict[str, Any]:
    """What `contactcenter stats` says."""
    first, last = (moment(time) if isinstance(time, str) else time for time in (since, until))
    return await report(house.node.db, Asked(first, last, **more))


async def take(house: House, actor: Actor) -> int:
    """The agent accepts what is offered first; the contact."""
    await house.route()
    offer = (await house.offers(actor))[0]
    row = await house.row("SELECT id FROM contact WHERE offer_id = $1", offer)
    await handling.accept(house.node.desk, actor, offer)
    return int(row["id"])


async def busy(house: House) -> None:
    """A short morning: mails in three queues, accepted, held, passed on, lost, closed, waiting."""
    desk = house.node.desk
    aino = await house.on_duty("aino@mikkeli.example")
    for _ in range(5):
        await house.arrives()
    first, second, third = [await take(house, aino) for _ in range(3)]
    await handling.hold(desk, aino, first, True)
    await handling.wrap_up(desk, aino, first, "answered")
    await handling.transfer_to_queue(desk, aino, second, "building", None)
    await handling.close(desk, aino, third)
    fourth = await take(house, aino)
    async with house.node.db.transaction() as conn:
        assert await agents.lose(conn, aino.user_id)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await take(house, bjorn)
    assert (await house.contact(fourth))["state"] in ("queued", "active")
