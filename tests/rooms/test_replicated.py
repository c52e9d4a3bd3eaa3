"""A repeat is told yes by a commit of its own, for which a synchronous standby is waited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from contactcenter.desk import writing
from tests.house import House
from tests.rooms.answered import answered
from tests.rooms.calls import ask
from tests.rooms.chat import Page, hello

NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS number"


async def test_a_repeat_waits_as_the_first_did(house: House) -> None:
    """It has a transaction's number, without which a commit waits for no standby."""
    of, mail, page = await answered(house), house.mail(), Page()
    talk = await hello(house, page)

    async def notes() -> None:
        await writing.note(house.node.desk, of.agent, of.contact, "n1", "Soitin.")

    async def mails() -> None:
        await house.node.reception.receive(mail)
        await house.node.reception.idle()

    async def says() -> None:
        await talk.message("c1", "Hei")

    async def looks() -> None:
        talk.seq = 0
        await house.node.chats.look([talk])

    async def calls() -> None:
        await ask(house)

    acts: list[Callable[[], Awaitable[None]]] = [notes, mails, says, looks, calls]
    for act in acts:
        await act()
        took = []
        for _ in range(5):  # the server's own housekeeping takes numbers, too; reading none
            before = (await house.row(NEXT))["number"]
            await act()
            took.append((await house.row(NEXT))["number"] - before)
        assert min(took) == 1, act.__name__
