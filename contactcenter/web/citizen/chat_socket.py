"""/ws/chat: brings citizens' connections to the door that speaks with them (docs/protocol.md)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from aiohttp import web

from contactcenter.channel import LiveChannel, LiveDesk
from contactcenter.errors import Refused
from contactcenter.frames import error_frame
from contactcenter.kernel.db import TRANSIENT
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.allowance import Allowance, one_of
from contactcenter.web.i18n import language_of
from contactcenter.web.security import require_origin
from contactcenter.web.socket import Heart, Socket, wire
from contactcenter.web.throttle import MINUTE

_log = structlog.get_logger(__name__)
IN_S = 10.0
MOST_WAITING = 256 * 1024
MOST_IN = 256 * 1024
BROKEN, RESTART, TOO_MANY = 1011, 1012, 4429
_ref: ContextVar[Any] = ContextVar("ref", default=None)


@dataclass(frozen=True)
class ChatDoor:
    """What citizens' sockets need of the node; `text` gives a refusal's words in a language,
    `frames` how many frames a page may send in 10 s."""

    channel: LiveChannel
    desk: LiveDesk
    heart: Heart
    text: Callable[[str, Refused], str]
    limits: Limits
    sockets_per_address: int
    openings_per_minute: int
    frames: int
    addresses: Counter[str] = field(default_factory=Counter)
    sockets: set[Socket] = field(default_factory=set)

    async def close_all(self) -> None:
        """The node stops: every page comes back in a moment."""
        try:
            async with asyncio.timeout(5):
                await asyncio.gather(*(socket.close(RESTART) for socket in list(self.sockets)))
        except TimeoutError:
            _log.warning("sockets_left_open", sockets=len(self.sockets))


class _Connection:
    """Implements `channel.Connection` on a socket."""

    __slots__ = ("_allowance", "_door", "_socket", "address", "language")

    def __init__(self, door: ChatDoor, socket: Socket, address: str, language: str) -> None:
        self._door, self._socket = door, socket
        self.address, self.language = address, language
        self._allowance = Allowance(door.frames, IN_S)

    @property
    def ref(self) -> Any:
        """See `channel.Connection.ref`."""
        return _ref.get()

    @ref.setter
    def ref(self, ref: Any) -> None:
        _ref.set(ref)

    async def receive(self) -> str | bytes | None:
        """See `channel.Connection.receive`. Who sends too much is told, and closed."""
        data = await self._socket.receive()
        if data is None or self._allowance.take():
            return data
        refused = Refused("too_many", retry_after_s=IN_S)
        self.send(msgspec.json.encode(error_frame(refused, self.words(refused))))
        await self.close(TOO_MANY)
        return None

    def send(self, *frames: bytes) -> None:
        """See `channel.Connection.send`."""
        self._socket.send_wire(b"".join(map(wire, frames)))

    def deliver(self, frame: bytes, then: Callable[[], None]) -> None:
        """See `channel.Connection.deliver`."""
        self._socket.deliver(wire(frame), then)

    def end(self, code: int) -> None:
        """See `channel.Connection.end`."""
        self._socket.end(code)

    async def close(self, code: int) -> None:
        """See `channel.Connection.close`."""
        await self._socket.close(code)

    def words(self, refused: Refused) -> str:
        """See `channel.Connection.words`."""
        return self._door.text(self.language, refused)

    def every_word(self, refused: Refused) -> dict[str, str]:
        """See `channel.Connection.every_word`."""
        return {language: self._door.text(language, refused) for language in LANGUAGES}


async def chat_socket(door: ChatDoor, request: web.Request) -> web.StreamResponse:
    """Serve one socket. A foreign origin gets 403, and too many from one address 429, before
    anything happens."""
    require_origin(request)
    address = limit_key(client_of(request))
    with one_of(door.sockets_per_address, door.addresses, address):
        # A new socket has a new allowance of frames: so they are bounded too.
        await door.limits.take("chat_socket", address, door.openings_per_minute, MINUTE)
        return await _enter(door, request, address)


async def _enter(door: ChatDoor, request: web.Request, address: str) -> web.StreamResponse:
    ws = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=MOST_IN, timeout=2.0)
    await ws.prepare(request)
    assert request.transport is not None  # noqa: S101 - prepare has written to it
    socket = Socket(ws, request.transport, MOST_WAITING)
    door.sockets.add(socket)
    door.heart.add(socket)
    try:
        connection = _Connection(door, socket, address, language_of(request))
        await door.channel.serve(connection, door.desk)
    except (LiveUnavailable, *TRANSIENT) as error:
        _log.warning("chat_failed", error=type(error).__name__)
        await socket.close(RESTART)
    except Exception as error:  # told by its name only: its text could hold a citizen's words
        _log.error("chat_broke", error=type(error).__name__)
        await socket.close(BROKEN)
    finally:
        door.heart.discard(socket)
        door.sockets.discard(socket)
    return ws
