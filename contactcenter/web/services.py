"""What the pages and the HTTP doors stand on; made by the app, found by every handler."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry

from contactcenter.accounts.authorise import Actor, require
from contactcenter.accounts.house import Accounts
from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.cases.pages import CasePages as PageLinks
from contactcenter.cases.written import Receive
from contactcenter.channel import CallChannel
from contactcenter.config import Settings
from contactcenter.configuration.themes import Dresses
from contactcenter.feedback.giving import Giving
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.sql import Row
from contactcenter.people.persons import People
from contactcenter.queue.bands import Bands
from contactcenter.queue.publish import Change

if TYPE_CHECKING:
    from contactcenter.web.citizen.callbacks import Callbacks
    from contactcenter.web.citizen.case_pages import CasePages
    from contactcenter.web.citizen.chat_matters import ChatMatter


@dataclass(frozen=True)
class Check:
    """One thing the health page looks at. `probe` tells (ok, a word of detail without secrets);
    `vital`: without it no contact can be taken."""

    probe: Callable[[], Awaitable[tuple[bool, str]]]
    vital: bool = False


class Quarantine(Protocol):
    """What could not be read (contactcenter.intake.quarantine is one)."""

    async def list_quarantined(self, db: Database, actor: Actor) -> list[Row]:
        """Newest first: id, channel, queue, first_arrival, why, size."""

    async def raw(
        self, db: Database, actor: Actor, contact_id: int
    ) -> tuple[int, AsyncIterator[bytes]]:
        """(size, chunks) of the raw source; audited."""

    async def reject(self, db: Database, actor: Actor, contact: int) -> None:
        """Close it without an answer; audited."""


class FindsMatters(Protocol):
    """What a chat may be about (chat_matters.ChatMatters is one)."""

    async def one(self, topic: str, queue: str, language: str) -> ChatMatter | None:
        """The topic's, or the queue's."""

    async def topics(self, organisation: str | None, language: str) -> list[ChatMatter]:
        """All of one organisation, or of all."""


@dataclass(frozen=True)
class DemoMail:
    """Both ends of the mail for a newcomer: the folder that stands for the relay, and our own
    port to write to. `addresses` gives the queues' addresses and names by language."""

    maildir: Path
    smtp_host: str
    smtp_port: int
    addresses: Callable[[], Awaitable[Sequence[tuple[str, dict[str, str]]]]]


async def _nothing() -> None:
    pass


async def _nobody(user_id: int) -> None:
    pass


async def _unheard(change: Change) -> None:
    pass


async def _no_mailboxes(actor: Actor) -> list[Row]:
    require(actor, "configure")
    return []


async def _nobody_there(classes: set[str]) -> set[str]:
    return set()


async def _none() -> Sequence[str]:
    return ()


@dataclass
class Services:
    """The parts. `user_changed` is told after a user's capacity, skills, rights or being disabled
    changed, `published` after a change of the configuration; `origins` gives the sites that admins
    named beside the setting;
    `retry` tries to read a quarantined contact again and says whether it could;
    `mailboxes` gives how it goes with those that mail is fetched from (columns:
    intake/mailboxes.py); `measured` renews the figures that stand in the database;
    `demo`: the demo city is here;
    `chat_matters` finds what a chat may be about;
    `callbacks` is the room of requests to be called, and `calls` the door that reads them;
    `receive` takes in what is written into a form, `staffed` tells which of some requirement
    classes somebody on duty can take, `bands` how long waits are; `cases` is the room of the cases'
    own pages, `dresses` gives what citizens' pages wear, `people` is the way to persons; `pages`
    and `feedback_links` make signed links, as the node does."""

    db: Database
    limits: Limits
    settings: Settings
    catalogue: Catalogue
    accounts: Accounts
    pages: PageLinks
    feedback_links: FeedbackLinks
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    checks: dict[str, Check] = field(default_factory=dict)
    user_changed: Callable[[int], Awaitable[None]] = _nobody
    published: Callable[[Change], Awaitable[object]] = _unheard
    origins: Callable[[], Awaitable[Sequence[str]]] = _none
    quarantine: Quarantine | None = None
    retry: Callable[[Actor, int], Awaitable[bool]] | None = None
    mailboxes: Callable[[Actor], Awaitable[list[Row]]] = _no_mailboxes
    measured: Callable[[], Awaitable[None]] = _nothing
    demo: bool = False
    demo_mail: DemoMail | None = None
    chat_matters: FindsMatters | None = None
    callbacks: Callbacks | None = None
    calls: CallChannel | None = None
    receive: Receive | None = None
    staffed: Callable[[set[str]], Awaitable[set[str]]] = _nobody_there
    bands: Bands | None = None
    cases: CasePages | None = None
    dresses: Dresses | None = None
    people: People | None = None

    def __post_init__(self) -> None:
        self.giving = Giving(
            self.db,
            self.feedback_links.links,
            self.limits,
            days=self.settings.feedback_days,
            per_hour=self.settings.feedback_per_hour,
        )


SERVICES = web.AppKey("services", Services)


def services_of(request: web.Request) -> Services:
    """The parts, from a handler."""
    return request.config_dict[SERVICES]
