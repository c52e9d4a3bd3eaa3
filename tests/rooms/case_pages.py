"""Citizens on the pages of their cases, for the tests of the rooms."""

from __future__ import annotations

from contactcenter.case_page.pages import Pages
from contactcenter.case_page.reading import View
from tests.house import House

HERE = "192.0.2.1"


def room(house: House) -> Pages:
    return house.node.case_pages


async def link(house: House, contact: int) -> str:
    """The token of a contact's case, given to its citizen."""
    case = (await house.contact(contact))["case_id"]
    return (await room(house).give(case)).rpartition("/case/")[2]


async def look(house: House, contact: int) -> View:
    return await room(house).look(await link(house, contact))


async def texts(house: House, contact: int) -> list[str]:
    """What the page shows of what was said."""
    return [one.text for one in (await look(house, contact)).messages]
