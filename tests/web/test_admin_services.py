"""The city's services on their pages: brought in by upload, looked through, and seen by admins of
their organisation only."""

from __future__ import annotations

import io
import re

import aiohttp
import pytest

from tests.services.read import documents
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, Answer, Browser, Edge

PLACE = "/admin/services"


@pytest.fixture
async def admin(edge: Edge) -> Browser:
    """An admin of the city."""
    browser = await edge.browser()
    assert (await browser.sign_in(ADMIN)).status == 200
    return browser


async def _upload(browser: Browser, data: bytes, **more: str) -> Answer:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in ({"format": "ptv", "organisation": "city", "language": "fi"} | more).items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(data), filename="catalogue.json")
    return await browser.ask("POST", f"{PLACE}?lang=en", data=form)


def _hrefs(answer: Answer) -> list[str]:
    return re.findall(rf'href="({PLACE}/\d+)', answer.text)


async def test_looked_at_brought_in_and_shown(edge: Edge, admin: Browser) -> None:
    data = documents("ptv")[0]
    tried = await _upload(admin, data, dry="1")
    assert "Nothing has been saved yet" in tried.text
    assert _hrefs(tried) == []
    done = await _upload(admin, data)
    assert "The catalogue has been imported." in done.text
    assert "no longer offered: 2f1c6f5e-0d7b-4a3c-9b1e-000000000004" in done.text
    assert await edge.audited("import_services")
    found = await admin.get(f"{PLACE}?lang=en&find=daghem")
    (place,) = set(_hrefs(found))
    shown = await admin.get(f"{place}?lang=en")
    assert "Early childhood education" in shown.text
    assert "Varhaiskasvatuksen neuvonta" in shown.text
    assert "version 12" in shown.text


async def test_a_removed_service_is_shown_with_its_name(admin: Browser) -> None:
    one = b'[{"service_code": "1", "service_name": "Snow"},'
    await _upload(admin, one + b'{"service_code": "2", "service_name": "Parks"}]', format="open311")
    await _upload(admin, one[:-1] + b"]", format="open311")
    assert "Parks" not in (await admin.get(f"{PLACE}?find=parks")).text
    (place,) = _hrefs(await admin.get(f"{PLACE}?find=parks&state=removed"))
    shown = (await admin.get(f"{place}?lang=en")).text
    assert "<h1>Parks</h1>" in shown
    assert "can no longer be chosen" in shown


async def test_nothing_of_a_catalogue_becomes_html_or_a_dangerous_link(admin: Browser) -> None:
    evil = b"""[{"id": "1", "name": "<img src=x onerror=alert(1)>", "status": "active",
        "url": "javascript:alert(2)", "description": "</script><script>alert(3)</script>"}]"""
    done = await _upload(admin, evil, format="hsds")
    (place,) = set(_hrefs(done))
    shown = (await admin.get(place)).text
    for text in (done.text, shown):
        assert "<img" not in text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text


async def test_what_is_wrong_is_said(admin: Browser) -> None:
    for data, whose, said in (
        (b"<html>", "city", "is not a catalogue in this format"),
        (b"[]", "city", "no service that is offered"),
        (b"[]", "kela", "no organisation kela"),
    ):
        answer = await _upload(admin, data, organisation=whose)
        assert answer.status == 400
        assert said in answer.text
    assert (await _upload(admin, b"[]", format="csv")).status == 400
    assert (await _upload(admin, b" " * 17 * 1024 * 1024)).status == 413


async def test_only_admins_of_the_organisation_see_it(edge: Edge, admin: Browser) -> None:
    done = await _upload(admin, documents("open311")[0], format="open311")
    place = _hrefs(done)[0]
    agent, partner = await edge.browser(), await edge.browser()
    await agent.sign_in(AGENT)
    await partner.sign_in(PARTNER_ADMIN)
    for path in (PLACE, place):
        assert (await agent.get(path)).status == 403
    assert (await _upload(agent, b"[]")).status == 403
    assert _hrefs(await partner.get(PLACE)) == []
    assert (await partner.get(place)).status == 404


async def test_how_many_cases_have_none_and_how_many_were_suggested(
    edge: Edge, admin: Browser
) -> None:
    await _upload(admin, documents("ptv")[0])
    await edge.rows(
        "WITH c AS (INSERT INTO cases (id, organisation_id, state, resolved_at)"
        " SELECT 100 + n, o.id, 'resolved', now() FROM organisation o, generate_series(0, 7) AS n"
        " WHERE o.key = 'city' RETURNING id, organisation_id)"
        " INSERT INTO case_service (case_id, organisation_id, service_id, user_id, suggested)"
        " SELECT c.id, c.organisation_id, (SELECT min(id) FROM service), 1, (c.id - 101) % 4"
        " FROM c WHERE c.id > 100 AND c.id < 106"
    )
    page = await admin.get(f"{PLACE}?lang=en")
    row = re.search(r"<h2>Service not recorded</h2>.*?<tbody>(.*?)</tbody>", page.text, re.DOTALL)
    assert row is not None
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row[1])
    # Eight, of which three are without; of the five others three were suggested.
    assert cells == ["8", "3", "38%", "5", "60%"]
