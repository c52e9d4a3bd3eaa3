"""The settings as people use them, in a real browser: axe-core, narrow windows, the keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from contactcenter.feedback.rules import Given
from contactcenter.services.importing import bring_in
from tests.looks import violations
from tests.services.read import documents
from tests.web.edge import ADMIN, PASSWORD, Edge
from tests.web.over import given
from tests.web.test_admin_queues import added
from tests.web.test_demo_mail import Kept, quarantined
from tests.web.told import CAME, TOLD
from tests.web.troubles import mailboxes, trouble

pytestmark = pytest.mark.needs_package("chromium")
PAGES = (
    "/feedback",
    "/insight",
    "/insight?channel=mail&service=0",
    "/insight/contacts?from=2026-10",
    "/insight/report",
    "/admin/queues",
    "/admin/queues/library",
    "/admin/new/queue",
    "/admin/organisations",
    "/admin/organisations/city",
    "/admin/organisations/city/theme",
    "/admin/organisations/city/theme/preview?light.brand=%230b4f4a",
    "/admin/agreements",
    "/admin/new/agreement",
    "/admin/dispositions",
    "/admin/new/disposition",
    "/admin/decline_reasons",
    "/admin/new/decline_reason",
    "/admin/contact_reasons",
    "/admin/new/contact_reason",
    "/admin/areas",
    "/admin/new/area",
    "/admin/templates",
    "/admin/new/template",
    "/admin/topics",
    "/admin/new/topic",
    "/admin/services",
    "/admin/services/1",
    "/admin/origins",
    "/admin/configuration",
    "/admin/users",
    "/admin/audit",
    "/admin/aside",
    "/admin/undelivered",
    "/admin/blocked-senders",
    "/admin/mailboxes",
    "/admin/loop-hits",
    "/admin/quarantine",
)


@pytest.fixture
def size() -> tuple[int, int]:
    """Width and height of the window in CSS pixels."""
    return 1440, 900


@pytest.fixture
async def page(browser: Browser, edge: Edge, size: tuple[int, int]) -> AsyncIterator[Page]:
    """An admin's browser, with a queue to look at."""
    admin = await added(edge)
    site = {"organisation": "city", "origin": "https://www.acitywithaverylongnameindeed.example"}
    assert (await admin.post("/admin/origins", site)).status == 303
    await bring_in(edge.services.db, None, "city", "ptv", documents("ptv"))
    await edge.rows(TOLD)
    await edge.rows(CAME)
    await trouble(edge)
    await mailboxes(edge)
    await given(edge, *(Given(mark, None, "Odotin. " * 40) for mark in (1, 2, 4, 5, 5)))
    edge.services.quarantine = Kept(await quarantined(edge))
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(30_000)
    await page.goto(f"{edge.url}/login?lang=fi")
    await page.fill("#email", ADMIN)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/console*")
    yield page
    await page.close()


async def _sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [((1440, 900), "dark", "fi"), ((320, 640), "light", "sv"), ((320, 640), "dark", "en")],
)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    edge: Edge, page: Page, theme: Any, language: str
) -> None:
    await page.emulate_media(color_scheme=theme)
    for path in PAGES:
        shown = await page.goto(f"{edge.url}{path}{'&' if '?' in path else '?'}lang={language}")
        assert shown is not None
        assert shown.ok, path
        assert await violations(page) == [], path
        assert not await _sideways(page), path
    if page.viewport_size == {"width": 320, "height": 640}:
        await _the_header_is_one_line_and_its_menus_open_by_keyboard(page)


async def _the_header_is_one_line_and_its_menus_open_by_keyboard(page: Page) -> None:
    header = await page.locator(".site-header").bounding_box()
    assert header is not None
    assert header["height"] < 64
    for menu, last in (("places", ".places-tools button >> nth=-1"), ("subnav", "a >> nth=-1")):
        nav = page.locator(f"#{menu}")
        await expect(nav).to_be_hidden()
        await page.locator(f'[popovertarget="{menu}"]').press("Enter")
        await expect(nav.locator(last)).to_be_visible()
        assert await violations(page) == [], menu
        await page.keyboard.press("Escape")
        await expect(nav).to_be_hidden()


@pytest.mark.parametrize("size", [(320, 640), (1440, 900)])
async def test_the_hours_are_looked_at_saved_and_taken_back_by_keyboard(
    edge: Edge, page: Page
) -> None:
    await page.goto(f"{edge.url}/admin/queues/library?lang=en")
    monday = page.locator('[id="hours.weekly.1"]')
    await monday.fill("10-14")
    await page.locator('button[value="preview"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#outlook [role=status]")).to_be_visible()
    await expect(page.locator("#outlook")).to_contain_text("10.00\u201314.00")
    await expect(monday).to_have_value("10-14")
    assert await violations(page) == []
    assert not await _sideways(page)
    await monday.fill("ten")
    await page.locator('button[value="save"]').focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("alert").get_by_role("link").focus()
    await page.keyboard.press("Enter")
    await expect(monday).to_be_focused()
    await monday.fill("10-14")
    await page.locator('button[value="save"]').focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**done=saved**")
    assert await violations(page) == []
    await expect(monday).to_have_value("10:00-14:00")
    await page.get_by_role("button", name="Undo").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**done=undone**")
    await expect(monday).to_have_value("09:00-15:00, 16:30-18:00")


async def test_a_file_is_chosen_looked_at_and_applied(
    edge: Edge, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "city.toml"
    file.write_text(
        '[[template]]\norganisation = "city"\nkey = "hello"\n'
        'name = { fi = "a", sv = "b", en = "c" }\n'
        'text = { fi = "Hei <b>siellä</b>" }\n',
        encoding="utf-8",
    )
    await page.goto(f"{edge.url}/admin/configuration?lang=en")
    await page.set_input_files("#file", file)
    await page.get_by_role("button", name="Show what would change").press("Enter")
    await expect(page.locator(".steps")).to_contain_text("hello")
    assert await violations(page) == []
    await page.locator("summary").press("Enter")
    await expect(page.locator(".steps ins").last).to_be_visible()
    await expect(page.locator(".steps")).to_contain_text("Hei <b>siellä</b>")
    await page.get_by_role("button", name="Apply").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Changes: 1")
    assert len(await edge.rows("SELECT FROM template")) == 1


async def test_a_look_is_tried_on_while_it_is_typed(edge: Edge, page: Page) -> None:
    await page.goto(f"{edge.url}/admin/organisations/city/theme?lang=en")
    bar = page.frame_locator("#preview").locator(".theme-light .branded")
    await expect(bar).to_have_css("background-color", "rgb(255, 255, 255)")
    await page.fill('[id="light.brand"]', "#0b4f4a")
    await expect(bar).to_have_css("background-color", "rgb(11, 79, 74)")
    await page.get_by_label("Light: brand colour: choose").fill("#7a1f5c")
    await expect(page.locator('[id="light.brand"]')).to_have_value("#7a1f5c")
    await expect(bar).to_have_css("background-color", "rgb(122, 31, 92)")
    assert await violations(page) == []
    await page.fill('[id="light.on_brand"]', "#884466")
    await page.press('[id="light.on_brand"]', "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("contrast")
    await expect(page.locator('[id="light.brand"]')).to_have_value("#7a1f5c")
    assert await edge.rows("SELECT FROM theme") == []
