"""Citizens who chat, for the tests of the rooms."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Hello
from contactcenter.chat.opening import Opening
from contactcenter.chat.talk import Talk
from contactcenter.desk import handling
from contactcenter.errors import Refused
from tests.house import House


class Page:
    """A citizen's connection: what it was sent, and how it was closed."""

    def __init__(self) -> None:
        self.language = "fi"
        self.address = "there"
        self.ref: Any = None
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.is_lost = False  # what is sent never arrives

    async def receive(self) -> str | bytes | None:
        raise AssertionError("the rooms never ask for frames")

    def send(self, *frames: bytes) -> None:
        self.frames += map(json.loads, frames)

    def deliver(self, frame: bytes, then: Callable[[], None]) -> None:
        self.send(frame)
        if not self.is_lost:
            then()

    def end(self, code: int) -> None:
        self.closed = code

    async def close(self, code: int) -> None:
        self.closed = code

    def words(self, refused: Refused) -> str:
        return refused.code

    def every_word(self, refused: Refused) -> dict[str, str]:
        return {self.language: refused.code}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def secret(self) -> str:
        text: str = self.of("welcome")[-1]["resume"]
        return text


async def hello(house: House, page: Page, **given: Any) -> Talk:
    talk = await Opening(house.node.chats).open(
        Hello(**{"queue": "general", "language": "fi"} | given), page
    )
    assert isinstance(talk, Talk)
    await house.node.chats.look_once()
    return talk


async def taken(house: House, email: str = "aino@mikkeli.example") -> Actor:
    """An agent who goes to work and takes what is offered first."""
    actor = await house.on_duty(email)
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
    return actor


async def settle(house: House) -> None:
    """Have every page look how it stands, as it would on hearing of a change."""
    chats = house.node.chats
    await chats.look(list(chats.talks.values()))
    await chats.ends.run_once()
