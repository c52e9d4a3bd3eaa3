"""Browsers that click twice, vanish, do not read, break off, or come back all at once."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from tests.faults.break_nodes import NODE_S, in_hand
from tests.faults.machine import resident
from tests.faults.raw import ping, upgrade
from tests.faults.stage import Stage
from tests.faults.storm import Storm

SLOW, MORE_BYTES = 20, 50_000_000
RESUMED_S = 15.0
ABORTS = 5000


async def control(stage: Stage) -> None:
    """Nothing is broken."""
    async with stage.crowded():
        await asyncio.sleep(4)


async def clicked_thrice(stage: Stage) -> None:
    """F26: every frame, request and mail is sent three times at once."""
    async with stage.crowded(clicks=3, burst=80, in_flight=120, rate=10.0):
        await asyncio.sleep(4)


async def out_of_reach(stage: Stage) -> None:
    """F30: a third of the agents lose the network without a word; then they come back."""
    async with stage.crowded() as crowd:
        await asyncio.sleep(1)
        gone = crowd.agents[: len(crowd.agents) // 3]
        for agent in gone:
            agent.out_of_reach()
        stage.contacts = in_hand(gone)
        stage.house.front.swallow({agent.source for agent in gone})
        stage.over(NODE_S)
        await stage.offered_again(NODE_S)
        for agent in gone:
            agent.back()
        await asyncio.sleep(2)


async def slow_readers(stage: Stage) -> None:
    """F33: twenty boards that never read, and go on saying that they are there."""
    async with stage.crowded(rate=10.0):
        before = resident(stage.node.pid)
        writers = [await _slow(stage) for _ in range(SLOW)]
        for _ in range(8):
            await asyncio.sleep(2.5)
            for writer in writers:
                with suppress(RuntimeError):  # cut off, as it should be
                    writer.write(ping())
        more = resident(stage.node.pid) - before
        if more > MORE_BYTES:
            stage.broken.append(f"the node holds {more} bytes more")
        for writer in writers:
            writer.transport.abort()


async def _slow(stage: Stage) -> asyncio.StreamWriter:
    """Past the front, which would read for it."""
    house = stage.house
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, house.url_of(stage.node))
    reader, writer = await asyncio.open_connection(sock=sock)
    writer.write(upgrade(house.url, "/ws/board", house.supervisor))
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    return writer


async def all_at_once(stage: Stage) -> None:
    """F32: every connection breaks at the same moment."""
    async with stage.crowded():
        await asyncio.sleep(1)
        stage.over(RESUMED_S)
        stage.house.front.reset()
        await asyncio.sleep(4)


async def broken_off(stage: Stage) -> None:
    """F35: thousands of requests, sockets and mails break off anywhere, while Redis and Postgres
    take 5 to 50 ms more for everything: what is stored and what is offered is some twenty of their
    answers, and another node does not wait for them."""
    house, stage.settles_s = stage.house, 3.0
    gated = await house.add_node(gated=True, CONTACTCENTER_CHAT_RESUME_S="15")
    async with house.only(gated), stage.crowded(rate=5.0, burst=50, in_flight=50):
        for gate in (house.redis_gate, house.postgres_gate):
            gate.delay_s = lambda: stage.chance.uniform(0.005, 0.05)
        storm = Storm(house, stage.ledger, stage.chance)
        await storm.rage(round(ABORTS * stage.share))
        for gate in (house.redis_gate, house.postgres_gate):
            gate.delay_s = None


async def burst(stage: Stage) -> None:
    """F36: ten times as many, for ten seconds."""
    async with stage.crowded(rate=200.0, burst=200):
        await asyncio.sleep(10)
