"""One IMAP connection: the few commands that fetching takes."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from channels.email.imap_errors import Code, ImapError
from channels.email.imap_tls import context_for
from channels.email.imap_wire import Wire
from channels.email.imap_words import (
    Pieces,
    Status,
    attributes,
    folder_name,
    moment,
    numbers,
    quoted,
    readable,
    status,
)
from contactcenter.mailbox_settings import Mailbox

COMMAND_S = 120.0
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


class ImapSession:
    """The connection, greeted. Every method raises ImapError."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._tag = 0
        self._news = False  # mail came since it was last asked for
        self.capabilities: frozenset[bytes] = frozenset()

    async def greet(self, mailbox: Mailbox) -> None:
        """Read the greeting, and begin TLS where the settings say so."""
        (line, *_) = await self._wire.response()
        greeting = status(line[2:]) if line.startswith(b"* ") else None
        if greeting is None or greeting.word == "BAD":
            raise ImapError("protocol", "no IMAP server answers there")
        if greeting.word != "OK":  # PREAUTH before STARTTLS would do without TLS
            raise ImapError("refused", greeting.text)
        await self.ask_capabilities()
        if mailbox.tls == "starttls":
            if b"STARTTLS" not in self.capabilities:
                raise ImapError("tls", "the server offers no STARTTLS")
            await self._done("tls", b"STARTTLS")
            await self._wire.start_tls(mailbox.host, context_for(mailbox))
            await self.ask_capabilities()

    async def ask_capabilities(self) -> None:
        """What the server can; asked anew after TLS and after the login."""
        found: list[bytes] = []
        for pieces in await self._done("refused", b"CAPABILITY", want=b"CAPABILITY"):
            found += pieces[0].upper().split()[2:]
        self.capabilities = frozenset(found)

    async def login(self, user: str, password: str) -> None:
        """Authenticate by password: PLAIN (RFC 4616), else LOGIN."""
        if b"LOGINDISABLED" in self.capabilities and b"AUTH=PLAIN" not in self.capabilities:
            raise ImapError("login_refused", "the server takes no password on this connection")
        if b"AUTH=PLAIN" in self.capabilities:
            ended = await self._sasl("PLAIN", f"\0{user}\0{password}".encode())
        else:
            try:
                words = b"LOGIN " + quoted(user) + b" " + quoted(password)
            except ValueError:
                raise ImapError("login_refused", "the server takes ASCII passwords only") from None
            ended = (await self._run(words))[0]
        if ended.word != "OK":
            raise ImapError("login_refused", ended.text)

    async def xoauth2(self, user: str, token: str) -> None:
        """Authenticate by a token, as Microsoft and Google take it."""
        if b"AUTH=XOAUTH2" not in self.capabilities:
            raise ImapError("login_refused", "the server offers no XOAUTH2")
        ended = await self._sasl("XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1".encode())
        if ended.word != "OK":
            raise ImapError("login_refused", ended.text)

    async def open(self, folder: str, *, write: bool) -> Folder:
        """Open a folder, to read only or also to mark mails as seen."""
        verb = b"SELECT" if write else b"EXAMINE"
        ended, others = await self._run(verb + b" " + quoted(folder_name(folder)), want=b"")
        if ended.word != "OK":
            raise ImapError("folder_missing", ended.text)
        told = {s.code: s.value for s in (status(p[0][2:]) for p in others) if s is not None}
        validity, next_uid = told.get("UIDVALIDITY", b""), told.get("UIDNEXT", b"0")
        if not validity.isdigit() or "UIDNOTSTICKY" in told:
            raise ImapError("no_uidvalidity")
        return Folder(int(validity), int(next_uid) if next_uid.isdigit() else 0)

    async def above(self, uid: int) -> list[int]:
        """The UIDs above this one, smallest first. A server names its last mail in any case."""
        self._news = False
        words = b"UID SEARCH UID %d:*" % (uid + 1)
        found: set[int] = set()
        for pieces in await self._done("refused", words, want=b"SEARCH"):
            found.update(numbers(pieces[0].partition(b"SEARCH")[2]))
        return sorted(number for number in found if number > uid)

    async def infos(self, uids: Iterable[int]) -> dict[int, Info]:
        """Of these mails what they are; those that are gone are left out."""
        words = b"UID FETCH " + _set(uids) + b" (UID FLAGS INTERNALDATE RFC822.SIZE)"
        found: dict[int, Info] = {}
        for pieces in await self._done("refused", words, want=b"FETCH"):
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
        await self._done("refused", b"UID STORE " + _set(uids) + b" +FLAGS.SILENT (\\Seen)")

    async def wait(self, seconds: float) -> None:
        """Wait until the server tells of new mail, `seconds` at most (RFC 2177). The end of IDLE
        must be answered: that is how a connection that died in silence is found."""
        if self._news:
            return
        tag = self._next_tag()
        await self._wire.send(tag + b" IDLE")
        (line, *_) = await self._wire.response()
        while not line.startswith(b"+"):
            if self._ended(line, tag) is not None:
                raise ImapError("refused", "IDLE")
            (line, *_) = await self._wire.response()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._news:
                    (line, *_) = await self._wire.response(seconds)
                    if self._ended(line, tag) is not None:
                        raise ImapError("refused", "IDLE")
        await self._wire.send(b"DONE")
        async with _deadline(self._wire.silence_s):
            await self._end_of(tag, None)

    async def noop(self) -> None:
        """Hear whether the server is there."""
        await self._done("refused", b"NOOP")

    async def logout(self) -> None:
        """Say goodbye where that goes quickly."""
        with suppress(ImapError, TimeoutError):
            async with asyncio.timeout(1):
                await self._run(b"LOGOUT")

    async def _body(self, uid: int, part: bytes, seconds: float) -> bytes | None:
        words = b"UID FETCH %d (UID %s)" % (uid, part)
        found: bytes | None = None
        for pieces in await self._done("refused", words, want=b"FETCH", seconds=seconds):
            told = attributes(_after_name(pieces))
            body = next((told[name] for name in told if name.startswith(b"BODY[")), None)
            if told.get(b"UID") == b"%d" % uid and isinstance(body, bytes):
                found = body
        return found

    async def _sasl(self, mechanism: str, answer: bytes) -> Status:
        """AUTHENTICATE. What a server says after the answer is an error that it wants to have
        confirmed (XOAUTH2 does so), before it says no."""
        coded, tag = b64encode(answer), self._next_tag()
        words = tag + b" AUTHENTICATE " + mechanism.encode()
        at_once = b"SASL-IR" in self.capabilities
        await self._wire.send(words + b" " + coded if at_once else words)
        waiting = [] if at_once else [coded]
        async with _deadline(COMMAND_S):
            while True:
                (line, *_) = await self._wire.response()
                if line.startswith(b"+"):
                    await self._wire.send(waiting.pop() if waiting else b"")
                elif (ended := self._ended(line, tag)) is not None:
                    return ended

    async def _done(
        self, code: Code, words: bytes, *, want: bytes | None = None, seconds: float = COMMAND_S
    ) -> list[Pieces]:
        """Run a command that must go well; the responses of the wanted kind."""
        ended, others = await self._run(words, want=want, seconds=seconds)
        if ended.word != "OK":
            raise ImapError(code, ended.text)
        return others

    async def _run(
        self, words: bytes, *, want: bytes | None = None, seconds: float = COMMAND_S
    ) -> tuple[Status, list[Pieces]]:
        tag = self._next_tag()
        await self._wire.send(tag + b" " + words)
        async with _deadline(seconds):
            return await self._end_of(tag, want)

    async def _end_of(self, tag: bytes, want: bytes | None) -> tuple[Status, list[Pieces]]:
        """Read up to the command's end; the responses of the wanted kind (b"": all)."""
        others: list[Pieces] = []
        while True:
            pieces = await self._wire.response()
            ended = self._ended(pieces[0], tag)
            if ended is not None:
                return ended, others
            kinds = pieces[0][2:].upper().split(b" ", 2)[:2]
            if want is not None and (not want or want in kinds):
                others.append(pieces)

    def _ended(self, line: bytes, tag: bytes) -> Status | None:
        """The end of the command, where the line is it; new mail is noted whenever it is told.
        Raises where the server says goodbye."""
        if line.startswith(tag + b" "):
            ended = status(line[len(tag) + 1 :])
            if ended is None:
                raise ImapError("protocol", "a command without a result")
            return ended
        if line[:6].upper() == b"* BYE ":
            raise ImapError("cut", readable(line[6:]))
        if line.upper().endswith(b" EXISTS"):
            self._news = True
        return None

    def _next_tag(self) -> bytes:
        self._tag += 1
        return b"c%d" % self._tag


@asynccontextmanager
async def connected(
    mailbox: Mailbox, most: int, silence_s: float | None = None
) -> AsyncIterator[ImapSession]:
    """A greeted connection to the mailbox's server, with TLS as the settings say. `most`: bytes of
    the largest mail. Raises ImapError."""
    wire = Wire(most + _ROOM, *([] if silence_s is None else [silence_s]))
    tls = context_for(mailbox) if mailbox.tls == "implicit" else None
    await wire.open(mailbox.host, mailbox.port, tls)
    try:
        session = ImapSession(wire)
        await session.greet(mailbox)
        yield session
    finally:
        await wire.close()


@asynccontextmanager
async def _deadline(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise ImapError("cut", "no end in time") from None


def _after_name(pieces: Pieces) -> list[bytes]:
    """The pieces of `* 12 FETCH (...)` from the parenthesis on."""
    return [pieces[0][pieces[0].index(b"(") :] if b"(" in pieces[0] else b"", *pieces[1:]]


def _set(uids: Iterable[int]) -> bytes:
    return b",".join(b"%d" % uid for uid in uids)
