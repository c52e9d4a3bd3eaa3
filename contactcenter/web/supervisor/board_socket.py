"""/ws/board: how it stands, twice a second, for supervisors and admins (docs/protocol.md)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from aiohttp import web

from contactcenter.accounts import sessions
from contactcenter.accounts.authorise import Actor, may, require, scope_for
from contactcenter.errors import Refused
from contactcenter.frames import NO_HEAD, Frames, Head, error_frame
from contactcenter.kernel.db import Database
from contactcenter.stats.board import Board
from contactcenter.web import auth
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.allowance import Allowance, one_of
from contactcenter.web.security import require_origin
from contactcenter.web.socket import Heart, Socket, wire

_log = structlog.get_logger(__name__)
EVERY_S = 0.5
SOCKETS_A_USER = 20
MOST_FRAMES, IN_S = 50, 10.0
MOST_WAITING = 1_000_000
RESTART, SIGNED_OUT, FORBIDDEN, TOO_MANY = 1012, 4401, 4403, 4429


class Ping(msgspec.Struct):
    """Is anybody there?"""


FRAMES = Frames({"ping": Ping})


@dataclass(eq=False)
class Watcher:
    """A supervisor's open socket."""

    socket: Socket
    session: bytes
    actor: Actor

    @property
    def scope(self) -> tuple[int, ...]:
        """The organisations that are shown."""
        return tuple(sorted(scope_for(self.actor, "watch")))


@dataclass(eq=False)
class BoardDoor:
    """What the sockets need of the node; `text` gives an error's words in a language."""

    board: Board
    heart: Heart
    db: Database
    text: Callable[[str, Refused], str]
    sockets_per_address: int
    addresses: Counter[str] = field(default_factory=Counter)
    watchers: set[Watcher] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last: dict[tuple[int, ...], bytes] = field(default_factory=dict)
    next: asyncio.TimerHandle | None = None

    async def run_once(self) -> int:
        """Look, and tell everybody; each frame is encoded once for all who see the same. Where
        looking fails nothing is told, so what is shown grows older. Returns how many watch."""
        self.last.clear()
        if not self.watchers:
            self.board.forget()
            return 0
        self._again_soon()
        await self.board.look()
        for watcher in list(self.watchers):
            self.tell(watcher)
        return len(self.watchers)

    def _again_soon(self) -> None:
        """Half a second from now on, however long this look takes."""
        if self.next is not None:
            self.next.cancel()
        self.next = asyncio.get_running_loop().call_later(EVERY_S, self.woken.set)

    def tell(self, watcher: Watcher) -> None:
        """Send the newest frame, where there is one."""
        if self.board.at is None:
            return
        encoded = self.last.get(watcher.scope)
        if encoded is None:
            frame = msgspec.json.encode(self.board.view(watcher.scope))
            encoded = self.last[watcher.scope] = wire(frame)
        watcher.socket.send_wire(encoded)

    async def renew(self) -> int:
        """Look up the rights of all who watch. Returns how many were sent away."""
        gone = 0
        async with self.db.connection() as conn:
            for watcher in list(self.watchers):
                now = await sessions.find(conn, watcher.session, watcher.actor.address)
                if now is None or not may(now, "watch"):
                    watcher.socket.end(SIGNED_OUT if now is None else FORBIDDEN)
                    gone += 1
                else:
                    watcher.actor = now
        return gone

    async def close_all(self) -> None:
        """The node stops: every page comes back in a moment."""
        await asyncio.gather(*(watcher.socket.close(RESTART) for watcher in list(self.watchers)))


async def board_socket(door: BoardDoor, request: web.Request) -> web.StreamResponse:
    """Serve one socket. A foreign origin, and who may not watch, get 403 before anything
    happens."""
    require_origin(request)
    with one_of(door.sockets_per_address, door.addresses, limit_key(client_of(request))):
        actor, session = await auth.actor_of(request), auth.session_hash(request)
        if actor is not None:
            require(actor, "watch")
        return await _enter(door, request, actor, session)


async def _enter(
    door: BoardDoor, request: web.Request, actor: Actor | None, session: bytes | None
) -> web.WebSocketResponse:
    ws = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=64 * 1024, timeout=2.0)
    await ws.prepare(request)
    assert request.transport is not None  # noqa: S101 - prepare has written to it
    socket = Socket(ws, request.transport, MOST_WAITING)
    if actor is None or session is None:
        await socket.close(SIGNED_OUT)
    elif sum(w.actor.user_id == actor.user_id for w in door.watchers) >= SOCKETS_A_USER:
        await socket.close(TOO_MANY)
    else:
        await _serve(door, Watcher(socket, session, actor))
    return ws


async def _serve(door: BoardDoor, watcher: Watcher) -> None:
    first = not door.watchers
    door.watchers.add(watcher)
    door.heart.add(watcher.socket)
    try:
        if first:
            door.woken.set()
        elif door.last:  # else the next look, at most half a second away
            door.tell(watcher)
        await _listen(door, watcher)
    finally:
        door.heart.discard(watcher.socket)
        door.watchers.discard(watcher)


async def _listen(door: BoardDoor, watcher: Watcher) -> None:
    allowance = Allowance(MOST_FRAMES, IN_S)
    while (data := await watcher.socket.receive()) is not None:
        if not allowance.take():
            await watcher.socket.close(TOO_MANY)
            return
        watcher.socket.send(msgspec.json.encode(_answer(door, watcher.actor, data)))


def _answer(door: BoardDoor, actor: Actor, data: str | bytes) -> dict[str, Any]:
    head: Head = NO_HEAD
    try:
        head = FRAMES.head(data)
        FRAMES.body(head.type, data)
    except Refused as refused:
        return error_frame(refused, door.text(actor.language, refused), head)
    return {"type": "pong"} | ({} if head.ref is None else {"ref": head.ref})
