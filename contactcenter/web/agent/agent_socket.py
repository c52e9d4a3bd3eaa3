"""/ws/agent: what an agent's browser says, and what it is told (docs/protocol.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from contactcenter.accounts import sessions
from contactcenter.accounts.authorise import Actor, may
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.frames import NO_HEAD, Head, error_frame
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.feed import Feed, answering
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web import auth
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.agent import verbs as agent_verbs
from contactcenter.web.agent.agent_frames import FRAMES
from contactcenter.web.agent.hub import Hub
from contactcenter.web.agent.snapshot import snapshot
from contactcenter.web.agent.tab import Tab
from contactcenter.web.allowance import Allowance, one_of
from contactcenter.web.security import require_origin
from contactcenter.web.socket import Heart, Socket

_log = structlog.get_logger(__name__)
FIRST_FRAME_S = 5.0
# Who waits for somebody's lock is told to try again; what was sent twice meanwhile waits behind it.
ANSWER_S = 5.0
LONG_S = 1.0  # what came behind an act that failed sooner is tried
SOCKETS_A_USER = 20
MOST_FRAMES, IN_S = 200, 10.0
MOST_WAITING = 1_000_000
RESTART = 1012
_UNAVAILABLE = Refused("unavailable", retry_after_s=1)
NO_FIRST_FRAME, SIGNED_OUT, FORBIDDEN, TOO_MANY = 4400, 4401, 4403, 4429


@dataclass(frozen=True)
class Entry:
    """Who is at the door."""

    actor: Actor
    session: bytes


@dataclass(frozen=True)
class AgentDoor:
    """What the sockets need of the node; `text` gives an error's words in a language."""

    desk: Desk
    hub: Hub
    heart: Heart
    feed: Feed
    db: Database
    text: Callable[[str, Refused], str]
    return_state_s: float
    sockets_per_address: int

    async def enter(self, request: web.Request) -> Entry | None:
        """The session that the request's cookie opens."""
        actor, session = await auth.actor_of(request), auth.session_hash(request)
        return Entry(actor, session) if actor is not None and session is not None else None

    async def refresh(self, entry: Entry) -> Actor | None:
        """The user's rights as they are now: a change of them holds from the next frame on."""
        async with self.db.connection() as conn:
            return await sessions.find(conn, entry.session, entry.actor.address)


async def agent_socket(door: AgentDoor, request: web.Request) -> web.StreamResponse:
    """Serve one socket. A foreign origin gets 403 before anything happens."""
    require_origin(request)
    with one_of(door.sockets_per_address, door.hub.addresses, limit_key(client_of(request))):
        return await _enter(door, request)


async def _enter(door: AgentDoor, request: web.Request) -> web.WebSocketResponse:
    entry = await door.enter(request)
    ws = web.WebSocketResponse(
        compress=False, autoping=False, max_msg_size=1024 * 1024, timeout=2.0
    )
    await ws.prepare(request)
    if request.transport is not None:
        await _greet(door, entry, Socket(ws, request.transport, MOST_WAITING))
    return ws


async def _greet(door: AgentDoor, entry: Entry | None, socket: Socket) -> None:
    if entry is None:
        await socket.close(SIGNED_OUT)
    elif not may(entry.actor, "work"):
        await socket.close(FORBIDDEN)
    elif door.hub.count(entry.actor.user_id) >= SOCKETS_A_USER:
        await socket.close(TOO_MANY)
    else:
        await _serve(door, entry, socket)


async def _serve(door: AgentDoor, entry: Entry, socket: Socket) -> None:
    try:
        async with asyncio.timeout(FIRST_FRAME_S):
            data = await socket.receive()
    except TimeoutError:
        await socket.close(NO_FIRST_FRAME)
        return
    if data is None:
        return
    user = entry.actor.user_id
    if door.hub.count(user) >= SOCKETS_A_USER:  # others may have come meanwhile
        await socket.close(TOO_MANY)
        return
    tab = Tab(socket, user, entry.session, lambda after: _catch_up(door, entry, after))
    door.heart.add(socket)
    try:
        await door.hub.add(tab)
        if await _resume(door, entry, tab, data):
            await _listen(door, entry, tab)
    except (LiveUnavailable, *TRANSIENT) as error:
        _log.warning("socket_failed", user=user, error=type(error).__name__)
        await tab.close(RESTART)
    finally:
        door.heart.discard(socket)
        await door.hub.remove(tab)
        await tab.stop()


