"""Sockets against an independent client: whole frames, slow and silent readers, goodbyes."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.web.socket import Socket, wire
from tests.web.room import Room, code

BIG = b"x" * 50_000


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
        assert await code(slow) == 4408
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
        assert await code(client) == 4409
        assert await room.ended.get() is socket
    room.serve = lambda socket: socket.close(4401)
    async with room.enter() as (client, _):
        assert await code(client) == 4401


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
        assert await code(client) == 4409
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
        assert await code(client) == 1002
        assert await room.ended.get() is socket
