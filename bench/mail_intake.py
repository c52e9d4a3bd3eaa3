"""mail_intake: mails/s from SMTP DATA to the committed contact, 5 kB, 8 connections, the product's
door and intake in one process. Floor: aiosmtpd storing the bytes by one insert. The senders are a
process of their own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import asyncpg
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.measure import ROUNDS, Known, Sample, collect, report
from bench.stage import Stage
from contactcenter.channel import CallChannel, DeskChannel, LiveChannel
from contactcenter.doors import open_channel

MAILS = 800


async def run(stage: Stage) -> None:
    """Measure and print."""
    report("mail_intake", "mails/s", await collect(_rounds(stage)), Known(384, rate=True))


class _Floor:
    """The least a mail server can do that says 250 only when the mail is safe."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self._pool.execute("INSERT INTO floor_mail (body) VALUES ($1)", envelope.content)
        return "250 stored"


async def _rounds(stage: Stage) -> AsyncIterator[Sample]:
    loop = asyncio.get_running_loop()
    pool = await asyncpg.create_pool(stage.database_url, min_size=8, max_size=8)
    handler = _Floor(pool)
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    floor_port = server.sockets[0].getsockname()[1]
    door = open_channel("channels.email", stage.node.settings)
    assert not isinstance(door, (LiveChannel, DeskChannel, CallChannel))
    listening = asyncio.create_task(door.listen(stage.node.reception))
    await stage.node.reception.wait_listening(1)
    port = stage.node.reception.ports["smtp"][1]
    await _rate(floor_port, 50)
    await _rate(port, 50)
    for _ in range(ROUNDS):
        floor = await _rate(floor_port, MAILS)
        yield Sample(await _rate(port, MAILS), floor)
        await stage.node.publisher.settle()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    server.close()
    await server.wait_closed()
    await pool.close()


async def _rate(port: int, mails: int) -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.mail_sender",
        str(port),
        str(mails),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return float(out)
