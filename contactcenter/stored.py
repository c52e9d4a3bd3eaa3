"""The commands that look at what is stored: they need the database, and little of the product."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from datetime import datetime

from contactcenter.config import Settings
from contactcenter.kernel import keys
from contactcenter.kernel.feed import Feed
from contactcenter.opening import open_database, open_live
from contactcenter.queue.citizens import Citizens
from contactcenter.queue.live import Line
from contactcenter.queue.loop import Reconciler
from contactcenter.queue.publish import Publisher
from contactcenter.servers import servers
from contactcenter.stats import export as exports
from contactcenter.stats import verify as promises
from contactcenter.terminal import print_json


async def verify(settings: Settings) -> int:
    """Check the promises; exit code 1 on any violation."""
    with servers(settings) as found:
        async with AsyncExitStack() as stack:
            db = await open_database(stack, settings, found.database_url)
            live = open_live(stack, found.redis_url)
            # A Redis that is away, or was just started by this command, has no line to compare.
            stands = await live.alive() and await live.call("EXISTS", keys.REBUILT)
            publisher = Publisher(db, Line(live), Feed(live), Citizens(live))
            reconciler = Reconciler(db, live, publisher) if stands else None
            result = await promises.verify(db, reconciler)
    print_json(result)
    return 1 if result["violations"] else 0


async def export(settings: Settings, kind: str, since: datetime | None, queue: str | None) -> int:
    """Write what is stored as JSON lines."""
    with servers(settings) as found:
        async with AsyncExitStack() as stack:
            db = await open_database(stack, settings, found.database_url)
            async for line in exports.lines(db, kind, since, queue):
                sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
    return 0
