"""One node's chats: the pages connected here, and how they hear what happens elsewhere."""

from __future__ import annotations

import time
from asyncio import Event
from collections.abc import Awaitable, Callable, Coroutine, Iterable

import structlog

from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.cases.pages import CasePages
from contactcenter.channel import Accepted, Inbound
from contactcenter.chat import changing, rules, store
from contactcenter.chat.changing import Calls
from contactcenter.chat.ends import Ends
from contactcenter.chat.filing import Filing
from contactcenter.chat.say import Say
from contactcenter.chat.staffed import Staffed
from contactcenter.chat.store import SQL, Shown
from contactcenter.chat.talk import FIRST_SOCKET, Talk
from contactcenter.kernel import keys
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.ear import Ear
from contactcenter.kernel.feed import Feed
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.loop import forever
from contactcenter.kernel.pieces import pieces
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue import citizens
from contactcenter.queue.bands import Bands, line_name
from contactcenter.queue.presence import citizens_presence
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
MOST_LOOKS = 500
CHAT = "chat"


class Chats:
    """Holds the talks of this node. `receive` takes in a mail: a message left instead; `calls` is
    for those who want to be called instead."""

    def __init__(
        self,
        db: Database,
        live: Live,
        ids: Ids,
        feed: Feed,
        publisher: Publisher,
        limits: Limits,
        receive: Callable[[Inbound], Awaitable[Accepted]],
        calls: Calls,
        filing: Filing,
        pages: CasePages,
        feedback: FeedbackLinks,
        *,
        resume_s: float,
        per_minute: int,
    ) -> None:
        self.db, self.ids, self.feed, self.limits = db, ids, feed, limits
        self.publisher, self.receive, self.calls = publisher, receive, calls
        self.filing = filing
        self.pages = pages
        self.feedback = feedback
        self.resume_s, self.per_minute = resume_s, per_minute
        self.say = Say(db, ids, publisher)
        self.talks: dict[int, Talk] = {}
        self.ear = Ear(live, keys.CHATS, self._hear, self._look_at_all)
        self.woken = Event()
        self.ends = Ends(db)
        self.staffed = Staffed(db)
        self.bands = Bands(live)
        self._presence = citizens_presence(live)
        self._to_look: dict[Talk, None] = {}

    # ------------------------------------------------------------ who is here

    async def enter(self, talk: Talk) -> None:
        """A page is connected; older connections of the same citizen are sent away."""
        before = self.talks.get(talk.contact)
        if before is not None and before.socket > talk.socket:  # it was quicker to get here
            talk.replaced()
            return
        self.talks[talk.contact] = talk
        if before is not None:
            before.replaced()
        try:
            if talk.socket > FIRST_SOCKET:
                await self.publisher.citizens.replaced(talk.contact, talk.socket)
            await self._presence.heard({talk.contact: time.monotonic()})
        except LiveUnavailable:
            pass  # both are told again: by the next beat, and when the talk is looked at

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
        """The node stops: all its pages are gone in one step, not one by one. Where that fails,
        another node's clock marks them."""
        try:
            await self.gone(*self.talks.values())
        except (*TRANSIENT, LiveUnavailable) as error:
            _log.warning("stop_step_failed", error=type(error).__name__)

    def _forget(self, talk: Talk) -> bool:
        """Whether it was the one that is connected."""
        if self.talks.get(talk.contact) is not talk:
            return False
        del self.talks[talk.contact]
        return True

    def _send_away(self, talk: Talk) -> None:
        """A newer connection has the chat."""
        self._forget(talk)
        talk.replaced()

    async def publish_presence(self, *rows: Row) -> None:
        """Citizens came or went."""
        await self.publisher.publish(store.came_or_went(rows))

    async def beat(self) -> int:
        """Write down which pages are connected. Returns how many."""
        now = time.monotonic()
        async for some in pieces(list(self.talks)):
            await self._presence.heard(dict.fromkeys(some, now))
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
        await self.pages.ready()
        await self.feedback.ready()
        shown = [talk.shown for talk in talks]
        async with self.db.connection() as conn:
            rows = await SQL.stands.all(conn, contacts=[talk.contact for talk in talks])
            stands = {row["id"]: row for row in rows}
            talks = _still_so(talks, shown, stands)
            stories = await self._stories(conn, talks, stands)
            missed = await self._missed(conn, talks, stands)
            ended = [
                talk
                for talk in talks
                if await self._look_at(
                    talk, stands[talk.contact], missed.get(talk, []), stories.get(talk.case)
                )
            ]
            if ended:
                await self.pages.give(conn, [talk.case for talk in ended])
        await self._tell_places(talks)
        for talk in talks:
            row = stands[talk.contact]
            is_here = self.talks.get(talk.contact) is talk
            if is_here and row["away_from"] is not None and row["state"] in rules.LIVE:
                await self._is_here(talk)

    async def _missed(
        self, conn: Connection, talks: list[Talk], stands: dict[int, Row]
    ) -> dict[Talk, list[Shown]]:
        """What was said that their pages were not shown, at the standby by now, too: a page takes
        for stored what it is shown."""
        missed: dict[Talk, list[Shown]] = {}
        for talk in talks:
            row, after = stands[talk.contact], talk.seq
            while after < row["last_shown"] and row["socket"] <= talk.socket:
                messages = await store.shown(conn, talk.case, after)
                missed.setdefault(talk, []).extend(messages)
                if len(messages) < store.MOST_SHOWN:
                    break  # the rest is not a chat's
                after = messages[-1].row["seq"]
        if missed:
            await require_replicated(conn)
        return missed

    async def _stories(
        self, conn: Connection, talks: list[Talk], stands: dict[int, Row]
    ) -> dict[int, list[Row]]:
        """Which agents came and went, by case, of the talks that miss something of it."""
        stories: dict[int, list[Row]] = {
            talk.case: [] for talk in talks if talk.misses_story(stands[talk.contact])
        }
        if stories:
            for row in await SQL.came_and_went.all(conn, cases=list(stories)):
                stories[row["case_id"]].append(row)
        return stories

    async def _is_here(self, talk: Talk) -> None:
        """The clock took a citizen for gone whose page is connected here."""
        async with self.db.connection() as conn:
            row = await SQL.come_back.row(conn, contact=talk.contact)
        await self.publish_presence(row)

    async def _look_at(
        self, talk: Talk, row: Row, missed: list[Shown], story: list[Row] | None
    ) -> bool:
        """Whether its end was told now."""
        if row["socket"] > talk.socket:
            self._send_away(talk)
            return False
        talk.show(missed)
        talk.seq = max(talk.seq, row["last_shown"])
        if story is not None:
            talk.tell_story(row, story)
        if row["ended"] == "changed":
            if talk.state != "closed":  # the answer was lost
                talk.changed(await changing.changed_frame(self.calls, talk.contact))
            return True
        ends = talk.stand(row)
        if ends:
            talk.ends(await self.pages.url(talk.case), await self.feedback.url(talk.contact))
        return ends

    async def places_once(self) -> int:
        """Tell the pages that wait where they stand now. Returns how many wait."""
        waiting = [talk for talk in self.talks.values() if talk.state == "waiting"]
        async for some in pieces(waiting):
            await self._tell_places(some)
        return len(waiting)

    async def _tell_places(self, talks: Iterable[Talk]) -> None:
        waiting = [talk for talk in talks if talk.state == "waiting"]
        if not waiting:
            return
        staffed = await self.staffed.of({talk.requirement for talk in waiting})
        try:
            places = await self.publisher.line.places_of(
                [(talk.requirement, talk.contact) for talk in waiting]
            )
            found = await self.bands.of({line_name(talk.requirement, CHAT) for talk in waiting})
        except LiveUnavailable:
            return  # told when Redis is back
        for talk, place in zip(waiting, places, strict=True):
            line = (talk.queue, talk.requirement, CHAT, place)
            band, closes = (found.told(*line), found.closing(*line)) if place else (None, None)
            talk.wait(place, talk.requirement in staffed, band, closes)

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
        elif kind == "file":
            talk.hear_file(rest)
        elif kind == "look":
            self.look_soon(talk)
        elif talk.socket < int(rest):
            self._send_away(talk)

    def loops(self) -> list[Coroutine[None, None, None]]:
        """What runs for ever on a node with pages."""
        return [
            self.ear.run(),
            forever("looks", self.look_once, every_s=5, wake=self.woken),
            forever("ends", self.ends.run_once, every_s=5, wake=self.ends.woken),
            forever("places", self.places_once, every_s=1),
            forever("citizens", self.beat, every_s=2),
        ]

    def _look_at_all(self) -> None:
        """Something may have been missed."""
        self._to_look |= dict.fromkeys(self.talks.values())
        if self._to_look:
            self.woken.set()


def _still_so(
    talks: list[Talk], shown: list[tuple[int, int]], stands: dict[int, Row]
) -> list[Talk]:
    """Those of which everything is there that their pages were shown before the look. A standby
    that was promoted may lack the last of it: those pages connect anew, and say again what is
    missing."""
    found = []
    for talk, (version, seq) in zip(talks, shown, strict=True):
        row = stands.get(talk.contact)
        if row is None or row["version"] < version or row["last_shown"] < seq:
            talk.come_back()
        else:
            found.append(talk)
    return found
