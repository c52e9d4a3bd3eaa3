"""The widget on cities' pages: other origins, strict policies, reloads, strangers."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import Desk, wordpress_tag

pytestmark = pytest.mark.needs_package("chromium")
WIDE, PHONE = (1280, 800), (360, 640)


@pytest.fixture
def size() -> tuple[int, int]:
    """A desktop's window."""
    return WIDE


async def _open(stage: Stage) -> None:
    await stage.page.goto(stage.city)
    await stage.knob.click()
    await expect(stage.frame.locator("#first")).to_be_visible()


async def _talk(stage: Stage) -> None:
    await _open(stage)
    await stage.frame.locator("#first").fill("Hei")
    await stage.frame.locator('[data-act="start"]').click()
    await stage.desk.until("hello")
    await stage.desk.join()
    await expect(stage.frame.locator('.chat[data-screen="talking"]')).to_be_visible()


async def test_a_configured_page_carries_the_chat(stage: Stage, desk: Desk) -> None:
    page = stage.page
    await page.goto(stage.city)
    await expect(stage.knob).to_have_count(1)  # though included twice
    await expect(stage.knob).to_have_attribute("aria-expanded", "false")
    assert "/chat" not in desk.paths  # nothing more is loaded before it is wanted
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(stage.knob).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(stage.frame.locator("h2[data-first]")).to_be_focused()
    await expect(page.locator("#contactcenter iframe")).to_have_attribute("title", "Kysy meiltä")
    await page.keyboard.press("Escape")
    await expect(stage.knob).to_be_focused()
    await expect(page.locator("#contactcenter iframe")).to_be_hidden()
    assert await page.context.cookies() == []


