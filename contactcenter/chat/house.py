"""One node's chats: the pages connected here, and how they hear what happens elsewhere."""

from __future__ import annotations

import time
from asyncio import Event
from collections.abc import Awaitable, Callable, Iterable

import structlog

from contactcenter.channel import Accepted, Inbound
from contactcenter.chat import rules, store
from contactcenter.chat.live import Places, presence
from contactcenter.chat.store import SQL
from contactcenter.chat.talk import Talk
from contactcenter.kernel import keys
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.ear import Ear
from contactcenter.kernel.feed import Feed
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import citizens
from contactcenter.queue.publish import Change, Publisher
from contactcenter.queue.say import Say

_log = structlog.get_logger(__name__)
MOST_LOOKS = 500
STAFFED_KEPT_S = 2.0


class Chats:
    """Holds the talks of this node. `receive` takes in a mail: a message left instead."""

    def __init__(
        self,
        db: Database,
        live: Live,
        ids: Ids,
        feed: Feed,
        publisher: Publisher,
        limits: Limits,
        receive: Callable[[Inbound], Awaitable[Accepted]],
        *,
        resume_s: float,
        per_minute: int,
    ) -> None:
        self.db, self.ids, self.feed, self.limits = db, ids, feed, limits
        self.publisher, self.receive = publisher, receive
        self.resume_s, self.per_minute = resume_s, per_minute
        self.say = Say(db, ids, publisher)
        self.talks: dict[int, Talk] = {}
        self.ear = Ear(live, keys.CHATS, self._hear, self._look_at_all)
        self.woken = Event()
        self._places = Places(live)
        self._presence = presence(live)
        self._to_look: dict[Talk, None] = {}
        self._staffed: set[str] = set()
        self._staffed_at = -STAFFED_KEPT_S
        self._staffed_for: set[str] = set()

    # ------------------------------------------------------------ who is here

    async def enter(self, talk: Talk, former: int | None) -> None:
        """A page is connected; the connection that had the chat before is told to go."""
        before = self.talks.get(talk.contact)
        self.talks[talk.contact] = talk
        if before is not None:
            before.replaced()
        try:
            if former is not None and before is None:
                await self.publisher.citizens.replaced(talk.contact, former)
            await self._presence.heard({talk.contact: time.monotonic()})
        except LiveUnavailable:
            pass  # both are told again: by the next beat, and when the other one says something

    async def gone(self, *talks: Talk) -> None:
        """These pages' connections are lost: their contacts keep the places and are not offered."""
        gone = [talk for talk in talks if self._forget(talk)]
        if not gone:
            return
        contacts = [talk.contact for talk in gone]
        async with self.db.connection() as conn:
            rows = await SQL.go_away.all(
                conn, contacts=contacts, sockets=[talk.socket for talk in gone], ago_s=0.0
            )
        try:
            await self._presence.left(contacts)
        except LiveUnavailable:
            pass  # the clock finds them marked already
        await self.publish_presence(*rows)

    async def close(self) -> None:
        """The node stops: all its pages are gone in one step, not one by one."""
        await self.gone(*self.talks.values())

    def _forget(self, talk: Talk) -> bool:
        """Whether it was the one that is connected."""
        if self.talks.get(talk.contact) is not talk:
            return False
        del self.talks[talk.contact]
        return True

    async def publish_presence(self, *rows: Row) -> None:
        """Citizens came or went: the line and the agents' screens."""
        show = {row["id"]: [row["owner"]] for row in rows if row["state"] == "active"}
        await self.publisher.publish(Change(contacts=[row["id"] for row in rows], show=show))

    async def beat(self) -> int:
        """Write down which pages are connected. Returns how many."""
        now = time.monotonic()
        await self._presence.heard(dict.fromkeys(self.talks, now))
        return len(self.talks)

    # ------------------------------------------------------------ what they hear

    def look_soon(self, talk: Talk) -> None:
        """Have the talk read in Postgres how it stands."""
        self._to_look[talk] = None
        self.woken.set()

    async def look_once(self) -> int:
        """One pass over the talks that must look. Returns how many."""
        talks = list(self._to_look)[:MOST_LOOKS]
        for talk in talks:
            del self._to_look[talk]
        try:
            await self.look(talks)
        except (*TRANSIENT, LiveUnavailable):
            self._to_look = dict.fromkeys(talks) | self._to_look
            raise
        if self._to_look:
            self.woken.set()
        return len(talks)

    async def look(self, talks: list[Talk]) -> None:
        """Read how these stand, and tell their pages what is new."""
        if not talks:
            return
        async with self.db.connection() as conn:
            rows = await SQL.stands.all(conn, contacts=[talk.contact for talk in talks])
            stands = {row["id"]: row for row in rows}
            ended = [t.contact for t in talks if await self._look_at(conn, t, stands[t.contact])]
            if ended:
                await SQL.told.run(conn, contacts=ended)
        await self._tell_places(talks)
        for talk in talks:
            row = stands[talk.contact]
            is_here = self.talks.get(talk.contact) is talk
            if is_here and row["away_from"] is not None and row["state"] in rules.LIVE:
                await self._is_here(talk)

    async def _is_here(self, talk: Talk) -> None:
        """The clock took a citizen for gone whose page is connected here."""
        async with self.db.connection() as conn:
            row = await SQL.come_back.row(conn, contact=talk.contact)
        await self.publish_presence(row)

    async def _look_at(self, conn: Connection, talk: Talk, row: Row) -> bool:
        """Whether its end was told now."""
        if row["socket"] != talk.socket:  # a newer connection has the chat
            self._forget(talk)
            talk.replaced()
            return False
        while talk.seq < row["last_shown"]:
            messages = await store.shown(conn, talk.case, talk.seq)
            talk.show(messages)
            if len(messages) < store.MOST_SHOWN:
                talk.seq = max(talk.seq, row["last_shown"])  # the rest is not a chat's
        return talk.stand(row)

    async def places_once(self) -> int:
        """Tell the pages that wait where they stand now. Returns how many wait."""
        waiting = [talk for talk in self.talks.values() if talk.state == "waiting"]
        await self._tell_places(waiting)
        return len(waiting)

    async def _tell_places(self, talks: Iterable[Talk]) -> None:
        waiting = [talk for talk in talks if talk.state == "waiting"]
        if not waiting:
            return
        staffed = await self.staffed({talk.requirement for talk in waiting})
        try:
            places = await self._places.of([(talk.requirement, talk.contact) for talk in waiting])
        except LiveUnavailable:
            return  # told when Redis is back
        for talk, place in zip(waiting, places, strict=True):
            talk.wait(place, talk.requirement in staffed)

    async def staffed(self, classes: set[str]) -> set[str]:
        """Those of the classes that somebody on duty can take; known for a moment."""
        now = time.monotonic()
        if now - self._staffed_at > STAFFED_KEPT_S or not classes <= self._staffed_for:
            async with self.db.connection() as conn:
                self._staffed = await store.staffed(conn, sorted(classes))
            self._staffed_at, self._staffed_for = now, set(classes)
        return self._staffed

    def _hear(self, channel: str, line: bytes) -> None:
        kind, contact, rest = citizens.parse(line)
        talk = self.talks.get(contact)
        if talk is None:
            return
        if kind == "said":
            prev, seq, frame = rest.split(b" ", 2)
            talk.hear_message(int(prev), int(seq), frame)
        elif kind == "pass":
            talk.hear_passing(rest)
        elif kind != "left" or int(rest) == talk.socket:
            self.look_soon(talk)

    def _look_at_all(self) -> None:
        """Something may have been missed."""
        self._to_look |= dict.fromkeys(self.talks.values())
        if self._to_look:
            self.woken.set()