async def _resume(door: AgentDoor, entry: Entry, tab: Tab, data: str | bytes) -> bool:
    try:
        if FRAMES.head(data).type != "resume":
            raise Refused("bad_request", "resume_first", field="type")
        after = FRAMES.body("resume", data).after
    except Refused as refused:
        tab.send(_error(door, entry.actor, refused))
        await tab.close(NO_FIRST_FRAME)
        return False
    await agent_verbs.back(door.desk, entry.actor, door.return_state_s)
    if await tab.catch_up(after):
        tab.send({"type": "resumed", "seq": tab.seq})
    return True


async def _catch_up(door: AgentDoor, entry: Entry, after: int) -> tuple[list[bytes], bytes | None]:
    """The frames after a number where all are kept, else none and a snapshot."""
    if after:
        kept = await door.feed.since(entry.actor.user_id, after)
        if kept is not None:
            return kept, None
    return [], await snapshot(door.desk.db, door.feed, entry.actor)


async def _listen(door: AgentDoor, entry: Entry, tab: Tab) -> None:
    allowance = Allowance(MOST_FRAMES, IN_S)
    in_vain = False  # whether the act before waited long, and came to nothing
    while True:
        waited = await _waiting(tab) if in_vain else None
        data = await tab.receive() if waited is None else waited
        if data is None:
            return
        if not allowance.take():
            await tab.close(TOO_MANY)
            return
        if waited is None:
            began = time.monotonic()
            done = await _answer(door, entry, tab, data)
            in_vain = not done and time.monotonic() - began >= LONG_S
        else:
            _turn_away(door, entry, tab, data)


async def _waiting(tab: Tab) -> str | bytes | None:
    """A frame that is here already; None where there is none."""
    try:
        async with asyncio.timeout(0):
            return await tab.receive()
    except TimeoutError:
        return None


def _turn_away(door: AgentDoor, entry: Entry, tab: Tab, data: str | bytes) -> None:
    """What came while another act waited in vain would wait as long again before it heard a no."""
    head, refused = NO_HEAD, _UNAVAILABLE
    try:
        head = FRAMES.head(data)
    except Refused as error:
        refused = error
    tab.send(_error(door, entry.actor, refused, head))


async def _answer(door: AgentDoor, entry: Entry, tab: Tab, data: str | bytes) -> bool:
    """Do what one frame asks; what it makes happen comes back through the feed. Whether the house
    was able to say yes or no."""
    head = NO_HEAD
    actor: Actor = entry.actor
    try:
        head = FRAMES.head(data)
        frame = FRAMES.body(head.type, data)
        async with asyncio.timeout(ANSWER_S):
            now = await door.refresh(entry)
            if now is None:
                await tab.close(SIGNED_OUT)
                return True
            actor = now
            if head.ref is not None:
                answering.set((actor.user_id, head.ref))
            effect = await agent_verbs.do(door.desk, actor, head.type, frame)
        if effect is not None:
            tab.send(effect if head.ref is None else effect | {"ref": head.ref})
    except Refused as refused:
        tab.send(_error(door, actor, refused, head))
    except (LiveUnavailable, *TRANSIENT) as error:
        _log.warning("verb_failed", verb=head.type, error=type(error).__name__)
        tab.send(_error(door, actor, _UNAVAILABLE, head))
        return False
    except Exception as error:  # one bad frame must not end an agent's day
        _log.error("verb_broke", verb=head.type, error=type(error).__name__)
        tab.send(_error(door, actor, Refused("internal"), head))
    finally:
        answering.set(None)
    return True


def _error(door: AgentDoor, actor: Actor, refused: Refused, head: Head = NO_HEAD) -> dict[str, Any]:
    return error_frame(refused, door.text(actor.language, refused), head)
