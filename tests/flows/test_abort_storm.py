"""Thousands of requests and sockets that break off anywhere, while people work: nothing of one
reaches another, and the house stands."""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.flows.citizen import Citizen, open_citizen
from tests.flows.client import Frame
from tests.flows.conftest import running
from tests.flows.product import Agent, Product

SEED = 20261124
WAVES, IN_A_WAVE, AT_ONCE = 40, 125, 40
GUESTS = 12  # citizens whose chats wait, and whose secrets the storm has
UNLIMITED = {
    f"CONTACTCENTER_{name}": "1000000"
    for name in (
        "SOCKETS_PER_ADDRESS",
        "CHAT_SOCKETS_PER_ADDRESS",
        "CHATS_PER_MINUTE_PER_ADDRESS",
        "WRITES_PER_MINUTE_PER_ADDRESS",
    )
}
# A citizen's mark stands in the name and in every message; a user's is the own name.
AT_WORK = {
    "aino@mikkeli.example": ("Aino Virtanen", "general", 3),
    "carla@mikkeli.example": ("Carla Niemi", "general", 2),
    "kirsi@kela.example": ("Kirsi Korhonen", "kela-advice", 2),
}
IDLE = {"bjorn@mikkeli.example": "Björn Lindqvist", "seppo@mikkeli.example": "Seppo Mäkelä"}
NAMES = [name for name, _, _ in AT_WORK.values()] + list(IDLE.values())
MARK = re.compile("|".join([r"mark-\w+-", *NAMES]))
RESET = struct.pack("ii", 1, 0)  # closed without a goodbye


class Kept(list[Frame]):
    """Frames, those that were taken out too."""

    def __init__(self, before: Iterable[Frame]) -> None:
        super().__init__(before)
        self.all = list(self)

    def append(self, frame: Frame) -> None:
        """Keep it."""
        super().append(frame)
        self.all.append(frame)


@dataclass
class Watched:
    """Somebody whose socket lives through the storm: what may be on it, and what was."""

    who: Agent | Citizen
    marks: set[str]
    contacts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.heard = Kept(self.who.frames)
        self.who.frames = self.heard

    def check(self) -> None:
        """Every frame is about nobody else."""
        for frame in self.heard.all:
            text = json.dumps(frame, ensure_ascii=False)
            assert set(MARK.findall(text)) <= self.marks, text
            card = frame.get("contact")
            contact = card["contact"] if isinstance(card, dict) else card
            assert contact is None or contact in self.contacts, text


@dataclass(frozen=True)
class Aim:
    """One thing that the storm does: bytes of a request, and whose marks an answer may bear."""

    content: bytes
    marks: frozenset[str]


def frame(**given: Any) -> bytes:
    """A frame as a browser sends it, masked with zeros (RFC 6455 section 5.3)."""
    data = json.dumps(given).encode()
    assert len(data) < 65_536
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return b"\x81" + size + bytes(4) + data


