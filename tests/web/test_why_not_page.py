"""Why not me: who may ask of whom, and what the page says."""

from __future__ import annotations

import html
from typing import Any

import pytest
from playwright.async_api import Page

from tests.looks import violations
from tests.web.edge import AGENT, PARTNER, SUPERVISOR, Edge
from tests.web.test_settings_look import _sideways
from tests.web.test_waiting_page import busy, page, size  # noqa: F401 - the same house
from tests.web.waits import everybody_waits


async def test_who_may_ask_of_whom(edge: Edge) -> None:
    await everybody_waits(edge)
    agent, supervisor = await edge.signed_in(AGENT), await edge.signed_in(SUPERVISOR)
    mine = (await agent.get("/why-not?number=5")).text
    assert "Hän sai sen." in mine
    assert 'name="agent"' not in mine
    assert "Hän sai sen." in (await agent.get("/why-not?number=1005")).text  # its case's number
    other = edge.users[SUPERVISOR]
    assert (await agent.get(f"/why-not?number=5&agent={other}")).status == 403
    asked = f"/why-not?number=5&agent={edge.users[AGENT]}&lang=en"
    told = html.unescape((await supervisor.get(asked)).text)
    assert "Case 1005: Aino Testaaja" in told
    assert 'name="agent"' in told
    assert 'value="1005"' in told  # the number that people know, also where a link has the other
    mine = html.unescape((await supervisor.get("/why-not?number=5&lang=en")).text)
    assert "Could have had it, but another came first." in mine
    assert "What else was being decided" in mine  # stored as a runner, who was never at work
    assert "A colleague gave it" in mine
    partner = await edge.signed_in(PARTNER)
    assert "Tällä numerolla ei ole" in (await partner.get("/why-not?number=5")).text
    assert "Tällä numerolla ei ole" in (await agent.get("/why-not?number=999")).text
    nobody = await supervisor.get("/why-not?number=5&agent=999&lang=en")
    assert "no such colleague" in nobody.text
    assert (await agent.get("/why-not?number=x")).status == 400
    assert (await (await edge.browser()).get("/why-not")).status == 303


async def test_the_same_as_json(edge: Edge) -> None:
    await everybody_waits(edge)
    supervisor = await edge.signed_in(SUPERVISOR)
    told = (await supervisor.json("GET", "/api/contacts/5/why-not", None)).json
    first, second = told["decisions"]
    assert told["case"] == "1005"
    assert (told["contact"], first["reason"], first["place"]) == ("5", "free", 1)
    assert (second["reason"], second["chosen"]) == ("given", "Aino Testaaja")
    assert (await supervisor.json("GET", "/api/contacts/99/why-not", None)).status == 404


async def test_of_a_case_with_several_contacts_the_one_meant(edge: Edge) -> None:
    await everybody_waits(edge)
    await edge.rows("UPDATE contact SET case_id = 1005 WHERE id = 6 RETURNING 1")
    supervisor = await edge.signed_in(SUPERVISOR)
    newest = (await supervisor.get("/why-not?number=1005")).text
    assert 'name="contact" value="6"' in newest
    meant = (await supervisor.get("/why-not?number=1005&contact=5")).text
    assert 'name="contact" value="5"' in meant
    other = (await supervisor.get("/why-not?number=1004&contact=5")).text
    assert 'name="contact" value="4"' in other  # of another case none is meant


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_text_is_there(edge: Edge, language: str) -> None:
    await everybody_waits(edge)
    shown = (
        await (await edge.signed_in(SUPERVISOR)).get(f"/why-not?number=5&lang={language}")
    ).text
    assert "⟦" not in shown
    texts = edge.services.catalogue.texts(language)
    reasons = "got free unable out full busy declined off_duty taken given unknown"
    assert {f"why_not.reason.{one}" for one in reasons.split()} <= texts.keys()


@pytest.mark.needs_package("chromium")
@pytest.mark.parametrize(("size", "theme"), [((1280, 900), "dark"), ((320, 640), "light")])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    busy: Edge,  # noqa: F811
    page: Page,  # noqa: F811
    theme: Any,
) -> None:
    await page.emulate_media(color_scheme=theme)
    await page.goto(f"{busy.url}/why-not?number=5")
    await page.locator("#number").fill("1005")
    await page.keyboard.press("Enter")
    await page.locator("table").wait_for()
    assert await violations(page) == []
    assert not await _sideways(page)
