"""One node: everything built in one place. `lifecycle` starts, drains and stops it.

What a node is made of, from the bottom: Postgres and Redis; the publisher that carries commits to
Redis and the screens; the rooms' loops; the doors; the web edge.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from functools import partial
from time import monotonic
from typing import Literal

import structlog

from contactcenter.accounts import loop as accounts
from contactcenter.callback.callbacks import Callbacks
from contactcenter.callback.loop import CallClock
from contactcenter.callback.office import Office, Policy
from contactcenter.case_page.office import Office as CaseOffice
from contactcenter.case_page.office import Post
from contactcenter.case_page.pages import Pages
from contactcenter.cases import uploads
from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.cases.pages import CasePages
from contactcenter.channel import CallChannel, DeskChannel, LiveChannel
from contactcenter.chat.changing import Calls
from contactcenter.chat.chats import Chats
from contactcenter.chat.filing import Filing
from contactcenter.chat.loop import ChatClock
from contactcenter.config import Settings
from contactcenter.configuration.waiting import Alignment
from contactcenter.delivery.loop import Sender
from contactcenter.delivery.receipts import Caps, Receipts
from contactcenter.desk import past_words
from contactcenter.desk.desk import Desk
from contactcenter.doors import open_channel
from contactcenter.feedback.asking import Asking, Way
from contactcenter.insight import counting as insight
from contactcenter.intake import sources
from contactcenter.intake.reception import Reception
from contactcenter.intake.sources import Sources
from contactcenter.kernel import seal_keys
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Feed
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.lease import Lease, release_all
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import Links
from contactcenter.kernel.live import Live, LiveUnavailable
from contactcenter.kernel.loop import end, forever
from contactcenter.kernel.schema import add_partitions
from contactcenter.opening import open_database, open_live
from contactcenter.planning.foresight import Foresight
from contactcenter.queue.bands import Bands
from contactcenter.queue.citizens import Citizens
from contactcenter.queue.live import Line
from contactcenter.queue.loop import Reconciler, Sweep
from contactcenter.queue.publish import Publisher
from contactcenter.queue.undecided import Undecided
from contactcenter.routing.agreements import Agreements
from contactcenter.routing.loop import Clock, Router
from contactcenter.routing.relaxing import Relaxing
from contactcenter.routing.uncovered import Uncovered
from contactcenter.scanning.loop import Scanning
from contactcenter.stats.counting import Counting
from contactcenter.tracing.collector import Collector
from contactcenter.tracing.loop import Traces

_log = structlog.get_logger(__name__)
Only = Literal["web", "workers"] | None
# How soon what could not be offered, or projected, is looked at again: nobody who has waited for a
# second is passed over.
SOON_S = 0.25
DRAIN_S = 20.0
NODE_TTL_S = RECONCILE_S = 10.0


class Node:
    """The parts, built but not running."""

    def __init__(self, settings: Settings, db: Database, live: Live) -> None:
        self.settings = settings
        self.name = secrets.token_hex(8)
        self.db = db
        self.live = live
        self.texts = Catalogue.load()
        self.limits = Limits(live)
        self.feed = Feed(live)
        self.ids = Ids(db)
        self.bands = Bands(live)
        self.publisher = Publisher(db, Line(live), self.feed, Citizens(live))
        self.router = Router(db, self.ids, self.publisher, settings.offer_s)
        self.clock = Clock(
            db,
            live,
            self.publisher,
            self.name,
            missed_limit=settings.missed_limit,
            lost_after_s=settings.lost_after_s,
            return_state_s=settings.return_state_s,
        )
        self.relaxing = Relaxing(db, self.publisher, self.name)
        self.uncovered = Uncovered(db)
        self.agreements = Agreements(db, self.publisher, self.name)
        self.sweep = Sweep(db, self.publisher)
        self.undecided = Undecided(db, self.publisher, self.router.deciding)
        self.reconciler = Reconciler(db, live, self.publisher)
        self.foresight = Foresight(db, live, self.name)
        self.counting = Counting(db)
        self.insight = insight.Insight(db, self.name)
        self.alignment = Alignment(db, self.publisher)
        self.reception = Reception(
            db, self.ids, self.publisher, self.name, keeps_raw=settings.raw_mail_days > 0
        )
        self.sources = Sources(db, self.name, settings.raw_mail_days)
        opened = [open_channel(name, settings) for name in settings.channels]
        self.live_channels = [door for door in opened if isinstance(door, LiveChannel)]
        self.calls = next((door for door in opened if isinstance(door, CallChannel)), None)
        inside = (LiveChannel, DeskChannel, CallChannel)
        self.channels = [door for door in opened if not isinstance(door, inside)]
        entry = next((door for door in opened if isinstance(door, DeskChannel)), None)
        self.pages = CasePages(Links(db, "case"), settings.public_url)
        self.file_links = Links(db, "file")
        self.feedback_links = FeedbackLinks(Links(db, "feedback"), settings.public_url)
        self.callbacks = Callbacks(self._office())
        self.case_pages = Pages(self._case_office())
        self.call_clock = CallClock(db, self.publisher, self.name)
        self.desk = Desk(
            db,
            self.ids,
            self.publisher,
            settings.mail_domain,
            settings.offer_s,
            self.texts,
            entry,
            self.callbacks,
            settings.reply_tokens,
        )
        self.chats = Chats(
            db,
            live,
            self.ids,
            self.feed,
            self.publisher,
            self.limits,
            self.reception.receive,
            Calls(self.callbacks.change, self._status_url),
            Filing(
                db,
                self.ids,
                self.limits,
                self.publisher,
                most_bytes=settings.chat_file_bytes,
                most=settings.chat_files,
                per_hour=settings.chat_files_per_hour_per_address,
            ),
            self.pages,
            self.feedback_links,
            resume_s=settings.chat_resume_s,
            per_minute=settings.chats_per_minute_per_address,
        )
        self.reception.gives_way = self.chats.say.busy
        self.chat_clock = ChatClock(
            db,
            live,
            self.publisher,
            self.name,
            resume_s=settings.chat_resume_s,
            withdraw_s=settings.chat_withdraw_s,
        )
        self.receipts = self._receipts()
        self.asking = self._asking()
        self.scanning = (
            None
            if settings.scanner is None
            else Scanning(db, self.publisher, self.file_links, settings.scanner)
        )
        self.traces = (
            None
            if settings.traces is None
            else Traces(db, self.name, Collector(settings.traces, settings.public_url))
        )
        self._alive = Lease(db, f"node:{self.name}", self.name, NODE_TTL_S)
        self.senders = [Sender(db, self.publisher, door, self._alive) for door in self.channels]
        self.publisher.wake_sender = self._wake_senders
        self._reconciling = Lease(db, "reconciler", self.name)
        self._reconciled = -RECONCILE_S  # by time.monotonic

    async def prepare(self) -> None:
        """What must be so before the first contact: keys, partitions, the node's lease, the line.
        A node that was killed may have taken out of it what it never offered, so it is compared
        before anything is offered to others."""
        await seal_keys.agree(
            self.db, seal_keys.place(self.settings.home, self.settings.seal_key_file)
        )
        await add_partitions(self.db)
        await self._alive.hold()
        try:
            await self._compare()
        except LiveUnavailable:
            _log.warning("redis_away")  # mail is taken in all the same; the loop goes on trying

    def loops(self, only: Only) -> list[Coroutine[None, None, None]]:
        """What runs for ever on this node."""
        every: list[Coroutine[None, None, None]] = [
            forever(
                "router", self.router.run_once, every_s=5, wake=self.router.woken, again_s=SOON_S
            ),
            forever("settle", self.publisher.settle, every_s=0.1),
            forever("sweep", self.sweep.run_once, every_s=SOON_S, again_s=SOON_S),
            forever("undecided", self.undecided.run_once, every_s=SOON_S, again_s=SOON_S),
            forever("node", self._alive.hold, every_s=3),
            forever("rebuild", self.reconciler.rebuild_if_wiped, every_s=1),
        ]
        if only == "web":
            return every
        return [
            *every,
            forever("clock", self.clock.run_once, every_s=0.25),
            forever("relaxing", self.relaxing.run_once, every_s=0.5),
            forever("agreements", self.agreements.run_once, every_s=1),
            forever("foresight", self.foresight.run_once, every_s=1),
            forever("chat_clock", self.chat_clock.run_once, every_s=1),
            forever("call_clock", self.call_clock.run_once, every_s=0.25),
            forever("receipts", self.receipts.run_once, every_s=1),
            forever("asking", self.asking.run_once, every_s=2),
            forever("counting", self.counting.run_once, every_s=0.5),
            forever("insight", self.insight.run_once, every_s=insight.EVERY_S),
            forever("past_words", lambda: past_words.run_once(self.db), every_s=past_words.EVERY_S),
            forever("reconciler", self._reconcile, every_s=3),
            forever("alignment", self.alignment.run_once, every_s=5),
            forever("uploads", lambda: uploads.drop_unused(self.db), every_s=600),
            forever("sources", self.sources.run_once, every_s=sources.EVERY_S),
            forever("accounts", lambda: accounts.run_once(self.db), every_s=accounts.EVERY_S),
            forever("partitions", lambda: add_partitions(self.db), every_s=6 * 3600),
            *(forever("sender", s.run_once, every_s=1, wake=s.woken) for s in self.senders),
            *self._asked_for(),
        ]

    async def settle_down(self) -> None:
        """Finish what is under way, then give up leases so that others need not wait."""
        alive = asyncio.create_task(forever("node", self._alive.hold, every_s=3))
        await asyncio.gather(*(sender.finish(DRAIN_S) for sender in self.senders))
        await end([alive], DRAIN_S)
        if self.scanning is not None:
            await self.scanning.finish(1.0)
        leases = partial(release_all, self.db, self.name)
        for step in (self.chats.say.idle, self.publisher.settle, leases):
            try:
                await step()
            except Exception as error:  # stopping goes on; the leases end by themselves
                _log.warning("stop_step_failed", error=type(error).__name__)

    def _asked_for(self) -> Iterator[Coroutine[None, None, None]]:
        """What runs only where a setting says so."""
        if self.scanning is not None:
            woken = self.scanning.woken
            yield forever("scanning", self.scanning.run_once, every_s=0.5, wake=woken)
        if self.traces is not None:
            yield forever("traces", self.traces.run_once, every_s=2)

    async def _reconcile(self) -> int:
        """The lease is held often and the line looked at seldom: who takes over from a node that
        died looks at once, since that node may have taken out of the line what it never offered.
        Who holds it from its start on has looked in `prepare`."""
        if await self._reconciling.hold() is None:
            self._reconciled = -RECONCILE_S
            return 0
        if monotonic() - self._reconciled < RECONCILE_S:
            return 0
        return await self._compare()

    async def _compare(self) -> int:
        began = monotonic()
        mended = await self.reconciler.run_once()
        self._reconciled = began
        return mended

    def _office(self) -> Office:
        settings = self.settings
        policy = Policy(
            countries=settings.callback_countries,
            attempts=settings.callback_attempts,
            retry_s=settings.callback_retry_s,
            per_hour=settings.callbacks_per_hour_per_address,
            per_day=settings.callbacks_per_day_per_number,
        )
        return Office(
            self.db,
            self.ids,
            self.publisher,
            self.limits,
            Links(self.db, "callback"),
            self.texts,
            policy,
            settings.mail_domain,
            self.bands,
        )

    def _case_office(self) -> CaseOffice:
        settings = self.settings
        return CaseOffice(
            self.db,
            self.ids,
            self.publisher,
            self.limits,
            self.texts,
            self.bands,
            self.pages,
            self.file_links,
            self.callbacks.office,
            settings.case_link_days,
            settings.case_acts_per_hour,
            Post(
                domain=settings.mail_domain,
                public_url=settings.public_url,
                reply_tokens=settings.reply_tokens,
                per_case=settings.transcripts_per_day_per_case,
                per_address=settings.transcripts_per_day_per_address,
            ),
        )

    def _receipts(self) -> Receipts:
        settings = self.settings
        caps = Caps(
            per_day=settings.receipts_per_day_per_address,
            per_minute=settings.receipts_per_minute,
            loop_mails=settings.loop_mails,
            privacy_url=settings.privacy_url,
            domain=settings.mail_domain,
            reply_tokens=settings.reply_tokens,
        )
        return Receipts(
            self.db, self.ids, self.publisher, self.bands, self.texts, caps, self.pages, self.name
        )

    def _asking(self) -> Asking:
        settings = self.settings
        way = Way(
            per_minute=settings.receipts_per_minute,
            domain=settings.mail_domain,
            reply_tokens=settings.reply_tokens,
            days=settings.feedback_days,
        )
        links = self.feedback_links
        return Asking(self.db, self.ids, self.publisher, self.texts, links, way, self.name)

    async def _status_url(self, contact: int) -> str | None:
        """Where a citizen sees how what a chat became stands: the callback, else the case."""
        token = await self.callbacks.token_of(contact)
        if token is None:
            return await self.case_pages.of_contact(contact)
        return f"{self.settings.public_url}/callback/{token}"

    def _wake_senders(self) -> None:
        for sender in self.senders:
            sender.woken.set()


async def open_node(
    stack: AsyncExitStack, settings: Settings, database_url: str, redis_url: str
) -> Node:
    """Bring the schema up to date and build a node; the stack closes its connections. Raises
    DatabaseUnavailable, SchemaTooNew, KeyMissing."""
    db = await open_database(stack, settings, database_url)
    return Node(settings, db, open_live(stack, redis_url))
