"""Mail in by IMAP: a task for each mailbox of the settings, on the node that holds its lease.

Connected, it catches up and then waits for the server's word (IDLE) or looks again. Whatever fails
is shown and tried again, later each time, and other mailboxes don't notice.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import structlog

from channels.email.imap.connection import forms_of
from channels.email.imap.errors import ImapError
from channels.email.imap.intake import Intake, Read
from channels.email.imap.oauth import Tokens
from channels.email.imap.session import ImapSession, connected
from contactcenter.cancelled import stop_if_cancelled
from contactcenter.channel import Desk
from contactcenter.mailbox_settings import Mailbox

log = structlog.get_logger("channels.email")


@dataclass(frozen=True)
class Pauses:
    """Seconds. `idle_s`: an IDLE is ended and begun anew, which also proves that the server is
    there; servers end one after 30 min (RFC 2177). `first_s` doubles with each failure up to
    `most_s`; after a refused login it begins at `login_s`, since servers lock accounts."""

    idle_s: float = 300.0
    silence_s: float = 60.0
    elsewhere_s: float = 5.0
    first_s: float = 1.0
    login_s: float = 30.0
    most_s: float = 300.0


@dataclass
class Poller:
    """Fetches from one mailbox for ever."""

    desk: Desk
    mailbox: Mailbox
    max_mail_bytes: int
    read: Read
    pauses: Pauses = Pauses()
    _chance: random.Random = field(default_factory=random.Random)  # guards nothing

    def __post_init__(self) -> None:
        self._source = self.desk.source(self.mailbox.name)
        self._tokens = Tokens(self.mailbox.oauth, self.mailbox.user) if self.mailbox.oauth else None
        self._failed = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self._source.alone(self._work)
            except Exception as error:  # our own servers; the lease ends by itself
                stop_if_cancelled()
                log.warning("mailbox_step_failed", error=type(error).__name__)
            await asyncio.sleep(self.pauses.elsewhere_s * self._chance.uniform(0.5, 1.0))

    async def _work(self, fence: int) -> None:
        await self._source.first_at()
        while True:
            intake = Intake(
                self.desk, self._source, self.mailbox, fence, self.max_mail_bytes, self.read
            )
            try:
                await self._source.stage(fence, "connecting")
                await self._session(intake, fence)
            except ImapError as error:
                code, detail = error.code, error.detail
            except Exception as error:
                code, detail = "house", type(error).__name__
            stop_if_cancelled()
            if intake.taken:
                self._failed = 0
            pause = self._pause(code)
            self._failed += 1
            log.warning("mailbox_failed", mailbox=self.mailbox.name, code=code, times=self._failed)
            await self._source.failed(fence, code, self._without_secrets(detail))
            await asyncio.sleep(pause)

    async def _session(self, intake: Intake, fence: int) -> None:
        """One connection, until it fails."""
        retried = False
        while True:
            async with connected(self.mailbox, self.max_mail_bytes, self.pauses.silence_s) as imap:
                try:
                    await self._log_in(imap)
                except ImapError as error:
                    if self._tokens is None or retried or error.code != "login_refused":
                        raise
                    self._tokens.forget()  # it may have been withdrawn before its time
                    retried = True
                    continue
                if self._tokens is not None:
                    await self._source.token_expires(fence, self._tokens.renew_by)
                await self._follow(imap, intake, fence)

    async def _log_in(self, imap: ImapSession) -> None:
        if self._tokens is not None:
            await imap.xoauth2(self.mailbox.user, await self._tokens.get())
        else:
            await imap.login(self.mailbox.user, self.mailbox.password or "")
        await imap.ask_capabilities()

    async def _follow(self, imap: ImapSession, intake: Intake, fence: int) -> None:
        folder = await imap.open(self.mailbox.folder, write=self.mailbox.mark_seen)
        await intake.begin(imap, folder)
        await self._source.stage(fence, "fetching")
        idle = b"IDLE" in imap.capabilities
        staged = False
        while True:
            await intake.catch_up(imap)
            self._failed = 0
            if not staged:
                await self._source.stage(fence, "watching" if idle else "polling")
                staged = True
            if idle:
                await imap.wait(self.pauses.idle_s)
            else:
                await asyncio.sleep(self.mailbox.poll_s)
                await imap.noop()

    def _pause(self, code: str) -> float:
        refused = code in ("login_refused", "token_refused")
        first = self.pauses.login_s if refused else self.pauses.first_s
        longest: float = min(self.pauses.most_s, first * 2.0 ** min(self._failed, 20))
        return longest * self._chance.uniform(0.5, 1.0)

    def _without_secrets(self, detail: str) -> str:
        """Some servers repeat what they were told, as it stood on the wire; a word of theirs may
        have been cut within it."""
        secrets = self._tokens.secrets if self._tokens else (self.mailbox.password,)
        for secret in filter(None, secrets):
            for form in forms_of(secret, self.mailbox.user):
                detail = detail.replace(form, "...")
                if (start := _cut_within(detail, form)) is not None:
                    detail = f"{detail[:start]}..."
        return detail


def _cut_within(detail: str, secret: str) -> int | None:
    """Where the text ends with the beginning of the secret, from four characters on."""
    most = min(len(detail), len(secret) - 1)
    return next(
        (len(detail) - n for n in range(most, 3, -1) if detail.endswith(secret[:n])),
        None,
    )


async def fetch_all(
    desk: Desk, mailboxes: tuple[Mailbox, ...], max_mail_bytes: int, read: Read
) -> None:
    """Fetch from all of them until cancelled."""
    async with asyncio.TaskGroup() as group:
        for mailbox in mailboxes:
            group.create_task(Poller(desk, mailbox, max_mail_bytes, read).run())
