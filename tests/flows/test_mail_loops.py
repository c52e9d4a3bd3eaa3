"""Machines that write to each other stop by themselves, and an admin sees where."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.flows.client import WAIT_S
from tests.flows.conftest import running
from tests.flows.product import Product, Relay, letter

OURS, THEIRS = "neuvonta@mikkeli.example", "info@other.example"
ROBOT = "robot@example.net"


class Post:
    """The mail system between them: brings what one sends to the other, by the address."""

    def __init__(self) -> None:
        self.homes: dict[str, Product] = {}
        self.port = 0
        self.brought: list[tuple[str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        assert isinstance(envelope.content, bytes)
        for recipient in envelope.rcpt_tos:
            home = self.homes.get(recipient.rpartition("@")[2])
            if home is None:
                return "550 5.1.2 no such domain"
            sender = (envelope.mail_from or "").strip("<>")
            self.brought.append((sender, recipient))
            async with aiosmtplib.SMTP(
                hostname="127.0.0.1", port=home.smtp_port, start_tls=False, timeout=WAIT_S
            ) as client:
                await client.mail(sender)
                await client.rcpt(recipient)
                await client.data(envelope.content)
        return "250 2.0.0 brought"


@asynccontextmanager
async def open_post() -> AsyncIterator[Post]:
    """It, on a port of its own."""
    post, loop = Post(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(post, hostname="post.example", loop=loop), "127.0.0.1", 0
    )
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()


async def test_two_instances_mail_each_other(tmp_path_factory: object) -> None:
    async with open_post() as post:
        relay = f"smtp://127.0.0.1:{post.port}?starttls=never"
        async with (
            running(CONTACTCENTER_RELAY=relay) as ours,
            running(CONTACTCENTER_RELAY=relay) as theirs,
        ):
            post.homes = {"mikkeli.example": ours, "other.example": theirs}
            await _move(theirs)
            first = letter()
            first.replace_header("From", f"Muu kaupunki <{THEIRS}>")
            await ours.mail(first)
            second = letter(to=THEIRS)
            second.replace_header("From", f"Mikkeli <{OURS}>")
            await theirs.mail(second)
            for house in (ours, theirs):
                await _automatic(house)
            # What is due later is decided later: after this one nothing older is left to decide.
            for house, to in ((ours, OURS), (theirs, THEIRS)):
                last = letter(to=to)
                last.replace_header("From", "Aune <aune@mikkeli.example>")
                await house.mail(last)
                await _receipts(house, 2)
            for house in (ours, theirs):
                assert len(await _receipts(house, 2)) == 2
                assert (await house.verify())["violations"] == []
            between = [one for one in post.brought if one[1] in (OURS, THEIRS)]
            assert between == [("", one[1]) for one in between]  # the null return path
            assert sorted(one[1] for one in between) == sorted((OURS, THEIRS))


async def _move(product: Product) -> None:
    """Give its general queue another address, by the configuration as a file."""
    document = json.loads(await product.command("config", "export"))
    for queue in document["queue"]:
        if queue["key"] == "general":
            queue["addresses"] = [THEIRS]
    path = product.home / "city.json"
    path.write_text(json.dumps(document))
    await product.command("config", "import", str(path))
    async with asyncio.timeout(WAIT_S):
        while True:  # a door knows new addresses within some seconds
            try:
                probe = letter(to=THEIRS, Auto_Submitted="auto-replied", References="<probe@x>")
                await product.mail(probe)
                return
            except aiosmtplib.SMTPRecipientsRefused:
                await asyncio.sleep(0.1)


async def _automatic(product: Product) -> None:
    """Wait until the other's acknowledgement has landed, and nobody waits for an answer to it."""
    async with asyncio.timeout(WAIT_S):
        while True:
            messages = await product.export("messages")
            if any("(asia" in m["text"] or "asian numero" in m["text"].lower() for m in messages):
                break
    contacts = await product.export("contacts")
    assert [c["state"] for c in contacts].count("queued") == 1


async def _receipts(product: Product, count: int) -> list[dict[str, object]]:
    async with asyncio.timeout(WAIT_S):
        while True:
            rows = [o for o in await product.export("outbound") if o["kind"] == "receipt"]
            if len(rows) >= count:
                return rows


class Robot(Relay):
    """Answers whatever reaches it, and says nowhere that it is a robot."""

    def __init__(self) -> None:
        super().__init__()
        self.product: Product | None = None
        self.answering: set[asyncio.Task[str]] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        answer = await super().handle_DATA(server, session, envelope)
        if self.product is not None and ROBOT in envelope.rcpt_tos:
            mail = letter(subject="Olemme saaneet viestinne", text=os.urandom(4).hex())
            mail.replace_header("From", ROBOT)
            self.answering.add(asyncio.create_task(self.product.mail(mail)))
        return answer


async def test_a_robot_that_hides_gets_few_acknowledgements() -> None:
    robot, loop = Robot(), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(robot, hostname="robot.example", loop=loop), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    relay = f"smtp://127.0.0.1:{port}?starttls=never"
    async with running(CONTACTCENTER_RELAY=relay, CONTACTCENTER_LOOP_MAILS="3") as product:
        robot.product = product
        first = letter()
        first.replace_header("From", ROBOT)
        await product.mail(first)
        async with product.agent("admin@mikkeli.example") as admin:
            async with asyncio.timeout(WAIT_S):
                hits: list[dict[str, object]] = []
                while not hits:
                    hits = json.loads((await admin.get("/api/loop-hits"))[1])["hits"]
            (hit,) = hits
            assert (hit["address"], hit["why"], hit["count"]) == (ROBOT, "many", 1)
        assert len(robot.receipts) == 3
        contacts = await product.export("contacts")
        assert [c["state"] for c in contacts] == ["queued"] * 4  # none is lost
    await asyncio.gather(*robot.answering)
    server.close()
    await server.wait_closed()
