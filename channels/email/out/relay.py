"""Mail out through the relay, one attempt at a time, with an outcome that can be trusted.

The one moment that counts is the last dot of DATA. Before it is written nothing can have
arrived, so whatever goes wrong is `retry` (or `failed`, where the relay said 5xx about this
mail). After it, without a reply, nobody knows: `unknown`. So the data is written here, in two
steps, and not by aiosmtplib, which does not tell the two apart.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import cast

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from contactcenter.channel import ChannelSettings, Outcome, Receipt, Refusal

CONNECT_S, COMMAND_S = 10.0, 30.0
DOT_S = 120.0  # the relay may check the whole mail before it answers for it
LONGEST_SEND_S = 240.0  # the whole attempt; a lease on the message must be longer
_CHUNK = 65_536
_MAX_CODE = 200
_TROUBLE = (SMTPException, OSError, EOFError, ValueError)


class _Stage:
    """How far one attempt came."""

    def __init__(self, is_ours: Callable[[], bool] | None) -> None:
        self._is_ours = is_ours
        self.opened = False  # the session stands: a refusal from here on is about this mail
        self.ended = False  # the last dot may have been written
        self.refused: list[Refusal] = []
        self.writer: asyncio.StreamWriter | None = None  # its end would close the connection

    def check_ours(self) -> None:
        """Raises TimeoutError where another may be sending it by now."""
        if self._is_ours is not None and not self._is_ours():
            raise TimeoutError


class _Nobody(Exception):
    """The relay takes it for none of the recipients."""


class Relay:
    """The relay of the settings."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings

    async def send(
        self,
        sender: str,
        to: Sequence[str],
        mail: bytes,
        is_ours: Callable[[], bool] | None = None,
    ) -> Receipt:
        """One attempt. `sender` "" is the null return path; `is_ours` as in `Outbound`. Never
        raises but when cancelled."""
        stage = _Stage(is_ours)
        try:
            async with asyncio.timeout(LONGEST_SEND_S):
                return await self._attempt(stage, sender, to, mail)
        except _Nobody:
            return _all_refused(stage.refused)
        except _TROUBLE as error:
            return _receipt(stage, error)

    async def ready(self) -> tuple[bool, str]:
        """Whether the relay greets us and encrypts as the settings ask."""
        client = self._client()
        try:
            async with asyncio.timeout(CONNECT_S):
                await client.connect(timeout=CONNECT_S)
                await client.ehlo()
                await self._encrypt(client)
                how = "encrypted" if client.get_transport_info("sslcontext") else "not encrypted"
        except _TROUBLE as error:
            return False, _words(error)
        finally:
            _leave(client, politely=True)
        return True, f"relay {self._settings.relay_host}:{self._settings.relay_port}, {how}"

    async def _attempt(self, stage: _Stage, sender: str, to: Sequence[str], mail: bytes) -> Receipt:
        client = self._client()
        done = False
        try:
            await self._open(client)
            stage.opened = True
            data = stuffed(mail)
            size = [f"SIZE={len(data)}"] if client.supports_extension("size") else []
            await client.mail(sender, options=size)
            await _recipients(client, stage, to)
            code, text = await _data(client, stage, data)
            done = True
        finally:
            _leave(client, politely=done)
        return _receipt(stage, SMTPResponseException(code, text))

    def _client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.relay_host,
            port=settings.relay_port,
            local_hostname=settings.hostname,
            use_tls=settings.relay_tls == "implicit",
            start_tls=False,
            timeout=COMMAND_S,
        )

    async def _open(self, client: SMTP) -> None:
        await client.connect(timeout=CONNECT_S)
        await client.ehlo()
        await self._encrypt(client)
        if self._settings.relay_user is not None:
            await client.login(self._settings.relay_user, self._settings.relay_password or "")

    async def _encrypt(self, client: SMTP) -> None:
        """STARTTLS as the settings ask. Opportunistic TLS takes any certificate (RFC 7435), but
        a password only goes to a relay that proves its name."""
        mode = self._settings.relay_tls
        if mode in ("implicit", "never"):
            return
        strict = mode == "required" or self._settings.relay_user is not None
        if client.supports_extension("starttls"):
            await client.starttls(validate_certs=strict)
            await client.ehlo()
        elif strict:
            raise SMTPException("the relay offers no STARTTLS")


