"""Citizens who want to be called, for the tests of the rooms."""

from __future__ import annotations

from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.callback.asking import Asked
from contactcenter.channel import CallRequest
from contactcenter.desk import handling
from contactcenter.kernel.sql import Row
from contactcenter.stats.verify import verify
from tests.house import House

AINO = "aino@mikkeli.example"
NUMBER = "+358503391387"


def request(**given: Any) -> CallRequest:
    values: dict[str, Any] = {
        "queue": "general",
        "number": "050 339 1387",
        "language": "fi",
        "matter": "Koskee päivähoitoa.",
        "request_id": "r1",
    }
    return CallRequest(**values | given)


async def ask(house: House, **given: Any) -> Asked:
    return await house.node.callbacks.ask(request(**given), "there")


async def take(house: House, email: str = AINO) -> tuple[Actor, int]:
    """An agent who goes to work and accepts what is offered; the agent, the contact."""
    actor = await house.on_duty(email)
    return actor, await accept(house, actor)


async def accept(house: House, actor: Actor) -> int:
    """Accept what is offered first: mails are projected behind their intake's back."""
    while not (offers := await house.offers(actor)):
        await house.route()
    offer = offers[0]
    await handling.accept(house.node.desk, actor, offer)
    row = await house.row("SELECT id FROM contact WHERE accepted_offer = $1", offer)
    return int(row["id"])


async def attempt(
    house: House, actor: Actor, contact: int, outcome: str, n: int = 1, again_at: Any = None
) -> None:
    change = await house.node.callbacks.attempt(actor, contact, f"a{n}", outcome, again_at)
    await house.node.desk.publish(change)


async def callback(house: House, contact: int) -> Row:
    return await house.row("SELECT * FROM callback WHERE contact_id = $1", contact)


async def due(house: House) -> int:
    """What is scheduled is due now; how many entered the line."""
    await house.rows("UPDATE callback SET next_at = now() WHERE next_at IS NOT NULL RETURNING 1")
    return await house.node.call_clock.run_once()


async def load(house: House, actor: Actor) -> int:
    row = await house.row("SELECT load FROM agent WHERE user_id = $1", actor.user_id)
    return int(row["load"])


async def sound(house: House) -> None:
    """Nothing that `verify` would find."""
    await house.node.publisher.settle()
    found = await verify(house.node.db, None)
    assert found["violations"] == []