class Storm:
    """Breaks off requests and sockets of users and citizens at any byte, at any moment."""

    def __init__(self, product: Product, cookies: dict[str, tuple[str, frozenset[str]]]) -> None:
        self._chance = random.Random(SEED)
        self._product, self._cookies = product, cookies
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self.guests: list[tuple[str, str]] = []  # secret, mark
        self.cases: list[tuple[str, str, frozenset[str]]] = []  # case, whose, marks in it
        self.answered = self.marked = self.started = 0

    async def wave(self) -> None:
        """One of many."""
        aims = [self._aim() for _ in range(IN_A_WAVE)]
        await asyncio.gather(*(self._break_off(aim) for aim in aims))

    def _aim(self) -> Aim:
        kinds = (self._request, self._case, self._agent, self._guest, self._newcomer)
        return self._chance.choices(kinds, (2, 2, 3, 2, 1))[0]()

    def _request(self) -> Aim:
        cookie, marks = self._cookies[self._chance.choice(sorted(self._cookies))]
        path = self._chance.choice(("/api/session", "/account", "/login", "/widget.js", "/chat"))
        return Aim(self._head(f"GET {path}", f"Cookie: {cookie}"), marks)

    def _case(self) -> Aim:
        """Colleagues may read it, another organisation may not."""
        email = self._chance.choice(sorted(self._cookies))
        case, house, marks = self._chance.choice(self.cases)
        seen = marks if email.endswith(house) else frozenset[str]()
        cookie = f"Cookie: {self._cookies[email][0]}"
        return Aim(self._head(f"GET /api/cases/{case}/messages", cookie), seen)

    def _agent(self) -> Aim:
        cookie, marks = self._cookies[self._chance.choice(sorted(self._cookies))]
        first = frame(type="resume", after=self._chance.choice((0, 0, 3)))
        return Aim(self._upgrade("/ws/agent", f"Cookie: {cookie}") + first, marks)

    def _guest(self) -> Aim:
        secret, mark = self._chance.choice(self.guests)
        first = frame(type="hello", queue="building", language="fi", resume=secret)
        return Aim(self._upgrade("/ws/chat") + first, frozenset({mark}))

    def _newcomer(self) -> Aim:
        self.started += 1
        mark = f"mark-n{self.started}-"
        first = frame(type="hello", queue="building", language="fi", name=mark, request_id=mark)
        said = frame(type="message", client_id="1", text=mark)
        return Aim(self._upgrade("/ws/chat") + first + said, frozenset({mark}))

    def _upgrade(self, path: str, *lines: str) -> bytes:
        given = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        return self._head(f"GET {path}", *given, key, *lines)

    def _head(self, first: str, *lines: str) -> bytes:
        host = self._product.url.removeprefix("http://")
        all_lines = (f"{first} HTTP/1.1", f"Host: {host}", f"Origin: {self._product.url}", *lines)
        return "\r\n".join((*all_lines, "", "")).encode()

    async def _break_off(self, aim: Aim) -> None:
        """Send a part or all of it, listen for a random moment or for an answer, and be gone."""
        whole = self._chance.random() < 0.7
        upto = len(aim.content) if whole else self._chance.randrange(len(aim.content))
        steps = 2 ** self._chance.randrange(11)
        waits = whole and self._chance.random() < 0.2
        async with self._at_once:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._product.port)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.write(aim.content[:upto])
            heard = bytearray()
            listening = asyncio.create_task(_listen(reader, heard))
            await _pass(steps, heard, waits=waits)
            listening.cancel()
            writer.transport.abort()
            await asyncio.gather(listening, return_exceptions=True)
        self._check(aim, bytes(heard).decode(errors="replace"))

    def _check(self, aim: Aim, heard: str) -> None:
        found = set(MARK.findall(heard))
        assert found <= aim.marks, heard
        self.answered += bool(heard)
        self.marked += bool(found)


async def _listen(reader: asyncio.StreamReader, heard: bytearray) -> None:
    try:
        while data := await reader.read(65_536):
            heard += data
    except ConnectionError:
        pass


async def _pass(steps: int, heard: bytearray, *, waits: bool) -> None:
    """Let the loop turn so often; where the answer is waited for, not before it has begun."""
    async with asyncio.timeout(30):
        while steps > 0 or (waits and not heard):
            await asyncio.sleep(0)
            steps -= 1


class Pair:
    """A citizen and the agent who has the chat, both watched."""

    def __init__(self, citizen: Citizen, agent: Agent, mark: str, case: str) -> None:
        self.citizen, self.agent, self.mark, self.case = citizen, agent, mark, case

    async def talk(self, n: int) -> None:
        """Word and answer."""
        asked, answer = f"{self.mark} {n} kysymys", f"{self.mark} {n} vastaus"
        await self.citizen.say(asked, f"v{n}")
        contact = self.citizen.contact
        assert contact is not None
        await self.agent.wait(lambda f: f["type"] == "message" and f["message"]["text"] == asked)
        await self.agent.reply(contact, answer, f"{self.mark}{n}")
        await self.citizen.of("message", text=answer)


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    """It, without the limits of an address: all come from one here."""
    async with running(**UNLIMITED) as started:
        yield started


