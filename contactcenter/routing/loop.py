"""The router and the clock: what turns waiting contacts into offers, and ends them in time."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

import structlog

from contactcenter.cases import store as cases
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.lease import Held, Lease
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Row
from contactcenter.queue import agents, frames, store
from contactcenter.queue.live import Pair
from contactcenter.queue.presence import agents_presence
from contactcenter.queue.publish import Change, Publisher, Woken
from contactcenter.queue.story import story
from contactcenter.routing import actions

_log = structlog.get_logger(__name__)
MOST = 64  # offers in one commit
_LONG_S = 15.0  # longer than nobody holds the clock, where one node takes it from another
STALL_S = 3.0  # the clock runs every 0.25 s; a longer gap was a stall, not a slow pass


class Router:
    """Matches contacts with agents. Any node may run one: the commit decides who wins."""

    def __init__(self, db: Database, ids: Ids, publisher: Publisher, offer_s: float) -> None:
        self._db = db
        self._kept = db.keep()
        self._ids = ids
        self._publisher = publisher
        self._offer_s = offer_s
        self._pairs: deque[Pair] = deque()
        self._classes: dict[str, None] = {}
        self._offering: set[Pair] = set()
        self.woken = asyncio.Event()
        publisher.wake = self.wake

    def wake(self, woken: Woken) -> None:
        """Do these in the next pass."""
        self._pairs += woken.pairs
        self._classes |= dict.fromkeys(sorted(woken.classes))
        self.woken.set()

    def deciding(self) -> set[Pair]:
        """What is out of the line and will be offered here, however long that takes."""
        return self._offering.union(self._pairs)

    async def run_once(self) -> int:
        """Offer whatever can be offered to and in what was woken. Returns how many offers. While
        some are told and projected, which may bring more, the next are committed."""
        made = 0
        telling: asyncio.Task[None] | None = None
        try:
            while self._pairs or self._classes or telling is not None:
                if self._pairs:
                    rows = await self._try(pairs := self._some())
                    made += len(rows)
                    await _ended(telling)
                    telling = asyncio.create_task(self._tell(pairs, rows))
                elif telling is not None:
                    await self._more_or(telling)
                    telling = None if telling.done() else telling
                else:
                    await self._look_at(self._classes.popitem()[0])
        finally:
            await _ended(telling)
        return made

    async def _more_or(self, telling: asyncio.Task[None]) -> None:
        """Until there is more to offer, or the telling has ended. Raises what that raised."""
        self.woken.clear()
        if self._pairs:
            return
        woken = asyncio.create_task(self.woken.wait())
        try:
            await asyncio.wait({woken, telling}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
        if telling.done():
            telling.result()

    def _some(self) -> list[Pair]:
        """What is offered in one commit. Who comes twice waits for the next one."""
        agents: set[int] = set()
        contacts: set[int] = set()
        some: list[Pair] = []
        while self._pairs and len(some) < MOST:
            pair = self._pairs[0]
            if pair.agent in agents or pair.contact in contacts:
                break
            agents.add(pair.agent)
            contacts.add(pair.contact)
            some.append(self._pairs.popleft())
        self._offering.update(some)
        return some

    async def _try(self, pairs: list[Pair]) -> list[Row]:
        try:
            return await self._offer(pairs)
        except BaseException as error:
            if isinstance(error, TRANSIENT):
                self._pairs += pairs  # both were taken out of the line for it: try again
            self._offering.difference_update(pairs)
            raise

    async def _look_at(self, requirement: str) -> None:
        while pair := await self._publisher.line.decide_for_class(requirement):
            self._pairs.append(pair)

    async def _offer(self, pairs: list[Pair]) -> list[Row]:
        offers = [
            store.Offer(offer, pair.agent, pair.contact, pair.rule, pair.why)
            for offer, pair in zip(await self._ids.take(len(pairs)), pairs, strict=True)
        ]
        async with self._kept as conn:
            return await store.offer(conn, offers, self._offer_s)

    async def _tell(self, pairs: list[Pair], rows: list[Row]) -> None:
        try:
            await self._tell_all(pairs, rows)
        finally:
            self._offering.difference_update(pairs)

    async def _tell_all(self, pairs: list[Pair], rows: list[Row]) -> None:
        """Tell what was offered, show what was taken for its agent, and put the others back."""
        offers = [row for row in rows if row["state"] == "offered"]
        if offers:
            await self._publisher.offered(offers)
        taken = {row["id"]: row for row in rows if row["state"] == "active"}
        told = {row["id"] for row in offers}
        left = [pair for pair in pairs if pair.contact not in told]
        if left:
            contacts = [pair.contact for pair in left if pair.contact not in taken]
            agents = [pair.agent for pair in left]
            change = Change(contacts=contacts, agents=agents, settles=True)
            await self._publisher.publish(change)
        for row in taken.values():
            await self._hand(row)

    async def _hand(self, row: Row) -> None:
        """Show a mail that was taken for its agent, as if the agent had accepted it."""
        async with self._db.connection() as conn:
            (card,) = await store.cards(conn, [row["id"]])
            extra = {
                **await story(conn, card),
                "deliveries": await cases.deliveries(conn, card["case_id"]),
                "automatic": True,
            }
        await self._publisher.publish(Change(show={row["id"]: [row["owner"]]}, extra=extra))


async def _ended(task: asyncio.Task[None] | None) -> None:
    """Wait for a task; where we are told to end meanwhile, it is told, too."""
    if task is not None:
        await task


class Clock:
    """Ends offers in time and notices agents who fell silent; one node at a time."""

    def __init__(
        self,
        db: Database,
        live: Live,
        publisher: Publisher,
        node: str,
        *,
        missed_limit: int,
        lost_after_s: float,
        return_state_s: float,
    ) -> None:
        self._db = db
        self._publisher = publisher
        self._presence = agents_presence(live)
        self._lease = Lease(db, "clock", node)
        self._missed_limit = missed_limit
        self._lost_after_s = lost_after_s
        self._return_state_s = return_state_s
        self._running = False
        self._looked: float | None = None  # by time.monotonic

    async def run_once(self) -> int:
        """One pass. Returns how many offers ended and agents were lost; 0 where another node
        has the clock."""
        held = await self._lease.hold()
        ran, self._running = self._running, True
        if held is None:
            self._looked = None
            return 0
        await self._prolong(held, ran)
        self._looked = monotonic()
        return await self._end_offers() + await self._lose_silent() + await self._close_forgotten()

    async def _prolong(self, held: Held, ran: bool) -> None:
        """Nobody could answer while everything stood still, so running offers get that time; where
        the database's clock was put back, they give it back. Where this node has not `ran`
        meanwhile and nothing was offered, no one needs to know."""
        if abs(held.gap_s) < STALL_S:
            return
        self._presence.deaf = True
        looked_s = _LONG_S if self._looked is None else monotonic() - self._looked
        async with self._lease.transaction() as conn:
            moved = await actions.SQL.prolong.all(conn, by_s=held.gap_s, looked_s=looked_s)
            ids = [row["id"] for row in moved]
            rows = await store.cards(conn, ids)
        tell = [
            (row["owner"], frames.offer_frame(row)) for row in rows if row["state"] == "offered"
        ]
        await self._publisher.publish(Change(tell=tell))
        if ran or ids:
            what = "stalled" if held.gap_s > 0 else "clock_put_back"
            _log.warning(what, gap_s=round(held.gap_s, 1), offers=len(ids))

    async def _end_offers(self) -> int:
        async with self._db.connection() as conn:
            ended = await actions.SQL.ended_offers.all(conn)
        for row in ended:
            await actions.miss(
                self._lease, self._publisher, row["owner"], row["offer_id"], self._missed_limit
            )
        return len(ended)

    async def _lose_silent(self) -> int:
        async with self._db.connection() as conn:
            on_duty = [row["user_id"] for row in await agents.SQL.on_duty.all(conn)]
        for agent in (silent := await self._presence.silent(on_duty, self._lost_after_s)):
            async with self._lease.transaction() as conn:
                change = await agents.lose(conn, agent)
            if change is not None:
                await self._publisher.publish(change)
                _log.info("agent_lost", agent=agent)
        return len(silent)

    async def _close_forgotten(self) -> int:
        async with self._db.connection() as conn:
            forgotten = await agents.SQL.forgotten_wrap_ups.all(conn, within_s=self._return_state_s)
        for row in forgotten:
            change = Change(agents=[row["owner"]], show={row["id"]: [row["owner"]]})
            async with self._lease.transaction() as conn:
                await store.lock_agent(conn, row["owner"])
                await agents.close(conn, row["owner"], row["id"], None, change)
            await self._publisher.publish(change)
        return len(forgotten)
