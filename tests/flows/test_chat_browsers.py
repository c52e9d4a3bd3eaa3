"""A citizen on the city's page and agents in the console, in real browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from tests.chat_page.fake_server import city_page
from tests.flows.browsers import (
    PASSWORD,
    SLOW_MS,
    AgentPage,
    CitizenPage,
    Story,
    people,
    violations,
)
from tests.flows.conftest import running
from tests.flows.product import Product, Relay
from tests.looks import BOTH_THEMES, in_every_look
from tests.windows import origin, served

pytestmark = pytest.mark.needs_package("chromium")
AINO, CARLA = "aino@mikkeli.example", "carla@mikkeli.example"


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    """It has the demo's city page only where no mail leaves the house."""
    async with running() as started:
        yield started


async def stored(product: Product) -> Story:
    """What the house has of its one case."""
    return [(m["seq"], m["direction"], m["text"]) for m in await product.export("messages")]


async def test_chat_answered(browser: Browser, product: Product) -> None:
    async with people(browser, product, CitizenPage, AgentPage) as (ville, aino):
        await ville.visit()
        await ville.begin("Milloin kirjasto on auki?", "Ville")
        await expect(ville.chat.locator("[data-place]")).to_have_attribute("data-place", "1")
        await aino.sign_in(AINO)
        await aino.go_available()
        await aino.accept()
        await expect(ville.chat.locator(".status")).to_contain_text("Aino")
        await aino.said("Milloin kirjasto on auki?")
        await expect(ville.chat.locator('[data-sent="read"]')).to_be_visible()
        await aino.box.press_sequentially("Hetki")
        await expect(ville.chat.locator("[data-typing]")).to_contain_text("Aino")
        await aino.say("Kello 9-20.")
        await aino.say("Sunnuntaina kiinni.")
        await ville.said("Sunnuntaina kiinni.")
        await expect(aino.page.locator(".bubble").last).to_contain_text("Nähty")
        await ville.box.press_sequentially("Kii")
        await expect(aino.page.locator(".typing")).to_contain_text("Ville")
        for text in ("Kiitos!", "Entä lauantaina?", "<b>Ä & ö</b>"):
            await ville.say(text)
        await aino.said("<b>Ä & ö</b>")
        await aino.say("Kello 10-16.")
        await ville.said("Kello 10-16.")
        told = [
            (1, "inbound", "Milloin kirjasto on auki?"),
            (2, "outbound", "Kello 9-20."),
            (3, "outbound", "Sunnuntaina kiinni."),
            (4, "inbound", "Kiitos!"),
            (5, "inbound", "Entä lauantaina?"),
            (6, "inbound", "<b>Ä & ö</b>"),
            (7, "outbound", "Kello 10-16."),
        ]
        assert await ville.story() == await aino.story() == told
        await aino.page.locator('[data-act="finish"]').click()
        await aino.page.locator('[data-act="close"]').click()
        await expect(ville.chat.locator('[data-reason="agent"] h2')).to_be_focused()
        await aino.wrap_up()
        assert await ville.story() == await stored(product) == told
    verified = await product.verify()
    assert verified["violations"] == []
    assert verified["states"] == {"closed": 1}


async def test_chat_resumes_after_everything(browser: Browser, product: Product) -> None:
    async with people(browser, product, CitizenPage, AgentPage) as (ville, aino):
        await ville.visit()
        await ville.begin("yksi")
        await aino.sign_in(AINO)
        await aino.go_available()
        await aino.accept()
        await aino.said("yksi")

        await ville.page.reload()
        await aino.say("kaksi")
        await ville.said("kaksi")
        await aino.page.reload()
        await aino.said("kaksi")
        await ville.say("kolme")
        await aino.said("kolme")

        await ville.context.set_offline(True)
        await expect(ville.chat.locator('[data-trouble="offline"]')).to_be_visible(timeout=SLOW_MS)
        await ville.say("neljä")
        await ville.say("viisi")
        # Chromium plays "offline" to the page and may go on answering the server's pings, so when
        # the agent sees that the citizen is away is for test_chat_socket.py to say.
        await aino.say("kuusi")
        await aino.said("kuusi")
        await ville.context.set_offline(False)
        await aino.said("viisi")
        await ville.said("kuusi")

        await product.kill()
        await expect(ville.chat.locator('[data-trouble="offline"]')).to_be_visible(timeout=SLOW_MS)
        await expect(aino.page.locator('[data-link="offline"]')).to_be_visible(timeout=SLOW_MS)
        await ville.say("seitsemän")
        await aino.say("kahdeksan")
        await product.start()
        await aino.said("seitsemän")
        await ville.said("kahdeksan")
        await ville.say("yhdeksän")
        await aino.said("yhdeksän")

        kept = await stored(product)
        assert sorted(text for _, _, text in kept) == sorted(
            "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän".split()
        )
        assert await ville.story() == await aino.story() == kept
        await ville.page.reload()
        await aino.page.reload()
        await ville.said("yhdeksän")
        await aino.said("yhdeksän")
        assert await ville.story() == await aino.story() == kept
    assert (await product.verify())["violations"] == []


