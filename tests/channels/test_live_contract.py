"""What every live channel must keep: the house decides, and hears of each connection's end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

import pytest

from channels import webchat
from contactcenter.channel import ChannelSettings, Connection, Hello, LiveChannel, Talk
from contactcenter.errors import Refused


class FakeTalk:
    """Notes what the door says."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.refuse: Refused | None = None
        self.stores: Callable[[], Awaitable[object]] | None = None

    async def heard(self) -> None:
        self.said.append(("heard",))

    async def message(self, client_id: str, text: str) -> None:
        if self.refuse is not None:
            raise self.refuse
        if self.stores is not None:
            await self.stores()
        self.said.append(("message", client_id, text))

    async def send_files(self, client_id: str, text: str, files: Sequence[int]) -> None:
        self.said.append(("send_files", client_id, text, list(files)))

    async def upload(self, client_id: str, name: str, size: int) -> None:
        self.said.append(("upload", client_id, name, size))

    async def typing(self) -> None:
        self.said.append(("typing",))

    async def read(self, seq: int) -> None:
        self.said.append(("read", seq))

    async def stay(self) -> None:
        self.said.append(("stay",))

    async def reads(self, language: str) -> None:
        self.said.append(("reads", language))

    async def leave(self) -> None:
        self.said.append(("leave",))

    async def change(self, to: Literal["callback", "mail"], where: str, request_id: str) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.said.append(("change", to, where, request_id))

    async def gone(self) -> None:
        self.said.append(("gone",))


class FakeHouse:
    """Opens one talk, unless it is closed."""

    def __init__(self) -> None:
        self.talk = FakeTalk()
        self.closed = False
        self.hellos: list[Hello] = []
        self.left: list[tuple[str, str, str]] = []

    async def open(self, hello: Hello, connection: Connection) -> Talk | None:
        self.hellos.append(hello)
        return None if self.closed else self.talk

    async def leave_message(
        self, hello: Hello, connection: Connection, request_id: str, address: str, text: str
    ) -> str:
        self.left.append((request_id, address, text))
        return "7"


class FakeConnection:
    """A page that sends these frames and then is gone."""

    def __init__(self, *frames: Any) -> None:
        self.language, self.address, self.ref = "fi", "there", None
        self.frames = [f if isinstance(f, str | bytes) else json.dumps(f) for f in frames]
        self.sent: list[dict[str, Any]] = []
        self.code: int | None = None

    async def receive(self) -> str | bytes | None:
        return self.frames.pop(0) if self.frames else None

    def send(self, *frames: bytes) -> None:
        self.sent += map(json.loads, frames)

    def deliver(self, frame: bytes, then: Callable[[], None]) -> None:
        self.send(frame)
        then()

    def end(self, code: int) -> None:
        self.code = code

    async def close(self, code: int) -> None:
        self.code = code

    def words(self, refused: Refused) -> str:
        return f"words of {refused.code}"

    def every_word(self, refused: Refused) -> dict[str, str]:
        return {"fi": self.words(refused)}


HELLO = {"type": "hello", "queue": "general", "language": "fi"}


@pytest.fixture(params=[webchat])
def channel(request: pytest.FixtureRequest) -> LiveChannel:
    opened: LiveChannel = request.param.open_channel(ChannelSettings())
    assert isinstance(opened, LiveChannel)
    return opened


async def serve(
    channel: LiveChannel, *frames: Any, house: FakeHouse | None = None
) -> tuple[FakeHouse, FakeConnection]:
    house, connection = house or FakeHouse(), FakeConnection(*frames)
    await channel.serve(connection, house)
    return house, connection


