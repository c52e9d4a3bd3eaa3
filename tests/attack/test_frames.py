"""Frames an honest browser never sends."""

from __future__ import annotations

import json

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.web.agent import verbs as agent_verbs
from contactcenter.web.agent.agent_frames import FRAMES
from tests.house import House

NUL = "\x00"


async def _in_hand(house: House) -> tuple[Actor, str]:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    return aino, str(contact)


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "state", "value": "available", "reason": NUL},
        {"type": "wrap_up", "disposition": NUL},
        {"type": "transfer", "queue": NUL},
    ],
)
async def test_a_nul_is_refused_and_breaks_nothing(house: House, frame: dict[str, str]) -> None:
    aino, contact = await _in_hand(house)
    data = json.dumps(frame | {"contact": contact})
    with pytest.raises(Refused):
        await agent_verbs.do(house.node.desk, aino, frame["type"], FRAMES.body(frame["type"], data))
