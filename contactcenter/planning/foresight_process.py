"""The process that foresees (`foresight.py` starts it): the clocks of the estimates and of the
outlook, on connections of their own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from contactcenter.kernel import log
from contactcenter.kernel.db import Database
from contactcenter.kernel.live import Live
from contactcenter.kernel.loop import forever
from contactcenter.planning.closing import EVERY_S, Closing
from contactcenter.routing.estimating import Estimating

NICE = 10  # less urgent than everything else


def run() -> None:
    """Be that process, until its input ends."""
    for one in (signal.SIGINT, signal.SIGTERM):  # sent to all processes of a service: the node
        signal.signal(one, signal.SIG_IGN)  # ends first, and this one with its input
    os.nice(NICE)
    log.configure("warning")
    asyncio.run(_foresee())


async def _foresee() -> None:
    # Nothing is left half written, and a sum under way can't be stopped otherwise.
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), os._exit, 0)
    db = await Database.open(os.environ["CONTACTCENTER_DATABASE_URL"], size=2)
    live = Live(os.environ["CONTACTCENTER_REDIS_URL"])
    await asyncio.gather(
        forever("estimating", Estimating(db, live).run_once, every_s=1),
        forever("closing", Closing(db, live).run_once, every_s=EVERY_S),
    )
