"""What a change of a queue means for who waits there.

A contact's requirement and rank are written when it enters. When its queue's task, level,
languages or target change, they are written anew in the same transaction, or nobody might be left
who can take it; the order among the queue's own contacts stays.
"""

from __future__ import annotations

from collections import Counter

from contactcenter.configuration.document import Queue
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
STATES = ("queued", "offered", "active", "scheduled")


async def refuse_with_open(conn: Connection, queue_id: int) -> None:
    """Raise Refused where contacts wait in the queue or are in hand: how many in each state, and
    what to do about them."""
    rows = await SQL.open_of_queue.all(conn, queue_id=queue_id)
    if rows:
        states = Counter(row["state"] for row in rows)
        no = Refused("wrong_state", "queue_in_use", field="disabled", n=len(rows))
        no.params |= {state: states[state] for state in STATES}
        raise no


async def hold(conn: Connection, queues: list[tuple[int, Queue, Queue]]) -> None:
    """Hold who waits in all the queues that are to be aligned (id, before, after) before any is
    written: in the order of ids, whatever the order of the queues."""
    found = [
        row["id"]
        for queue_id, before, after in queues
        if not _is_alike(before, after)
        for row in await SQL.open_of_queue.all(conn, queue_id=queue_id)
    ]
    await SQL.lock_contacts.all(conn, ids=found)


def _is_alike(before: Queue, after: Queue) -> bool:
    """Whether who waits there waits for the same."""
    same = (before.task, before.level, before.languages, before.target_s, before.decision)
    return same == (after.task, after.level, after.languages, after.target_s, after.decision)


async def realign(conn: Connection, queue_id: int, before: Queue, after: Queue) -> list[int]:
    """Write requirement and rank of who waits anew. Returns the contacts that changed."""
    if _is_alike(before, after):
        return []
    rows = await SQL.open_of_queue.all(conn, queue_id=queue_id)
    return await _write(conn, [row["id"] for row in rows], after.target_s - before.target_s)


async def _write(conn: Connection, ids: list[int], shift_s: int) -> list[int]:
    await SQL.lock_contacts.all(conn, ids=ids)
    moved = await SQL.realign.all(conn, ids=ids, shift_s=shift_s)
    return [row["id"] for row in moved]


class Alignment:
    """Finds who entered by a queue's old form at the moment of its change: the doors know queues
    for up to 2 s."""

    def __init__(self, db: Database, publisher: Publisher) -> None:
        self._db = db
        self._publisher = publisher

    async def run_once(self) -> int:
        """One pass. Returns how many contacts were written anew."""
        async with self._db.connection() as conn:
            strays = [row["id"] for row in await SQL.strays.all(conn)]
        if not strays:
            return 0
        async with self._db.transaction() as conn:
            moved = await _write(conn, strays, 0)
        await self._publisher.publish(Change(contacts=moved))
        return len(moved)
