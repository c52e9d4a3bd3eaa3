"""One IMAP connection below its folders: commands and their ends, TLS, the login."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from channels.email.imap.errors import Code, ImapError
from channels.email.imap.tls import context_for
from channels.email.imap.wire import MAX_LINE, Wire
from channels.email.imap.words import Pieces, Status, quoted, readable, status
from contactcenter.mailbox_settings import Mailbox

COMMAND_S = 120.0
_EACH = 200  # bytes that a kept response takes beside its own


class ImapConnection:
    """The connection. Every method raises ImapError."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._tag = 0
        self.news = False  # mail came since it was last asked for
        self.capabilities: frozenset[bytes] = frozenset()

    async def greet(self, mailbox: Mailbox) -> None:
        """Read the greeting, and begin TLS where the settings say so."""
        (line, *_) = await self.wire.response()
        greeting = status(line[2:]) if line.startswith(b"* ") else None
        if greeting is None or greeting.word == "BAD":
            raise ImapError("protocol", "no IMAP server answers there")
        if greeting.word != "OK":  # PREAUTH before STARTTLS would do without TLS
            raise ImapError("refused", greeting.text)
        await self.ask_capabilities()
        if mailbox.tls == "starttls":
            if b"STARTTLS" not in self.capabilities:
                raise ImapError("tls", "the server offers no STARTTLS")
            await self.done("tls", b"STARTTLS")
            await self.wire.start_tls(mailbox.host, context_for(mailbox))
            await self.ask_capabilities()

    async def ask_capabilities(self) -> None:
        """What the server can; asked anew after TLS and after the login."""
        found: list[bytes] = []
        for pieces in await self.done("refused", b"CAPABILITY", want=b"CAPABILITY"):
            found += pieces[0].upper().split()[2:]
        self.capabilities = frozenset(found)

    async def login(self, user: str, password: str) -> None:
        """Authenticate by password: PLAIN (RFC 4616), else LOGIN."""
        if b"LOGINDISABLED" in self.capabilities and b"AUTH=PLAIN" not in self.capabilities:
            raise ImapError("login_refused", "the server takes no password on this connection")
        if b"AUTH=PLAIN" in self.capabilities:
            ended = await self._sasl("PLAIN", _plain(user, password))
        else:
            try:
                words = b"LOGIN " + quoted(user) + b" " + quoted(password)
            except ValueError:
                raise ImapError("login_refused", "the server takes ASCII passwords only") from None
            ended = (await self.run(words))[0]
        if ended.word != "OK":
            raise ImapError("login_refused", ended.text)

    async def xoauth2(self, user: str, token: str) -> None:
        """Authenticate by a token, as Microsoft and Google take it."""
        if b"AUTH=XOAUTH2" not in self.capabilities:
            raise ImapError("login_refused", "the server offers no XOAUTH2")
        ended = await self._sasl("XOAUTH2", _xoauth2(user, token))
        if ended.word != "OK":
            raise ImapError("login_refused", ended.text)

    async def noop(self) -> None:
        """Hear whether the server is there."""
        await self.done("refused", b"NOOP")

    async def _sasl(self, mechanism: str, answer: bytes) -> Status:
        """AUTHENTICATE. What a server says after the answer is an error that it wants to have
        confirmed (XOAUTH2 does so), before it says no."""
        coded, tag = b64encode(answer), self.next_tag()
        words = tag + b" AUTHENTICATE " + mechanism.encode()
        at_once = b"SASL-IR" in self.capabilities
        await self.wire.send(words + b" " + coded if at_once else words)
        waiting = [] if at_once else [coded]
        async with deadline(COMMAND_S):
            while True:
                (line, *_) = await self.wire.response()
                if line.startswith(b"+"):
                    await self.wire.send(waiting.pop() if waiting else b"")
                elif (ended := self.ended(line, tag)) is not None:
                    return ended

    async def done(
        self, code: Code, words: bytes, *, want: bytes | None = None, seconds: float = COMMAND_S
    ) -> list[Pieces]:
        """Run a command that must go well; the responses of the wanted kind."""
        ended, others = await self.run(words, want=want, seconds=seconds)
        if ended.word != "OK":
            raise ImapError(code, ended.text)
        return others

    async def run(
        self, words: bytes, *, want: bytes | None = None, seconds: float = COMMAND_S
    ) -> tuple[Status, list[Pieces]]:
        """Run a command to its end, whatever that is; the responses of the wanted kind."""
        tag = self.next_tag()
        await self.wire.send(tag + b" " + words)
        async with deadline(seconds):
            return await self.end_of(tag, want)

    async def end_of(self, tag: bytes, want: bytes | None) -> tuple[Status, list[Pieces]]:
        """Read up to the command's end; the responses of the wanted kind (b"": all)."""
        others: list[Pieces] = []
        kept = 0
        while True:
            pieces = await self.wire.response()
            ended = self.ended(pieces[0], tag)
            if ended is not None:
                return ended, others
            kinds = pieces[0][2:].upper().split(b" ", 2)[:2]
            if want is not None and (not want or want in kinds):
                others.append(pieces)
                kept += sum(map(len, pieces)) + _EACH
                if kept > max(self.wire.most, MAX_LINE):
                    raise ImapError("protocol", "answers over the size limit")

    def ended(self, line: bytes, tag: bytes) -> Status | None:
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
            self.news = True
        return None

    def next_tag(self) -> bytes:
        """The tag of the next command."""
        self._tag += 1
        return b"c%d" % self._tag


def _plain(user: str, password: str) -> bytes:
    return f"\0{user}\0{password}".encode()


def _xoauth2(user: str, token: str) -> bytes:
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def forms_of(secret: str, user: str) -> list[str]:
    """A password or token as it stands in commands of ours, the longest first: what a server
    repeats of them must be known."""
    forms = {secret, " ".join(secret.split()), secret.replace("\\", "\\\\").replace('"', '\\"')}
    for answer in (secret.encode(), _plain(user, secret), _xoauth2(user, secret)):
        forms |= {b64encode(answer).decode(), b64encode(answer).decode().rstrip("=")}
    return sorted(filter(None, forms), key=len, reverse=True)


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """What takes longer as a whole is cut. Raises ImapError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise ImapError("cut", "no end in time") from None
