"""The city's IMAP server, played: folders in memory, and the refusals that servers have."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

PASSWORD = "salasana"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
CAN = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR IDLE\r\n"


@dataclass
class Lying:
    """A mail in a folder."""

    uid: int
    raw: bytes
    arrived: datetime
    seen: bool = False
    given: int = 0  # how often its content was


@dataclass
class Folder:
    """One user's INBOX. `idling`: who waits for news of it."""

    validity: int = 1
    next_uid: int = 1
    mails: list[Lying] = field(default_factory=list)
    idling: set[asyncio.StreamWriter] = field(default_factory=set)

    def put(self, raw: bytes, arrived: datetime | None = None) -> None:
        """A mail comes, or is moved back."""
        self.mails.append(Lying(self.next_uid, raw, arrived or datetime.now(UTC)))
        self.next_uid += 1
        for writer in self.idling:
            writer.write(b"* %d EXISTS\r\n" % len(self.mails))

    def renumber(self) -> None:
        """Another UIDVALIDITY and other UIDs, as after a move to another server."""
        self.validity += 1
        for uid, mail in enumerate(self.mails, start=1):
            mail.uid = uid
        self.next_uid = len(self.mails) + 1


async def _nothing(user: str, mails: list[Lying]) -> None:
    """Nobody wants to know."""


class MailServer:
    """`says`: what commands are answered with instead of being done ("NO later"; "": it hangs up);
    `locked`: users whose login is refused; `reads`: awaited before mails become \\Seen, with the
    folder's user and the mails; `refused`: how many commands were."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {}
        self.says: dict[str, str] = {}
        self.locked: set[str] = set()
        self.reads: Callable[[str, list[Lying]], Awaitable[None]] = _nothing
        self.refused = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End all."""
        if self._server is not None:
            self._server.close()
        for task in list(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            await _Talk(self, reader, writer).run()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()


class _Talk:
    """One connection."""

    def __init__(
        self, server: MailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._user = ""
        self._told = 0  # how many mails the client knows of

    @property
    def _folder(self) -> Folder:
        return self._server.folders[self._user]

    async def run(self) -> None:
        """Up to its end."""
        self._writer.write(b"* OK there\r\n")
        while line := await self._reader.readline():
            tag, _, words = line.rstrip(b"\r\n").partition(b" ")
            verb, _, rest = words.partition(b" ")
            if verb == b"UID":
                verb, _, rest = rest.partition(b" ")
            said = self._server.says.get(verb.decode())
            self._server.refused += said is not None
            if said == "":
                return
            if said is None:
                said = await self._do(verb, rest)
            self._writer.write(tag + b" " + said.encode() + b"\r\n")
            await self._writer.drain()

    async def _do(self, verb: bytes, rest: bytes) -> str:
        if verb == b"CAPABILITY":
            self._writer.write(CAN)
        elif verb == b"AUTHENTICATE":
            _, user, password = b64decode(rest.split()[1]).decode().split("\0")
            if user in self._server.locked or password != PASSWORD:
                return "NO [AUTHENTICATIONFAILED] not you"
            self._user = user
        elif verb == b"SELECT":
            folder = self._folder
            self._news()
            self._writer.write(b"* OK [UIDVALIDITY %d] fine\r\n" % folder.validity)
            self._writer.write(b"* OK [UIDNEXT %d] fine\r\n" % folder.next_uid)
        elif verb == b"SEARCH":
            self._search(rest)
        elif verb == b"FETCH":
            self._fetch(rest)
        elif verb == b"STORE":
            await self._store(rest)
        elif verb == b"IDLE":
            await self._idle()
        elif verb != b"NOOP":
            return "BAD what"
        return "OK done"

    def _news(self) -> None:
        if self._told != len(self._folder.mails):
            self._told = len(self._folder.mails)
            self._writer.write(b"* %d EXISTS\r\n" % self._told)

    def _search(self, rest: bytes) -> None:
        wanted = rest.removeprefix(b"UID ")
        if wanted.endswith(b":*"):
            least = int(wanted[:-2])
            found = [mail.uid for mail in self._folder.mails if mail.uid >= least]
        else:
            found = [mail.uid for mail in self._of(wanted)]
        self._writer.write(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found) + b"\r\n")

    def _fetch(self, rest: bytes) -> None:
        wanted, _, what = rest.partition(b" ")
        uids = _uids(wanted)
        for n, mail in enumerate(self._folder.mails, start=1):
            if mail.uid not in uids:
                continue
            told = b"* %d FETCH (UID %d " % (n, mail.uid)
            if b"BODY.PEEK" in what:
                mail.given += 1
                told += b"BODY[] {%d}\r\n%s" % (len(mail.raw), mail.raw)
            else:
                flags = b"\\Seen" if mail.seen else b""
                date = _date(mail.arrived)
                told += b'FLAGS (%s) INTERNALDATE "%s" ' % (flags, date)
                told += b"RFC822.SIZE %d" % len(mail.raw)
            self._writer.write(told + b")\r\n")

    async def _store(self, rest: bytes) -> None:
        mails = self._of(rest.partition(b" ")[0])
        await self._server.reads(self._user, mails)
        for mail in mails:
            mail.seen = True

    async def _idle(self) -> None:
        folder = self._folder
        self._writer.write(b"+ idling\r\n")
        self._news()
        folder.idling.add(self._writer)
        with suppress(OSError):
            await self._reader.readline()  # DONE
        folder.idling.discard(self._writer)
        self._told = len(folder.mails)

    def _of(self, wanted: bytes) -> list[Lying]:
        uids = _uids(wanted)
        return [mail for mail in self._folder.mails if mail.uid in uids]


def _uids(wanted: bytes) -> set[int]:
    return {int(uid) for uid in wanted.split(b",")}


def _date(at: datetime) -> bytes:
    """An INTERNALDATE, in UTC; month names are English whatever the locale."""
    at = at.astimezone(UTC)
    return f"{at.day:2}-{MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0000".encode()
