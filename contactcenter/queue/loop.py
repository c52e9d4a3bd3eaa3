"""Keeps the projection true: settle, sweep, rebuild after a wipe, compare and repair."""

from __future__ import annotations

import asyncio
from secrets import token_hex

import structlog

from contactcenter.kernel import keys
from contactcenter.kernel.db import Database
from contactcenter.kernel.history import history
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Row
from contactcenter.queue import agents, frames, store
from contactcenter.queue.live import Places, lines_of
from contactcenter.queue.publish import Publisher, Woken
from contactcenter.queue.story import story

_log = structlog.get_logger(__name__)
_Side = Places | tuple[int, bool] | None
_Difference = tuple[_Side, _Side]  # what Postgres says, what Redis says
SWEEP_OLDER_S = 0.6
_PIECE = 500


class Sweep:
    """Projects what was committed a while ago and not projected by the node that committed it (it
    died, or Redis was away). Any node does this, so soon that nobody who has waited for a second
    is passed over; after a pass that failed, Postgres or Redis having been away, at once."""

    def __init__(self, db: Database, publisher: Publisher) -> None:
        self._db = db
        self._publisher = publisher
        self._older_s = SWEEP_OLDER_S

    async def overdue(self) -> int:
        """How many contacts wait for the sweep now."""
        async with self._db.connection() as conn:
            return int(await store.SQL.count_overdue.value(conn, older_s=2 * SWEEP_OLDER_S))

    async def run_once(self) -> int:
        """Returns how many contacts were swept."""
        older_s, self._older_s = self._older_s, 0.0
        await self._publisher.settle()
        swept = await self._sweep(older_s)
        self._older_s = SWEEP_OLDER_S
        return swept

    async def _sweep(self, older_s: float) -> int:
        async with self._db.transaction() as conn:
            overdue = await store.SQL.overdue.all(conn, older_s=older_s)
            if not overdue:
                return 0
            rows = await store.cards(conn, [row["contact_id"] for row in overdue])
            told = {row["contact_id"]: row["tell"] for row in overdue}
            owners = {user for users in told.values() for user in users}
            busy = await store.agents(conn, sorted(owners))
            for row in rows:
                for user in sorted(set(told[row["id"]])):
                    frame = frames.contact_frame(row, user)
                    if user == row["owner"] and row["state"] in ("active", "wrap_up"):
                        frame |= await story(conn, row)
                    await self._publisher.tell(user, frame)
            # What a router has in hand for these agents is not decided by this.
            await self._publisher.project(rows, busy)
            versions = [row["version"] for row in overdue]
            await store.SQL.settle.run(conn, ids=list(told), since=[0] * len(told), upto=versions)
            await store.count_repair(conn, "swept", len(overdue))
        _log.info("swept", contacts=len(overdue))
        return len(overdue)


class Reconciler:
    """Compares Redis with Postgres and mends Redis; the count of repairs is 0 when nothing has
    failed. One node at a time does this."""

    def __init__(self, db: Database, live: Live, publisher: Publisher) -> None:
        self._db = db
        self._live = live
        self._publisher = publisher
        self._stands = live.script(__file__, "rebuilt.lua")
        self._written = live.script(__file__, "written.lua")
        self.settle_s = 1.0  # a difference must stand this long before it counts

    async def rebuild_if_wiped(self) -> bool:
        """Write everything anew where Redis is empty, or may lack something after a failover;
        until then no node decides on offers, so the order stays. False, too, where another node
        was quicker, or it was emptied again meanwhile: the next pass looks anew."""
        async with self._db.connection() as conn:
            now = await history(conn)
        line = [keys.REBUILT, keys.REBUILDING]
        stands, here, *note = await self._stands(line, [now, keys.ANEW, token_hex(8)])
        if stands < 0:
            await self._db.renew()
        if stands:
            return False
        async with self._db.connection() as conn:
            rows = await store.waiting(conn)
            online = [row["user_id"] for row in await agents.SQL.on_duty.all(conn)]
            busy = await store.agents(conn, online)
        await self._publisher.line.project_all(rows, busy, settles=True)
        if not await self._written(line, [*note, here]):
            return False
        self._publisher.wake(
            Woken(classes=frozenset(name for row in rows for name in lines_of(row)))
        )
        _log.info("rebuilt", waiting=len(rows), agents=len(busy))
        return True

    async def run_once(self) -> int:
        """One comparison. Returns the number of repairs."""
        if await self.rebuild_if_wiped():
            return 0
        wrong = await self.lasting_differences()
        if wrong:
            await self._repair(wrong)
        await self._wake_waiting()
        return len(wrong)

    async def lasting_differences(self) -> dict[tuple[str, int], _Difference]:
        """What differs now and, unchanged, a moment later: (kind, id) -> both sides."""
        wrong = await self._differences()
        if not wrong:
            return {}
        await asyncio.sleep(self.settle_s)
        again = await self._differences()
        return {key: sides for key, sides in again.items() if wrong.get(key) == sides}

    async def _differences(self) -> dict[tuple[str, int], _Difference]:
        """What differs, with both sides, so that two looks can be compared."""
        async with self._db.connection() as conn:
            waiting = {row["id"]: row for row in await store.waiting(conn)}
            on_duty = [row["user_id"] for row in await agents.SQL.on_duty.all(conn)]
            busy = {row["user_id"]: row for row in await store.agents(conn, on_duty)}
        line = self._publisher.line
        places = await line.ranks(await line.classes())
        opened = await line.open_agents(list(busy))
        wrong: dict[tuple[str, int], _Difference] = {}
        for n, contact in enumerate(waiting.keys() | places.keys()):
            if n % _PIECE == 0:
                await asyncio.sleep(0)  # a long line must not hold up who is served here
            row = waiting.get(contact)
            should = frozenset((name, row["rank"]) for name in lines_of(row)) if row else None
            if places.get(contact) != should:
                wrong["contact", contact] = (should, places.get(contact))
        for agent, row in busy.items():
            state = (row["version"], _open(row))
            if opened.get(agent) != state:
                wrong["agent", agent] = (state, opened.get(agent))
        return wrong

    async def _repair(self, wrong: dict[tuple[str, int], _Difference]) -> None:
        contacts = {key: is_at for (kind, key), (_, is_at) in wrong.items() if kind == "contact"}
        users = [key for kind, key in wrong if kind == "agent"]
        async with self._db.connection() as conn:
            rows = await store.cards(conn, list(contacts))
            busy = await store.agents(conn, users)
            await store.count_repair(conn, "reconciled", len(wrong))
        line = self._publisher.line
        await line.forget(
            {
                key: [name for name, _ in places]
                for key, places in contacts.items()
                if isinstance(places, frozenset)
            }
        )
        await self._publisher.project(rows, busy, settles=True)
        _log.warning("reconciled", contacts=len(contacts), agents=len(users))

    async def _wake_waiting(self) -> None:
        line = self._publisher.line
        classes = await line.classes()
        await line.note_heads(classes)
        self._publisher.wake(Woken(classes=frozenset(classes)))


def _open(row: Row) -> bool:
    return bool(row["available"] and row["load"] - row["mails"] < row["capacity"])
