"""rss_loaded: MB of one process that does everything for 1,000 agents and 5,000 chats, 3,000 of
them with an agent. Floor: a process with as many bare aiohttp sockets. 350 MB are promised."""

from __future__ import annotations

import asyncio

from bench.chat import Line
from bench.chat_city import AT_ONCE, accepts, come
from bench.chat_client import connect
from bench.chat_idle import allow_files, kilobytes
from bench.chat_stage import Person, Process, bare, citizen, in_turn, nobody_waits, node, open_queue
from bench.measure import Sample, report
from bench.stage import Stage, free_port

AGENTS, CHATS, ROOM = 1_000, 5_000, 3


async def run(stage: Stage) -> None:
    """Measure and print."""
    allow_files(AGENTS + CHATS + 500)
    await nobody_waits(stage)
    async with bare(stage, "bench.bare_socket", stage.redis_url) as process:
        await in_turn(
            AGENTS + CHATS, AT_ONCE, lambda: connect(process.port, "/", lambda frame: None)
        )
        floor = kilobytes(process) / 1024
    async with node(stage, free_port()) as process:
        agents = await come(process, await open_queue(stage, *[ROOM] * AGENTS))
        await _chats(process, agents)
        report("rss_loaded", "MB", [Sample(kilobytes(process) / 1024, floor)])


async def _chats(process: Process, agents: list[Person]) -> None:
    """As many as there is room for have an agent, the others wait."""
    taken = [accepts(one, Line(1)) for one in agents]
    talking = await in_turn(AGENTS * ROOM, AT_ONCE, lambda: citizen(process.port))
    await asyncio.gather(*(one.wait("joined") for one in talking))
    assert sum(map(len, taken)) == AGENTS * ROOM
    await in_turn(CHATS - AGENTS * ROOM, AT_ONCE, lambda: citizen(process.port))
