"""The Chromium that tests look at pages with."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, async_playwright, expect

from tests.plugins.system_packages import PROGRAMS

# The whole Chromium keeps a renderer for its address bar and one in reserve beside every page: a
# third of its work. Its list replaces Playwright's, so what pages notice of that one is here too.
_WITHOUT = (
    "WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,PaintHolding,"
    "HttpsFirstBalancedModeAutoEnable,ThirdPartyStoragePartitioning,OptimizationHints,AimEnabled,"
    "AvoidCorsURLLoaderRestartOnRedirect,NetworkTimeServiceQuerying,PreconnectToSearch,MediaRouter"
)
# As root and without network: no sandbox, nothing fetched in the background.
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={_WITHOUT}",
]
WAIT_S = 10.0
expect.set_options(timeout=WAIT_S * 1000)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser while the block runs."""
    program = next(path for name in PROGRAMS["chromium"] if (path := shutil.which(name)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_SWITCHES)
        yield browser
        await browser.close()


async def scroll_up(box: Locator) -> None:
    """Read on from a box's beginning, until the page knows: it is told with the next frame, and
    takes what comes before that for read at the end."""
    await box.evaluate(
        """(one) => new Promise((done) => {
          one.addEventListener("scroll", () => done(), { once: true });
          one.scrollTop = 0;
        })"""
    )
