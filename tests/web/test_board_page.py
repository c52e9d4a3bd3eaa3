"""The board's page: who gets it, who is told whose it is, and the way to it."""

from __future__ import annotations

import html
import json
import re

from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, PASSWORD, SUPERVISOR, Edge


async def test_supervisors_and_admins_get_it(edge: Edge) -> None:
    for email in (SUPERVISOR, ADMIN):
        browser = await edge.signed_in(email)
        answer = await browser.get("/board?wall=1")
        assert answer.status == 200
        assert "/static/board/main.js" in answer.text
        assert "Content-Security-Policy" in answer.response.headers


async def test_agents_are_told_whose_it_is(edge: Edge) -> None:
    browser = await edge.signed_in(AGENT)
    answer = await browser.get("/board")
    assert answer.status == 403
    assert "esihenkilöille ja pääkäyttäjille" in answer.text
    assert 'href="/console"' in answer.text
    assert 'href="/board"' not in answer.text
    told = await browser.json("GET", "/board", None)
    assert (told.status, told.json["code"]) == (403, "forbidden")


async def test_who_is_not_signed_in_comes_back_to_it(edge: Edge) -> None:
    browser = await edge.browser()
    answer = await browser.get("/board?wall=1")
    assert answer.status == 303
    assert answer.header("Location") == "/login?next=%2Fboard%3Fwall%3D1"
    form = {"email": SUPERVISOR, "password": PASSWORD, "next": "/board?wall=1"}
    assert (await browser.post("/login", form)).header("Location") == "/board?wall=1"


async def test_it_names_the_organisations_in_sight_and_no_others(edge: Edge) -> None:
    for email, key in ((SUPERVISOR, "city"), (PARTNER_ADMIN, "kela")):
        page = await (await edge.signed_in(email)).get("/board")
        found = re.search(r'data-organisations="([^"]*)"', page.text)
        assert found is not None
        assert json.loads(html.unescape(found[1])) == {key: {"fi": key}}


async def test_other_pages_lead_to_it(edge: Edge) -> None:
    for email, there in ((SUPERVISOR, True), (ADMIN, True), (AGENT, False)):
        page = await (await edge.signed_in(email)).get("/account")
        assert ('href="/board"' in page.text) is there
