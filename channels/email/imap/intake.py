"""What is new in an open folder, taken in: oldest first, each mail once, whatever happens between.

The cursor is committed with each contact, so it never matters how long nobody looked. A mail that
comes again, under another UID or after the server numbered its mails anew, is known by its
fingerprint. A mail that can't be taken in is kept in quarantine after some tries, so that it never
stands before the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from msgspec.structs import replace

from channels.email.imap.errors import ImapError
from channels.email.imap.position import Position, read_position
from channels.email.imap.session import Folder, ImapSession, Info
from channels.email.mime import unread
from channels.email.unfetched import unfetched, why_unfetched
from contactcenter.channel import Cursor, Desk, Inbound
from contactcenter.errors import Refused
from contactcenter.mailbox_settings import Mailbox
from contactcenter.source import Change, Source, Tries

BATCH = 25
READ_S = 60.0
MOST_TRIES = 3  # of a mail that fails by itself, or with which the process ended
MOST_CUTS = 8  # of a mail at which the connection or our own servers failed
_FIRST = Tries(1, "")
_CLOCKS = timedelta(minutes=5)  # by which the server's clock may be behind ours
_OLDEST = 2000  # an arrival before this year is a server's mistake

log = structlog.get_logger("channels.email")


class Read(Protocol):
    """As `Reader.read`."""

    async def __call__(self, raw: bytes, *, to: tuple[str, ...]) -> Inbound:
        """What a mail says."""


class Intake:
    """Takes in one mailbox's mail under one lease; `taken` counts what it did."""

    def __init__(
        self, desk: Desk, source: Source, mailbox: Mailbox, fence: int, most: int, read: Read
    ) -> None:
        self._desk, self._source, self._mailbox = desk, source, mailbox
        self._fence, self._most, self._read = fence, most, read
        self._position = Position(0, 0, 0)
        self._first_at = datetime.now(UTC)
        self._newest: datetime | None = None
        self._again = [0, 0]  # of mails that came again: known, new
        self.taken = 0

    async def begin(self, imap: ImapSession, folder: Folder) -> None:
        """Find the place to go on from. Raises ImapError."""
        if not await self._desk.knows(self._mailbox.to):
            raise ImapError("no_queue", self._mailbox.to)
        stored = read_position(await self._desk.cursor(self._cursor()))
        self._first_at = await self._source.first_at(now=stored is None)
        if (
            stored is not None
            and stored.validity == folder.validity
            and (not folder.next_uid or folder.next_uid > stored.uid)
        ):
            self._position = stored
            return
        upto = folder.next_uid or next(iter(reversed(await imap.above(0))), 0) + 1
        if stored is None and self._mailbox.first == "all":
            upto = 0
        elif stored is not None:
            same = stored.validity == folder.validity
            change: Change = "restored" if same else "uidvalidity"
            await self._source.renewed(self._fence, change)
            log.warning("mailbox_renewed", mailbox=self._mailbox.name, change=change)
        self._position = Position(folder.validity, 0, upto)
        await self._source.advance(self._fence, self._position.text())

    async def catch_up(self, imap: ImapSession) -> None:
        """Take in all that is new. Raises ImapError, and what our servers raise."""
        uids = await imap.above(self._position.uid)
        for start in range(0, len(uids), BATCH):
            batch = uids[start : start + BATCH]
            infos = await imap.infos(batch)
            oldest = next((i.arrived for i in map(infos.get, batch) if i is not None), None)
            await self._looked(len(uids) - start, oldest)
            await self._batch(imap, batch, infos)
        await self._looked(0, None)

    async def _looked(self, waiting: int, oldest: datetime | None) -> None:
        newest, self._newest = self._newest, None
        await self._source.looked(self._fence, waiting=waiting, oldest=oldest, newest=newest)

    async def _batch(self, imap: ImapSession, uids: Sequence[int], infos: dict[int, Info]) -> None:
        # What does not count is passed by without a commit, so the tries are those of the first
        # that does; of one that the server tells nothing of it may yet give the content.
        counting = [i for i in (infos.get(u, _untold(u)) for u in uids) if self.counts(i)]
        first = counting[0].uid if counting else uids[0]
        tries = await self._source.begins(self._fence, f"{self._position.validity}:{first}")
        takes = {info.uid: info for info in counting}
        done: list[int] = []
        try:
            for uid in uids:
                if (info := takes.get(uid)) is not None:
                    if await self._take(imap, info, tries if uid == first else _FIRST):
                        done.append(uid)
                self._position = self._position.at(uid)
        except BaseException:
            with suppress(Exception):  # the error in hand says more
                async with asyncio.timeout(2):
                    await self._tell_again()
                    await self._mark(imap, done)
            raise
        await self._tell_again()
        await self._mark(imap, done)
        await self._source.advance(self._fence, self._position.text())

    async def _tell_again(self) -> None:
        if any(self._again):
            known, new = self._again
            self._again = [0, 0]
            await self._source.came_again(self._fence, known, new)

    def counts(self, info: Info) -> bool:
        """Whether a mail is to be taken in: all that came since the folder was connected, and
        before that what nobody had read."""
        if info.uid >= self._position.upto or self._mailbox.first == "all" or not info.seen:
            return True
        return info.arrived is not None and info.arrived >= self._first_at - _CLOCKS

    async def _mark(self, imap: ImapSession, uids: Sequence[int]) -> None:
        if uids and self._mailbox.mark_seen:
            await imap.mark_seen(uids)

    async def _take(self, imap: ImapSession, info: Info, tries: Tries) -> bool:
        """Take a mail in; whether it is here whole, so that it counts as read."""
        inbound = await self._inbound(imap, info, tries)
        if inbound is None:
            return False
        arrived = _believable(info.arrived)
        try:
            accepted = await self._desk.receive(
                replace(inbound, cursor=self._cursor_at(info.uid), received_at=arrived)
            )
        except Refused as no:
            gone = no.code in ("unknown_queue", "not_found")
            raise ImapError("no_queue" if gone else "mail", no.code) from no
        except Exception as error:
            if self._source.temporary(error):
                raise
            raise ImapError("mail", type(error).__name__) from error
        self.taken += 1
        if info.uid < self._position.upto:
            self._again[0 if accepted.known else 1] += 1
        if arrived is not None:
            self._newest = max(arrived, self._newest or arrived)
        return why_unfetched(inbound.raw or b"") is None

    async def _inbound(self, imap: ImapSession, info: Info, tries: Tries) -> Inbound | None:
        """The mail, understood or to be kept in quarantine; None where it is gone."""
        if info.size > self._most:
            head = await imap.fetch_head(info)
            why = f"{info.size} bytes are over the limit of {self._most}"
            if head is None:
                await self._check_gone(imap, info.uid)
                return None
            return self._kept(unfetched(why, head), why)
        itself = tries.ended_by in ("", "mail")
        if tries.times > MOST_CUTS and not itself:
            why = f"could not be fetched ({tries.ended_by}); it is still in the mailbox"
            return self._kept(unfetched(why, b"UID: %d\r\n" % info.uid), why)
        raw = await imap.fetch(info)
        if raw is None:
            await self._check_gone(imap, info.uid)
            return None
        if tries.times > MOST_TRIES and itself:
            return self._kept(raw, f"could not be read in {MOST_TRIES} tries")
        try:
            async with asyncio.timeout(READ_S):
                return await self._read(raw, to=(self._mailbox.to,))
        except Exception as error:
            raise ImapError("mail", type(error).__name__) from error

    async def _check_gone(self, imap: ImapSession, uid: int) -> None:
        """Whether it is gone indeed. Raises ImapError where the server lists it still."""
        if await imap.lists(uid):
            raise ImapError("refused", "the server gives nothing of a mail that it lists")

    def _kept(self, raw: bytes, why: str) -> Inbound:
        log.warning("mail_quarantined", mailbox=self._mailbox.name)
        return unread(raw, (self._mailbox.to,), why)

    def _cursor(self) -> str:
        return f"imap:{self._mailbox.name}"

    def _cursor_at(self, uid: int) -> Cursor:
        value = self._position.at(uid).text()
        return Cursor(source=self._cursor(), value=value, fence=self._fence)


def _untold(uid: int) -> Info:
    """Of a mail that was listed and of which the server told nothing: gone since then, or a fault
    of the server's."""
    return Info(uid, 0, None, False)


def _believable(arrived: datetime | None) -> datetime | None:
    """The arrival as the server noted it; never one to come, and none from before mail like this:
    then the moment of the commit counts."""
    if arrived is None or arrived.year < _OLDEST:
        return None
    return min(arrived.astimezone(UTC), datetime.now(UTC))
