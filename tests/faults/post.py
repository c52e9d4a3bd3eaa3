"""The mailboxes of a city, and a node that fetches from them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import aiohttp
import aiosmtplib

from tests.faults.citizens import ADDRESS, letter
from tests.faults.house import House, Node
from tests.faults.mail_server import PASSWORD, Folder, Lying, MailServer
from tests.faults.proxy import Proxy
from tests.faults.stage import Stage

ANOTHER = "rakennusvalvonta@mikkeli.example"
BOXES = {"general": ADDRESS, "building": ANOTHER}  # the user on the server is called as the box
FETCHED_S = 40.0
WATCHED = ("watching", "polling")
TABLE = """
[[mailbox]]
name = "{name}"
host = "127.0.0.1"
port = {port}
tls = "never"
user = "{name}"
password = "{password}"
to = "{to}"
"""
STORED = "SELECT external_id FROM contact WHERE external_id = ANY($1)"
# A killed node's lease on a mailbox ends after 12 s; they are no part of the fault.
FREE = "UPDATE lease SET until = now() WHERE name LIKE 'mailbox:%'"


class Post:
    """`server` behind the proxy `gate`, and the node that fetches."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.server = MailServer()
        self.server.folders = {name: Folder() for name in BOXES}
        self.server.reads = self._read
        self.gate = Proxy()
        self.node: Node
        self.owed: dict[str, str] = {}  # the box of each mail that came, by Message-ID
        self._given_up = set[str]()  # mails that were waited for long enough

    def come(self, times: int = 1, box: str = "general", *, most: int = 300) -> None:
        """So many mails come into a mailbox, each of up to `most` bytes more than it needs."""
        for _ in range(times):
            more = "".join(f"{'x' * 70}\n" for _ in range(self.stage.chance.randrange(most) // 71))
            self.put(letter(BOXES[box], more), box)

    def put(
        self, mail: EmailMessage, box: str, arrived: datetime | None = None, *, queues: int = 1
    ) -> None:
        """This mail comes; it is to `queues`. The city's server has taken it, and nobody but the
        product takes it out of there: it is owed, whether it is marked as read or not."""
        id_ = str(mail["Message-ID"])
        self.stage.ledger.intent(f"mailbox {box}", "mail", id_, queues=queues)
        self.server.folders[box].put(raw(mail), arrived)
        self.stage.ledger.ack(f"mailbox {box}", "mail", id_)
        self.owed[id_] = box

    async def by_smtp(self, mail: EmailMessage) -> None:
        """The same bytes by the other door."""
        await aiosmtplib.send(
            raw(mail),
            sender="citizen@example.org",
            recipients=[ADDRESS],
            hostname="127.0.0.1",
            port=self.stage.house.post.port,
            start_tls=False,
            timeout=60,
        )

    async def fetched(self, *boxes: str, seconds: float = FETCHED_S) -> bool:
        """Wait until all of these boxes (none: of any) is stored, so long at most; whether it
        is."""
        end = time.monotonic() + self.stage.within(seconds)
        owed = [
            id_
            for id_, box in self.owed.items()
            if box in (boxes or BOXES) and id_ not in self._given_up
        ]
        conn = await self.stage.house.connect()
        try:
            while missing := set(owed) - await self._stored(conn, owed):
                if time.monotonic() > end:
                    self._given_up |= missing
                    self.stage.broken.append(f"{len(missing)} mails were not fetched in time")
                    return False
                await asyncio.sleep(0.1)
        finally:
            await conn.close()
        return True

    async def health(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 10.0) -> None:
        """Wait until the node's health is so; else the fault is broken."""
        end, shown = time.monotonic() + self.stage.within(seconds), dict[str, Any]()
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < end:
                async with http.get(f"{self.node.url}/health/ready") as answer:
                    shown = json.loads(await answer.text())["checks"]
                if wanted(shown):
                    return
                await asyncio.sleep(0.1)
        self.stage.broken.append(f"the health page says {shown}")

    async def admin_sees(self, box: str, wanted: dict[str, object], seconds: float = 10.0) -> None:
        """Wait until an admin is shown this of a mailbox; else the fault is broken."""
        house, end = self.stage.house, time.monotonic() + self.stage.within(seconds)
        shown = dict[str, Any]()
        async with as_admin(house) as http:
            while time.monotonic() < end:
                async with http.get(f"{house.url}/api/mailboxes") as answer:
                    boxes = (await answer.json())["mailboxes"]
                (shown,) = [one for one in boxes if one["name"] == box]
                if wanted.items() <= shown.items():
                    return
                await asyncio.sleep(0.1)
        self.stage.broken.append(f"an admin is shown {shown}, and not {wanted}")

    async def free(self) -> None:
        """Whoever comes may fetch at once."""
        conn = await self.stage.house.connect()
        await conn.execute(FREE)
        await conn.close()

    async def _read(self, user: str, mails: list[Lying]) -> None:
        """I1: what is marked as read is stored."""
        ids = [id_ for mail in mails if (id_ := _id(mail.raw)) in self.owed]
        conn = await self.stage.house.connect()
        missing = set(ids) - await self._stored(conn, ids)
        await conn.close()
        self.stage.broken += [f"{id_} was marked as read before it was stored" for id_ in missing]

    @staticmethod
    async def _stored(conn: Any, ids: list[str]) -> set[str]:
        return {row["external_id"] for row in await conn.fetch(STORED, ids)}


@asynccontextmanager
async def fetching(stage: Stage, build: str = "in_a_hurry") -> AsyncIterator[Post]:
    """The mailboxes, and one node that fetches from them; it is the house's only one meanwhile."""
    post, house = Post(stage), stage.house
    await post.server.open()
    post.gate.upstreams = [("127.0.0.1", post.server.port)]
    await post.gate.open()
    tables = [
        TABLE.format(name=name, to=to, port=post.gate.port, password=PASSWORD)
        for name, to in BOXES.items()
    ]
    settings = house.folder / f"mailboxes-{post.gate.port}.toml"
    settings.write_text("".join(tables))
    try:
        post.node = await house.add_node(sabotage=build, CONTACTCENTER_CONFIG=str(settings))
        async with house.only(post.node):
            yield post
    finally:
        await post.gate.close()
        await post.server.close()


@asynccontextmanager
async def as_admin(house: House) -> AsyncIterator[aiohttp.ClientSession]:
    """Requests of an admin who has signed in."""
    ((_, cookie),) = await house.sign_in("admin@mikkeli.example")
    async with aiohttp.ClientSession(headers={"Cookie": cookie}) as http:
        yield http


def raw(mail: EmailMessage) -> bytes:
    """As it lies in a folder."""
    return mail.as_bytes().replace(b"\n", b"\r\n")


def _id(source: bytes) -> str:
    head = source.partition(b"Message-ID: ")[2]
    return head.partition(b"\r\n")[0].decode()
