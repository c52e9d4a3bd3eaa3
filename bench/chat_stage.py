"""Chats for a bench: a queue of their own, agents who take one each, and citizens who wait."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bench.chat_client import Client, connect
from bench.stage import Stage, free_port
from contactcenter.kernel.loop import forever
from contactcenter.watch import sign_in

NO_LIMIT = "1000000"
LIMITS = {
    "CONTACTCENTER_CHAT_FRAMES_PER_10_S": NO_LIMIT,
    "CONTACTCENTER_CHATS_PER_MINUTE_PER_ADDRESS": NO_LIMIT,
    "CONTACTCENTER_CHAT_SOCKETS_PER_ADDRESS": NO_LIMIT,
    "CONTACTCENTER_LOGINS_PER_MINUTE_PER_ADDRESS": NO_LIMIT,
    "CONTACTCENTER_MAILS_PER_MINUTE_PER_ADDRESS": NO_LIMIT,
}
# A bench that is ended, however, leaves nothing at work.
ENDS = {"CONTACTCENTER_ENDS_WITH_PARENT": "1"}
OPEN = """
WITH q AS (
    INSERT INTO queue (organisation_id, key, name, task, languages, channels)
    SELECT id, 'bench', '{"fi": "Mittaus"}', 'bench', '{fi}', '{chat}'
    FROM organisation WHERE key = 'mikkeli' ON CONFLICT DO NOTHING
), u AS (
    INSERT INTO users (organisation_id, email, name, role, capacity, password_hash)
    SELECT organisation_id, e, e, 'agent', c, password_hash
    FROM users, unnest($1::text[], $2::int[]) AS given (e, c)
    WHERE email = 'aino@mikkeli.example' RETURNING id, organisation_id
), s AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT id, organisation_id FROM u
)
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT id, organisation_id, 'bench', 'fi', 1 FROM u
"""
OVER = """
WITH gone AS (UPDATE agent SET state = 'offline', load = 0, mails = 0, version = version + 1)
UPDATE contact SET state = 'closed', offer_id = NULL WHERE state IN ('queued', 'offered', 'active', 'wrap_up')
"""  # noqa: E501
Frame = dict[str, Any]


@dataclass(frozen=True)
class Process:
    """A server on a port of its own."""

    pid: int
    port: int


@asynccontextmanager
async def bare(stage: Stage, *words: str) -> AsyncIterator[Process]:
    """A floor's process, which prints its port."""
    async with _process(stage, words) as (pid, line):
        yield Process(pid, int(line))


@asynccontextmanager
async def node(stage: Stage, smtp_port: int | None = None) -> AsyncIterator[Process]:
    """A web node of the product; it does all the rest as well where it has a port for mail. By its
    port in the settings it knows its public URL, which links in mails lead to."""
    port = free_port()
    more = ENDS | {"CONTACTCENTER_PORT": str(port)}
    only = ("--only", "web") if smtp_port is None else ()
    if smtp_port is not None:
        more["CONTACTCENTER_SMTP_PORT"] = str(smtp_port)
    async with _process(stage, ("contactcenter", "serve", *only), more) as (pid, line):
        assert b"ready" in line
        yield Process(pid, port)


@asynccontextmanager
async def _process(
    stage: Stage, words: tuple[str, ...], more: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[tuple[int, bytes]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *words,
        env=stage.environment() | LIMITS | dict(more),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield process.pid, await process.stdout.readline()
    finally:
        process.kill()  # thousands of goodbyes are not what is measured
        await process.wait()


async def nobody_waits(stage: Stage) -> None:
    """What an earlier bench left in the line is over, and its agents have gone home."""
    async with stage.node.db.connection() as conn:
        await conn.execute(OVER, timeout=60)
    await stage.node.live.call("FLUSHALL")
    await stage.node.reconciler.rebuild_if_wiped()


async def open_queue(stage: Stage, *capacities: int) -> list[str]:
    """The queue where it is missing, and an agent with room for so many chats for each of the
    capacities; their addresses."""
    emails = [f"chat{n}-{secrets.token_hex(4)}@mikkeli.example" for n in range(len(capacities))]
    async with stage.node.db.connection() as conn:
        await conn.execute(OPEN, emails, list(capacities))
    return emails


class Person:
    """A client that waits for frames, and then hands them on as they are."""

    def __init__(self) -> None:
        self.client: Client
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()

    async def wait(self, kind: str) -> Frame:
        """The next frame of a type."""
        async with asyncio.timeout(60):
            while True:
                frame: Frame = json.loads(await self._frames.get())
                if frame["type"] == kind:
                    return frame

    def hear(self, frame: bytes) -> None:
        """Keep a frame until it is waited for."""
        self._frames.put_nowait(frame)

    def hand_to(self, on_frame: Callable[[bytes], None]) -> None:
        """From now on frames go there."""
        self.client.on_frame = on_frame


async def citizen(port: int) -> Person:
    """A citizen whose chat waits in the line."""
    person = Person()
    person.client = await connect(port, "/ws/chat", person.hear)
    person.client.say(type="hello", queue="bench", language="fi", request_id=secrets.token_hex(8))
    await person.wait("welcome")
    return person


async def agent(port: int, email: str) -> Person:
    """An agent at work."""
    cookie = await sign_in(f"http://127.0.0.1:{port}", email, "mikkeli-demo")
    person = Person()
    person.client = await connect(port, "/ws/agent", person.hear, {"Cookie": cookie})
    person.client.say(type="resume", after=0)
    await person.wait("snapshot")
    person.client.say(type="state", value="available")
    await person.wait("agent")
    return person


async def talking(
    stage: Stage, citizens_port: int, agents_port: int, emails: list[str]
) -> tuple[list[Person], list[Person]]:
    """As many citizens as agents, each in a chat."""
    router = stage.node.router
    routing = asyncio.create_task(
        forever("router", router.run_once, every_s=0.2, wake=router.woken)
    )
    try:
        citizens = await asyncio.gather(*(citizen(citizens_port) for _ in emails))
        agents = await asyncio.gather(*(agent(agents_port, email) for email in emails))
        await asyncio.gather(*map(_accept, agents), *(one.wait("joined") for one in citizens))
    finally:
        routing.cancel()
    return citizens, agents


async def _accept(person: Person) -> None:
    offer = (await person.wait("offer"))["offer"]
    person.client.say(type="accept", offer=offer)
    await person.wait("contact")


async def in_turn(count: int, at_once: int, work: Callable[[], Awaitable[Any]]) -> list[Any]:
    """Do it so often, some at once."""
    gate = asyncio.Semaphore(at_once)

    async def one() -> Any:
        async with gate:
            return await work()

    return await asyncio.gather(*(one() for _ in range(count)))
