"""The page of a case in a real browser: axe-core, narrow, dark, keys alone, no script, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from contactcenter.errors import Refused
from tests import axe
from tests.looks import BOTH_THEMES, EXTREME, wear
from tests.web.case_room import ANSWERED, ASKED, HANDLED, HOSTILE, PROMISED, TOKEN, WAITS, FakePages
from tests.web.edge import Edge

pytestmark = [pytest.mark.needs_package("chromium"), pytest.mark.accessibility]
PLACE = f"/case/{TOKEN}"
CUT_OFF = """() => [...document.querySelectorAll('body *:not(.skip)')].filter((one) => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
}).map((one) => one.outerHTML.slice(0, 120))"""
STATES = {
    "new": (WAITS, "?new=1"),
    "promised": (PROMISED, ""),
    "handled": (HANDLED._replace(mailbox="v…@example.org"), "?done=sent"),
    "answered": (
        ANSWERED._replace(
            messages=(*ANSWERED.messages, ANSWERED.messages[0]._replace(text=HOSTILE[1]))
        ),
        "",
    ),
    "asked": (ASKED, ""),
    "proven": (ANSWERED._replace(proven="v…@example.org", asks=7), "?done=transcript"),
    "cancel": (WAITS, "/cancel"),
}


@pytest.fixture
def pages(edge: Edge) -> FakePages:
    made = FakePages()
    edge.services.cases = made
    return made


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A narrow page, read in Finnish."""
    context = await browser.new_context(
        viewport={"width": 320, "height": 640}, locale="fi-FI", reduced_motion="reduce"
    )
    yield await context.new_page()
    await context.close()


async def _sound(page: Page, themed: int = 0) -> None:
    """Nothing sticks out, and axe-core has nothing to say, in light and dark, narrow and wide; one
    of the two in an organisation's theme."""
    assert await page.evaluate(CUT_OFF) == []
    for n, scheme in enumerate(BOTH_THEMES):
        await page.emulate_media(color_scheme=scheme)
        await wear(page, EXTREME if n == themed % 2 else None)
        found = await axe.violations(page)
        assert [(one["id"], [n["html"] for n in one["nodes"]][:3]) for one in found] == []
    await page.set_viewport_size({"width": 1280, "height": 900})
    assert await page.evaluate(CUT_OFF) == []
    await page.set_viewport_size({"width": 320, "height": 640})


async def test_axe_finds_nothing(page: Page, edge: Edge, pages: FakePages) -> None:
    said: list[Any] = []
    page.on("dialog", lambda one: said.append(one))
    for n, (view, more) in enumerate(STATES.values()):
        pages.view = view
        for language in (("fi", "sv", "en")[n % 3], "fi"):
            mark = "&" if "?" in more else "?"
            await page.goto(f"{edge.url}{PLACE}{more}{mark}lang={language}")
            for fold in await page.locator("details").all():
                await fold.evaluate("one => { one.open = true; }")
            assert await page.evaluate(CUT_OFF) == []
        await _sound(page, n)
    pages.refuse = Refused("number_not_allowed", field="number")
    pages.view = WAITS
    await page.goto(f"{edge.url}{PLACE}")
    await page.click("summary")
    await page.fill("#number", "0600 12345")
    await page.click("details button")
    await expect(page.locator(".error-summary")).to_be_focused()
    await expect(page.locator("#number")).to_have_value("0600 12345")
    await _sound(page)
    older = f"{PLACE}/messages?before=3"
    proof = f"/transcript/{TOKEN}"
    for path in ("/case/guessed", older, "/transcript/guessed", proof):
        await page.goto(f"{edge.url}{path}")
        await _sound(page)
    await page.click("form .primary")
    await expect(page.locator("h1")).to_have_text("Samtalet har skickats")
    await _sound(page)
    assert said == []


