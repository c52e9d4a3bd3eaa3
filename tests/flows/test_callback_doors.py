"""Asking to be called by every way there is: a program, the form without script, the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from tests.flows.browsers import SLOW_MS, AgentPage, CitizenPage, people
from tests.flows.conftest import running
from tests.flows.product import Product

ASKED = {
    "queue": "general",
    "number": "050 339 1387",
    "language": "fi",
    "matter": "Päivähoitopaikka",
    "request_id": "flow-1",
}


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    """It has the demo's city page only where no mail leaves the house."""
    async with running() as started:
        yield started


async def test_a_program_asks_looks_and_takes_back(product: Product) -> None:
    async with aiohttp.ClientSession(product.url) as http:
        async with http.get("/api/callbacks/windows", params={"queue": "general"}) as answer:
            window = (await answer.json())["windows"][4]
        first, second = [await _ask(http, window=window) for _ in range(2)]
        assert first == second
        assert first["promise"] == window
        assert (await _ask(http, status=409, matter="Muuta"))["code"] == "request_id_used"
        joined = await _ask(http, request_id="flow-2", number="+358 (0)50 339 1387")
        assert (joined["contact"], joined["joined"]) == (first["contact"], True)
        url = first["status_url"].removeprefix(product.url)
        stands = await _json(http, "GET", url)
        assert (stands["state"], stands["promise"], stands["cancellable"]) == (
            "scheduled",
            window,
            True,
        )
        async with http.get(f"{url}/callback.ics") as answer:
            before = (await answer.text()).split("\r\n")
        for _ in range(2):
            over = await _json(http, "POST", f"{url}/cancel")
            assert (over["state"], over["cancellable"]) == ("closed", False)
        async with http.get(f"{url}/callback.ics") as answer:
            after = (await answer.text()).split("\r\n")
        for guess in (url[:-2], f"{url}x", "/callback/x"):
            async with http.get(guess) as answer:
                assert (answer.status, (await answer.json())["code"]) == (404, "not_found")
    assert {"METHOD:REQUEST", "STATUS:CONFIRMED"} <= set(before)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} <= set(after)
    assert _sequence(after) > _sequence(before)
    assert (await product.verify())["violations"] == []


def _sequence(lines: list[str]) -> int:
    (found,) = [line for line in lines if line.startswith("SEQUENCE:")]
    return int(found.partition(":")[2])


async def _ask(
    http: aiohttp.ClientSession, *, status: int = 201, **given: object
) -> dict[str, Any]:
    async with http.post("/api/callbacks", json=ASKED | given) as answer:
        assert answer.status == status, await answer.text()
        found: dict[str, Any] = await answer.json()
    return found


async def _json(http: aiohttp.ClientSession, method: str, path: str) -> dict[str, Any]:
    async with http.request(method, path) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
    return found


@pytest.mark.needs_package("chromium")
async def test_the_form_from_the_citys_page(browser: Browser, product: Product) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="sv-FI")
    page = await context.new_page()
    await page.goto(f"{product.url}/demo?lang=sv")
    await page.get_by_text("Be om uppringning").click()
    await page.fill("#number", "116 117")
    await page.fill("#matter", "Dagvård")
    await page.click("form.stack button")
    await expect(page.locator("#number-error")).to_be_visible()
    await page.fill("#number", "050 339 1387")
    await page.click("form.stack button")
    await expect(page.locator("h1")).to_have_text("Vi ringer dig när det blir din tur")
    (contact,) = await product.export("contacts")
    assert (contact["channel"], contact["language"], contact["state"]) == (
        "callback",
        "sv",
        "queued",
    )
    await page.click(".button.danger")
    await page.click("form .danger")
    await expect(page.locator("h1")).to_have_text("Begäran är återtagen")
    (contact,) = await product.export("contacts")
    assert contact["state"] == "abandoned"
    await context.close()


@pytest.mark.needs_package("chromium")
async def test_from_the_chat_to_a_call_in_the_same_place(
    browser: Browser,
    product: Product,
) -> None:
    async with people(browser, product, CitizenPage, AgentPage) as (ville, aino):
        await ville.visit()
        await ville.begin("Milloin kirjasto on auki?", "Ville")
        await ville.said("Milloin kirjasto on auki?")
        (before,) = await product.export("contacts")
        await ville.chat.locator('[data-act="call-me"]').click()
        await ville.chat.locator("#change-to").fill("0600 12345")
        await ville.chat.locator("#change-to").press("Enter")
        await expect(ville.chat.locator("#change-error")).to_contain_text("palvelunumeroihin")
        await ville.chat.locator("#change-to").fill("050 339 1387")
        await ville.chat.locator("#change-to").press("Enter")
        await expect(ville.screen("changed")).to_be_visible(timeout=SLOW_MS)
        url = await ville.chat.locator(".ended a").get_attribute("href")
        (after,) = await product.export("contacts")
        kept = ("id", "case", "first_arrival", "rank")
        assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
        assert (after["channel"], after["state"]) == ("callback", "queued")
        await ville.page.goto(url)
        await expect(ville.page.locator("h1")).to_have_text("Soitamme sinulle, kun vuorosi tulee")
        await aino.sign_in("aino@mikkeli.example")
        await aino.go_available()
        await aino.page.locator('[data-act="accept"]').first.click(timeout=SLOW_MS)
        await expect(aino.page.locator("#case-title")).to_be_visible()
        await ville.page.reload()
        await expect(ville.page.locator("h1")).to_have_text("Soitamme sinulle juuri nyt")
    assert (await product.verify())["violations"] == []
