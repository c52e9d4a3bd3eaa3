"""A citizen and agents in real browsers, each in one of their own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    expect,
)

from tests.flows.product import Product

AXE = Path(__file__).parents[2] / "agent_ui/node_modules/axe-core/axe.min.js"
PASSWORD = "mikkeli-demo"
SLOW_MS = 30_000  # a process that starts, an offer on its way: not one step of a page
MOST_TABS = 80
# A browser says so where the network or the server is away, and where axe-core tries out styles.
EXCUSED = ("WebSocket connection", "net::ERR", "status of 401", "inline style")
# number, direction, text: as `Citizen.story` of the sockets' tests has it
Story = list[tuple[int, str, str]]
_LINES = """(found, [own, text]) => found.map((one) => [Number(one.dataset.seq),
  one.classList.contains(own) ? "inbound" : "outbound", one.querySelector(text).textContent])"""


class Person:
    """One browser's window. Errors in its pages are kept in `troubles`."""

    def __init__(self, product: Product, context: BrowserContext, page: Page) -> None:
        self.product, self.context, self.page = product, context, page
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._note)

    def _note(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(word in said.text for word in EXCUSED):
            self.troubles.append(f"{said.text} {said.location['url']}")

    async def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is there."""
        for _ in range(MOST_TABS):
            if await wanted.evaluate(
                "one => one.getRootNode().activeElement === one && document.hasFocus()"
            ):
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{wanted} is not reached by {MOST_TABS} times {key}")


class CitizenPage(Person):
    """The city's page with the widget. `chat` finds what is in the chat."""

    async def visit(self, city: str = "") -> None:
        """Go to the city's page, the demo's where no other is given."""
        await self.page.goto(city or f"{self.product.url}/demo")
        await expect(self.knob).to_be_visible()

    @property
    def knob(self) -> Locator:
        """The widget's button."""
        return self.page.locator("#contactcenter button")

    @property
    def chat(self) -> FrameLocator:
        """The chat in the widget."""
        return self.page.frame_locator("#contactcenter iframe")

    @property
    def box(self) -> Locator:
        """Where the citizen writes."""
        return self.chat.locator("#composer")

    def screen(self, name: str) -> Locator:
        """The chat, while it shows this screen."""
        return self.chat.locator(f'.chat[data-screen="{name}"]')

    async def begin(self, first: str, name: str = "") -> None:
        """Open the widget and ask for a chat."""
        await self.knob.click()
        await self.chat.locator("#first").fill(first)
        await self.chat.locator("#name").fill(name)
        await self.chat.locator('[data-act="start"]').click()
        await expect(self.box).to_be_visible()

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def said(self, text: str) -> None:
        """Wait until the server has it, from whom ever it is."""
        lines = self.chat.locator(".said[data-seq] .text")
        await expect(lines.filter(has_text=whole(text))).to_have_count(1, timeout=SLOW_MS)

    async def story(self) -> Story:
        """What the chat shows; nothing is on its way any more."""
        await expect(self.chat.locator(".said:not([data-seq])")).to_have_count(0, timeout=SLOW_MS)
        lines = self.chat.locator(".said")
        return [tuple(one) for one in await lines.evaluate_all(_LINES, ["own", ".text"])]


class AgentPage(Person):
    """The sign-in page, then the console."""

    async def sign_in(self, email: str) -> None:
        """By the sign-in page."""
        await self.page.goto(self.product.url + "/login")
        await self.page.fill('[name="email"]', email)
        await self.page.fill('[name="password"]', PASSWORD)
        await self.page.click("main form button")
        await expect(self.page.locator(".my-state")).to_be_visible()

    async def go_available(self) -> None:
        """Begin to work."""
        await self.page.locator(".my-state .button.primary").click()
        await expect(self.page.locator(".my-state .dot-available")).to_be_visible()

    async def accept(self) -> None:
        """Take what is offered; its case is open."""
        await self.page.locator('[data-act="accept"]').first.click(timeout=SLOW_MS)
        await expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        """Where the agent writes."""
        return self.page.locator("#composer-text")

    async def say(self, text: str) -> None:
        """Type a line of a chat and send it."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def said(self, text: str) -> None:
        """Wait until the server has it, from whom ever it is."""
        lines = self.page.locator(".bubble:not([data-unsent]) .message-text")
        await expect(lines.filter(has_text=whole(text))).to_have_count(1, timeout=SLOW_MS)

    async def wrap_up(self, outcome: str = "answered") -> None:
        """Record the outcome."""
        await self.page.locator('.wrap-up input[type="radio"]').first.wait_for()
        await self.page.locator(f'.wrap-up input[value="{outcome}"]').check()
        await self.page.locator('[data-act="wrap-up"]').click()
        await expect(self.page.locator(".contact")).to_have_count(0)

    async def story(self) -> Story:
        """What the open case shows; nothing is on its way any more."""
        await expect(self.page.locator("[data-unsent]")).to_have_count(0, timeout=SLOW_MS)
        lines = self.page.locator(".bubble")
        given = ["message-inbound", ".message-text"]
        return [tuple(one) for one in await lines.evaluate_all(_LINES, given)]


@asynccontextmanager
async def people(
    browser: Browser,
    product: Product,
    *kinds: type[Person],
    size: tuple[int, int] = (1280, 800),
) -> AsyncIterator[list[Any]]:
    """One browser context each. An error in a page fails the test."""
    contexts: list[BrowserContext] = []
    found: list[Person] = []
    try:
        for kind in kinds:
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                locale="fi-FI",
                timezone_id="Europe/Helsinki",
                reduced_motion="reduce",
            )
            contexts.append(context)
            found.append(kind(product, context, await context.new_page()))
        yield found
    finally:
        for context in contexts:
            await context.close()
    assert [one.troubles for one in found] == [[] for _ in found]


def whole(text: str) -> re.Pattern[str]:
    """A text that is this, and not only holds it."""
    return re.compile(f"^{re.escape(text)}$")


async def violations(page: Page) -> list[Any]:
    """What axe-core finds in a page as it stands, with what it frames."""
    for frame in page.frames:
        # What the policy forbids to pages a debugger may do: evaluate, not add a script tag.
        if not await frame.evaluate("'axe' in window"):
            await frame.evaluate(AXE.read_text("utf-8"))
    found: list[Any] = await page.evaluate(
        "axe.run({resultTypes: ['violations']}).then((result) => result.violations)"
    )
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