async def test_the_house_hears_every_frame_in_order_and_the_end(channel: LiveChannel) -> None:
    house, _ = await serve(
        channel,
        HELLO | {"name": "Ville", "after": 3, "resume": "s"},
        {"type": "message", "client_id": "1", "text": "Hei"},
        {"type": "typing"},
        {"type": "read", "seq": 4},
        {"type": "stay"},
        {"type": "leave"},
    )
    (hello,) = house.hellos
    assert (hello.name, hello.after, hello.resume) == ("Ville", 3, "s")
    said = [words for words in house.talk.said if words != ("heard",)]
    rest = [("typing",), ("read", 4), ("stay",), ("leave",), ("gone",)]
    assert said == [("message", "1", "Hei"), *rest]
    assert house.talk.said.count(("heard",)) == 5


def message(n: int) -> dict[str, Any]:
    return {"type": "message", "client_id": str(n), "text": "Hei"}


async def test_messages_are_stored_beside_each_other_and_all_else_comes_after(
    channel: LiveChannel,
) -> None:
    """The first is stored only once all are there, as in one commit."""
    house, all_there = FakeHouse(), asyncio.Barrier(3)
    house.talk.stores = all_there.wait
    async with asyncio.timeout(10):
        await serve(channel, HELLO, *map(message, (1, 2, 3)), {"type": "leave"}, house=house)
    said = [words for words in house.talk.said if words != ("heard",)]
    assert sorted(said[:3]) == [("message", str(n), "Hei") for n in (1, 2, 3)]
    assert said[3:] == [("leave",), ("gone",)]


async def test_only_some_messages_of_a_page_are_under_way(channel: LiveChannel) -> None:
    house, under_way, most = FakeHouse(), 0, 0

    async def stores() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(50):  # longer than it takes to read all
            await asyncio.sleep(0)
        under_way -= 1

    house.talk.stores = stores
    await serve(channel, HELLO, *map(message, range(30)), house=house)
    assert (most, len([words for words in house.talk.said if words[0] == "message"])) == (8, 30)


async def test_what_breaks_beside_ends_the_connection(channel: LiveChannel) -> None:
    class Broken(Exception): ...

    house = FakeHouse()

    async def stores() -> None:
        raise Broken

    house.talk.stores = stores
    page = FakeConnection(HELLO, message(1))
    with pytest.raises(Broken):
        await channel.serve(page, house)
    assert house.talk.said[-1] == ("gone",)


async def test_a_refusal_is_told_in_words_with_its_ref_and_the_talk_goes_on(
    channel: LiveChannel,
) -> None:
    house = FakeHouse()
    house.talk.refuse = Refused("too_large", field="text")
    _, page = await serve(
        channel,
        HELLO,
        {"type": "message", "client_id": "1", "text": "Hei", "ref": [1]},
        {"type": "typing"},
        house=house,
    )
    assert page.sent == [
        {"type": "error", "code": "too_large", "message": "words of too_large"}
        | {"field": "text", "ref": [1], "client_id": "1"}
        | {"messages": {"fi": "words of too_large"}}
    ]
    assert ("typing",) in house.talk.said


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "bad_request"),
        ("[]", "bad_request"),
        ("[" * 100_000, "bad_request"),
        (b"\xff\xfe", "bad_request"),
        ({"type": "fly"}, "unknown_type"),
        ({"type": "message"}, "bad_request"),
        ({"type": "read", "seq": -1}, "bad_request"),
        ({"type": "message", "client_id": "1", "text": "x" * 100_000}, "too_large"),
    ],
)
async def test_bad_frames_are_refused(channel: LiveChannel, frame: Any, code: str) -> None:
    house, page = await serve(channel, HELLO, frame)
    assert [sent["code"] for sent in page.sent] == [code]
    assert house.talk.said[-1] == ("gone",)


async def test_nothing_is_done_before_a_hello(channel: LiveChannel) -> None:
    house, page = await serve(
        channel,
        {"type": "message", "client_id": "1", "text": "Hei"},
        {"type": "leave"},
        {"type": "leave_message", "request_id": "1", "address": "a@b.fi", "text": "Hei"},
        {"type": "change", "to": "callback", "number": "0503391387", "request_id": "1"},
    )
    assert [sent["code"] for sent in page.sent] == ["wrong_state"] * 4
    assert (house.hellos, house.left, house.talk.said) == ([], [], [])


