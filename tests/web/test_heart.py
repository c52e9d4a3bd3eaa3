"""The heart: who is silent too long is dropped, and nobody else."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.web import socket as sockets
from contactcenter.web.socket import Heart, Socket
from tests.web.room import Room


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
