"""Sockets against an independent client: whole frames, slow and silent readers, goodbyes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web import socket as sockets
from contactcenter.web import tab as tabs
from contactcenter.web.hub import OpenTab
from contactcenter.web.socket import Heart, Socket, wire
from contactcenter.web.tab import Tab

WAIT_S = 20.0
MOST = 100_000
BIG = b"x" * 50_000
Serve = Callable[[Socket], Awaitable[None]]


class Room:
    """A server whose sockets the test holds in its hands; `ended` counts handlers that ended."""

    def __init__(self) -> None:
        self.url = ""
        self.opened: asyncio.Queue[Socket] = asyncio.Queue()
        self.heard: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self.ended: asyncio.Queue[Socket] = asyncio.Queue()
        self.serve: Serve = self._listen

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One socket, as our doors open it."""
        ws = web.WebSocketResponse(compress=False, autoping=False, timeout=2.0)
        await ws.prepare(request)
        assert request.transport is not None
        socket = Socket(ws, request.transport, MOST)
        self.opened.put_nowait(socket)
        await self.serve(socket)
        self.ended.put_nowait(socket)
        return ws

    async def _listen(self, socket: Socket) -> None:
        while (data := await socket.receive()) is not None:
            self.heard.put_nowait(data)

    @asynccontextmanager
    async def enter(self, **given: Any) -> AsyncIterator[tuple[ClientConnection, Socket]]:
        """An open connection, both ends of it."""
        options = {"compression": None, "max_size": None, "max_queue": None, "ping_interval": None}
        async with connect(self.url, **options | given) as client:
            yield client, await self.opened.get()


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A server on loopback."""
    room = Room()
    app = web.Application()
    app.router.add_get("/", room.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    room.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    async with asyncio.timeout(WAIT_S):
        yield room
    await runner.cleanup()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not read the goodbye is not waited for."""
    monkeypatch.setattr(sockets, "LINGER_S", 0.05)


async def _code(client: ClientConnection) -> int | None:
    """Read to the end; the close code."""
    try:
        while True:
            await client.recv()
    except ConnectionClosed:
        return client.close_code


def _fill(socket: Socket) -> int:
    """Write until the reader is found too slow; how many frames."""
    for count in range(1, 1000):
        socket.send(BIG)
        if socket.closed:
            return count
    raise AssertionError("a reader who reads nothing is never too slow")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 1_200_000])
async def test_frames_of_every_length_arrive_whole(room: Room, size: int) -> None:
    async with room.enter() as (client, socket):
        text = ("ä" + "x" * size)[:size]
        socket.send(text.encode())
        socket.send(b"next")
        assert await client.recv() == text
        assert await client.recv() == "next"


async def test_several_frames_may_be_written_as_one(room: Room) -> None:
    async with room.enter() as (client, socket):
        socket.send_wire(wire(b"one") + wire(b"") + wire(BIG))
        assert [await client.recv() for _ in range(3)] == ["one", "", BIG.decode()]


async def test_deflate_is_declined(room: Room) -> None:
    async with room.enter(compression="deflate") as (client, socket):
        assert client.response is not None
        assert "Sec-WebSocket-Extensions" not in client.response.headers
        await client.send("a" * 1000)
        assert await room.heard.get() == "a" * 1000
        socket.send(b"b" * 1000)
        assert await client.recv() == "b" * 1000


async def test_pings_are_answered_and_count_as_life(room: Room) -> None:
    async with room.enter() as (client, socket):
        socket.heard_at -= 100
        before = socket.heard_at
        await (await client.ping("x" * 125))
        assert socket.heard_at > before


async def test_a_slow_reader_is_closed_and_others_go_on(room: Room) -> None:
    async with room.enter() as (slow, stuck), room.enter() as (quick, fine):
        slow.transport.pause_reading()
        for number in range(1000):
            encoded = wire(b"%d " % number + BIG)
            stuck.send_wire(encoded)
            fine.send_wire(encoded)
            assert str(await quick.recv()).startswith(f"{number} ")
            if stuck.closed:
                break
        assert stuck.closed
        fine.send(b"still here")
        assert await quick.recv() == "still here"
        slow.transport.resume_reading()
        assert await _code(slow) == 4408
        assert await room.ended.get() is stuck


@pytest.mark.usefixtures("hasty")
async def test_who_never_reads_again_is_cut_off(room: Room) -> None:
    async with room.enter() as (client, socket):
        client.transport.pause_reading()
        _fill(socket)
        assert await room.ended.get() is socket
        client.transport.abort()


async def test_a_snapshot_larger_than_the_bound_arrives_with_what_follows(room: Room) -> None:
    async with room.enter() as (client, socket):
        client.transport.pause_reading()
        large = b"x" * 20_000_000  # more than the kernel takes: most of it waits with us
        socket.send(large)
        for _ in range(10):
            socket.send(b"small")
        client.transport.resume_reading()
        assert len(await client.recv()) == len(large)
        assert [await client.recv() for _ in range(10)] == ["small"] * 10
        client.transport.pause_reading()
        assert _fill(socket) < 900  # the bound counts again
        client.transport.abort()