async def test_a_page_as_documented_carries_the_chat(stage: Stage, desk: Desk) -> None:
    """Under its strict policy, from right to left; opened by the page's own link, also by one that
    the page drew later."""
    page = stage.page
    await page.goto(f"{stage.city}/wordpress")
    await expect(stage.knob).to_have_text("Fråga oss")  # by the page's language
    await page.click("[data-contactcenter-open]")
    await expect(stage.frame.locator("[data-topic]")).to_have_count(2)
    await page.evaluate("sessionStorage.clear()")
    older = "<script type='text/javascript' src='{source}' id='contactcenter-js'></script>\n"
    assert wordpress_tag("https://x.example", older) == (
        "<script data-organisation=\"mikkeli\" async type='text/javascript'"
        " src='https://x.example/widget.js' id='contactcenter-js'></script>\n"
    )
    await page.goto(f"{stage.city}/documented")
    await expect(stage.knob).to_have_text("Kysy meiltä")
    box = await stage.knob.bounding_box()
    assert box is not None
    assert box["x"] == 20  # the end of a line from right to left
    link = page.locator("[data-contactcenter-open]")
    await link.click()
    await expect(stage.frame.locator("[data-topic]")).to_have_count(2)
    assert page.url.endswith("/documented")
    await stage.frame.locator('[data-topic="mikkeli/parking"]').press("Enter")
    await expect(stage.frame.locator("h2[data-first]")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(link).to_be_focused()
    await page.evaluate(
        "document.querySelector('main').replaceChildren(Object.assign("
        "document.createElement('button'), {id: 'late', textContent: 'Fråga'}));"
        "document.querySelector('#late').dataset.contactcenterOpen = ''"
    )
    await page.click("#late")
    await expect(page.locator("#contactcenter iframe")).to_be_visible()
    await stage.knob.click()
    await expect(page.locator("#late")).to_be_focused()
    kept = await page.evaluate("[Object.keys(sessionStorage), Object.keys(localStorage)]")
    assert kept == [["contactcenter.@mikkeli"], []]
    assert await page.context.cookies() == []


async def test_the_chat_outlives_a_reload_of_the_page_around(stage: Stage, desk: Desk) -> None:
    await _talk(stage)
    await desk.say("Hei, Aino tässä.")
    await expect(stage.frame.locator(".theirs")).to_be_visible()
    await stage.page.reload()
    await expect(stage.frame.locator(".said")).to_have_count(2)
    assert desk.of("hello")[-1]["resume"] == "secret-1"
    # It came back by itself, so it took the focus from nobody.
    assert await stage.page.evaluate("document.activeElement === document.body")


async def test_a_hidden_chat_counts_what_was_not_seen(stage: Stage, desk: Desk) -> None:
    await _talk(stage)
    await stage.frame.locator('[data-act="hide"]').click()
    await expect(stage.knob).to_be_focused()
    await desk.say("Oletko siellä?")
    said = await desk.say("Haloo?")
    await expect(stage.knob.locator("b")).to_have_text("2")
    await expect(stage.knob).to_have_accessible_name("Kysy meiltä, 2 uutta viestiä")
    assert desk.of("read") == []
    await stage.page.reload()
    await expect(stage.knob.locator("b")).to_have_text("2")
    await expect(stage.page.locator("#contactcenter iframe")).to_be_hidden()
    await stage.knob.click()
    await expect(stage.knob.locator("b")).to_be_hidden()
    await desk.until("read", lambda frame: frame["seq"] == said["seq"])
    await expect(stage.frame.locator("#composer")).to_be_focused()


async def test_an_ended_chat_does_not_come_back(stage: Stage, desk: Desk) -> None:
    await _talk(stage)
    await stage.frame.locator('[data-act="end"]').click()
    await stage.frame.locator('[data-act="end-yes"]').click()
    await desk.until("leave")
    # Before the server's word the chat goes on, and before the page around has heard that it is
    # hidden it is open: a reload takes up either.
    await expect(stage.frame.locator('.chat[data-screen="closed"]')).to_be_visible()
    await stage.frame.locator('[data-act="hide"]').click()
    await expect(stage.page.locator("#contactcenter iframe")).to_be_hidden()
    await stage.page.reload()
    await expect(stage.knob).to_be_visible()
    await expect(stage.page.locator("#contactcenter iframe")).to_have_count(0)


async def test_a_page_that_is_not_configured_gets_no_chat(stage: Stage, desk: Desk) -> None:
    stage.excused += ("frame-ancestors", "frame", "chrome-error")
    await stage.page.goto(stage.stranger)
    async with stage.page.expect_response(re.compile(r"/chat\?")) as answered:
        await stage.knob.click()
    policy = (await (await answered.value).all_headers())["content-security-policy"]
    assert f"frame-ancestors 'self' {stage.city};" in policy + ";"
    await expect(stage.frame.locator(".chat")).to_have_count(0)
    await stage.knob.click()  # it can be closed all the same
    await expect(stage.page.locator("#contactcenter iframe")).to_be_hidden()
    assert not any(path.startswith("/static/chat") for path in desk.paths)


@pytest.mark.parametrize("size", [PHONE])
async def test_a_narrow_screen_is_filled(stage: Stage, desk: Desk) -> None:
    await _open(stage)
    box = await stage.page.locator("#contactcenter iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": PHONE[0], "height": PHONE[1]}
    await expect(stage.knob).to_be_hidden()
    await stage.frame.locator('[data-act="hide"]').click()
    await expect(stage.knob).to_be_focused()


async def test_strangers_words_are_not_heard(stage: Stage, desk: Desk) -> None:
    """From another frame of the page, from the page's own window, and into the chat."""
    page = stage.page
    await _talk(stage)
    await page.evaluate(
        """async (ours) => {
          const told = [{contactcenter: "close"}, {contactcenter: "unread", n: 7, text: "x"},
                        {contactcenter: "going", on: false}];
          const wait = () => new Promise((done) => setTimeout(done));
          for (const one of told) postMessage(one, "*");
          const event = (data, origin, source) =>
            dispatchEvent(new MessageEvent("message", {data, origin, source}));
          const frame = document.querySelector("#contactcenter").shadowRoot.querySelector("iframe");
          for (const one of told) {
            event(one, "https://evil.example", frame.contentWindow);  // right window, wrong origin
            event(one, ours, window);  // right origin, wrong window
            event(one, ours, null);
          }
          for (const odd of [null, "close", {contactcenter: "unread", n: "<b>", text: "x"},
                             {contactcenter: "unread", n: 3, text: {}}, {contactcenter: "eval"}])
            event(odd, ours, frame.contentWindow);
          await wait();
        }""",
        stage.url,
    )
    await expect(page.locator("#contactcenter iframe")).to_be_visible()
    await expect(stage.knob.locator("b")).to_be_hidden()
    assert await page.evaluate("sessionStorage['contactcenter.general']") == "1"


async def test_the_chat_hears_only_the_window_around_it(stage: Stage, desk: Desk) -> None:
    await _talk(stage)
    inside = next(one for one in stage.page.frames if "/chat?" in one.url)
    await inside.evaluate(
        """(city) => {
          const hidden = {contactcenter: "shown", on: false, focus: false};
          postMessage(hidden, "*");
          const event = (data, origin, source) =>
            dispatchEvent(new MessageEvent("message", {data, origin, source}));
          event(hidden, "https://evil.example", parent);
          event(hidden, city, window);
          event({contactcenter: "shown", on: "no"}, city, parent);
          event(null, city, parent);
        }""",
        stage.city,
    )
    said = await desk.say("Näkyykö?")
    await desk.until("read", lambda frame: frame["seq"] == said["seq"])  # so it counts as shown


async def test_the_demo_city_carries_it_too(stage: Stage, desk: Desk) -> None:
    for language, name in (("fi", "Kysy meiltä"), ("sv", "Fråga oss"), ("en", "Ask us")):
        await stage.page.goto(f"{stage.url}/demo?lang={language}")
        await expect(stage.knob).to_have_text(name)
        await expect(stage.page.locator("body")).not_to_contain_text("⟦")
    await stage.knob.click()
    await expect(stage.frame.locator("html")).to_have_attribute("lang", "en")
    await expect(stage.frame.locator("#first")).to_be_visible()
