"""Sockets that send what no browser sends, and sockets that send nothing."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.faults.machine import most_resident
from tests.faults.malformed import MALFORMED, Malformed, by_chance
from tests.faults.raw import close_code, upgrade
from tests.faults.stage import Stage

AT_ONCE, SILENT, RANDOM, IN_A_ROW = 10, 1000, 5000, 10
ANSWERS_S, ENDS_S = 1.5, 20.0  # who says nothing at all is let go after 10 s
MORE_BYTES = 50_000_000
# Too long silent, protocol error, wrong data, no UTF-8, policy, too large; our own from 4000 on.
HONEST = (1001, 1002, 1003, 1007, 1008, 1009)
OF_THE_INSIDE = (b"Traceback", b'File "', b".py", b"Error(", b"asyncpg")


async def malformed(stage: Stage) -> None:
    """F34: each of them on each kind of socket, five thousand by chance, and a thousand sockets
    whose people nobody knows."""
    house = stage.house
    cookie = house.users[0][1]
    doors = (("/ws/chat", ""), ("/ws/agent", cookie), ("/ws/board", house.supervisor))
    turns = asyncio.Semaphore(AT_ONCE)
    async with stage.crowded(rate=10.0):
        before = most_resident(stage.node.pid)

        async def one(given: Malformed, path: str, cookie: str) -> None:
            async with turns:
                ended, heard = await _sent(stage, path, cookie, given)
            _judge(stage, f"{path}, {given.name}", given, ended, heard)

        await asyncio.gather(*(one(given, *door) for given in MALFORMED for door in doors))
        for _ in range(round(RANDOM * stage.share / IN_A_ROW)):
            data = b"".join(by_chance(stage.chance) for _ in range(IN_A_ROW))
            given = Malformed("by chance", data, ends=False)
            await _sent(stage, *stage.chance.choice(doors), given, within_s=0.05)
        await _strangers(stage, round(SILENT * stage.share))
        more = most_resident(stage.node.pid) - before
        if more > MORE_BYTES:
            stage.broken.append(f"the node held {more} bytes more")


def _judge(stage: Stage, what: str, given: Malformed, ended: bool, heard: bytes) -> None:
    code = close_code(heard)
    if given.ends and not ended:
        stage.broken.append(f"{what}: the socket stays")
    if code is not None and code not in HONEST and code < 4000:
        stage.broken.append(f"{what}: closed with {code}")
    stage.broken += [f"{what}: is told {word!r}" for word in OF_THE_INSIDE if word in heard]


async def _sent(
    stage: Stage, path: str, cookie: str, given: Malformed, *, within_s: float = ANSWERS_S
) -> tuple[bool, bytes]:
    """Whether the connection ended, and what was heard."""
    reader, writer = await asyncio.open_connection(*stage.house.url_of(stage.node))
    heard = b""
    with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        writer.write(upgrade(stage.house.url, path, cookie))
        await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(stage.within(ENDS_S if given.ends else within_s)):
            writer.write(given.head)
            for _ in range(given.times):
                writer.write(given.data)
                if given.times > 1:
                    await writer.drain()
            while more := await reader.read(65_536):
                heard += more
    ended = reader.at_eof() or reader.exception() is not None
    writer.transport.abort()
    return ended, heard


async def _strangers(stage: Stage, count: int) -> None:
    """Sockets without a word, and sockets for staff without a session, all at once."""
    house = stage.house
    ways = [upgrade(house.url, path) for path in ("/ws/chat", "/ws/agent", "/ws/board")]

    async def one(n: int) -> asyncio.StreamWriter | None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(*house.url_of(stage.node))
            writer.write(ways[n % len(ways)])
            return writer
        return None

    writers = await asyncio.gather(*(one(n) for n in range(count)))
    await asyncio.sleep(3)
    for writer in writers:
        if writer is not None:
            writer.transport.abort()