async def test_the_code_arrives_however_it_is_said(room: Room) -> None:
    async with room.enter() as (client, socket):
        await asyncio.gather(socket.close(4409), socket.close(1012))
        socket.send(b"too late")
        await socket.close(1001)
        assert await _code(client) == 4409
        assert await room.ended.get() is socket
    room.serve = lambda socket: socket.close(4401)
    async with room.enter() as (client, _):
        assert await _code(client) == 4401


async def test_the_code_arrives_though_frames_lie_unread(room: Room) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def busy(socket: Socket) -> None:
        await socket.receive()
        begun.set()
        await go_on.wait()
        assert await socket.receive() is None

    room.serve = busy
    async with room.enter() as (client, socket):
        for _ in range(100):
            await client.send("y" * 10_000)
        await begun.wait()
        closing = asyncio.create_task(socket.close(4409))
        assert await _code(client) == 4409
        await closing
        go_on.set()
        assert await room.ended.get() is socket


@pytest.mark.usefixtures("hasty")
async def test_closing_returns_though_the_transport_is_stalled(room: Room) -> None:
    async def deaf(socket: Socket) -> None:
        client_may_go.set()
        for _ in range(200):
            socket.send_wire(wire(BIG) * 10)
        await socket.close(1012)

    room.serve, client_may_go = deaf, asyncio.Event()
    async with room.enter() as (client, socket):
        client.transport.pause_reading()
        await client_may_go.wait()
        assert await room.ended.get() is socket
        assert await socket.receive() is None
        client.transport.abort()


async def test_the_browser_may_close_and_may_vanish(room: Room) -> None:
    async with room.enter() as (client, socket):
        await client.close(1000)
        assert client.close_code == 1000
        assert await room.ended.get() is socket
        assert socket.closed
        socket.send(b"nobody")
    async with room.enter() as (client, socket):
        client.transport.abort()
        assert await room.ended.get() is socket
        socket.send(b"nobody")


async def test_bytes_that_are_no_frame_end_the_socket(room: Room) -> None:
    async with room.enter() as (client, socket):
        client.transport.write(b"\xff\xff\xff\xff")
        assert await _code(client) == 1002
        assert await room.ended.get() is socket


@pytest.mark.usefixtures("hasty")
async def test_a_half_open_socket_is_dropped_and_a_living_one_is_not(room: Room) -> None:
    heart = Heart()
    async with room.enter() as (dead, gone), room.enter() as (client, alive):
        dead.transport.pause_reading()
        heart.add(gone)
        heart.add(alive)
        gone.heard_at -= 6
        alive.heard_at -= 6
        pinged_at = alive.heard_at
        assert await heart.run_once() == 2
        while alive.heard_at == pinged_at:
            await (await client.ping())
        gone.heard_at -= 5
        assert await heart.run_once() == 1
        assert gone.closed
        assert not alive.closed
        assert await room.ended.get() is gone
        heart.discard(gone)
        alive.heard_at -= 60
        heart.discard(alive)
        assert await heart.run_once() == 0
        dead.transport.abort()


async def test_a_pong_alone_keeps_a_socket(room: Room) -> None:
    heart = Heart()
    async with room.enter() as (client, socket):
        heart.add(socket)
        socket.heard_at -= 6
        before = socket.heard_at
        await heart.run_once()
        reader = asyncio.create_task(client.recv())
        socket.send(b"behind the ping")
        await reader
        await client.send("x")
        await room.heard.get()
        assert socket.heard_at > before
        assert await heart.run_once() == 0


