"""Changing the channel or missing a call never gives a later place than staying in the chat."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contactcenter.accounts.authorise import Actor
from contactcenter.chat.talk import Talk
from contactcenter.desk import handling
from contactcenter.routing import declining as routing
from tests.house import House
from tests.rooms.calls import attempt, due, sound
from tests.rooms.chat import Page, hello

_numbers = count(1)
STEPS = ("change", "miss", "busy", "decline", "lose_offer", "transfer_back")


class Pair:
    """Two citizens who came one after the other: one may do anything, the other waits."""

    def __init__(self, house: House, mover: Talk, stayer: Talk, aino: Actor) -> None:
        self.house, self.mover, self.stayer, self.aino = house, mover, stayer, aino
        self.n = next(_numbers)
        self.attempts = 0

    async def change(self) -> None:
        row = await self.house.contact(self.mover.contact)
        if row["channel"] == "chat":
            await self.mover.change("callback", f"050339{1000 + self.n % 9000}", f"p{self.n}")

    async def miss(self, outcome: str = "no_answer") -> None:
        """An agent takes it and calls; it comes back when it is due."""
        if await self._in_hand("callback"):
            await self.house.rows("UPDATE callback SET most = 20 RETURNING 1")
            self.attempts += 1
            await attempt(self.house, self.aino, self.mover.contact, outcome, self.attempts)
            await due(self.house)

    async def busy(self) -> None:
        await self.miss("busy")

    async def decline(self) -> None:
        offer = await self._offered()
        if offer is not None:
            house = self.house
            await routing.decline(house.node.db, house.node.publisher, self.aino, offer, None)

    async def lose_offer(self) -> None:
        """The offer ends unanswered."""
        if await self._offered() is not None:
            await self.house.on_duty("aino@mikkeli.example", "break")

    async def transfer_back(self) -> None:
        """To its own queue again."""
        if await self._in_hand("callback", "chat"):
            contact = self.mover.contact
            await handling.transfer_to_queue(
                self.house.node.desk, self.aino, contact, "general", None
            )

    async def _offered(self) -> int | None:
        await self.house.on_duty("aino@mikkeli.example")
        await self.house.route()
        for offer in await self.house.offers(self.aino):
            row = await self.house.row("SELECT id FROM contact WHERE offer_id = $1", offer)
            if row["id"] == self.mover.contact:
                return offer
        return None

    async def _in_hand(self, *channels: str) -> bool:
        offer = await self._offered()
        if offer is None:
            return False
        row = await self.house.contact(self.mover.contact)
        if row["channel"] in channels:
            await handling.accept(self.house.node.desk, self.aino, offer)
            return True
        return False

    async def stands_before(self) -> None:
        """In Postgres, and in the line as agents get it."""
        await self.house.on_duty("aino@mikkeli.example", "break")  # nothing is on a screen,
        await self.house.route()  # and what was decided for her is back
        rows = [await self.house.contact(t.contact) for t in (self.mover, self.stayer)]
        assert rows[0]["first_arrival"] < rows[1]["first_arrival"]
        assert (rows[0]["rank"], rows[0]["id"]) < (rows[1]["rank"], rows[1]["id"])
        assert [row["state"] for row in rows] == ["queued", "queued"]
        line = await self.house.node.publisher.line.ranks([rows[0]["requirement"]])
        (first,), (second,) = line[rows[0]["id"]], line[rows[1]["id"]]
        assert first < second

    async def end(self) -> None:
        """Out of the way of the next pair: both wait no longer."""
        calls = self.house.node.callbacks
        token = await calls.token_of(self.mover.contact)
        if token is None:
            await self.mover.leave()
        else:
            await calls.cancel(token)
        await self.stayer.leave()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=6))
async def test_whatever_the_citizen_does_the_place_is_no_later(
    house: House, steps: list[str]
) -> None:
    aino = await house.on_duty("aino@mikkeli.example", "break")
    pair = Pair(house, await hello(house, Page()), await hello(house, Page()), aino)
    for step in steps:
        await getattr(pair, step)()
        await pair.stands_before()
    await pair.end()
    await sound(house)
