"""After the commit: write the change into Redis, tell the screens, wake the router.

Everything here may fail without harm. What was committed has an outbox row; it is deleted only
when the change has been projected, and a sweep takes up what is left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field

import structlog

from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.feed import Feed, Frame
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.sql import Row
from contactcenter.queue import frames, store
from contactcenter.queue.citizens import Citizens, Said
from contactcenter.queue.debts import Debts
from contactcenter.queue.live import Line, Pair
from contactcenter.queue.notes import Notes
from contactcenter.queue.story import owes_more, story

_log = structlog.get_logger(__name__)


@dataclass
class Change:
    """What a committed action changed. `tell`: frames for users, sent first and in order;
    `show`: users who get the contact's new card, with `extra` beside it; `cards`: users who get the
    card alone, because of what happened to another; `said`: messages for chatting citizens;
    `sends`: whether something is to leave the house; `settles`: whether it decides what was being
    offered to these agents."""

    contacts: list[int] = field(default_factory=list)
    agents: list[int] = field(default_factory=list)
    tell: list[tuple[int, Frame]] = field(default_factory=list)
    show: dict[int, list[int]] = field(default_factory=dict)
    extra: Frame = field(default_factory=dict)
    cards: dict[int, list[int]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    sends: bool = False
    settles: bool = False


@dataclass(frozen=True)
class Woken:
    """What the router should do: offer these contacts to these agents, look at these classes."""

    pairs: tuple[Pair, ...] = ()
    classes: frozenset[str] = frozenset()


class Publisher:
    """One node's way from a commit to Redis and the screens."""

    def __init__(self, db: Database, line: Line, feed: Feed, citizens: Citizens) -> None:
        self._db = db
        self.line = line
        self._feed = feed
        self.citizens = citizens
        self._debts = Debts(db)
        self._notes = Notes(db)
        self.settle: Callable[[], Awaitable[int]] = self._debts.settle
        self._arrived: list[Row] = []
        self._arriving = False
        self.wake: Callable[[Woken], None] = lambda woken: None
        self.wake_sender: Callable[[], None] = lambda: None

    async def publish(self, change: Change) -> bool:
        """Tell and project. A failure is left to the sweep; False says that there was one."""
        if change.sends:
            self.wake_sender()
        try:
            await self._feed.tell_all(change.tell)
            await self.citizens.say(change.said)
            rows, agents, owed = await self._read(change)
            await self._show(change, rows, owed)
            told = {said.contact for said in change.said}
            await self.project(rows, agents, told, settles=change.settles)
            self._covered(rows)
        except (LiveUnavailable, *TRANSIENT) as error:
            _log.warning("publish_failed", error=type(error).__name__)
            return False
        return True

    async def arrived(self, rows: list[Row]) -> None:
        """Project new contacts that wait; nobody's screen shows them yet. What arrives while one
        call runs goes together in the next."""
        self._arrived += rows
        if self._arriving:
            return
        self._arriving = True
        try:
            while self._arrived:
                rows, self._arrived = self._arrived, []
                await self.project(rows, [])
                self._covered(rows)
        except LiveUnavailable as error:
            _log.warning("publish_failed", error=type(error).__name__)
        finally:
            self._arriving = False

    async def offered(self, rows: list[Row]) -> None:
        """Tell new offers and project them, from what their commit returned; the next ones may be
        committed meanwhile. A failure is left to the sweep."""
        try:
            await self._feed.tell_all([(row["owner"], frames.offer_frame(row)) for row in rows])
            pairs, others = await self.line.offered(rows)
            if pairs:
                self.wake(Woken(pairs=tuple(pairs)))
            await self._look(rows)
            self._covered(rows)
        except LiveUnavailable as error:
            _log.warning("publish_failed", error=type(error).__name__)
            return
        if others:
            await self.publish(Change(agents=others, settles=True))

    async def told(self, said: list[tuple[int, Frame]], versions: list[tuple[int, int]]) -> None:
        """Tell messages that change no place in line; (contact, version) of each. A failure is left
        to the sweep."""
        try:
            await self._feed.tell_all(said)
        except LiveUnavailable as error:
            _log.warning("publish_failed", error=type(error).__name__)
        else:
            for contact, version in versions:
                self._debts.told(contact, version, version)

    async def project(
        self,
        rows: Iterable[Row],
        agents: Iterable[Row],
        told: Collection[int] = (),
        *,
        settles: bool = False,
    ) -> None:
        """Write rows into the line, have their citizens look but for those who were told, and wake
        the router. `settles`: what was being offered to these agents is decided. Raises
        LiveUnavailable."""
        rows, agents = list(rows), list(agents)
        await self._notes.note(agents)
        pairs = await self.line.project_all(rows, agents, settles=settles)
        if pairs:  # at once: they are out of the line, and whoever asks next is given worse ones
            self.wake(Woken(pairs=tuple(pairs)))
        await self._look(row for row in rows if row["id"] not in told)

    async def _look(self, rows: Iterable[Row]) -> None:
        """Have the citizens of chats look at what changed."""
        await self.citizens.look(row["id"] for row in rows if row["channel"] == "chat")

    async def tell(self, user: int, frame: Frame) -> None:
        """Tell one frame. Raises LiveUnavailable."""
        await self._feed.tell(user, frame)

    def _covered(self, rows: Iterable[Row]) -> None:
        """Who has these cards, and the story where more than one change was owed, has all."""
        for row in rows:
            self._debts.told(row["id"], 0, row["version"])

    async def _read(self, change: Change) -> tuple[list[Row], list[Row], dict[int, Frame]]:
        """The contacts, the agents, and the stories of contacts of which something else is owed
        too: somebody committed and did not tell it yet, or never will."""
        ids = list(dict.fromkeys([*change.contacts, *change.cards, *change.show]))
        if not ids and not change.agents:
            return [], [], {}
        async with self._db.connection() as conn:
            rows = await store.cards(conn, ids) if ids else []
            agents = await store.agents(conn, change.agents) if change.agents else []
            owed = {row["id"]: await story(conn, row) for row in rows if owes_more(row)}
        return rows, agents, owed

    async def _show(self, change: Change, rows: list[Row], owed: dict[int, Frame]) -> None:
        cards: list[tuple[int, Frame]] = []
        for row in rows:
            shown = {*change.show.get(row["id"], ())}
            users = shown | {*change.cards.get(row["id"], ())}
            for user in sorted(users | {row["owner"]} if row["id"] in owed else users):
                extra = change.extra if user in shown else {}
                more = owed.get(row["id"], {}) if user == row["owner"] else {}
                cards.append((user, frames.contact_frame(row, user) | extra | more))
        await self._feed.tell_all(cards)