async def test_our_own_standstill_is_nobodys_silence(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    heart = Heart()
    async with room.enter() as (_, socket):
        heart.add(socket)
        socket.heard_at -= 60
        monkeypatch.setattr(sockets, "STALL_S", -1.0)
        assert await heart.run_once() == 1
        assert not socket.closed
        monkeypatch.undo()
        socket.heard_at -= 60
        await heart.run_once()
        assert socket.closed


async def test_a_socket_whose_frame_is_being_handled_is_not_silent(room: Room) -> None:
    go_on, heart = asyncio.Event(), Heart()

    async def busy(socket: Socket) -> None:
        await go_on.wait()
        while await socket.receive() is not None:
            pass

    room.serve = busy
    async with room.enter() as (_, socket):
        heart.add(socket)
        socket.heard_at -= 60
        await heart.run_once()
        assert not socket.closed
        go_on.set()


# ---------------------------------------------------------------- numbered frames


def _frame(seq: int) -> bytes:
    return b'{"seq":%d,"type":"agent"}' % seq


class Kept:
    """The feed as a tab sees it: what is kept after a number, read when the test lets it."""

    def __init__(self) -> None:
        self.newest = 0
        self.oldest = 1
        self.reads: list[int] = []
        self.may_read = asyncio.Event()
        self.may_read.set()
        self.may_return = asyncio.Event()
        self.may_return.set()
        self.reading = asyncio.Event()
        self.down = False

    async def __call__(self, after: int) -> tuple[list[bytes], bytes | None]:
        self.reading.set()
        self.reads.append(after)
        await self.may_read.wait()
        if self.down:
            raise LiveUnavailable("down")
        first, last = after + 1, self.newest
        await self.may_return.wait()
        if after < self.oldest - 1:
            return [], b'{"seq":%d,"type":"snapshot"}' % last
        return [_frame(seq) for seq in range(first, last + 1)], None


@asynccontextmanager
async def _tab(room: Room, kept: Kept) -> AsyncIterator[tuple[ClientConnection, Tab]]:
    async with room.enter() as (client, socket):
        tab = Tab(socket, 1, b"", kept)
        as_the_hub_sees_it: OpenTab = tab
        assert as_the_hub_sees_it.heard_at == socket.heard_at
        yield client, tab
        await tab.stop()


async def _seqs(client: ClientConnection, last: int) -> list[int]:
    """The numbers that arrive, to the last one."""
    seqs: list[int] = []
    while last not in seqs:
        seqs.append(json.loads(await client.recv())["seq"])
    return seqs


async def test_numbers_in_order_once_each_and_gaps_filled(room: Room) -> None:
    kept = Kept()
    kept.newest = 3
    async with _tab(room, kept) as (client, tab):
        assert await tab.catch_up(1)
        for seq in (2, 3, 4, 4):
            tab.hear(_frame(seq))
        kept.newest = 9
        tab.hear(_frame(7))  # 5 and 6 are missing
        tab.hear(_frame(8))
        assert await _seqs(client, 9) == [2, 3, 4, 5, 6, 7, 8, 9]
        tab.hear(_frame(10))
        assert await _seqs(client, 10) == [10]


async def test_what_comes_while_catching_up_waits_for_its_turn(room: Room) -> None:
    kept = Kept()
    kept.newest = 5
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(3))
        await kept.reading.wait()
        for seq in (5, 6, 7):
            tab.hear(_frame(seq))
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 7) == [4, 5, 6, 7]
        assert kept.reads == [3]


async def test_a_gap_during_a_catch_up_is_remembered(room: Room) -> None:
    kept = Kept()
    kept.newest = 5
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(3))
        await kept.reading.wait()  # it has read to 5
        kept.newest = 8  # told while the ear was lost
        tab.missed()
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 8) == [4, 5, 6, 7, 8]


async def test_what_waits_for_a_catch_up_is_bounded_and_nothing_is_lost(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "MOST_EARLY", 3)
    kept = Kept()
    kept.may_return.clear()
    async with _tab(room, kept) as (client, tab):
        catching = asyncio.create_task(tab.catch_up(0))
        await kept.reading.wait()
        for seq in range(1, 30):
            kept.newest = seq
            tab.hear(_frame(seq))
        kept.may_return.set()
        assert await catching
        assert await _seqs(client, 29) == list(range(1, 30))


async def test_not_all_kept_means_a_snapshot(room: Room) -> None:
    kept = Kept()
    kept.newest, kept.oldest = 50, 40
    async with _tab(room, kept) as (client, tab):
        assert not await tab.catch_up(10)
        assert json.loads(await client.recv()) == {"seq": 50, "type": "snapshot"}
        tab.hear(_frame(51))
        assert await _seqs(client, 51) == [51]


async def test_a_tab_that_cannot_catch_up_is_closed(room: Room) -> None:
    kept = Kept()
    async with _tab(room, kept) as (client, tab):
        await tab.catch_up(0)
        kept.down = True
        tab.missed()
        assert await _code(client) == 1012


async def test_frames_without_a_number_go_straight_and_change_no_numbering(room: Room) -> None:
    kept = Kept()
    kept.newest = 1
    async with _tab(room, kept) as (client, tab):
        tab.hear(b'{"type":"typing","contact":"1"}')  # nobody has been shown anything yet
        assert await tab.catch_up(0)
        assert await _seqs(client, 1) == [1]
        kept.may_return.clear()
        tab.missed()
        tab.hear(b'{"type":"typing","contact":"2"}')
        assert json.loads(await client.recv()) == {"type": "typing", "contact": "2"}
        kept.may_return.set()
        kept.newest = 2
        tab.hear(_frame(2))
        tab.hear(b'{"type":"read","contact":"2","seq":9}')
        kept.newest = 3
        tab.hear(_frame(3))
        frames = [json.loads(await client.recv()) for _ in range(3)]
        assert sorted(frame["seq"] for frame in frames) == [2, 3, 9]
