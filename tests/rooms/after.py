"""Contacts that are over, and what is said of them, for the tests of the rooms."""

from __future__ import annotations

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling
from contactcenter.feedback.giving import Giving
from contactcenter.feedback.rules import Given
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.sql import Row
from tests.house import House
from tests.rooms.answered import Answered, answered

WELL = Given(5, 4, "Nopea vastaus.")


def giving(house: House, *, days: int = 30, per_hour: int = 30) -> Giving:
    """The room as the edge has it."""
    links = house.node.feedback_links.links
    return Giving(house.node.db, links, Limits(house.node.live), days=days, per_hour=per_hour)


async def token(house: House, contact: int) -> str:
    """What the link to give feedback on a contact ends in."""
    return await house.node.feedback_links.links.token(contact)


async def closed(house: House, agent: Actor, contact: int) -> None:
    """The agent has finished it."""
    await handling.wrap_up(house.node.desk, agent, contact, "answered")


async def answered_and_closed(house: House) -> Answered:
    """A mail, answered and closed."""
    of = await answered(house)
    await closed(house, of.agent, of.contact)
    return of


async def asked(house: House) -> list[Row]:
    """Who was asked by mail, now that the time for it has come."""
    await house.rows("UPDATE feedback_due SET at = now() RETURNING 1")
    await house.node.asking.run_once()
    return await house.rows("SELECT * FROM outbound WHERE kind = 'feedback' ORDER BY send_id")
