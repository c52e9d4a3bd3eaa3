"""board_age: how old the figures on a supervisor's screen ever are, while 10 contacts/s come in and
500 agents on the sockets of the same web node take and close them. The age of a frame is taken when
the next one arrives: from `at`, when its figures were true, through adding up and sending, to the
last moment that it is shown. Floor: a bare socket that is told the time as often."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import redis.asyncio as redis

from bench.chat_client import Client, connect
from bench.chat_stage import bare, node
from bench.measure import Sample, quantile, report
from bench.stage import Stage
from contactcenter.accounts import sessions
from contactcenter.channel import Inbound, Sender
from contactcenter.kernel.loop import forever

AGENTS, A_SECOND, EVERY_S = 500, 10, 0.5
ROUNDS, ROUND_S, FLOOR_S, WARM_S = 5, 20, 10, 5
HIRE = """
WITH u AS (
    INSERT INTO users (organisation_id, email, name, role, capacity, password_hash)
    SELECT organisation_id, e, e, CASE WHEN e LIKE 'boss%' THEN 'supervisor' ELSE 'agent' END, 3, password_hash
    FROM users, unnest($1::text[]) AS e WHERE email = 'aino@mikkeli.example'
    RETURNING id, organisation_id, password_hash
), s AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT id, organisation_id FROM u
), k AS (
    INSERT INTO skill (user_id, organisation_id, task, language, level)
    SELECT id, organisation_id, 'daycare', 'fi', 1 FROM u
)
SELECT id, password_hash FROM u ORDER BY id
"""  # noqa: E501
_numbers = itertools.count()


async def run(stage: Stage) -> None:
    """Measure and print."""
    samples = []
    async with (
        _product(stage) as (port, cookie),
        bare(stage, "bench.bare_socket", stage.redis_url) as floor,
    ):
        heard: list[tuple[float, float]] = []
        await connect(floor.port, "/", lambda data: heard.append((time.time(), float(data))))
        await _watch(port, cookie, WARM_S)
        for _ in range(ROUNDS):
            ages = await _watch(port, cookie, ROUND_S)
            bare_ages = await _tick(stage, heard)
            samples.append(Sample(quantile(ages, 0.99), quantile(bare_ages, 0.99)))
    report("board_age_p99", "ms", samples)


@asynccontextmanager
async def _product(stage: Stage) -> AsyncIterator[tuple[int, str]]:
    """A web node with the agents; this process's node takes contacts in, offers and counts."""
    cookies = await _hire(stage, [f"board{n}" for n in range(AGENTS)] + ["boss"])
    own, router = stage.node, stage.node.router
    loops = [
        forever("router", router.run_once, every_s=5, wake=router.woken),
        forever("counting", own.counting.run_once, every_s=0.5),
        forever("settle", own.publisher.settle, every_s=0.1),
        forever("load", lambda: _arrive(stage), every_s=1 / A_SECOND),
    ]
    async with node(stage) as process:
        agents = [await _agent(process.port, cookie) for cookie in cookies[:-1]]
        tasks = [asyncio.create_task(loop) for loop in loops]
        yield process.port, cookies[-1]
        for task in tasks:
            task.cancel()
        for agent in agents:
            agent.close()


async def _hire(stage: Stage, names: list[str]) -> list[str]:
    """Users, and the cookies of their sessions."""
    cookies = []
    async with stage.node.db.transaction() as conn:
        for row in await conn.fetch(HIRE, [f"{name}@mikkeli.example" for name in names]):
            secret = await sessions.create(conn, row["id"], row["password_hash"])
            assert secret is not None
            cookies.append(f"contactcenter={secret.text}")
    return cookies


async def _agent(port: int, cookie: str) -> Client:
    """An agent who accepts every offer and closes it at once."""

    def hear(data: bytes) -> None:
        frame = json.loads(data)
        if frame["type"] == "offer":
            client.say(type="accept", offer=frame["offer"])
        elif frame["type"] == "contact" and frame["contact"]["state"] == "active":
            contact = frame["contact"]["contact"]
            client.say(type="wrap_up", contact=contact, disposition="answered")

    client = await connect(port, "/ws/agent", hear, {"Cookie": cookie})
    client.say(type="resume", after=0)
    client.say(type="state", value="available")
    return client


async def _arrive(stage: Stage) -> None:
    number = next(_numbers)
    mail = Inbound(
        channel="mail",
        to=("varhaiskasvatus@mikkeli.example",),
        fingerprint=f"board-{number}",
        sender=Sender(kind="email", address=f"b{number}@example.org", name="B"),
        external_id=f"<board{number}@example.org>",
        subject="Kysymys",
        text="Milloin haku päättyy?",
        language="fi",
    )
    await stage.node.reception.receive(mail)


async def _watch(port: int, cookie: str, seconds: float) -> list[float]:
    """Ages of the frames that a supervisor is shown, in ms."""
    heard: list[tuple[float, dict[str, Any]]] = []
    client = await connect(
        port,
        "/ws/board",
        lambda data: heard.append((time.time(), json.loads(data))),
        {"Cookie": cookie},
    )
    await asyncio.sleep(seconds)
    client.close()
    first, last = heard[0][1], heard[-1][1]
    assert _entered(last) - _entered(first) > seconds * A_SECOND / 2, "the load does not come in"
    true = [datetime.fromisoformat(frame["at"]).timestamp() for _, frame in heard]
    return [(until - at) * 1000 for at, (until, _) in zip(true, heard[1:], strict=False)]


def _entered(frame: dict[str, Any]) -> int:
    return sum(row["entered"] for row in frame["queues"])


async def _tick(stage: Stage, heard: list[tuple[float, float]]) -> list[float]:
    """The same of a bare socket, on which `heard` grows."""
    heard.clear()
    publisher = redis.Redis.from_url(stage.redis_url)
    for _ in range(round(FLOOR_S / EVERY_S)):
        await publisher.publish("bench", str(time.time()))
        await asyncio.sleep(EVERY_S)
    await publisher.aclose()
    return [(until - at) * 1000 for (_, at), (until, _) in itertools.pairwise(heard)]
