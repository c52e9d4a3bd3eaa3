"""A contact that nobody of its queue takes: any level, then any language, then another queue's
agents, each at its time, seen in the events, the list of who waits and the console."""

from __future__ import annotations

import html
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.flows.browsers import SLOW_MS, AgentPage, people
from tests.flows.client import Frame
from tests.flows.product import Agent, Product, letter

pytestmark = pytest.mark.needs_package("chromium")
AINO, BJORN, CARLA, JOHANNA = (
    f"{name}@mikkeli.example" for name in ("aino", "bjorn", "carla", "johanna")
)
CONFIGURATION = """
[[queue]]
organisation = "mikkeli"
key = "building"
name = { fi = "Rakennusvalvonta", sv = "Byggnadstillsyn", en = "Building control" }
task = "building"
level = 3
languages = ["fi", "sv", "en"]
channels = ["mail"]
addresses = ["rakennusvalvonta@mikkeli.example"]
relax = [{ after_s = 1, to = "level" }, { after_s = 2, to = "language" },
  { after_s = 3, to = "queue", queue = "daycare" }]
[queue.hours]
"""
USER = """
[[user]]
email = "%s"
name = "%s"
language = "en"
organisation = "mikkeli"
organisations = ["mikkeli"]
skills = [{ organisation = "mikkeli", task = "%s", languages = ["%s"], level = %d }]
"""
# Who can only just take it after each step: too low a level, no Swedish, of another queue.
USERS = (
    (AINO, "Aino Virtanen", "building", "sv", 2),
    (BJORN, "Björn Lindqvist", "building", "fi", 3),
    (CARLA, "Carla Niemi", "daycare", "fi", 1),
)
SWEDISH = (
    "Hej, jag skulle vilja veta om jag behöver ett bygglov för en bastu på min gård. "
    "Tack på förhand och vänliga hälsningar"
)
STEPS = ["level", "language", "queue"]


async def _listed(johanna: Agent) -> dict[str, Any]:
    """The contact as it stands in the list."""
    status, text = await johanna.get("/api/waiting?queue=building")
    assert status == 200, text
    (one,) = json.loads(text)["contacts"]
    found: dict[str, Any] = one
    return found


async def _nobody_takes_it(johanna: Agent) -> None:
    """Before the first step, and before anybody of it is at work."""
    one = await _listed(johanna)
    assert (one["language"], one["state"]) == ("sv", "queued")
    assert one["why"]["reason"] == "nobody"


async def _offered(johanna: Agent, agent: Agent, name: str, step: int) -> Frame:
    """It is offered by this step, and the list says so; while it is, no further step is taken."""
    offer = await agent.of("offer")
    one = await _listed(johanna)
    assert one["steps"] == STEPS[:step]
    assert (one["state"], one["why"]["reason"], one["why"]["agent"]) == ("offered", "offered", name)
    return offer


async def _console_tells(browser: Browser, product: Product) -> None:
    """Carla opens it and asks why she got it."""
    async with people(browser, product, AgentPage) as (carla,):
        page = carla.page
        await carla.sign_in(CARLA)
        await page.locator(".contact").first.click(timeout=SLOW_MS)
        if await page.locator("#panel-toggle").is_visible():
            await page.locator("#panel-toggle").click()
        await page.locator(".why summary").click()
        steps = page.locator(".why-list")
        for words in ("level", "language", "another queue"):
            await expect(steps).to_contain_text(words, timeout=SLOW_MS)
        assert carla.troubles == []


async def test_overflow_relaxes_in_steps(
    browser: Browser,
    product: Product,
) -> None:
    file = product.home.parent / "city.toml"
    file.write_text(CONFIGURATION + "".join(USER % one for one in USERS), encoding="utf-8")
    assert "changed" in await product.command("config", "import", str(file))
    async with AsyncExitStack() as stack:
        johanna, aino, bjorn, carla = [
            await stack.enter_async_context(product.agent(email))
            for email in (JOHANNA, AINO, BJORN, CARLA)
        ]
        await product.mail(
            letter("Bygglov för bastu", SWEDISH, to="rakennusvalvonta@mikkeli.example")
        )
        await _nobody_takes_it(johanna)
        for agent in (aino, bjorn, carla):
            await agent.available()
        for step, (agent, name) in enumerate(
            ((aino, "Aino Virtanen"), (bjorn, "Björn Lindqvist")), start=1
        ):
            offer = await _offered(johanna, agent, name, step)
            await agent.send(type="decline", offer=offer["offer"], reason="skill")
            await agent.of("offer_ended", offer=offer["offer"], why="declined")
        offer = await _offered(johanna, carla, "Carla Niemi", 3)
        contact = offer["contact"]["contact"]
        status, page = await johanna.get(f"/waiting/{contact}?lang=en")
        assert status == 200
        for words in ("any level", "any language", "another queue\u2019s agents, too"):
            assert words in html.unescape(page)
        await carla.send(type="accept", offer=offer["offer"])
        await carla.wait(lambda f: f["type"] == "contact" and f["contact"]["state"] == "active")
        status, text = await johanna.get(f"/api/contacts/{contact}/why")
        why = json.loads(text)
        assert [one["why"] for one in why["steps"]] == STEPS
        assert [one["ended"] for one in why["decisions"]] == ["declined", "declined", "accepted"]
        assert [one["what"] for one in why["history"]] == ["declined", "declined"]
        await _console_tells(browser, product)
    events = [e for e in await product.export("events") if e["contact"] == contact]
    order = [e.get("why") or e["kind"] for e in events if e["kind"] in ("relaxed", "offered")]
    assert order == ["level", "offered", "language", "offered", "queue", "offered"]
    rows = {e["kind"]: e for e in events}
    assert rows["accepted"]["queue"] == "building"  # its figures stay its own queue's
    assert [e["rank"] for e in events if e["kind"] == "relaxed"] == 3 * [rows["entered"]["rank"]]
    assert (await product.verify())["violations"] == []
