"""chat_city_p99, chat_city_memory: a whole city chats with one process that does everything. 5,000
citizens wait in the line, 500 talk with 200 agents and write a message each 10 s; how long a
message takes to its agent, and kB of the process for each socket. Nothing may be lost on the way.
Floors: 250 ms, which is what the house promises, and bare aiohttp sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

from bench.chat import Line
from bench.chat_client import connect
from bench.chat_idle import allow_files, at_rest, kilobytes
from bench.chat_stage import (
    Person,
    Process,
    agent,
    bare,
    citizen,
    in_turn,
    nobody_waits,
    node,
    open_queue,
)
from bench.measure import Sample, quantile, report
from bench.stage import Stage, free_port

IDLE, TALKING, AGENTS = 5_000, 500, 200
EVERY_S, SECONDS, ROUNDS = 10, 20.0, 3
PROMISED_MS = 250.0
AT_ONCE = 20
FIRST = 20  # agents who sign in before memory is looked at


async def run(stage: Stage) -> None:
    """Measure and print both."""
    allow_files(IDLE + TALKING + AGENTS + 500)
    await nobody_waits(stage)
    async with bare(stage, "bench.bare_socket", stage.redis_url) as process:
        floor = await _bare(process)
    async with node(stage, free_port()) as process:
        emails = await open_queue(stage, *_capacities())
        agents = await come(process, emails[:FIRST])  # what is made once is made now
        before = await at_rest(process)
        agents += await come(process, emails[FIRST:])
        line = await _city(process, agents)
        await line.at_rate(TALKING // EVERY_S, EVERY_S)
        each = (kilobytes(process) - before) / (IDLE + TALKING + AGENTS - FIRST)
        samples = []
        for _ in range(ROUNDS):
            took = await line.at_rate(TALKING // EVERY_S, SECONDS)  # raises where one is lost
            samples.append(Sample(quantile(took, 0.99), PROMISED_MS))
        report("chat_city_p99", "ms", samples)
        report("chat_city_memory", "kB", [Sample(each, floor)])


async def _bare(process: Process) -> float:
    """kB a socket."""
    before = kilobytes(process)
    count = IDLE + TALKING + AGENTS
    await in_turn(count, AT_ONCE, lambda: connect(process.port, "/", lambda frame: None))
    return (kilobytes(process) - before) / count


async def come(process: Process, emails: list[str]) -> list[Person]:
    """Agents sign in and are at work."""
    left = iter(emails)
    return await in_turn(len(emails), AT_ONCE, lambda: agent(process.port, next(left)))


async def _city(process: Process, agents: list[Person]) -> Line:
    """Who talks is there first; those who come later find no agent with room."""
    line = Line(TALKING)
    joined = [accepts(one, line) for one in agents]
    talking = await in_turn(TALKING, AT_ONCE, lambda: citizen(process.port))
    await asyncio.gather(*(one.wait("joined") for one in talking))
    assert sum(map(len, joined)) == TALKING
    waiting = await in_turn(IDLE, AT_ONCE, lambda: citizen(process.port))
    for one in talking + waiting:
        one.hand_to(lambda frame: None)

    def send(n: int, text: str) -> None:
        frame = {"type": "message", "client_id": text[1:9], "text": text}
        talking[n].client.send(json.dumps(frame).encode())

    line.send = send
    return line


def _capacities() -> Iterator[int]:
    """The agents' room for chats: together as many as talk."""
    for n in range(AGENTS):
        yield TALKING * (n + 1) // AGENTS - TALKING * n // AGENTS


def accepts(person: Person, line: Line) -> set[str]:
    """Let an agent take every offer, and hear what is said. Returns the offers taken so far."""
    taken: set[str] = set()

    def hear(frame: bytes) -> None:
        if b'"offer"' in frame[:200]:
            found = json.loads(frame)
            if found["type"] == "offer":
                taken.add(found["offer"])
                person.client.say(type="accept", offer=found["offer"])
        line.heard(frame)

    person.hand_to(hear)
    return taken