@pytest.mark.parametrize("way", ["closed", "offline"])
async def test_agent_lost_midchat(browser: Browser, way: str) -> None:
    kinds = (CitizenPage, AgentPage, AgentPage, CitizenPage)
    async with (
        running(CONTACTCENTER_LOST_AFTER_S="4") as product,
        people(browser, product, *kinds) as (ville, aino, carla, later),
    ):
        await ville.visit()
        await ville.begin("Hei")
        await aino.sign_in(AINO)
        await aino.go_available()
        await aino.accept()
        await aino.say("Hei, katson.")
        await ville.said("Hei, katson.")
        await later.visit()
        if way == "closed":
            await aino.context.close()
        else:
            await aino.context.set_offline(True)
        await expect(ville.screen("waiting")).to_be_visible(timeout=SLOW_MS)
        await expect(ville.chat.locator("#waiting-title")).to_contain_text("paikkasi säilyi")
        await later.begin("Minä tulin myöhemmin")
        await expect(later.chat.locator('[data-place="2"]')).to_be_visible()
        await expect(ville.chat.locator('[data-place="1"]')).to_be_visible()
        await ville.say("Oletteko siellä?")
        await carla.sign_in(CARLA)
        await carla.go_available()
        await carla.accept()
        await expect(ville.chat.locator(".status")).to_contain_text("Carla")
        told = [
            (1, "inbound", "Hei"),
            (2, "outbound", "Hei, katson."),
            (3, "inbound", "Oletteko siellä?"),
        ]
        await carla.said("Oletteko siellä?")
        assert await carla.story() == await ville.story() == told
        await carla.say("Täällä Carla.")
        await ville.said("Täällä Carla.")
        assert await ville.story() == [*told, (4, "outbound", "Täällä Carla.")]
        assert (await product.verify())["violations"] == []


async def test_chat_closed_leaves_message(browser: Browser, relay: Relay) -> None:
    """From a page of the city on an origin of its own."""
    city = origin("city")
    environment = {
        "CONTACTCENTER_RELAY": f"smtp://127.0.0.1:{relay.port}?starttls=never",
        "CONTACTCENTER_WIDGET_ORIGINS": city,
    }
    async with (
        running(**environment) as product,
        people(browser, product, CitizenPage, AgentPage) as (ville, aino),
    ):
        app = web.Application()
        app.router.add_get("/", city_page(product.url, "daycare"))
        async with served(app, "city"):
            await ville.visit(city)
            await ville.knob.click()
            await expect(ville.chat.locator('[data-reason="queue_closed"]')).to_be_visible()
            await ville.chat.locator('[data-act="leave"]').click()
            await ville.chat.locator("#leave-text").fill("Milloin haku päättyy?")
            await ville.chat.locator("#leave-address").fill("ville@")
            await ville.chat.locator('[data-act="leave-send"]').click()
            await expect(ville.chat.locator("#leave-address-error")).to_be_visible()
            await ville.chat.locator("#leave-address").fill("ville@example.org")
            await ville.chat.locator('[data-act="leave-send"]').click()
            await expect(ville.screen("left")).to_contain_text("ville@example.org")
        await aino.sign_in(AINO)
        await aino.go_available()
        await aino.accept()
        await expect(aino.page.locator(".message-inbound")).to_contain_text("Milloin haku päättyy?")
        await aino.box.fill("Haku päättyy 31.3.")
        await aino.box.press("Control+Enter")
        await expect(aino.page.locator('[data-delivery="sent"]')).to_be_visible(timeout=SLOW_MS)
        (answer,) = await relay.received(1)
        assert answer["To"] == "ville@example.org"
        text = answer.get_content()
        assert "Haku päättyy 31.3." in text.splitlines()
        (contact,) = await product.export("contacts")
        assert (contact["queue"], contact["channel"]) == ("daycare", "mail")
        assert (await product.verify())["violations"] == []