async def test_a_closed_queue_still_takes_a_message(channel: LiveChannel) -> None:
    house = FakeHouse()
    house.closed = True
    _, page = await serve(
        channel,
        HELLO,
        {"type": "leave_message", "request_id": "1", "address": "a@b.fi", "text": "Hei", "ref": 1},
        house=house,
    )
    assert house.left == [("1", "a@b.fi", "Hei")]
    assert page.sent == [{"type": "left_message", "contact": "7", "ref": 1}]


async def test_who_waits_can_change_to_a_call_or_a_mail(channel: LiveChannel) -> None:
    house, page = await serve(
        channel,
        HELLO,
        {"type": "change", "to": "callback", "number": "050 339 1387", "request_id": "r1"},
        {"type": "change", "to": "mail", "address": "a@b.fi", "request_id": "r2"},
    )
    changes = [words for words in house.talk.said if words[0] == "change"]
    assert changes == [
        ("change", "callback", "050 339 1387", "r1"),
        ("change", "mail", "a@b.fi", "r2"),
    ]
    assert page.sent == []  # the house tells what became of it


async def test_a_change_that_is_refused_leaves_the_talk_as_it_is(channel: LiveChannel) -> None:
    house = FakeHouse()
    house.talk.refuse = Refused("invalid_number", field="number")
    _, page = await serve(
        channel,
        HELLO,
        {"type": "change", "to": "callback", "number": "112", "request_id": "r1", "ref": 3},
        {"type": "typing"},
        house=house,
    )
    assert [(f["code"], f["field"], f["ref"]) for f in page.sent] == [
        ("invalid_number", "number", 3)
    ]
    assert ("typing",) in house.talk.said


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"to": "visit", "number": "1"}, "to"),
        ({"to": "callback"}, "number"),
        ({"to": "callback", "address": "a@b.fi"}, "number"),
        ({"to": "mail", "number": "1"}, "address"),
        ({"to": "callback", "number": "1" * 101}, "number"),
        ({"to": "callback", "number": 1}, "number"),
    ],
)
async def test_a_change_without_what_it_needs_names_the_field(
    channel: LiveChannel, given: dict[str, Any], field: str
) -> None:
    house, page = await serve(channel, HELLO, {"type": "change", "request_id": "r"} | given)
    assert [(sent["code"], sent["field"]) for sent in page.sent] == [("bad_request", field)]
    assert not any(words[0] == "change" for words in house.talk.said)


async def test_a_second_hello_ends_the_first_talk(channel: LiveChannel) -> None:
    house, _ = await serve(channel, HELLO, HELLO)
    assert house.talk.said == [("gone",), ("gone",)]


async def test_cancelling_leaves_nothing_open(channel: LiveChannel) -> None:
    house, waits = FakeHouse(), asyncio.Event()

    class Waits(FakeConnection):
        async def receive(self) -> str | bytes | None:
            frame = await super().receive()
            if frame is None:
                waits.set()
            return frame or await asyncio.Future()

    before = asyncio.all_tasks()
    task = asyncio.create_task(channel.serve(Waits(HELLO), house))
    await asyncio.wait_for(waits.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert house.talk.said[-1] == ("gone",)
    assert asyncio.all_tasks() == before


async def test_who_says_no_hello_is_sent_away(
    channel: LiveChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other frames don't keep the door open."""
    monkeypatch.setattr("channels.webchat.page.FIRST_FRAME_S", 0.0)

    class Chatters(FakeConnection):
        async def receive(self) -> str | bytes | None:
            return await super().receive() or await asyncio.Future()

    page = Chatters({"type": "ping"}, {"type": "ping"})
    await channel.serve(page, FakeHouse())
    assert page.code == 4400
