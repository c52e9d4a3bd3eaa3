"""The house that is broken: real Postgres and Redis, nodes as processes, and before them one
address for HTTP and one for mail, as a city's load balancer gives. Started once for many faults."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from tests.channels.sink import Sink
from tests.faults.folders import own_folder, volume
from tests.faults.machine import patience
from tests.faults.office import Office
from tests.faults.proxy import Proxy
from tests.faults.servers import Servers
from tests.flows.client import WAIT_S
from tests.flows.clones import CLONE
from tests.flows.product import Product
from tests.flows.standby import Pair

AGENTS = 30
SERVERS = "servers"  # the folder in which Postgres and Redis lie
MANY = "1000000"
# One machine plays a whole city, so an address may do more than at home; and nobody is asked later
# how it went, which would leave in the middle of another fault.
PREPARE = """
UPDATE queue SET feedback = false, callbacks_per_half_hour = 1000, hours = '{}', always_open = true
"""
UNLIMITED = {
    f"CONTACTCENTER_{name}": MANY
    for name in (
        "LOGINS_PER_MINUTE_PER_ADDRESS",
        "WRITES_PER_MINUTE_PER_ADDRESS",
        "SOCKETS_PER_ADDRESS",
        "CHAT_SOCKETS_PER_ADDRESS",
        "CHATS_PER_MINUTE_PER_ADDRESS",
        "CALLBACKS_PER_HOUR_PER_ADDRESS",
        "SMTP_CONNECTIONS_PER_ADDRESS",
        "MAILS_PER_MINUTE_PER_ADDRESS",
        "RECEIPTS_PER_MINUTE",
    )
}


class Node(Product):
    """One `contactcenter serve`. `sabotage`: the name of a wrong build of it."""

    sabotage: str | None = None
    forks = False  # a start takes here what it takes in a city

    @property
    def ready_s(self) -> float:  # type: ignore[override]
        """How long a start may take on this machine."""
        return WAIT_S * patience()

    def _command(self, *words: str) -> list[str]:
        if self.sabotage is None:
            return super()._command(*words)
        return [sys.executable, "-m", "tests.faults.sabotage", self.sabotage, *words]

    def stand_still(self) -> None:
        """SIGSTOP."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)


