"""TLS for mail that comes in."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any, Protocol, cast

HANDSHAKE_S = 30.0


def server_tls(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """The certificate and key of the settings, read now. Raises OSError (ssl.SSLError is one)."""
    if cert is None or key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


class Upgradable(Protocol):
    """An aiosmtpd session: its streams live longer than the plain connection below them."""

    transport: asyncio.BaseTransport | None
    _reader: Any
    _writer: Any


async def start_tls(
    session: Upgradable, context: ssl.SSLContext, go: bytes
) -> asyncio.Transport | None:
    """Say `go` and take over with TLS; None where that fails. From before `go` on nothing is read
    that is not TLS, and what was read already is dropped (the hole of CVE-2011-0411)."""
    plain = cast(asyncio.Transport, session.transport)
    plain.pause_reading()
    session._reader._buffer.clear()
    session._reader._paused = False
    plain.write(go)
    try:
        secured = await asyncio.get_running_loop().start_tls(
            plain,
            cast(asyncio.Protocol, session),
            context,
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_S,
        )
    except (OSError, EOFError):
        return None
    session._reader._transport = session._writer._transport = secured
    return secured
