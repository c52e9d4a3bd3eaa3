"""A relay that does what its script says: answers, hangs, or hangs up, at any point of SMTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import NamedTuple

HANG_UP, HANG = "hang up", "hang"


class SunkMail(NamedTuple):
    """One mail that came up to its last dot: the commands of its envelope, and its bytes with
    the doubled dots undone."""

    mail_from: str
    rcpt_to: list[str]
    data: bytes


class Sink:
    """`script` maps a step (greeting, EHLO, MAIL, RCPT, DATA, dot, ...) to its reply, `HANG_UP`
    or `HANG`; what it does not name is answered well. `RCPT a@b.example` is about one recipient.
    `commands` are all lines that came as commands; `rcpt_to` of a mail are those that were taken.
    With `drip_s` each byte of a reply takes so long; `slow`: how many connections at once begin
    so slowly, with `slow_s` a byte."""

    host = "localhost"

    def __init__(
        self,
        script: Mapping[str, str] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        drip_s: float = 0,
    ) -> None:
        self.script = dict(script or {})
        self._drip_s = drip_s
        self._tls = tls
        self._implicit = implicit
        self.mails: list[SunkMail] = []
        self.taken: list[SunkMail] = []  # of these, what it took responsibility for
        self.commands: list[str] = []
        self.hanging, self.hanging_now = asyncio.Event(), 0
        self.left = asyncio.Event()  # a connection has ended
        self.slow, self.slow_s = 0, 0.0
        self.slow_ones: set[asyncio.StreamWriter] = set()
        self._go_on = asyncio.Event()
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Sink:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self._tls if self._implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        if len(self.slow_ones) < self.slow:
            self.slow_ones.add(writer)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            self.slow_ones.discard(writer)
            self.left.set()
            writer.close()

    def go_on(self) -> None:
        """Whoever hangs hangs no more: they are answered well."""
        self._go_on.set()

    def hang_again(self) -> None:
        """Whoever comes to a `HANG` from now on hangs."""
        self._go_on.clear()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mail_from, rcpt_to = "", list[str]()
        await self._reply(writer, "greeting", "220 sink ESMTP")
        while line := await reader.readline():
            command = line.decode("ascii", "replace").rstrip("\r\n")
            self.commands.append(command)
            verb = command[:4].upper()
            if verb == "MAIL":
                mail_from, rcpt_to = command, []
            named = f"RCPT {command[9:-1]}"
            step = named if verb == "RCPT" and named in self.script else verb
            code = await self._reply(writer, step, self._usual(verb, writer))
            if verb == "RCPT" and code[0] == "2":
                rcpt_to.append(command)
            if verb == "STAR" and code == "220" and self._tls is not None:
                await writer.start_tls(self._tls)
            if verb == "QUIT":
                return
            if verb == "DATA" and code == "354":
                data = await self._data(reader)
                self.mails.append(mail := SunkMail(mail_from, rcpt_to, data))
                if self.script.get("dot", "250")[0] not in "45":
                    self.taken.append(mail)
                await self._reply(writer, "dot", "250 2.0.0 queued as 1")

    def _usual(self, verb: str, writer: asyncio.StreamWriter) -> str:
        if verb == "EHLO":
            plain = self._tls is not None and writer.get_extra_info("sslcontext") is None
            offers = ["sink", "SIZE 30000000", "AUTH PLAIN", *(["STARTTLS"] if plain else [])]
            return "".join(f"250-{offer}\r\n" for offer in offers) + "250 8BITMIME"
        usual = {"DATA": "354 go", "STAR": "220 go", "AUTH": "235 2.7.0 fine", "QUIT": "221 bye"}
        return usual.get(verb, "250 2.0.0 fine")

    async def _data(self, reader: asyncio.StreamReader) -> bytes:
        if "body" in self.script:
            await reader.readline()
            raise ConnectionResetError
        lines = []
        while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def _reply(self, writer: asyncio.StreamWriter, step: str, usual: str) -> str:
        reply = self.script.get(step, usual)
        if reply == HANG_UP:
            raise ConnectionResetError
        if reply == HANG:
            self.hanging.set()
            self.hanging_now += 1
            try:
                await self._go_on.wait()
            finally:
                self.hanging_now -= 1
            reply = usual
        drip_s = self.slow_s if writer in self.slow_ones else self._drip_s
        for piece in _pieces(reply.encode("utf-8") + b"\r\n", drip_s):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(drip_s)
        return reply[:3]


def _pieces(reply: bytes, drip_s: float) -> list[bytes]:
    return [bytes([byte]) for byte in reply] if drip_s else [reply]
