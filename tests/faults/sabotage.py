"""Wrong builds of the product, which the checker must catch: `python -m tests.faults.sabotage NAME
WORDS` runs a command of the product with one promise broken. The product knows nothing of it.

- acknowledge_before_commit: mail is said to be taken in, and committed a moment later.
- pop_before_work: what is to leave counts as sent as soon as it is taken up.
- resend_blindly: what a lost sender was sending is sent again, unasked.

And two that break no promise, for faults that need them:

- in_a_hurry: mailboxes are looked after in a hundredth of the time.
- fragile_reader: the same, and mails that say so kill, hang or fail what reads them, as a fault in
  the reader would.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import signal
import sys
from collections.abc import Callable
from typing import Any

from channels.email.imap import intake
from channels.email.imap.poller import Poller
from channels.email.reader import Reader
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


def in_a_hurry() -> None:
    """An IDLE of 3 s for one of 5 min, half a second of silence for a minute, and so on."""
    for name in ("idle_s", "silence_s", "first_s", "login_s", "most_s", "elsewhere_s"):
        object.__setattr__(Poller.pauses, name, getattr(Poller.pauses, name) / 100)


def fragile_reader() -> None:
    """It has no fault of this kind that is known, so it is given three."""
    in_a_hurry()
    intake.READ_S = 1.0
    read = Reader.read

    async def fragile(self: Reader, raw: bytes, **given: Any) -> Inbound:
        if b"X-Poison: kills" in raw:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"X-Poison: hangs" in raw:
            await asyncio.Event().wait()
        if b"X-Poison: fails" in raw:
            raise ZeroDivisionError
        return await read(self, raw, **given)

    Reader.read = fragile  # type: ignore[method-assign]


BUILDS: dict[str, Callable[[], None]] = {
    build.__name__: build
    for build in (
        acknowledge_before_commit,
        pop_before_work,
        resend_blindly,
        in_a_hurry,
        fragile_reader,
    )
}


if __name__ == "__main__":
    BUILDS[sys.argv[1]]()
    sys.argv[1:] = sys.argv[2:]
    runpy.run_module("contactcenter", run_name="__main__")
