"""The board for everybody: axe-core, narrow screens, keyboard, languages, the wall."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.board.conftest import Watch
from tests.board.scenes import row
from tests.console.test_access import LANGUAGES, cut_off
from tests.looks import BOTH_THEMES, Size, in_every_look, violations

pytestmark = pytest.mark.needs_package("chromium")
SIZES: list[Size] = [
    *((320, 640), (320, 256), (640, 800)),
    *((1024, 768), (1120, 800), (1440, 900)),
]
HOSTILE = '"><img src=x onerror=window.hurt=1>'


async def _desk(watch: Watch) -> None:
    await watch.open()


async def _unfolded(watch: Watch) -> None:
    await watch.open()
    await watch.page.get_by_role("button", name="Näytä kanavat").click()
    await watch.page.get_by_role("button", name="Ei linjoilla").click()


async def _menu(watch: Watch) -> None:
    await watch.open()
    await watch.page.get_by_role("button", name="Ulkoasu").click()


async def _old(watch: Watch) -> None:
    await watch.open()
    await watch.station.cut()
    await expect(watch.page.locator('[data-link="offline"]')).to_be_visible()


async def _empty(watch: Watch) -> None:
    watch.station.queues, watch.station.agents = [], []
    await watch.open()


async def _loading(watch: Watch) -> None:
    watch.station.silent = True
    await watch.page.goto(f"{watch.url}/board")
    await expect(watch.page.locator(".skeleton")).to_be_visible()


async def _wall(watch: Watch) -> None:
    await watch.open("?wall=1")
    await expect(watch.page.locator(".wall-card").first).to_be_visible()


async def _old_wall(watch: Watch) -> None:
    await _wall(watch)
    await watch.station.cut()
    await expect(watch.page.locator('[data-link="offline"]')).to_be_visible()


VIEWS: dict[str, Callable[[Watch], Awaitable[None]]] = {
    "desk": _desk,
    "unfolded": _unfolded,
    "menu": _menu,
    "old": _old,
    "empty": _empty,
    "loading": _loading,
    "wall": _wall,
    "old_wall": _old_wall,
}


async def wrong(watch: Watch, *sizes: Size) -> dict[str, Any]:
    """What axe-core finds on the page as it stands, in both themes and these sizes."""
    watch.excused = "inline style"  # axe-core tries some on elements of its own
    return await in_every_look(
        watch.page, lambda: violations(watch.page), sizes=sizes, themes=BOTH_THEMES
    )


@pytest.mark.parametrize("view", VIEWS)
async def test_axe_finds_nothing(watch: Watch, view: str) -> None:
    await VIEWS[view](watch)
    assert await wrong(watch) == {}


@pytest.mark.parametrize("size", [(320, 640)])
async def test_axe_finds_nothing_on_cards(watch: Watch) -> None:
    await _unfolded(watch)
    assert await wrong(watch) == {}


async def _cut_off(page: Page) -> Any:
    """What reaches over the window's edge, or over that of its card."""
    return await cut_off(page) + await page.evaluate(
        """() => [...document.querySelectorAll('.figures tbody')].filter((one) =>
          getComputedStyle(one).display === 'block' && one.scrollWidth > one.clientWidth + 1
        ).map((one) => one.textContent.slice(0, 120))"""
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_cut_off(watch: Watch, language: str) -> None:
    watch.station.language = language
    await watch.open()
    await watch.page.locator(".queues .section-head button").click()
    await expect(watch.page.locator(".channel-row").first).to_be_visible()
    assert await in_every_look(watch.page, lambda: _cut_off(watch.page), sizes=SIZES) == {}
    await watch.open("?wall=1")
    await expect(watch.page.locator(".wall-card").first).to_be_visible()
    assert await in_every_look(watch.page, lambda: cut_off(watch.page), sizes=SIZES) == {}


@pytest.mark.parametrize("size", [(320, 640), (1440, 900)])
async def test_readers_hear_a_table(watch: Watch) -> None:
    await watch.open()
    table = watch.page.get_by_role("table", name="Jonot ja kanavat")
    await expect(table.get_by_role("columnheader")).to_have_count(11)
    line = table.get_by_role("row", name="Kelan etuudet")
    await expect(line.get_by_role("rowheader")).to_have_count(1)
    await expect(line.get_by_role("cell")).to_have_count(8)


async def test_keyboard_alone(watch: Watch) -> None:
    page = watch.page
    await watch.open()
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#queues-title")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Tab")
    fold = page.get_by_role("button", name="Pysäköinti")
    await expect(fold).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(fold).to_have_attribute("aria-expanded", "true")
    await expect(page.get_by_role("row", name="Pysäköinti: Chat")).to_be_visible()
    await watch.tell()
    await expect(fold).to_be_focused()
    await page.get_by_role("button", name="Seinänäyttö").press("Enter")
    await expect(page.locator(".wall-card").first).to_be_visible()
    await page.get_by_role("button", name="Poistu seinänäytöstä").press("Enter")
    await expect(page.locator(".queues .figures")).to_be_visible()


async def test_theme_is_chosen_and_kept(watch: Watch) -> None:
    await watch.open()
    await watch.page.get_by_role("button", name="Ulkoasu").click()
    await watch.page.get_by_role("menuitemradio", name="Tumma").click()
    await watch.open("?wall=1")
    await expect(watch.page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_language_is_switched_and_kept(watch: Watch) -> None:
    await watch.open()
    await watch.page.get_by_label("Kieli").select_option("sv")
    await expect(watch.page.locator("h1")).to_have_text("Lägestavla")
    await expect(watch.page.locator('[data-queue="city/daycare"]')).to_contain_text("Småbarns")
    await expect(watch.page.locator("html")).to_have_attribute("lang", "sv")
    await watch.page.reload()
    await expect(watch.page.locator("h1")).to_have_text("Lägestavla")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_key_is_shown_for_a_text(watch: Watch, language: str) -> None:
    watch.station.language = language
    await watch.open()
    await watch.page.locator(".queues .section-head button").click()
    for query in ("", "?wall=1"):
        if query:
            await watch.open(query)
        shown = await watch.page.evaluate(
            """document.body.innerText + [...document.querySelectorAll('*')]
              .map((one) => [one.ariaLabel, one.title, one.dataset.label].join(' ')).join(' ')"""
        )
        for stem in ("board.", "console.", "state.", "channel.", "undefined", "NaN"):
            assert stem not in shown


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
async def test_the_wall_is_large_and_fits(watch: Watch) -> None:
    await watch.open("?wall=1")
    cards = watch.page.locator(".wall-card")
    await expect(cards).to_have_count(6)
    await expect(cards.first).to_contain_text("Pysäköinti")
    await expect(cards.first).to_contain_text("yli 1 min")
    await expect(cards.first.locator(".wall-ahead")).to_have_text(
        re.compile("Chat, arvio.*2.*8 min")
    )
    fits, share = await watch.page.evaluate(
        """() => [document.documentElement.scrollHeight <= innerHeight,
          parseFloat(getComputedStyle(document.querySelector('.wall-waiting')).fontSize)
            / innerHeight]"""
    )
    assert fits
    assert share > 0.04  # 2.7 cm on a screen 68 cm high


@pytest.mark.parametrize("size", [(1280, 720)])
async def test_the_wall_says_what_it_has_no_room_for(watch: Watch) -> None:
    watch.station.queues = [
        row(f"q{n:02}", "chat", waiting=1, longest_wait_s=float(200 - n)) for n in range(40)
    ]
    await watch.open("?wall=1")
    last = watch.page.locator(".wall-rest")
    await expect(last).to_contain_text("jonoa lisää")
    shown = await watch.page.locator(".wall-card").count() - 1
    await expect(last).to_contain_text(f"{40 - shown} jonoa")
    await expect(last).to_contain_text(f"{40 - shown} yli tavoitteen")
    assert await watch.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


async def test_hostile_names_can_do_nothing(watch: Watch) -> None:
    watch.station.queues[0]["name"] = {"fi": HOSTILE}
    watch.station.agents[0]["name"] = HOSTILE
    watch.station.agents[0]["reason"] = HOSTILE
    await watch.open()
    await expect(watch.page.locator('[data-agent="1"] .agent-name')).to_contain_text(HOSTILE)
    assert await watch.page.evaluate("window.hurt") is None
    assert await watch.page.locator("#app img").count() == 0