async def _at_work(
    stack: AsyncExitStack, product: Product, email: str
) -> tuple[Watched, list[Watched], list[Pair]]:
    """An agent with as many chats as there is room for in the plan; nobody else is available."""
    name, queue, count = AT_WORK[email]
    agent = await stack.enter_async_context(product.agent(email))
    watched, citizens, pairs = Watched(agent, {name}), [], []
    await agent.available()
    for n in range(count):
        mark = f"mark-{email[:2]}{n}-"
        citizen = await stack.enter_async_context(open_citizen(product, queue))
        await citizen.hello(name=mark)
        assert citizen.contact is not None
        watched.marks.add(mark)
        watched.contacts.add(citizen.contact)
        case = (await agent.take())["contact"]["case"]
        citizens.append(Watched(citizen, {mark, name}, {citizen.contact}))
        pairs.append(Pair(citizen, agent, mark, case))
    await agent.send(type="state", value="break")  # who comes now, comes to somebody else
    await agent.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "break")
    return watched, citizens, pairs


async def _guests(product: Product, storm: Storm) -> dict[str, str]:
    """Citizens who wait in a line that nobody serves; the contact of each mark."""
    contacts: dict[str, str] = {}
    for n in range(GUESTS):
        mark = f"mark-g{n}-"
        async with open_citizen(product, "building") as citizen:
            await citizen.hello(name=mark)
            await citizen.say(mark, "g")
            assert citizen.secret is not None
            assert citizen.contact is not None
            storm.guests.append((citizen.secret, mark))
            contacts[mark] = citizen.contact
    return contacts


async def _take_turns(agent: list[Pair], n: int) -> None:
    for pair in agent:
        await pair.talk(n)


async def test_abort_storm(product: Product) -> None:
    async with AsyncExitStack() as stack:
        cookies: dict[str, tuple[str, frozenset[str]]] = {}
        everybody: list[Watched] = []
        tables: list[list[Pair]] = []
        for email in AT_WORK:
            watched, citizens, pairs = await _at_work(stack, product, email)
            assert isinstance(watched.who, Agent)
            cookies[email] = (watched.who.cookie, frozenset(watched.marks))
            everybody += [watched, *citizens]
            tables.append(pairs)
        for email, name in IDLE.items():
            idle = await stack.enter_async_context(product.agent(email))
            cookies[email] = (idle.cookie, frozenset({name}))
            everybody.append(Watched(idle, {name}))
        storm = Storm(product, cookies)
        for (email, (name, _, _)), pairs in zip(AT_WORK.items(), tables, strict=True):
            house = email.partition("@")[2]
            storm.cases += [(p.case, house, frozenset({p.mark, name})) for p in pairs]
        guests = await _guests(product, storm)
        for n in range(WAVES):
            await asyncio.gather(storm.wave(), *(_take_turns(table, n) for table in tables))
        for watched in everybody:
            watched.check()
        assert storm.answered > WAVES * IN_A_WAVE / 10
        assert storm.marked > WAVES * IN_A_WAVE / 50
        for pair in (pair for table in tables for pair in table):
            assert len(pair.citizen.story()) == 2 * WAVES
        for secret, mark in storm.guests:
            async with open_citizen(product, "building") as citizen:
                citizen.secret = secret
                assert (await citizen.hello())["contact"] == guests[mark]
                await citizen.of("message")
                assert [text for _, _, text in citizen.story()] == [mark]
        bjorn = next(iter(IDLE))
        async with product.agent(bjorn) as agent:
            assert (await agent.get("/health/ready"))[0] == 200
    assert (await product.verify())["violations"] == []
    assert '"level": "error"' not in product.log()
    assert '"level":"ERROR"' not in product.log()
