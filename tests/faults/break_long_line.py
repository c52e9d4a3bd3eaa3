"""Redis is emptied while ten thousand wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio as redis

from tests.faults.break_redis import REDIS_S
from tests.faults.house import House, open_house
from tests.faults.stage import Stage

WAITING, CONNECTIONS = 10_000, 8
ELSEWHERE, LINES = "asiakaspalvelu@kela.example", "line:kela/*"  # whom no agent of the crowd serves


@asynccontextmanager
async def with_a_long_line() -> AsyncIterator[House]:
    """A house in which so many wait, who came by mail."""
    async with open_house() as house:
        node = await house.add_node()
        await asyncio.gather(
            *(_mails(node.smtp_port, range(n, WAITING, CONNECTIONS)) for n in range(CONNECTIONS))
        )
        yield house


async def emptied(stage: Stage) -> None:
    """F05L: FLUSHALL; within 15 s all stand in the same order as before, and offers go on."""
    client = redis.Redis.from_url(stage.house.servers.redis.url)
    async with stage.crowded(left_alone=WAITING):
        await asyncio.sleep(1)
        before = await _line(client)
        if len(before) != WAITING:
            stage.broken.append(f"{len(before)} stand in line, not {WAITING}")
        stage.over(REDIS_S)
        await client.flushall()
        end = time.monotonic() + stage.within(REDIS_S)
        while (after := await _line(client)) != before and time.monotonic() < end:
            await asyncio.sleep(0.1)
        if after != before:
            stage.broken.append(f"{len(after)} stand in line, not {len(before)} in the same order")
        await asyncio.sleep(3)
    await client.aclose()


async def _line(client: Any) -> list[bytes]:
    """Who waits, in order."""
    found: list[bytes] = []
    for line in sorted([key async for key in client.scan_iter(LINES)]):
        found += await client.zrange(line, 0, -1)
    return found


async def _mails(port: int, numbers: range) -> None:
    """One after the other on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(words: str, expect: bytes) -> None:
        writer.write(words.encode())
        while True:
            answer = await reader.readline()
            assert answer.startswith(expect), answer
            if answer[3:4] == b" ":
                return

    await say("", b"220")
    await say("EHLO crowd.example\r\n", b"250")
    for number in numbers:
        await say(f"MAIL FROM:<kansalainen{number}@example.org>\r\n", b"250")
        await say(f"RCPT TO:<{ELSEWHERE}>\r\n", b"250")
        await say("DATA\r\n", b"354")
        await say(_mail(number), b"250")
    await say("QUIT\r\n", b"221")
    writer.close()


def _mail(number: int) -> str:
    """Without an acknowledgement, which would be ten thousand mails of ours."""
    return (
        f"From: kansalainen{number}@example.org\r\nTo: {ELSEWHERE}\r\nSubject: Asia {number}\r\n"
        f"Message-ID: <pitka{number}@example.org>\r\nX-Auto-Response-Suppress: All\r\n\r\n"
        f"Kysyn asiasta {number}.\r\n.\r\n"
    )
