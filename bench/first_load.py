"""chat_first_load: ms until a citizen with an empty cache can begin to write, on a slow phone.
Floor: 2,000 ms, which is what the house promises.

The phone is Lighthouse's: a processor four times slower and "slow 4G", 150 ms a round trip and
1.6 Mbit/s down (Lighthouse, docs/throttling.md), played by Chromium's own throttling.
"""

from __future__ import annotations

import shutil
import time

from playwright.async_api import Browser, async_playwright

from bench.chat_stage import node, open_queue
from bench.measure import ROUNDS, Sample, report
from bench.stage import Stage

PROMISED_MS = 2_000.0
SLOWER = 4
LINK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638.4 * 1024 / 8,
    "uploadThroughput": 675 * 1024 / 8,
}
BROWSERS = ("chromium-headless-shell", "chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


async def run(stage: Stage) -> None:
    """Measure and print."""
    await open_queue(stage)
    async with node(stage) as process, async_playwright() as playwright:
        program = next(path for name in BROWSERS if (path := shutil.which(name)))
        browser = await playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        url = f"http://127.0.0.1:{process.port}/chat?queue=bench&lang=fi"
        await _load(browser, url)  # the server's own first time
        samples = [Sample(await _load(browser, url), PROMISED_MS) for _ in range(ROUNDS)]
        await browser.close()
    report("chat_first_load", "ms", samples)


async def _load(browser: Browser, url: str) -> float:
    """ms until the field to write in is there and takes what is typed."""
    context = await browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", LINK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.perf_counter()
    await page.goto(url, wait_until="commit")
    await page.locator("#first").press("a")
    took = time.perf_counter() - began
    await context.close()
    return took * 1_000
