"""The city's mail server at its worst: every answer reaches its citizen once all the same, and the
agent sees what became of each (F22). And a sender that was stopped while it sent (F24)."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections import Counter
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import default as modern
from itertools import cycle
from pathlib import Path

from tests.channels.sink import HANG, HANG_UP, Sink
from tests.flows.client import Frame
from tests.flows.conftest import running
from tests.flows.product import Agent, Product, letter

SHIFTS, REPLIES = 5, 40  # in a shift: one socket takes 200 frames in 10 s
GOOD: dict[str, str] = {}
FAULTS: list[dict[str, str]] = [
    {"greeting": "421 4.3.2 busy"},
    {"RCPT": "451 4.7.1 greylisted"},
    {"RCPT": "550 5.1.1 no such user"},
    {"MAIL": "552 5.3.4 too large"},
    {"DATA": HANG_UP},
    {"dot": "452 4.3.1 full"},
    {"dot": "554 5.7.1 spam"},
    {"dot": HANG_UP},  # it was taken, and its 250 is lost
    {"greeting": HANG_UP},
]


class Flaky(Sink):
    """A relay that does the next of its scripts in each connection."""

    def __init__(self, scripts: list[dict[str, str]]) -> None:
        super().__init__()
        self._scripts = cycle(scripts)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.as_told(next(self._scripts), reader, writer)

    async def as_told(
        self, script: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        one = Sink(script)
        one.taken = self.taken
        await one._serve(reader, writer)


def message_ids(sink: Sink) -> Counter[str]:
    """How often each answer of an agent's came; acknowledgements come of themselves."""
    mails = [BytesParser(policy=modern).parsebytes(mail.data) for mail in sink.taken]
    return Counter(str(mail["Message-ID"]) for mail in mails if mail["Auto-Submitted"] is None)


async def test_smtp_flaky_relay() -> None:
    scripts = [script for fault in FAULTS for script in (GOOD, fault)]
    async with (
        Flaky(scripts) as relay,
        running(CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never") as product,
    ):
        for _ in range(SHIFTS):
            await shift(product)
        verified = await product.verify()
        sent = [row for row in await product.export("outbound") if row["kind"] == "reply"]
    assert verified["violations"] == []
    assert [row["state"] for row in sent] == ["sent"] * SHIFTS * REPLIES
    assert message_ids(relay) == {row["external_id"]: 1 for row in sent}
    assert sum(row["attempts"] for row in sent) > SHIFTS * REPLIES


async def shift(product: Product) -> None:
    """Mail comes in, and an agent answers all of it."""
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        for n in range(REPLIES):
            await product.mail(letter(subject=f"Asia {n}"))
        for n in range(REPLIES):
            await answer(aino, n)
        await settled(aino)


async def answer(agent: Agent, n: int) -> None:
    taken = await agent.take()
    await agent.reply(taken["contact"]["contact"], f"Vastaus {n}", f"r{n}")
    await agent.send(type="wrap_up", contact=taken["contact"]["contact"], disposition="answered")


async def settled(agent: Agent) -> None:
    """The agent looks after every answer until all are sent: what waits is tried at once, what
    failed again, and what may have arrived is asked about at the relay, which has it."""
    done: set[str] = set()
    while len(done) < REPLIES:
        frame = await agent.wait(lambda f: f["type"] == "delivery" and decides(f))
        if frame["state"] == "sent":
            done.add(frame["send_id"])
        else:
            seen = {"send_id": frame["send_id"]}
            if frame["state"] == "unknown":
                await agent.send(type="arrived", **seen)
            else:  # it may have become another meanwhile
                await agent.send(type="resend", state=frame["state"], **seen)


def decides(frame: Frame) -> bool:
    """Whether there is something to do about an answer, or nothing more."""
    if frame["kind"] != "reply":
        return False
    asked = str(frame["code"]).endswith("by agent")
    waits = frame["state"] == "queued" and "next_at" in frame and not asked
    return waits or frame["state"] in ("failed", "unknown", "sent")


async def test_a_sender_that_was_stopped_sends_nothing_twice(tmp_path: Path) -> None:
    """SIGSTOP while it sends; another node takes it for lost, the agent has it sent again, and then
    the first wakes up with the mail half sent."""
    async with (
        Sink({"RCPT": HANG}) as slow,
        Sink() as good,
        running(CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{slow.port}?starttls=never") as first,
    ):
        second = Product(
            tmp_path / "two",
            CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{good.port}?starttls=never",
            CONTACTCENTER_DATABASE_URL=first.servers()["database_url"],
            CONTACTCENTER_REDIS_URL=first.servers()["redis_url"],
            **first.key(),
        )
        try:
            await first.mail(letter(Auto_Submitted="no", Precedence="list"))  # no acknowledgement
            async with first.agent("aino@mikkeli.example") as aino:
                await aino.available()
                taken = await aino.take()
                await aino.reply(taken["contact"]["contact"], "Vastaus", "r1")
                await slow.hanging.wait()
                os.kill(first.pid, signal.SIGSTOP)
                second.home.mkdir()
                await second.start(verb=("serve",))
                async with second.agent("aino@mikkeli.example") as again:
                    lost = await again.of("delivery", state="unknown")
                    await again.send(type="resend", send_id=lost["send_id"])
                    await again.of("delivery", state="sent")
                    slow.go_on()
                    os.kill(first.pid, signal.SIGCONT)
                    await slow.left.wait()
                    (row,) = await second.export("outbound")
                    assert (row["state"], row["attempts"]) == ("sent", 2)
                    assert re.fullmatch(r"<.+@.+>", row["external_id"])
            assert (len(slow.mails), len(good.mails)) == (0, 1)
        finally:
            os.kill(first.pid, signal.SIGCONT)
            await second.stop()
