"""Sending on real rows: partial recipients, retry now, slow doors, senders that stood still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Inbound, Outbound, Receipt, Refusal
from contactcenter.delivery import actions, loop
from contactcenter.delivery.loop import Sender
from contactcenter.desk import handling, writing
from contactcenter.errors import Refused
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Connection, Row
from tests.house import House

SENT = Receipt(outcome="sent", code="250 taken")


class Door:
    """A relay as `answer` says; `got` is what it was asked to send."""

    name = "mail"

    def __init__(self, answer: Callable[[Outbound], Receipt] = lambda outbound: SENT) -> None:
        self.answer = answer
        self.got: list[Outbound] = []
        self.delivered: list[Outbound] = []
        self.held: asyncio.Event | None = None

    async def listen(self, desk: object) -> None:
        raise AssertionError

    async def send(self, outbound: Outbound) -> Receipt:
        self.got.append(outbound)
        if self.held is not None and len(self.got) == 1:
            await self.held.wait()
        if outbound.is_ours is not None and not outbound.is_ours():
            return Receipt(outcome="retry", code="timed out")
        self.delivered.append(outbound)
        return self.answer(outbound)

    async def reread(self, raw: bytes) -> Inbound:
        raise AssertionError

    async def ready(self) -> tuple[bool, str]:
        return True, ""


async def sender(house: House, door: Door, node: str = "one") -> tuple[Sender, Lease]:
    alive = Lease(house.node.db, f"node:{node}", node)
    await alive.hold()
    return Sender(house.node.db, house.node.publisher, door, alive), alive


async def sends(post: Sender) -> None:
    await post.run_once()
    await post.finish(30)


async def answered(house: House, text: str = "Kello 8-20.") -> tuple[Actor, Row]:
    """An agent's answer, queued."""
    contact = await house.arrives()
    actor = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
    await writing.reply(house.node.desk, actor, contact, "r1", text)
    return actor, await house.row("SELECT * FROM outbound WHERE contact_id = $1", contact)


async def copies(house: House, send_id: int) -> None:
    """The answer is for two more."""
    await house.rows(
        "UPDATE outbound SET cc = '{b@x.example}', bcc = '{c@x.example}' WHERE send_id = $1",
        send_id,
    )


async def now(house: House, send_id: int) -> Row:
    return await house.row("SELECT * FROM outbound WHERE send_id = $1", send_id)


async def test_the_refused_are_told_and_tried_alone(house: House) -> None:
    actor, row = await answered(house)
    await copies(house, row["send_id"])
    gone = Refusal(address="b@x.example", code="550 5.1.1 no such user", lasting=True)
    door = Door(lambda outbound: Receipt(outcome="sent", code="250 ok", refused=(gone,)))
    post, _ = await sender(house, door)
    await sends(post)
    assert door.got[0].envelope == ("ville@example.org", "b@x.example", "c@x.example")
    frame = (await house.told(actor, "delivery"))[-1]
    assert (frame["state"], frame["kind"], frame["attempts"]) == ("sent", "reply", 1)
    assert frame["refused"] == [{"address": "b@x.example", "code": "550 5.1.1 no such user"}]
    assert frame["taken"] == ["ville@example.org", "c@x.example"]
    notice = (await house.told(actor, "notice"))[-1]
    assert (notice["recipient"], notice["code"]) == ("b@x.example", "550 5.1.1 no such user")

    door.answer = lambda outbound: SENT
    await actions.resend(house.node.db, house.node.publisher, actor, row["send_id"])
    await sends(post)
    assert door.got[1].envelope == ("b@x.example",)
    assert door.got[1].message_id == door.got[0].message_id
    done = await now(house, row["send_id"])
    assert (done["state"], done["refused"], done["taken"]) == ("sent", "[]", [])
    with pytest.raises(Refused, match="wrong_state"):
        await actions.resend(house.node.db, house.node.publisher, actor, row["send_id"])


async def test_what_waits_for_its_next_try_is_tried_at_once(house: House) -> None:
    actor, row = await answered(house)
    door = Door(lambda outbound: Receipt(outcome="retry", code="451 4.7.1 greylisted"))
    post, _ = await sender(house, door)
    await sends(post)
    frame = (await house.told(actor, "delivery"))[-1]
    assert (frame["state"], frame["code"]) == ("queued", "451 4.7.1 greylisted")
    assert frame["next_at"] > frame_time(row)
    await sends(post)
    assert len(door.got) == 1  # it waits
    door.answer = lambda outbound: SENT
    for seen in ("failed", "queued"):  # who saw something else is shown how it is, and no more
        await actions.resend(house.node.db, house.node.publisher, actor, row["send_id"], seen)
        await sends(post)
        assert len(door.got) == {"failed": 1, "queued": 2}[seen]
        assert (await house.told(actor, "delivery"))[-1]["state"] in ("queued", "sent")
    assert len(door.got) == 2
    assert (await now(house, row["send_id"]))["state"] == "sent"
    frame = (await house.told(actor, "delivery"))[-1]
    assert (frame["state"], frame["attempts"]) == ("sent", 2)
    assert "next_at" not in frame


def frame_time(row: Row) -> str:
    return str(row["at"].isoformat())


