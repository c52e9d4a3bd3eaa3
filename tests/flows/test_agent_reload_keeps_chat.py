"""An agent loads the console again in the middle of a chat: nothing of it is lost, to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.flows.browsers import AgentPage, CitizenPage, people
from tests.flows.conftest import running
from tests.flows.product import Product

pytestmark = pytest.mark.needs_package("chromium")


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    """It has the demo's city page only where no mail leaves the house."""
    async with running() as started:
        yield started


async def test_agent_reload_keeps_chat(browser: Browser, product: Product) -> None:
    async with people(browser, product, CitizenPage, AgentPage) as (ville, aino):
        await ville.visit()
        await ville.begin("Milloin kirjasto on auki?", "Ville")
        await aino.sign_in("aino@mikkeli.example")
        await aino.go_available()
        await aino.accept()
        await aino.say("Katson hetken.")
        await ville.said("Katson hetken.")
        await aino.box.fill("Kello yhdeksästä")
        await expect(aino.page.locator(".contact")).to_contain_text("Luonnos")
        for n in range(3):
            await aino.page.reload()
            await ville.say(f"Entä sunnuntaina? {n}")  # while nobody listens
            await aino.page.locator(".contact").click()
            await aino.said(f"Entä sunnuntaina? {n}")
            await expect(aino.box).to_have_value("Kello yhdeksästä")
            await expect(aino.page.locator(".my-state .dot-available")).to_be_visible()
        await expect(ville.screen("waiting")).to_have_count(0)
        await expect(ville.chat.locator(".status")).to_contain_text("Aino")
        await aino.say("Sunnuntaina kiinni.")
        await ville.said("Sunnuntaina kiinni.")
        assert await ville.story() == await aino.story()
        assert len(await ville.story()) == 6
    events = await product.export("events")
    kinds = [event["kind"] for event in events if event["contact"] is not None]
    assert "left" not in kinds
    assert kinds.count("accepted") == 1
    assert (await product.verify())["violations"] == []