async def test_keyboard_only_chat(browser: Browser, product: Product) -> None:
    async with people(browser, product, CitizenPage, AgentPage) as (ville, aino):
        keys, mine = ville.page.keyboard, aino.page.keyboard
        await ville.visit()
        await ville.tab_to(ville.knob)
        await keys.press("Enter")
        await ville.tab_to(ville.chat.locator("#first"))
        await keys.type("Hei!")
        await keys.press("Tab")
        await keys.type("Ville")
        await keys.press("Enter")
        await expect(ville.box).to_be_focused()

        await aino.page.goto(f"{product.url}/console")
        await expect(aino.page.locator('[name="email"]')).to_be_focused()
        await mine.type(AINO)
        await mine.press("Tab")
        await mine.type(PASSWORD)
        await mine.press("Enter")
        await aino.tab_to(aino.page.locator(".my-state .button.primary"))
        await mine.press("Enter")
        await expect(aino.page.locator(".offer-chat")).to_be_visible(timeout=SLOW_MS)
        await mine.press("a")
        await expect(aino.page.locator("#case-title")).to_be_focused()
        await mine.press("r")
        await mine.type("Hei Ville.")
        await mine.press("Enter")
        await ville.said("Hei Ville.")
        await keys.type("Kiitos,")
        await keys.press("Shift+Enter")
        await keys.type("ei muuta.")
        await keys.press("Enter")
        await aino.said("Kiitos,\nei muuta.")
        await mine.type("Hyvää päivää!")
        await mine.press("Enter")
        await ville.said("Hyvää päivää!")
        assert await ville.story() == await aino.story()

        await mine.press("Escape")
        await mine.press("w")
        await expect(aino.page.locator('.wrap-up input[value="answered"]')).to_be_focused()
        await mine.press("Space")
        await mine.press("Enter")
        await expect(aino.page.locator(".nothing h2")).to_be_focused()
        await expect(ville.chat.locator('[data-reason="agent"] h2')).to_be_focused()
        await keys.press("Escape")
        await expect(ville.knob).to_be_focused()
        await expect(ville.page.locator("#contactcenter iframe")).to_be_hidden()
    assert (await product.verify())["states"] == {"closed": 1}


async def _in_both_themes(page: Page) -> dict[str, Any]:
    return await in_every_look(page, lambda: violations(page), themes=BOTH_THEMES)


@pytest.mark.parametrize("size", [(320, 640), (1280, 800)])
async def test_axe_finds_nothing(browser: Browser, product: Product, size: tuple[int, int]) -> None:
    async with people(browser, product, CitizenPage, AgentPage, size=size) as (ville, aino):
        found: dict[str, dict[str, Any]] = {}
        await ville.visit()
        found["demo"] = await _in_both_themes(ville.page)
        await ville.knob.click()
        await expect(ville.chat.locator("#first")).to_be_visible()
        found["widget"] = await _in_both_themes(ville.page)
        await ville.chat.locator('[data-act="start"]').click()
        await ville.say("Hei")
        await expect(ville.chat.locator("#waiting-title")).to_be_visible()
        found["waiting"] = await _in_both_themes(ville.page)
        await aino.page.goto(f"{product.url}/login")
        found["sign-in"] = await _in_both_themes(aino.page)
        await aino.sign_in(AINO)
        found["console"] = await _in_both_themes(aino.page)
        await aino.go_available()
        await expect(aino.page.locator(".offer-chat")).to_be_visible(timeout=SLOW_MS)
        found["offer"] = await _in_both_themes(aino.page)
        await aino.accept()
        await aino.say("Hei! https://www.mikkeli.example/")
        await ville.said("Hei! https://www.mikkeli.example/")
        await expect(aino.page.locator(".bubble").last).to_contain_text("Nähty")
        found["agent's talk"] = await _in_both_themes(aino.page)
        found["citizen's talk"] = await _in_both_themes(ville.page)
        assert {name: one for name, one in found.items() if one} == {}
