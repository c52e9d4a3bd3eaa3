"""An IMAP folder: the few commands that fetching takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from channels.email.imap.connection import COMMAND_S, ImapConnection, deadline
from channels.email.imap.errors import ImapError
from channels.email.imap.tls import context_for
from channels.email.imap.wire import Wire
from channels.email.imap.words import (
    Pieces,
    attributes,
    folder_name,
    moment,
    numbers,
    quoted,
    status,
)
from contactcenter.mailbox_settings import Mailbox

HEAD_BYTES = 65_536
_SLOWEST = 20_000  # bytes a second of a mail; slower is as good as nothing
_ROOM = 1_000_000  # of a response beside the mail in it


class Folder(NamedTuple):
    """An open folder: its UIDs are valid together with `validity`; the next mail gets `next_uid`
    or more (0: the server does not say)."""

    validity: int
    next_uid: int


class Info(NamedTuple):
    """What a mail is before it is fetched."""

    uid: int
    size: int
    arrived: datetime | None
    seen: bool


class ImapSession(ImapConnection):
    """The connection with a folder open. Every method raises ImapError."""

    async def open(self, folder: str, *, write: bool) -> Folder:
        """Open a folder, to read only or also to mark mails as seen."""
        verb = b"SELECT" if write else b"EXAMINE"
        ended, others = await self.run(verb + b" " + quoted(folder_name(folder)), want=b"")
        if ended.word != "OK":
            raise ImapError("folder_missing", ended.text)
        told = {s.code: s.value for s in (status(p[0][2:]) for p in others) if s is not None}
        validity, next_uid = told.get("UIDVALIDITY", b""), told.get("UIDNEXT", b"0")
        if not validity.isdigit() or "UIDNOTSTICKY" in told:
            raise ImapError("no_uidvalidity")
        return Folder(int(validity), int(next_uid) if next_uid.isdigit() else 0)

    async def above(self, uid: int) -> list[int]:
        """The UIDs above this one, smallest first. A server names its last mail in any case."""
        self.news = False
        words = b"UID SEARCH UID %d:*" % (uid + 1)
        found: set[int] = set()
        for pieces in await self.done("refused", words, want=b"SEARCH"):
            found.update(numbers(pieces[0].partition(b"SEARCH")[2]))
        return sorted(number for number in found if number > uid)

    async def lists(self, uid: int) -> bool:
        """Whether the folder has this mail still."""
        found = await self.done("refused", b"UID SEARCH UID %d" % uid, want=b"SEARCH")
        return any(uid in numbers(line.partition(b"SEARCH")[2]) for line, *_ in found)

    async def infos(self, uids: Iterable[int]) -> dict[int, Info]:
        """Of these mails what they are; those that are gone are left out."""
        words = b"UID FETCH " + _set(uids) + b" (UID FLAGS INTERNALDATE RFC822.SIZE)"
        found: dict[int, Info] = {}
        for pieces in await self.done("refused", words, want=b"FETCH"):
            told = attributes(_after_name(pieces))
            uid, size, flags = told.get(b"UID"), told.get(b"RFC822.SIZE"), told.get(b"FLAGS")
            if isinstance(uid, bytes) and isinstance(size, bytes) and (uid + size).isdigit():
                seen = isinstance(flags, list) and b"\\SEEN" in (
                    f.upper() for f in flags if isinstance(f, bytes)
                )
                arrived = moment(told.get(b"INTERNALDATE"))
                found[int(uid)] = Info(int(uid), int(size), arrived, seen)
        return found

    async def fetch(self, info: Info) -> bytes | None:
        """The whole mail, without marking it as seen; None where it is gone."""
        return await self._body(info.uid, b"BODY.PEEK[]", COMMAND_S + info.size / _SLOWEST)

    async def fetch_head(self, info: Info) -> bytes | None:
        """The beginning of a mail's header."""
        return await self._body(info.uid, b"BODY.PEEK[HEADER]<0.%d>" % HEAD_BYTES, COMMAND_S)

    async def mark_seen(self, uids: Iterable[int]) -> None:
        """Mark them as seen."""
        await self.done("refused", b"UID STORE " + _set(uids) + b" +FLAGS.SILENT (\\Seen)")

    async def wait(self, seconds: float) -> None:
        """Wait until the server tells of new mail, `seconds` at most (RFC 2177). The end of IDLE
        must be answered: that is how a connection that died in silence is found."""
        if self.news:
            return
        tag = self.next_tag()
        await self.wire.send(tag + b" IDLE")
        (line, *_) = await self.wire.response()
        while not line.startswith(b"+"):
            if self.ended(line, tag) is not None:
                raise ImapError("refused", "IDLE")
            (line, *_) = await self.wire.response()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.news:
                    (line, *_) = await self.wire.response(seconds)
                    if self.ended(line, tag) is not None:
                        raise ImapError("refused", "IDLE")
        await self.wire.send(b"DONE")
        async with deadline(self.wire.silence_s):
            await self.end_of(tag, None)

    async def _body(self, uid: int, part: bytes, seconds: float) -> bytes | None:
        words = b"UID FETCH %d (UID %s)" % (uid, part)
        found: bytes | None = None
        for pieces in await self.done("refused", words, want=b"FETCH", seconds=seconds):
            told = attributes(_after_name(pieces))
            name = next((name for name in told if name.startswith(b"BODY[")), None)
            if name is None or told.get(b"UID") != b"%d" % uid:
                continue
            body = told[name]
            if not isinstance(body, bytes):  # not gone, but not to be had: no reason to pass it by
                raise ImapError("refused", "the server does not give a mail's content")
            found = body
        return found


@asynccontextmanager
async def connected(mailbox: Mailbox, most: int, silence_s: float) -> AsyncIterator[ImapSession]:
    """A greeted connection to the mailbox's server, with TLS as the settings say. `most`: bytes of
    the largest mail; `silence_s`: what counts as gone. Raises ImapError."""
    wire = Wire(most + _ROOM, silence_s)
    tls = context_for(mailbox) if mailbox.tls == "implicit" else None
    await wire.open(mailbox.host, mailbox.port, tls)
    try:
        session = ImapSession(wire)
        await session.greet(mailbox)
        yield session
    finally:
        await wire.close()


def _after_name(pieces: Pieces) -> list[bytes]:
    """The pieces of `* 12 FETCH (...)` from the parenthesis on."""
    return [pieces[0][pieces[0].index(b"(") :] if b"(" in pieces[0] else b"", *pieces[1:]]


def _set(uids: Iterable[int]) -> bytes:
    return b",".join(b"%d" % uid for uid in uids)
