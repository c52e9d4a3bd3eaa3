"""Wrong builds of the product, which the checker must catch: `python -m tests.faults.sabotage NAME
WORDS` runs a command of the product with one promise broken. The product knows nothing of it.

- acknowledge_before_commit: mail is said to be taken in, and committed a moment later.
- pop_before_work: what is to leave counts as sent as soon as it is taken up.
- resend_blindly: what a lost sender was sending is sent again, unasked.
"""

from __future__ import annotations

import asyncio
import runpy
import sys
from collections.abc import Callable

from contactcenter.channel import Accepted, Inbound
from contactcenter.delivery.store import SQL
from contactcenter.intake.reception import Reception

LATE_S = 0.5
_running: set[asyncio.Task[object]] = set()


def acknowledge_before_commit() -> None:
    """The 250 comes first."""
    commit = Reception.receive

    async def receive(self: Reception, inbound: Inbound) -> Accepted:
        async def late() -> None:
            await asyncio.sleep(LATE_S)
            await commit(self, inbound)

        task: asyncio.Task[object] = asyncio.create_task(late())
        _running.add(task)
        task.add_done_callback(_running.discard)
        return Accepted(contacts=("1",))

    Reception.receive = receive  # type: ignore[method-assign]


def pop_before_work() -> None:
    """A claim takes it out of what is to be done."""
    SQL.claim.text = SQL.claim.text.replace("SET state = 'sending'", "SET state = 'sent'")
    SQL.finish.text = SQL.finish.text.replace("('sending', 'unknown')", "('sent')")


def resend_blindly() -> None:
    """At least once, and maybe twice."""
    SQL.lost.text = SQL.lost.text.replace("SET state = 'unknown'", "SET state = 'queued'")


BUILDS: dict[str, Callable[[], None]] = {
    build.__name__: build for build in (acknowledge_before_commit, pop_before_work, resend_blindly)
}


if __name__ == "__main__":
    BUILDS[sys.argv[1]]()
    sys.argv[1:] = sys.argv[2:]
    runpy.run_module("contactcenter", run_name="__main__")
