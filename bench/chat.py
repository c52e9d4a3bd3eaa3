"""chat: a citizen's socket, the commit, the agent's socket on another node; 50 chats, 100 bytes.
chat_max: durable messages/s with 200 in flight. Floor: the same ways with one insert, one commit
and one PUBLISH a message (bench/bare_chat.py)."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bench.chat_client import connect
from bench.chat_stage import bare, node, open_queue, talking
from bench.measure import ROUNDS, Known, Sample, quantile, report
from bench.stage import Stage

CHATS, IN_FLIGHT = 50, 200
RATES = {50: 5.0, 500: 2.0}  # messages/s: seconds a round
MAX_S = 2.0
KNOWN = {(50, 0.5): 2.4, (50, 0.99): 8.0, (500, 0.5): 1.3, (500, 0.99): 8.0}
_numbers = itertools.count()
Send = Callable[[int, str], None]


class Line:
    """Citizens' mouths and agents' ears of one side. `send` lets citizen n say a text; what the
    agents hear is given to `heard`."""

    def __init__(self, chats: int = CHATS) -> None:
        self.chats = chats
        self.send: Send
        self._on_arrival: Callable[[int, float], None]
        self._under_way: dict[int, float] = {}
        self._empty = asyncio.Event()

    def heard(self, frame: bytes) -> None:
        """A frame on an agent's socket; only messages hold the sign."""
        now, at = time.perf_counter(), frame.find(b"#")
        if at < 0:
            return
        number = int(frame[at + 1 : at + 9])
        began = self._under_way.pop(number, None)
        if began is not None:  # else a card's story, which has the sign too
            self._on_arrival(number, (now - began) * 1000)
            if not self._under_way:
                self._empty.set()

    def _say(self, citizen: int) -> None:
        number = next(_numbers) * self.chats + citizen
        self._empty.clear()
        self._under_way[number] = time.perf_counter()
        self.send(citizen, f"#{number:08d}".ljust(100, "x"))

    async def at_rate(self, rate: int, seconds: float) -> list[float]:
        """The messages' ways in ms, sent at so many a second."""
        took: list[float] = []
        self._on_arrival = lambda number, ms: took.append(ms)
        began = time.perf_counter()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0, began + n / rate - time.perf_counter()))
            self._say(n % self.chats)
        await asyncio.wait_for(self._empty.wait(), 30)
        return took

    async def at_most(self, seconds: float) -> float:
        """Messages/s while so many are always under way."""
        arrived = 0
        ends = time.perf_counter() + seconds

        def on_arrival(number: int, ms: float) -> None:
            nonlocal arrived
            if time.perf_counter() < ends:
                arrived += 1
                self._say(number % self.chats)

        self._on_arrival = on_arrival
        for n in range(IN_FLIGHT):
            self._say(n % self.chats)
        await asyncio.wait_for(self._empty.wait(), seconds + 30)
        return arrived / seconds


async def run(stage: Stage) -> None:
    """Measure and print."""
    async with _floor(stage) as floor, product(stage) as ours:
        for side in (floor, ours):
            await side.at_most(0.5)
        for rate, seconds in RATES.items():
            rounds = [r async for r in _rounds(ours, floor, rate, seconds)]
            for share in (0.5, 0.99):
                samples = [Sample(quantile(v, share), quantile(f, share)) for v, f in rounds]
                known = Known(KNOWN[rate, share], rate=False)
                report(f"chat_{rate}_p{share * 100:.0f}", "ms", samples, known)
        most = [
            Sample(await ours.at_most(MAX_S), await floor.at_most(MAX_S)) for _ in range(ROUNDS)
        ]
        report("chat_max", "messages/s", most, Known(2300, rate=True))


async def _rounds(
    product: Line, floor: Line, rate: int, seconds: float
) -> AsyncIterator[tuple[list[float], list[float]]]:
    for _ in range(ROUNDS):
        yield await product.at_rate(rate, seconds), await floor.at_rate(rate, seconds)


@asynccontextmanager
async def _floor(stage: Stage) -> AsyncIterator[Line]:
    line, urls = Line(), (stage.database_url, stage.redis_url)
    async with AsyncExitStack() as stack:
        inward = await stack.enter_async_context(bare(stage, "bench.bare_chat", "citizens", *urls))
        outward = await stack.enter_async_context(bare(stage, "bench.bare_chat", "agents", *urls))
        mouths = [await connect(inward.port, f"/{n}", lambda frame: None) for n in range(CHATS)]
        for n in range(CHATS):
            await connect(outward.port, f"/{n}", line.heard)
        line.send = lambda n, text: mouths[n].send(text.encode())
        yield line


@asynccontextmanager
async def product(stage: Stage, smtp_port: int | None = None) -> AsyncIterator[Line]:
    """The product's side; the citizens' node takes mail as well where it has a port for it."""
    line, emails = Line(), await open_queue(stage, *[1] * CHATS)
    async with node(stage, smtp_port) as inward, node(stage) as outward:
        citizens, agents = await talking(stage, inward.port, outward.port, emails)
        for person in citizens:
            person.hand_to(lambda frame: None)
        for person in agents:
            person.hand_to(line.heard)

        def send(n: int, text: str) -> None:
            frame = {"type": "message", "client_id": text[1:9], "text": text}
            citizens[n].client.send(json.dumps(frame).encode())

        line.send = send
        yield line
