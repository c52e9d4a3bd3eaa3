"""axe-core on a page as it stands; what it looked at is counted for the accessibility statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[1] / "agent_ui/node_modules/axe-core/axe.min.js"
# How many violations each look found, in this process.
FOUND: list[int] = []


async def violations(page: Page) -> list[Any]:
    """What axe-core finds on the page."""
    # What the policy forbids to pages a debugger may do: evaluate, not add a script tag.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[Any] = await page.evaluate(
        "axe.run({resultTypes: ['violations']}).then((result) => result.violations)"
    )
    FOUND.append(len(found))
    return found
