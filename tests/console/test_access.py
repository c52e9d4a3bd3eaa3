"""The console for everybody: axe-core, narrow screens, languages, keyboard, hostile content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests import looks
from tests.console.conftest import Stage
from tests.console.fake_centre import Centre, Frame, ago
from tests.console.scenes import first_day, working_day
from tests.console.scenes_calls import calls

pytestmark = pytest.mark.needs_package("chromium")
LANGUAGES = ("fi", "sv", "en")


async def _case(page: Page) -> None:
    await page.locator(".contact").first.click()
    await expect(page.locator("#composer-text")).to_be_visible()


async def _note(page: Page) -> None:
    await _case(page)
    await page.locator("#tab-note").click()


async def _wrap_up(page: Page) -> None:
    await _case(page)
    await page.keyboard.press("w")
    await expect(page.locator(".wrap-up")).to_be_visible()


async def _transfer(page: Page) -> None:
    await _case(page)
    await page.keyboard.press("t")


async def _press(page: Page, key: str) -> None:
    await page.locator("body").press(key)


async def _menu(page: Page) -> None:
    await _press(page, "g")


async def _help(page: Page) -> None:
    await _press(page, "?")


async def _nothing(page: Page) -> None:
    await expect(page.locator(".nothing")).to_be_visible()


VIEWS: dict[str, Callable[[Page], Awaitable[None]]] = {
    "nothing": _nothing,
    "case": _case,
    "note": _note,
    "wrap_up": _wrap_up,
    "transfer": _transfer,
    "menu": _menu,
    "help": _help,
}


async def _begin(page: Page) -> None:
    await _press(page, "c")
    await page.locator(".begin-came summary").click()


async def _open(page: Page, channel: str) -> None:
    words = {"callback": "Takaisinsoitto", "visit": "Asiointi", "letter": "Kirje"}
    await page.locator(".contact", has_text=words[channel]).click()
    await expect(page.locator("#composer-text")).to_be_visible()


async def _callback(page: Page) -> None:
    await _open(page, "callback")
    await page.locator("#again").select_option("at")


async def _sure(page: Page) -> None:
    await _open(page, "callback")
    await _press(page, "4")
    await expect(page.locator(".call-sure")).to_be_visible()


CALLS: dict[str, Callable[[Page], Awaitable[None]]] = {
    "begin": _begin,
    "callback": _callback,
    "sure": _sure,
    "visit": lambda page: _open(page, "visit"),
    "letter": lambda page: _open(page, "letter"),
}


@pytest.fixture
def centre(request: pytest.FixtureRequest) -> Centre:
    """A working day; "first" in the parameters: an agent's first sign-in; "calls": at the
    telephone and the counter."""
    scenes = {"first": first_day, "calls": calls}
    return scenes.get(getattr(request, "param", ""), working_day)()


async def violations(stage: Stage) -> list[Any]:
    """What axe-core finds on the page as it stands."""
    stage.excused = "inline style"  # axe-core tries some on elements of its own
    return await looks.violations(stage.page)


async def wrong(stage: Stage, *sizes: looks.Size) -> dict[str, Any]:
    """The same in both themes and these sizes."""
    return await looks.in_every_look(
        stage.page, lambda: violations(stage), sizes=sizes, themes=looks.BOTH_THEMES
    )


@pytest.mark.parametrize("view", VIEWS)
async def test_axe_finds_nothing(stage: Stage, view: str) -> None:
    await stage.open()
    await VIEWS[view](stage.page)
    assert await wrong(stage) == {}


@pytest.mark.parametrize("view", CALLS)
@pytest.mark.parametrize("centre", ["calls"], indirect=True)
async def test_axe_finds_nothing_in_calls(stage: Stage, view: str) -> None:
    await stage.open()
    await CALLS[view](stage.page)
    assert await wrong(stage) == {}


@pytest.mark.parametrize("centre", ["first"], indirect=True)
async def test_axe_finds_nothing_on_the_first_day(stage: Stage) -> None:
    await stage.open()
    assert await violations(stage) == []


async def test_axe_finds_nothing_without_connection(stage: Stage) -> None:
    await stage.open()
    await _case(stage.page)
    await stage.door.cut()
    await expect(stage.page.locator('[data-link="offline"]')).to_be_visible()
    await stage.page.fill("#composer-text", "odottaa")
    await stage.page.keyboard.press("Control+Enter")
    assert await violations(stage) == []


async def cut_off(page: Page) -> Any:
    """What reaches over the edge of the window, or of its dialog; and whether the page scrolls
    sideways."""
    return await page.evaluate(
        """() => [...document.querySelectorAll('#app *')].filter((one) => {
          const box = one.getBoundingClientRect();
          const dialog = one.closest('dialog')?.getBoundingClientRect();
          const edge = dialog ?? { left: 0, right: innerWidth };
          return one.checkVisibility() && !one.closest('.hidden, .skip') && box.width > 1
            && (box.right > edge.right + 1 || box.left < edge.left - 1);
        }).map((one) => one.outerHTML.slice(0, 120)).concat(
          document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])"""
    )


async def cut_off_narrow(page: Page) -> dict[str, Any]:
    """The same in windows so narrow that the panel has a button; ends in the narrowest."""
    sizes = [(1024, 768), (768, 1024), (320, 256), (320, 640)]
    return await looks.in_every_look(page, lambda: cut_off(page), sizes=sizes)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_cut_off(stage: Stage, language: str) -> None:
    page = stage.page
    stage.centre.language = language
    await stage.open()
    assert await cut_off_narrow(page) == {}
    await _case(page)
    assert await cut_off_narrow(page) == {}
    await page.locator("#panel-toggle").click()
    await expect(page.locator("#panel")).to_be_visible()
    assert await cut_off_narrow(page) == {}
    await page.locator('[data-act="finish"]').click()
    assert await cut_off_narrow(page) == {}
    await page.locator(".panel-close").click()
    await expect(page.locator("#panel-toggle")).to_be_focused()


@pytest.mark.parametrize("centre", ["calls"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_of_calls_is_cut_off(stage: Stage, language: str) -> None:
    page = stage.page
    stage.centre.language = language
    await stage.open()
    for n in range(await page.locator(".contact").count()):
        await page.locator(".contact").nth(n).click()
        await expect(page.locator("#composer-text")).to_be_visible()
        assert await cut_off_narrow(page) == {}
        await page.locator("#panel-toggle").click()
        assert await cut_off_narrow(page) == {}
        await page.locator(".panel-close").click()
        await page.locator(".case-head .only-narrow").click()
    await page.locator('[data-act="begin"]').click()
    await page.locator(".begin-came summary").click()
    assert await cut_off_narrow(page) == {}
    assert await wrong(stage, (320, 640), (320, 256), (768, 1024), (1024, 768)) == {}


@pytest.mark.parametrize("centre", ["calls"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_key_is_shown_for_a_text_of_calls(stage: Stage, language: str) -> None:
    page = stage.page
    stage.centre.language = language
    await stage.open()
    for n in range(await page.locator(".contact").count()):
        await page.locator(".contact").nth(n).click()
        assert await untranslated(page) == []
    await page.locator('[data-act="begin"]').click()
    assert await untranslated(page) == []


@pytest.mark.parametrize("size", [(320, 640)])
async def test_narrow_way_there_and_back(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await page.locator(".contact").first.click()
    await expect(page.locator("#case-title")).to_be_focused()
    await expect(page.locator(".side")).to_be_hidden()
    await page.get_by_role("button", name="Omat yhteydenotot").click()
    await expect(page.locator(".contact").first).to_be_focused()


async def untranslated(page: Page) -> list[str]:
    """The beginnings of keys that stand where texts should."""
    shown: str = await page.evaluate(
        """document.body.innerText + [...document.querySelectorAll('*')]
          .map((one) => [one.ariaLabel, one.title, one.placeholder].join(' ')).join(' ')"""
    )
    stems = ("console.", "state.", "channel.", "delivery.")
    return [stem for stem in stems if stem in shown.replace("example.", "")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_key_is_shown_for_a_text(stage: Stage, language: str) -> None:
    page = stage.page
    stage.centre.language = language
    await stage.open()
    await expect(page.locator("html")).to_have_attribute("lang", language)
    for view in VIEWS.values():
        await page.keyboard.press("Escape")
        await view(page)
        assert await untranslated(page) == []
        await page.keyboard.press("Escape")


async def test_language_is_switched_and_kept(stage: Stage) -> None:
    await stage.open()
    await stage.page.get_by_label("Kieli").select_option("sv")
    await expect(stage.page.locator("h1")).to_have_text("Arbetsbord")
    await expect(stage.page.locator("html")).to_have_attribute("lang", "sv")
    await expect(stage.page.locator(".offer")).to_contain_text("Småbarnspedagogik")
    await stage.holds("document.title.includes('Arbetsbord')")
    assert stage.centre.language == "sv"


async def test_shortcuts_can_be_switched_off(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await page.get_by_role("button", name="Asetukset").click()
    await page.get_by_role("checkbox", name="Yhden näppäimen").uncheck()
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
    await expect(page.get_by_role("button", name="Asetukset")).to_be_focused()
    await page.keyboard.press("a")
    await page.keyboard.press("?")
    await expect(page.locator("dialog")).to_have_count(0)
    assert stage.heard("accept") == []
    await expect(page.locator(".offer kbd")).to_have_count(0)


@pytest.mark.parametrize(("role", "there"), [("agent", 0), ("supervisor", 1), ("admin", 1)])
async def test_the_menu_leads_supervisors_to_the_board(stage: Stage, role: str, there: int) -> None:
    stage.centre.role = role
    await stage.open()
    await stage.page.get_by_role("button", name="Valikko").press("Enter")
    menu = stage.page.get_by_role("navigation", name="Päävalikko")
    await stage.page.keyboard.press("Tab")
    await expect(menu.get_by_role("link", name="Työpöytä")).to_be_focused()
    await expect(stage.page.get_by_role("link", name="Tilannetaulu")).to_have_count(there)
    await stage.page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()


async def test_theme_is_kept(stage: Stage) -> None:
    page = stage.page
    await stage.open()
    await page.get_by_role("button", name="Asetukset").click()
    await page.get_by_role("radio", name="Tumma").check()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(16, 20, 24)"


HOSTILE = '"><img src=x onerror=window.hurt=1>'


@pytest.fixture
def hostile(centre: Centre) -> Frame:
    """A mail from somebody who wants to get out of it."""
    card = centre.contact(HOSTILE, HOSTILE, mine=True, address=f"{HOSTILE}@example.net")
    files = [{"id": "1", "name": HOSTILE, "media_type": "text/html", "size": 1}]
    text = f"{HOSTILE} javascript:alert(1) https://example.net/{HOSTILE}"
    message = centre.message(card, "inbound", text, html=True, attachments=files, at=ago(60))
    centre.html[card["case"], message["seq"]] = """
      <base href="/away/"><meta http-equiv="refresh" content="0;url=/canary/meta">
      <style>@import "/canary/import"; body { background: url(/canary/style) }</style>
      <img src="/canary/img" srcset="/canary/set 2x" onerror="parent.hurt=1">
      <script>parent.hurt = 1</script><svg onload="parent.hurt=1"></svg>
      <form action="/canary/form"><button id="go">go</button></form>
      <iframe src="/canary/frame"></iframe><video poster="/canary/poster"></video>
      <div style="position:fixed;inset:0;background:url(/canary/inline)">all</div><p>Hello</p>"""
    return card


async def test_hostile_mail_can_do_nothing(stage: Stage, hostile: Frame) -> None:
    page = stage.page
    stage.excused = ""  # the browser says what it does not let the mail do
    await stage.open(hostile)
    await page.locator(".mail-html button").click()
    frame = page.locator(".mail-html iframe")
    await expect(frame).to_have_attribute("sandbox", "")
    await expect(page.frame_locator(".mail-html iframe").locator("p")).to_have_text("Hello")
    assert await page.evaluate("window.hurt") is None
    assert [path for path in stage.door.asked if "canary" in path or "away" in path] == []
    assert await page.locator("#app img").count() == 0
    assert await page.locator('a[href^="javascript"]').count() == 0
    await expect(page.locator("#case-title")).to_have_text(HOSTILE)