async def _recipients(client: SMTP, stage: _Stage, to: Sequence[str]) -> None:
    """Name whom it is for. Who is refused is noted; the others get it all the same (RFC 5321,
    section 3.3). Raises _Nobody where all are refused."""
    for address in to:
        try:
            await client.rcpt(address)
        except SMTPRecipientRefused as no:
            if no.code == 421:
                raise  # the relay closes: nothing more about anybody
            lasting = 500 <= no.code < 600
            stage.refused.append(Refusal(address=address, code=_words(no), lasting=lasting))
    if len(stage.refused) == len(to):
        raise _Nobody


async def _data(client: SMTP, stage: _Stage, data: bytes) -> tuple[int, str]:
    reply = await client.execute_command(b"DATA")
    if reply.code != 354:
        raise SMTPResponseException(reply.code, reply.message)
    protocol = client.protocol
    if protocol is None or client.transport is None:
        raise ConnectionResetError("lost before the mail")
    transport = cast(asyncio.WriteTransport, client.transport)
    writer = asyncio.StreamWriter(transport, protocol, None, asyncio.get_running_loop())
    stage.writer = writer
    for start in range(0, len(data), _CHUNK):
        writer.write(data[start : start + _CHUNK])
        async with asyncio.timeout(COMMAND_S):
            await writer.drain()
    stage.check_ours()
    stage.ended = True
    writer.write(b".\r\n")
    reply = await protocol.read_response(timeout=DOT_S)
    return reply.code, reply.message


def stuffed(mail: bytes) -> bytes:
    """The mail with CR LF line ends only and its leading dots doubled (RFC 5321 section 4.5.2),
    so that no line of it can end the data."""
    mail = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if not mail.endswith(b"\r\n"):
        mail += b"\r\n"
    mail = mail.replace(b"\r\n.", b"\r\n..")
    return b"." + mail if mail.startswith(b".") else mail


def _leave(client: SMTP, *, politely: bool) -> None:
    """Close at once; what is unsent of a mail is not sent any more."""
    transport = cast("asyncio.WriteTransport | None", client.transport)
    if transport is not None and not transport.is_closing():
        if politely:
            transport.write(b"QUIT\r\n")
        else:
            transport.abort()
    client.close()


def _receipt(stage: _Stage, end: Exception) -> Receipt:
    """The outcome of an attempt that ended with a reply or an error."""
    outcome = _outcome(stage, end.code if isinstance(end, SMTPResponseException) else 0)
    return Receipt(outcome=outcome, code=_words(end), refused=tuple(stage.refused))


def _outcome(stage: _Stage, code: int) -> Outcome:
    if stage.ended and 200 <= code < 300:
        return "sent"
    if stage.opened and 500 <= code < 600:
        return "failed"
    return "retry" if not stage.ended or 400 <= code < 500 else "unknown"


def _all_refused(refused: Sequence[Refusal]) -> Receipt:
    """Worth another try as long as one of them may be taken later."""
    later = [one for one in refused if not one.lasting]
    first = later[0] if later else refused[0]
    return Receipt(outcome="retry" if later else "failed", code=first.code, refused=tuple(refused))


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException) and error.code > 0:
        return f"{error.code} {_cleaned(error.message)}".strip()
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {_cleaned(error.reason or '')}"
    if isinstance(error, TimeoutError):
        return "timed out"
    return _cleaned(str(error)) or type(error).__name__


def _cleaned(text: str) -> str:
    """What the other side said, as one bounded line."""
    printable = "".join(c if c.isprintable() else " " for c in text[: 4 * _MAX_CODE])
    return " ".join(printable.split())[:_MAX_CODE]
