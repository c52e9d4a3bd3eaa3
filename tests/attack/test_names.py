"""What citizens call themselves, by every door: one line, and nothing in it that can't be seen."""

from __future__ import annotations

import pytest

from contactcenter.channel import Sender
from tests.house import House
from tests.rooms.calls import ask
from tests.rooms.chat import Page, hello

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
