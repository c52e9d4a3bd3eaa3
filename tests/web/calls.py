"""The edge with a queue that takes callbacks, and requests to put to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from channels import callback
from contactcenter.channel import ChannelSettings
from tests.web.callback_room import NAMES, FakeCallbacks
from tests.web.edge import Answer, Browser, Edge

CITY = "https://www.city.example"
PARTNER_SITE = "https://www.partner.example:8443"
EVIL = "https://evil.example"
NUMBER = "050 339 1387"


async def with_callbacks(edge: Edge, room: FakeCallbacks) -> None:
    """One queue, one site in the settings and one that an admin named."""
    edge.services.callbacks = room
    edge.services.calls = callback.open_channel(ChannelSettings())
    edge.services.settings = replace(edge.services.settings, widget_origins=(CITY,))

    async def of_admins() -> list[str]:
        return [PARTNER_SITE]

    edge.services.origins = of_admins
    async with edge.services.db.transaction() as conn:
        await conn.execute(
            "UPDATE queue SET channels = '{mail,callback}', name = $1::jsonb WHERE key = 'general'",
            str(NAMES).replace("'", '"'),
        )


async def set_hours(edge: Edge, hours: str, *, always_open: bool = False) -> None:
    """The queue's opening hours, as JSON."""
    async with edge.services.db.transaction() as conn:
        await conn.execute(
            "UPDATE queue SET hours = $1::jsonb, always_open = $2 WHERE key = 'general'",
            hours,
            always_open,
        )


def body(**given: Any) -> dict[str, Any]:
    """A request as a program sends it."""
    asked = {
        "queue": "general",
        "number": NUMBER,
        "language": "fi",
        "matter": "Päivähoito",
        "request_id": "r-1",
    }
    return asked | given


async def ask(browser: Browser, *, origin: str | None = None, **given: Any) -> Answer:
    """Send one; without an Origin, as programs do."""
    return await browser.json("POST", "/api/callbacks", body(**given), origin=origin)
