"""Who may show the chat: the configured site and nobody whose name only looks like it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Route

from tests.chat_page.fake_server import Desk, make_app
from tests.windows import origin, served

pytestmark = pytest.mark.needs_package("chromium")
CITY, OURS = "http://city.fi", "http://chat.example"
STRANGERS = [
    "http://city.fi.evil.example/",
    "http://evilcity.fi/",
    "http://evil.example/http://city.fi/",
    "http://city.fi@evil.example/",
    "http://www.city.fi/",
    "http://city.fi:8081/",
    "http://city.fi./",
    "http://xn--ity-gna.fi/",  # a c with an accent
    "http://city.fi.:80/",
    "http://nested.example/",  # its page holds the city's, which holds the chat
]


@asynccontextmanager
async def _web(browser: Browser, desk: Desk) -> AsyncIterator[Page]:
    """A browser for which every host but ours is a page that frames the chat and talks to it."""
    served_at = origin("chat")
    page = await (await browser.new_context()).new_page()
    chat = f'<iframe src="{OURS}/chat?queue=general"></iframe>'
    tries = """<script>
      const words = [{contactcenter: "shown", on: true, focus: true}, {contactcenter: "close"},
                     {type: "hello", queue: "general"}, {contactcenter: "ready"}, "ready"];
      const told = window.told = [];
      addEventListener("message", ({data}) => told.push(data));
      document.querySelector("iframe").onload = ({target}) => {
        for (const one of words) target.contentWindow.postMessage(one, "*");
      };
    </script>"""

    async def answer(route: Route) -> None:
        asked = route.request.url
        if asked.startswith(f"{OURS}/"):
            await route.fulfill(
                response=await route.fetch(url=asked.replace(OURS, served_at, 1), max_redirects=0)
            )
            return
        inner = f'<iframe src="{CITY}/"></iframe>' if "nested" in asked else chat
        await route.fulfill(body=f"<!doctype html>{inner}{tries}", content_type="text/html")

    await page.context.route("**/*", answer)
    async with served(make_app(desk, OURS, (CITY,)), "chat"):
        yield page
        await page.context.close()
        desk.cut()


def _shown(desk: Desk) -> bool:
    """Whether the chat came so far as to ask for its scripts."""
    return "/static/chat/main.js" in desk.paths


async def test_only_the_very_origin_frames_the_chat(browser: Browser) -> None:
    desk = Desk()
    async with _web(browser, desk) as page:
        for stranger in STRANGERS:
            await page.goto(stranger)
            assert not _shown(desk), stranger
            assert await page.evaluate("told") == [], stranger
        for ours in (f"{CITY}/", "HTTP://CITY.FI:80/x?y#z"):
            desk.paths.clear()
            await page.goto(ours)
            await page.frame_locator("iframe").locator(".chat").wait_for()
            assert _shown(desk), ours
        assert desk.of("hello") == []  # no word of a page begins a chat


async def test_a_window_that_opened_the_chat_has_no_hold_of_it(browser: Browser) -> None:
    desk, url = Desk(), origin("chat")
    page = await (await browser.new_context()).new_page()
    await page.route("http://evil.example/", lambda route: route.fulfill(body="<p>evil"))
    async with served(make_app(desk, url, (CITY,)), "chat"):
        await page.goto("http://evil.example/")
        async with page.context.expect_page() as opened:
            await page.evaluate("(url) => { window.chat = open(url + '/chat?queue=general') }", url)
        chat = await opened.value
        await chat.locator("#first").wait_for()
        await page.wait_for_function("window.chat.closed")  # they share no group of windows
        assert await chat.evaluate("opener") is None
        await page.context.close()
        desk.cut()
