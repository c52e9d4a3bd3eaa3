"""The page of who waits and why: its words, whose it is, and how it stays live."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.looks import violations
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, PASSWORD, SUPERVISOR, Edge
from tests.web.test_settings_look import _sideways
from tests.web.waits import everybody_waits, wait

FI = (
    "Tarjolla, Aino Testaaja: aikaa vastata",
    "Asukkaan sivu ei ole auki juuri nyt; paikka säilyy",
    "Varattu asian tuntevalle (Aino Testaaja) vielä 1 min",
    "Kukaan osaava ei ole töissä",
    "Osaavia töissä 2: 1 täynnä, 1 tauolla tai poissa",
)


@pytest.fixture
async def busy(edge: Edge) -> Edge:
    """Somebody waits for each reason."""
    await everybody_waits(edge)
    return edge


async def test_each_says_why_it_waits(busy: Edge) -> None:
    text = html.unescape((await (await busy.signed_in(SUPERVISOR)).get("/waiting")).text)
    for words in FI:
        assert words in text
    assert "yli tavoitteen" in text
    assert "2 t 30 min" in text
    assert "seuraavaksi mikä tahansa kieli" in text
    assert re.findall(r'data-contact="(\d)"', text) == ["1", "2", "3", "4", "5", "6"]
    assert 'href="/waiting/5">1005<' in text
    assert "city/" not in text  # a class is for programs


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_text_is_there(busy: Edge, language: str) -> None:
    supervisor = await busy.signed_in(SUPERVISOR)
    for path in ("/waiting", "/waiting/5", "/waiting/1", "/waiting/3"):
        page = await supervisor.get(path, params={"lang": language})
        assert page.status == 200
        assert "⟦" not in page.text
        assert not re.search(r"\{\w+\}", page.text.partition("<main")[2])


async def test_the_whole_why_is_a_click_away(busy: Edge) -> None:
    page = await (await busy.signed_in(SUPERVISOR)).get("/waiting/5?lang=en")
    assert "<dt>Channel and language</dt><dd>Mail, Finnish</dd>" in page.text
    assert "<dt>Waited</dt><dd>" in page.text
    text = html.unescape(page.text)
    for words in (
        "These could have had it, too: Seppo Testaaja",
        "2 lack the skill",
        "one on a break or away",
        "any level",
        "Yleinen, Finnish, level 1",
        "Why case 1005 is where it is",
        'href="/why-not?number=1005&contact=5&lang=en"',
        "2 are at work. Nobody could take it.",
        "Aino Testaaja: offered, declined: I am still busy with other work",
        "Aino Testaaja: connection lost, back in its place",
        "Next step: any language, after a wait of 10 min.",
    ):
        assert words in text, words


async def test_whose_it_is(busy: Edge) -> None:
    agent = await busy.signed_in(AGENT)
    for path in ("/waiting", "/waiting/5"):
        assert (await agent.get(path)).status == 403
    assert (await agent.json("GET", "/api/waiting", None)).status == 403
    assert 'href="/waiting"' not in (await agent.get("/account")).text
    guest = await busy.browser()
    assert (await guest.get("/waiting")).header("Location") == "/login?next=%2Fwaiting"
    other = await busy.signed_in(PARTNER_ADMIN)
    assert "Kukaan ei odota" in (await other.get("/waiting")).text
    assert (await other.json("GET", "/api/waiting", None)).json["contacts"] == []
    assert (await other.json("GET", "/api/waiting?queue=general", None)).status == 404
    assert (await other.get("/waiting/5")).status == 404
    admin = await busy.signed_in(ADMIN)
    assert len((await admin.json("GET", "/api/waiting", None)).json["contacts"]) == 6


async def test_pages_and_queues(busy: Edge) -> None:
    supervisor = await busy.signed_in(SUPERVISOR)
    first = (await supervisor.json("GET", "/api/waiting?limit=4&queue=general", None)).json
    assert [one["contact"] for one in first["contacts"]] == ["1", "2", "3", "4"]
    path = f"/api/waiting?limit=4&after={first['next']}"
    second = (await supervisor.json("GET", path, None)).json
    assert [one["contact"] for one in second["contacts"]] == ["5", "6"]
    assert second["next"] is None
    page = (await supervisor.get(f"/waiting?after={first['next']}")).text
    assert re.findall(r'data-contact="(\d)"', page) == ["5", "6"]
    for bad in ("after=x", "limit=0", "limit=201", "who=1"):
        assert (await supervisor.json("GET", f"/api/waiting?{bad}", None)).status == 400


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return 1280, 900


@pytest.fixture
async def page(browser: Browser, busy: Edge, size: tuple[int, int]) -> AsyncIterator[Page]:
    """A supervisor's browser."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(30_000)
    await page.goto(f"{busy.url}/login?lang=fi&next=/waiting")
    await page.fill("#email", SUPERVISOR)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/waiting*")
    yield page
    await page.close()


@pytest.mark.needs_package("chromium")
async def test_it_is_renewed_and_the_keyboard_stays_where_it_was(busy: Edge, page: Page) -> None:
    await page.locator("#contact-5").focus()
    await wait(busy, 7, task="parking")
    await expect(page.locator('[data-contact="7"]')).to_contain_text("Kukaan osaava")
    await expect(page.locator("#contact-5")).to_be_focused()
    await expect(page.locator("#live")).to_contain_text("Ajan tasalla")
    await busy.rows("UPDATE contact SET state = 'abandoned' WHERE id = 5")
    await expect(page.locator('[data-contact="5"]')).to_have_count(0)
    await expect(page.locator("#who-waits .scroll")).to_be_focused()
    await page.route("**/waiting*", lambda route: route.abort())
    await expect(page.locator("#live")).to_contain_text("Ei ajan tasalla")
    await page.unroute("**/waiting*")
    await expect(page.locator("#live")).to_contain_text("Ajan tasalla")
    await page.locator("#contact-6").press("Enter")
    await expect(page.locator("h1")).to_contain_text("Miksi asia 1006")


@pytest.mark.needs_package("chromium")
@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        ((1280, 900), "dark", "fi"),
        ((1280, 900), "light", "en"),
        ((320, 640), "light", "sv"),
        ((320, 640), "dark", "fi"),
    ],
)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    busy: Edge, page: Page, theme: Any, language: str
) -> None:
    await page.emulate_media(color_scheme=theme)
    for path in ("/waiting", "/waiting/5", "/waiting/3"):
        await page.goto(f"{busy.url}{path}?lang={language}")
        assert await violations(page) == [], path
        assert not await _sideways(page), path


async def test_a_supervisor_may_take_it_from_the_page(busy: Edge) -> None:
    supervisor = await busy.signed_in(SUPERVISOR)
    text = html.unescape((await supervisor.get("/waiting/5?lang=en")).text)
    assert "Take it out of its turn" in text
    assert 'action="/waiting/5/pull' in text
