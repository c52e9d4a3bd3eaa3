"""Citizens and agents who go on whatever happens to the servers, and remember what they were told.

Each keeps to the protocol: what was not acknowledged is sent again with its own id, a socket that
closed is opened again.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import aiosmtplib
from websockets.exceptions import WebSocketException

from tests.flows.citizen import Citizen
from tests.flows.client import Frame
from tests.flows.poll import until
from tests.flows.product import Agent, Product, letter

_numbers = itertools.count(1)
_LOST = (AssertionError, OSError, TimeoutError, WebSocketException)
_ANSWER_S = 12.0
_PAUSE_S = 0.1  # a browser waits longer before it tries again
AWAY = {"unavailable", "internal"}


@dataclass
class Told:
    """What was acknowledged, in the order of the acknowledgements. `said` and `replied`: client
    ids; `contacts`: of chats; `mails`: Message-IDs."""

    said: list[str] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    reconnected: int = 0

    def counts(self) -> tuple[int, int, int, int]:
        """How many of each kind that goes on all the time."""
        return len(self.said), len(self.replied), len(self.mails), len(self.offers)


class Load:
    """Everybody. `told` may be replaced on the way, to tell before from after."""

    def __init__(self) -> None:
        self.told = Told()

    async def more(self, n: int, seconds: float = 60.0) -> None:
        """Wait until each kind was acknowledged so many times more."""
        wanted = [count + n for count in self.told.counts()]
        await until(
            lambda: all(is_ >= want for is_, want in zip(self.told.counts(), wanted, strict=True)),
            seconds,
        )

    async def chats(self, product: Product) -> None:
        """A citizen who always has something to say; a new one where the chat is over."""
        while True:
            citizen = Citizen(product)
            with suppress(*_LOST):
                await self._begin(citizen)
            while citizen.secret is not None:
                await self._say(citizen, f"s{next(_numbers)}")

    async def mails(self, product: Product) -> None:
        """Somebody who mails, one after the other."""
        while True:
            mail = letter(f"Kysymys {next(_numbers)}")
            while True:
                try:
                    async with asyncio.timeout(_ANSWER_S):
                        await product.mail(mail)
                except (aiosmtplib.SMTPException, OSError):
                    await asyncio.sleep(_PAUSE_S)
                else:
                    self.told.mails.append(mail["Message-ID"])
                    break
            await asyncio.sleep(_PAUSE_S)

    async def works(self, product: Product, email: str) -> None:
        """An agent who takes what comes, answers and goes on to the next."""
        async with _signed_in(product, email) as agent:
            while True:
                with suppress(*_LOST):
                    await self._open(agent)
                    while True:
                        await self._take(agent)
                await agent.close()
                self.told.reconnected += 1
                await asyncio.sleep(_PAUSE_S)

    async def _begin(self, citizen: Citizen) -> None:
        await citizen.connect()
        await citizen.hello(request_id=f"r{next(_numbers)}")
        assert citizen.contact is not None
        self.told.contacts.append(citizen.contact)

    async def _say(self, citizen: Citizen, client_id: str) -> None:
        while True:
            with suppress(*_LOST):
                await citizen.send(type="message", client_id=client_id, text=client_id)
                frame = await citizen.wait(_answers(client_id), _ANSWER_S)
                if frame["type"] == "message":
                    self.told.said.append(client_id)
                    await asyncio.sleep(_PAUSE_S)
                    return
                if frame["type"] == "closed":
                    break
                await asyncio.sleep(_PAUSE_S)
                continue
            if not await self._return(citizen):
                break
        with suppress(*_LOST):
            await citizen.close()
        citizen.secret = None

    async def _return(self, citizen: Citizen) -> bool:
        """Connect again; whether the chat is still there."""
        while True:
            self.told.reconnected += 1
            await asyncio.sleep(_PAUSE_S)
            with suppress(*_LOST):
                citizen.frames.clear()
                await citizen.close()
                await citizen.connect()
                await citizen.send(
                    **{"type": "hello", "queue": citizen.queue, "language": citizen.language},
                    resume=citizen.secret,
                    after=max(citizen.messages, default=0),
                )
                frame = await citizen.wait(
                    lambda f: f["type"] in ("welcome", "closed", "error"), _ANSWER_S
                )
                if frame["type"] == "welcome":
                    citizen.secret = frame["resume"]
                    return True
                if frame.get("code") not in AWAY:
                    return False

    async def _open(self, agent: Agent) -> None:
        agent.frames.clear()
        await agent.open()
        for card in agent.snapshot["contacts"]:
            await self._finish(agent, card["contact"])
        await agent.available()

    async def _take(self, agent: Agent) -> None:
        offer = await agent.wait(
            lambda f: f["type"] == "offer" or (f["type"] == "snapshot" and f["offers"] != [])
        )
        offer = offer if offer["type"] == "offer" else offer["offers"][0]
        await agent.send(type="accept", offer=offer["offer"], ref=offer["offer"])
        frame = await agent.wait(
            lambda f: (
                (f["type"] == "error" and f.get("ref") == offer["offer"])
                or (f["type"] == "contact" and f["contact"]["contact"] == _of(offer))
            ),
            _ANSWER_S,
        )
        if frame["type"] == "contact" and frame["contact"]["state"] == "active":
            self.told.offers.append(offer["offer"])
            await self._finish(agent, _of(offer))

    async def _finish(self, agent: Agent, contact: str) -> None:
        """Answer and close, each until it is acknowledged."""
        client_id = f"a{next(_numbers)}"

        async def answered() -> Frame:
            await agent.send(
                type="reply", contact=contact, client_id=client_id, text=client_id, ref=client_id
            )
            return await agent.wait(
                lambda f: (
                    (f["type"] == "error" and f.get("ref") == client_id)
                    or (f["type"] == "message" and f["message"].get("client_id") == client_id)
                ),
                _ANSWER_S,
            )

        if (await _until(answered))["type"] != "message":
            return
        self.told.replied.append(client_id)

        async def wrapped() -> Frame:
            await agent.send(
                type="wrap_up", contact=contact, disposition="answered", ref=f"w{client_id}"
            )
            return await agent.wait(
                lambda f: (
                    (f["type"] == "error" and f.get("ref") == f"w{client_id}")
                    or (f["type"] == "contact" and f["contact"]["state"] == "closed")
                ),
                _ANSWER_S,
            )

        await _until(wrapped)
        agent.frames[:] = [f for f in agent.frames if f["type"] in ("offer", "snapshot")]


def _of(offer: Frame) -> str:
    contact: str = offer["contact"]["contact"]
    return contact


def _answers(client_id: str) -> Callable[[Frame], bool]:
    def wanted(frame: Frame) -> bool:
        return frame["type"] == "closed" or frame.get("client_id") == client_id

    return wanted


async def _until(asked: Callable[[], Awaitable[Frame]]) -> Frame:
    """Ask again while the servers are away."""
    while True:
        frame = await asked()
        if frame.get("code") not in AWAY:
            return frame
        await asyncio.sleep(_PAUSE_S)


@asynccontextmanager
async def _signed_in(product: Product, email: str) -> AsyncIterator[Agent]:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(headers={"Origin": product.url}, cookie_jar=jar) as http:
        given = {"email": email, "password": "mikkeli-demo"}
        async with http.post(f"{product.url}/api/session", json=given) as answer:
            assert answer.status == 200, await answer.text()
            user = (await answer.json())["user"]
            cookie = "; ".join(f"{n}={c.value}" for n, c in answer.cookies.items())
        agent = Agent(product.url, http, cookie, user)
        try:
            yield agent
        finally:
            await agent.close()


@asynccontextmanager
async def under_load(here: Product, there: Product) -> AsyncIterator[Load]:
    """Three citizens chat and one mails at one node; agents work at both."""
    load = Load()
    async with asyncio.TaskGroup() as group:
        work = [
            *(group.create_task(load.chats(here)) for _ in range(3)),
            group.create_task(load.mails(here)),
            group.create_task(load.works(there, "aino@mikkeli.example")),
            group.create_task(load.works(there, "carla@mikkeli.example")),
            group.create_task(load.works(here, "bjorn@mikkeli.example")),
        ]
        try:
            yield load
        finally:
            for one in work:
                one.cancel()
