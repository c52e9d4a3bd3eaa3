"""The ports that citizens, agents and mail come through, and the servers that mail and files go
to. Nothing is sent but greetings."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contactcenter.channel import CallChannel, DeskChannel, LiveChannel
from contactcenter.config import Settings
from contactcenter.doctor.finding import Finding, fine, note, wrong
from contactcenter.doors import open_channel
from contactcenter.scanning import clamd

PATIENCE_S = 5.0
SOON_DAYS = 21
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]]


async def look(settings: Settings, running: int) -> list[Finding]:
    """`running`: how many nodes are at work, here or elsewhere."""
    asked = [
        _port("port.http", settings.host, settings.port, _is_http, running),
        _port("port.smtp", settings.smtp_host, settings.smtp_port, _greets, running),
    ]
    if settings.lmtp_port is not None:
        asked.append(_port("port.lmtp", settings.smtp_host, settings.lmtp_port, _greets, running))
    found = list(await asyncio.gather(*asked))
    if settings.smtp_tls_cert is not None:
        found.append(of_certificate(settings.smtp_tls_cert, datetime.now(UTC)))
    found.append(await _relay(settings))
    if settings.scanner is not None:
        found.append(await _scanner(settings))
    if settings.traces is not None:
        found.append(await _collector(settings.traces))
    return found


async def _port(name: str, host: str, port: int, answers: Answer, running: int) -> Finding:
    where = f"{host}:{port}"
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(_reached(host), port)
            try:
                ours = await answers(reader, writer)
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        return _closed(name, host, port, running, error)
    if ours:
        return fine(name, f"{where} answers")
    do = "end that program, or choose another port (--port, --smtp-port)"
    return wrong(name, f"something else listens on {where}", do)


def _closed(name: str, host: str, port: int, running: int, error: Exception) -> Finding:
    where = f"{host}:{port}"
    if running:
        do = "fine where the nodes are elsewhere or split by --only; else look into the node's log"
        return note(name, f"nobody answers on {where} here", do)
    if isinstance(error, TimeoutError):
        do = "end the program that listens there and is silent"
        return wrong(name, f"{where} is taken by something that does not answer", do)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as no:
            return wrong(name, f"{where} can't be opened: {no.strerror}", _way_out(no))
    return fine(name, f"{where} is free")


def _way_out(no: OSError) -> str:
    if no.errno == errno.EACCES:
        return "choose a port above 1023 and let the proxy or the mail server lead there"
    return "set host or smtp_host to an address of this machine"


def _reached(host: str) -> str:
    """Who listens on all addresses is reached on this machine's own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound


async def _is_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    writer.write(b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
    return b'"status": "ok"' in await reader.read(4096)


async def _greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    line = await reader.readline()
    writer.write(b"QUIT\r\n")
    return line.startswith((b"220", b"421"))


def of_certificate(path: Path, now: datetime) -> Finding:
    """Until when a certificate in a PEM file is good."""
    decode: Any = ssl._ssl._test_decode_cert  # type: ignore[attr-defined]
    try:  # no other decoder is in the standard library; what it gives is that of getpeercert()
        end = datetime.fromtimestamp(ssl.cert_time_to_seconds(decode(str(path))["notAfter"]), UTC)
    except (OSError, ssl.SSLError, KeyError) as error:
        do = "put a certificate in PEM form there"
        return wrong("smtp.certificate", f"{path} can't be read: {type(error).__name__}", do)
    days = (end - now).days
    if end < now:
        return wrong("smtp.certificate", f"ended on {end:%Y-%m-%d}", "renew it, then restart")
    if days < SOON_DAYS:
        return note("smtp.certificate", f"ends in {days} days", "renew it, then restart")
    return fine("smtp.certificate", f"good until {end:%Y-%m-%d}")


async def _relay(settings: Settings) -> Finding:
    if settings.relay is None:
        do = "set CONTACTCENTER_RELAY to the city's mail server"
        return note("relay", "none: answers by mail lie in the home's maildir", do)
    if "channels.email" not in settings.channels:
        return note("relay", "set, and no mail channel", "add channels.email to channels")
    door = open_channel("channels.email", settings)
    assert not isinstance(door, LiveChannel | DeskChannel | CallChannel)  # noqa: S101
    ok, said = await door.ready()
    if ok:
        return fine("relay", said)
    do = "is it up, does it let this machine in, has it the STARTTLS and name that RELAY asks for?"
    return wrong("relay", f"{settings.relay.host}:{settings.relay.port}: {said}", do)


async def _scanner(settings: Settings) -> Finding:
    assert settings.scanner is not None  # noqa: S101 - for the type
    try:
        async with asyncio.timeout(PATIENCE_S):
            ok = await clamd.ping(settings.scanner)
    except (clamd.Away, TimeoutError):
        ok = False
    if ok:
        return fine("scanner", "clamd answers")
    do = "start clamd, or correct `scanner`; until then nobody can open new files"
    return wrong("scanner", "no answer", do)


async def _collector(url: str) -> Finding:
    place = urlsplit(url)
    port = place.port or (443 if place.scheme == "https" else 80)
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(place.hostname, port)
            writer.close()
    except (OSError, TimeoutError) as error:
        do = "start it, or correct `traces`; what happens meanwhile is told later"
        return note("traces", f"{place.hostname}:{port}: {type(error).__name__}", do)
    return fine("traces", f"{place.hostname}:{port} listens")