async def test_by_keyboard_alone_and_without_script(
    browser: Browser,
    edge: Edge,
    pages: FakePages,
) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = await context.new_page()
    keys = page.keyboard
    await page.goto(f"{edge.url}{PLACE}")
    await page.focus("#refresh")
    await keys.press("Tab")
    await keys.type("Lisään vielä tämän")
    await keys.press("Tab")
    await expect(page.locator("#files")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator(".notice.good")).to_be_visible()
    await page.focus(".button.danger")
    await keys.press("Enter")
    await page.focus("form .danger")
    await keys.press("Enter")
    await expect(page.locator(".notice.good")).to_be_visible()
    assert [done[0] for done in pages.done] == ["write", "cancel"]
    assert pages.done[0][2] == "Lisään vielä tämän"
    pages.view = ASKED
    await page.goto(f"{edge.url}{PLACE}")
    await page.fill("#text", "Kesken")
    await page.set_input_files("#files", {"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
    await page.press("#choice1", "Enter")
    await expect(page.locator(".notice.good")).to_be_visible()
    assert pages.done[2][2] == "Maanantai"
    await expect(page.locator("#files-again")).to_contain_text("a.png")
    await page.get_by_role("button", name="Svenska").press("Enter")
    await expect(page.locator("html")).to_have_attribute("lang", "sv")
    await expect(page.locator("#text")).to_have_value("Kesken")
    pages.view = WAITS._replace(proven="v…@example.org")
    await page.click("#refresh")
    for n, (field, text) in enumerate((("number", "050 1"), ("address", "u@"))):
        await page.locator("#ways-heading ~ details summary").nth(n).click()
        await page.fill(f"#{field}", text)
    await page.click('[name="known"]')
    await expect(page.locator(".notice.good")).to_be_visible()
    await page.click('[name="ask"]')
    await page.click('[name="refresh"]')
    for field, text in (("text", "Kesken"), ("number", "050 1"), ("address", "u@")):
        await expect(page.locator(f"#{field}")).to_be_visible()
        await expect(page.locator(f"#{field}")).to_have_value(text)
    await page.fill("#address", "")
    await page.press("#number", "Enter")
    await expect(page.locator(".notice.good")).to_be_visible()
    await expect(page.locator("#text")).to_have_value("Kesken")
    assert [done[:2] for done in pages.done[3:]] == [("transcript", ""), ("callback", "050 1")]
    await context.close()


async def test_it_follows_the_matter(page: Page, edge: Edge, pages: FakePages) -> None:
    await page.clock.install()
    await page.goto(f"{edge.url}{PLACE}?new=1")
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status))
    await page.fill("#text", "Kesken")
    async with page.expect_response(lambda answer: answer.status == 304):
        await page.clock.run_for(15_000)
    await page.clock.run_for(200)
    await expect(page.locator("#live")).to_have_text("")
    pages.view = ANSWERED
    async with page.expect_response(lambda answer: answer.status == 200):
        await page.clock.run_for(15_000)
    await expect(page.locator("h1")).to_have_text("Asiaasi on vastattu")
    await page.clock.run_for(200)
    await expect(page.locator("#live")).to_have_text("Asiasi tiedot ovat muuttuneet tällä sivulla.")
    await expect(page.locator("#text")).to_be_focused()
    await expect(page.locator("#text")).to_have_value("Kesken")
    link = page.locator("#m3 .said-text a")
    await expect(link).to_have_attribute("href", "https://www.mikkeli.example/" + "a" * 90)
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await link.focus()
    pages.view = ANSWERED._replace(mailbox="v…@example.org")
    async with page.expect_response(lambda answer: answer.status == 200):
        await page.clock.run_for(15_000)
    await expect(page.locator(".facts")).to_contain_text("v…@example.org")
    await expect(link).to_be_focused()  # it is another one, in the same place
    await page.focus("#refresh")
    pages.view = HANDLED
    async with page.expect_response(lambda answer: answer.status == 200):
        await page.clock.run_for(15_000)
    await expect(page.locator("h1")).to_have_text("Asiaasi hoidetaan")
    await expect(page.locator("#refresh")).to_be_focused()
    assert pages.opened == 4
    # What was kept in another language stands at the form's address, and follows it too.
    await page.get_by_role("button", name="Svenska").click()
    await expect(page.locator("#text")).to_have_value("Kesken")
    async with page.expect_response(lambda answer: answer.status == 304):
        await page.clock.run_for(15_000)
