"""What citizens call themselves, by every door: one line, and nothing in it that can't be seen."""

from __future__ import annotations

import pytest

from contactcenter.channel import Sender
from contactcenter.web.citizen.written_form import MAX_NAME
from tests.house import House
from tests.rooms.calls import ask
from tests.rooms.chat import Page, hello
from tests.rooms.test_case_page_files import send
from tests.rooms.test_chat_files import open_doors

HOSTILE = "Ville\u202e elliV\u2066\n\r\tBcc: x@y.fi\x1b[31m\x00\u200b\x9b\ufeff"
SHOWN = "Ville elliV Bcc: x@y.fi[31m"


@pytest.mark.parametrize("door", ["chat", "form", "callback"])
async def test_a_name_hides_nothing(house: House, door: str) -> None:
    if door == "chat":
        talk = await hello(house, Page(), name=HOSTILE)
        await talk.message("c1", "Hei")
    elif door == "form":
        sender = Sender(kind="email", address="v@example.org", name=HOSTILE)
        await house.arrives(sender=sender)
    else:
        await ask(house, name=HOSTILE)
    assert (await house.row("SELECT name FROM person"))["name"] == SHOWN
    if door != "callback":
        assert (await house.row("SELECT author FROM message"))["author"] == SHOWN


async def test_the_message_form_takes_what_the_chat_takes(house: House) -> None:
    """It refused what others clean; what can't be seen counts for no length."""
    async with open_doors(house) as doors:
        to, typed = "/message?queue=general", {"topic": "general", "text": "Hei"}
        for n, (name, status) in enumerate(
            [(HOSTILE, 303), (2 * MAX_NAME * "\u200b" + "x" * MAX_NAME, 303), ("x" * 101, 400)]
        ):
            fields = typed | {"request_id": f"r{n}", "name": name}
            assert (await send(doors, to, fields))[0] == status
    rows = await house.rows("SELECT name FROM person ORDER BY id")
    assert [row["name"] for row in rows] == [SHOWN, "x" * MAX_NAME]