class House:
    """Everything, and the commands of an operator."""

    def __init__(self, folder: Path, sink: Sink, standby: Pair | None = None) -> None:
        self.folder = folder
        self.sink = sink
        self.standby = standby
        self.servers = Servers(folder / SERVERS)
        self.database_url = standby.url if standby else self.servers.postgres.url
        self.front, self.post = Proxy(), Proxy()
        self.redis_gate = Proxy(str(self.servers.redis.socket))
        self.postgres_gate = Proxy(self.servers.postgres_socket)
        self.url = f"http://127.0.0.1:{self.front.port}"
        self.nodes: list[Node] = []
        self.users: list[tuple[str, str]] = []  # agents: id and cookie
        self.supervisor = ""
        self.citizens = 0
        self.events: list[dict[str, Any]] = []  # of all faults so far
        self.violations: list[dict[str, Any]] = []  # that `verify` has named already
        self.levels: dict[str, Any] = {}  # service levels by queue
        self._numbers = count(1)
        self.office = Office(folder / "office" / "home", **self._environment())

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """All of them."""
        return (self.front, self.post, self.redis_gate, self.postgres_gate)

    async def open(self) -> None:
        """Start the servers, load the city and its agents. No node runs yet."""
        for proxy in self.proxies:
            await proxy.open()
        await self.servers.start(postgres=self.standby is None)
        await self.office.command("demo", "--json")
        self.levels = await self.office.levels()
        conn = await self.connect()
        await conn.fetch(CLONE, AGENTS)
        await conn.execute(PREPARE)
        await conn.close()

    async def close(self) -> None:
        """Stop all."""
        for node in self.nodes:
            if node.running:
                node.go_on()
                await node.kill()
        for proxy in self.proxies:
            await proxy.close()
        await self.servers.stop()

    async def add_node(
        self, *, sabotage: str | None = None, gated: bool = False, **environment: str
    ) -> Node:
        """Start a node behind the front; `gated`: its servers are behind proxies, too."""
        home = self.folder / f"node{next(self._numbers)}" / "home"
        node = Node(home, **self._environment(gated=gated) | environment)
        node.sabotage = sabotage
        node.home.mkdir(parents=True)
        self.nodes.append(node)
        await self.start(node)
        if not self.users:
            agents = [f"agent{n}@mikkeli.example" for n in range(1, AGENTS + 1)]
            *self.users, (_, self.supervisor) = await self.sign_in(*agents, "seppo@mikkeli.example")
        return node

    async def start(self, node: Node, **environment: str) -> None:
        """Start it, again or for the first time."""
        if self.url_of(node) not in self.front.upstreams:
            self.into_rotation(node)
        await node.start(verb=("serve",), **environment)

    async def remove_node(self, node: Node) -> int:
        """Stop it in order; its exit code."""
        code = await node.stop()
        self.forget(node)
        return code

    def forget(self, node: Node) -> None:
        """It is behind the front no more."""
        self.nodes.remove(node)
        self.out_of_rotation(node)

    def out_of_rotation(self, node: Node) -> None:
        """The front sends nobody there any more; who is there stays."""
        self.front.upstreams.remove(self.url_of(node))
        self.post.upstreams.remove(("127.0.0.1", node.smtp_port))

    def into_rotation(self, node: Node) -> None:
        """The front sends people there again."""
        self.front.upstreams.append(self.url_of(node))
        self.post.upstreams.append(("127.0.0.1", node.smtp_port))

    @asynccontextmanager
    async def only(self, *nodes: Node) -> AsyncIterator[None]:
        """These nodes alone, and one as before afterwards."""
        for other in [other for other in self.nodes if other not in nodes]:
            await self.remove_node(other)
        yield
        for node in nodes:
            await self.remove_node(node)
        await self.add_node()

    @staticmethod
    def url_of(node: Node) -> tuple[str, int]:
        """Where it answers."""
        return ("127.0.0.1", node.port)

    async def connect(self, database: str | None = None) -> asyncpg.Connection:
        """To the database itself, past every proxy, for the recount; or to another beside it."""
        url = self.database_url
        return await asyncpg.connect(url, database=database, timeout=10, command_timeout=20)

    async def health(self) -> tuple[int, str]:
        """What the first node says of itself: HTTP status, and ok, degraded or down."""
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
            http.get(f"{self.nodes[0].url}/health/ready") as answer,
        ):
            return answer.status, (await answer.json())["status"]

    def _environment(self, *, gated: bool = False) -> dict[str, str]:
        postgres, redis = self.database_url, self.servers.redis.url
        if gated:
            postgres = f"postgresql://contactcenter@127.0.0.1:{self.postgres_gate.port}/"
            postgres += "contactcenter?sslmode=disable"
            redis = f"redis://127.0.0.1:{self.redis_gate.port}"
        return {
            "CONTACTCENTER_DATABASE_URL": postgres,
            "CONTACTCENTER_REDIS_URL": redis,
            "CONTACTCENTER_PUBLIC_URL": self.url,
            "CONTACTCENTER_ENDS_WITH_PARENT": "1",
            "CONTACTCENTER_RELAY": f"smtp://127.0.0.1:{self.sink.port}?starttls=never",
            **UNLIMITED,
        }

    async def sign_in(self, *emails: str) -> list[tuple[str, str]]:
        """User and cookie of each: sessions outlive nodes and servers."""
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(headers={"Origin": self.url}, cookie_jar=jar) as http:
            return [await self._cookie(http, email) for email in emails]

    async def _cookie(self, http: aiohttp.ClientSession, email: str) -> tuple[str, str]:
        body = {"email": email, "password": "mikkeli-demo"}
        async with http.post(f"{self.url}/api/session", json=body) as answer:
            assert answer.status == 200, await answer.text()
            user: str = (await answer.json())["user"]["id"]
            return user, "; ".join(f"{n}={c.value}" for n, c in answer.cookies.items())


@asynccontextmanager
async def open_house(
    standby: Pair | None = None, disk_mb: int | None = None
) -> AsyncIterator[House]:
    """A house in a folder of its own, taken away in the end. `standby`: whose Postgres it has.
    `disk_mb`: its servers have a volume of this size; raises CantMount."""
    with own_folder() as folder, volume(folder / SERVERS, disk_mb) if disk_mb else nullcontext():
        async with Sink() as sink:
            house = House(folder, sink, standby)
            try:
                await house.open()
                yield house
            finally:
                async with asyncio.timeout(120):
                    await house.close()