async def test_one_slow_door_does_not_hold_up_the_others(house: House) -> None:
    _, row = await answered(house)
    door = Door()
    door.held = asyncio.Event()
    post, _ = await sender(house, door)
    await post.run_once()
    await house.rows("UPDATE contact SET state = 'closed', owner = NULL")
    _, other = await answered(house)
    await post.run_once()
    while (await now(house, other["send_id"]))["state"] != "sent":  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert (await now(house, row["send_id"]))["state"] == "sending"
    door.held.set()
    await post.finish(30)
    assert (await now(house, row["send_id"]))["state"] == "sent"


def a_minute_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    for clock in ("contactcenter.kernel.lease.monotonic", "contactcenter.delivery.loop.monotonic"):
        monkeypatch.setattr(clock, lambda: time.monotonic() + 60)


async def test_a_sender_that_stood_still_sends_and_marks_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F24: it is stopped while it sends, for longer than its node's lease; meanwhile another takes
    it for lost, and an agent has it sent again."""
    actor, row = await answered(house)
    door = Door()
    door.held = asyncio.Event()
    stopped, alive = await sender(house, door, "stopped")
    await stopped.run_once()
    while not door.got:  # noqa: ASYNC110
        await asyncio.sleep(0)

    await house.rows("UPDATE lease SET until = now() - interval '1 s' WHERE name = 'node:stopped'")
    a_minute_passes(monkeypatch)
    other, _ = await sender(house, Door(), "other")
    await other.mark_lost()
    lost = await now(house, row["send_id"])
    assert (lost["state"], lost["code"]) == ("unknown", "sender lost")
    second = Door()
    other, _ = await sender(house, second, "other")
    await actions.resend(house.node.db, house.node.publisher, actor, row["send_id"])
    await sends(other)
    assert (await now(house, row["send_id"]))["state"] == "sent"

    await alive.hold()  # it wakes up; its lease is new, its claim is not
    door.held.set()
    await stopped.finish(30)
    assert (len(door.delivered), len(second.delivered)) == (0, 1)
    done = await now(house, row["send_id"])
    assert (done["state"], done["attempts"], done["code"]) == ("sent", 2, "250 taken")


async def test_a_sender_that_stood_still_alone_sends_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has decided meanwhile: it knows that nothing left, and it is simply tried again."""
    _, row = await answered(house)
    door = Door()
    door.held = asyncio.Event()
    stopped, alive = await sender(house, door, "stopped")
    await stopped.run_once()
    while not door.got:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await house.rows("UPDATE lease SET until = now() - interval '1 s' WHERE name = 'node:stopped'")
    a_minute_passes(monkeypatch)
    await (await sender(house, Door(), "other"))[0].mark_lost()
    await alive.hold()
    door.held.set()
    await stopped.finish(30)
    assert door.delivered == []
    assert (await now(house, row["send_id"]))["state"] == "queued"


async def test_an_attempt_ends_before_its_lease(house: House) -> None:
    assert loop.ATTEMPT_S < loop.LEASE_S


async def test_the_lease_on_a_message_is_longer_than_the_longest_send(house: House) -> None:
    from channels.email.out import relay

    assert relay.LONGEST_SEND_S < loop.ATTEMPT_S


async def test_no_more_are_sent_at_once_than_may_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.arrives()
    await house.node.receipts.run_once()
    await house.analyse("outbound")  # as when there was only one for a long time
    for n in range(3):
        await house.arrives(subject=str(n))
    await house.node.receipts.run_once()
    monkeypatch.setattr(loop, "AT_ONCE", 1)
    post, _ = await sender(house, Door())
    assert await post.run_once() == 1
    await post.finish(30)
    assert await post.run_once() == 1
    await post.finish(30)


async def test_a_claim_whose_answer_was_lost_is_sent_soon(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = await answered(house)
    door = Door()
    post, _ = await sender(house, door)
    connection = house.node.db.connection

    @asynccontextmanager
    async def broken() -> AsyncIterator[Connection]:
        async with connection() as conn:
            yield conn
        raise ConnectionResetError  # after the commit

    monkeypatch.setattr(post, "mark_lost", AsyncMock())
    with monkeypatch.context() as breaks:
        breaks.setattr(house.node.db, "connection", broken)
        with pytest.raises(ConnectionResetError):
            await post.run_once()
    state = "SELECT state, attempts FROM outbound WHERE send_id = $1"
    assert tuple(await house.row(state, row["send_id"])) == ("sending", 1)
    await sends(post)
    assert len(door.delivered) == 1
    assert tuple(await house.row(state, row["send_id"])) == ("sent", 1)


async def test_what_is_being_sent_is_not_taken_for_an_unheard_claim(house: House) -> None:
    _, row = await answered(house)
    door = Door()
    door.held = asyncio.Event()
    post, _ = await sender(house, door)
    await post.run_once()
    post._unheard_until = time.monotonic() + 30
    await post.run_once()
    door.held.set()
    await post.finish(30)
    assert len(door.got) == 1
    state = await house.row("SELECT state FROM outbound WHERE send_id = $1", row["send_id"])
    assert state["state"] == "sent"


async def test_what_was_sent_and_not_written_down_is_not_sent_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = await answered(house)
    door = Door()
    post, _ = await sender(house, door)
    monkeypatch.setattr(post, "_write_down", AsyncMock(return_value=None))
    await sends(post)
    post._unheard_until = time.monotonic() + 30
    await sends(post)
    assert len(door.got) == 1
    state = await house.row("SELECT state FROM outbound WHERE send_id = $1", row["send_id"])
    assert state["state"] == "sending"  # until it is marked as unknown, for a person to decide
