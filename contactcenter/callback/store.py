"""The callbacks' rows. Functions take a connection and never commit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import names_of
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.hours import Calendar, read_hours

SQL = load_sql(__file__)
_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


@dataclass(frozen=True)
class CallQueue:
    """A queue that calls back, as it is `now`."""

    row: Row

    @property
    def now(self) -> datetime:
        """The database's clock."""
        moment: datetime = self.row["now"]
        return moment

    @property
    def calendar(self) -> Calendar:
        """Its opening hours: nobody is promised a call, or called again, outside of them."""
        return Calendar(read_hours(self.row["hours"]), self.row["time_zone"])

    @property
    def takes_now(self) -> bool:
        """Whether a call as soon as possible waits in line from now on."""
        return self.row["always_open"] or self.calendar.is_open(self.now)


async def find_queue(conn: Connection, key: str) -> CallQueue:
    """Raises Refused: `unknown_queue`, `closed` where it calls nobody back."""
    row = await SQL.queue.one(conn, key=key) if _KEY.fullmatch(key) else None
    if row is None:
        raise Refused("unknown_queue", field="queue")
    if "callback" not in row["channels"]:
        raise Refused("closed", "no_callbacks", field="queue")
    return CallQueue(row)


async def queue_of(conn: Connection, queue_id: int) -> CallQueue:
    """A contact's queue, whatever became of it."""
    return CallQueue(await SQL.queue_of.row(conn, queue_id=queue_id))


def names(row: Row) -> dict[str, str]:
    """The queue's names by language."""
    return names_of(row["name"])


def promise_of(row: Row) -> Window | None:
    """The promised window, where there is one."""
    if row["promise_from"] is None:
        return None
    return Window(row["promise_from"], row["promise_to"])
