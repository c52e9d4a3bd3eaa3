"""The pages that each organisation owes to citizens: privacy, and the accessibility statement with
its form and its clock."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import msgspec
import pytest
from prometheus_client import CollectorRegistry

from contactcenter.mail_figures import MailFigures
from contactcenter.web.citizen import accessibility_page
from contactcenter.web.citizen.accessibility_page import Assessed, Gap, Statement
from tests.web.city import City, open_city, request_id_of
from tests.web.edge import ADMIN, PARTNER_ADMIN, SUPERVISOR, Answer, Browser, Edge

FORM = "/accessibility?organisation=city&lang=en"


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Queues and topics of two organisations."""
    return await open_city(edge, redis_url)


async def give(browser: Browser, path: str = FORM, **given: str) -> Answer:
    """Send feedback."""
    page = await browser.get(path)
    filled = {
        "text": "No focus is seen.",
        "name": "",
        "email": "",
        "request_id": request_id_of(page),
    }
    return await browser.post(path, filled | given)


async def settings(edge: Edge, **given: str) -> Answer:
    """An admin saves the organisation's form."""
    admin = await edge.signed_in(ADMIN)
    page = await admin.get("/admin/organisations/city")
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    form = {
        "seen": html.unescape(seen[1]), "time_zone": "Europe/Helsinki", "name.fi": "Kaupunki",
        "name.sv": "Staden", "name.en": "City", "decline_without_reason": "yes",
    }  # fmt: skip
    return await admin.post("/admin/organisations/city", form | given)


async def test_feedback_goes_to_the_first_queue_that_is_always_open_with_a_clock(
    edge: Edge, city: City
) -> None:
    sent = await give(await edge.browser())
    assert sent.status == 303
    (row,) = await edge.rows(
        "SELECT q.key, k.id, k.subject, k.has_page, k.answer_by - k.opened_at AS within"
        " FROM cases k JOIN contact c ON c.case_id = k.id JOIN queue q ON q.id = c.queue_id"
    )
    assert (row["key"], row["subject"], row["has_page"]) == (
        "general",
        "Feedback on accessibility",
        True,
    )
    assert abs(row["within"] - timedelta(days=14)) < timedelta(minutes=5)
    token = await edge.services.pages.links.token(row["id"])
    assert sent.header("Location") == f"/case/{token}?new=1&lang=en"


async def test_an_admin_chooses_the_queue_among_the_own_ones(edge: Edge, city: City) -> None:
    refused = await settings(edge, accessibility_queue="benefits")
    assert refused.status == 400
    assert "Valitse saman organisaation jono." in refused.text
    assert (await settings(edge, accessibility_queue="inside")).status == 303
    await give(await edge.browser())
    (row,) = await edge.rows("SELECT q.key FROM contact c JOIN queue q ON q.id = c.queue_id")
    assert row["key"] == "inside"


async def test_supervisors_see_what_is_due_and_late_until_it_is_answered(
    edge: Edge, city: City
) -> None:
    await give(await edge.browser())
    supervisor = await edge.signed_in(SUPERVISOR)
    assert "owed-" not in (await supervisor.get("/waiting")).text
    await city.sql("UPDATE cases SET answer_by = now() + interval '47 h'")
    page = await supervisor.get("/waiting?lang=en")
    assert "must by law be answered by" in page.text
    await city.sql("UPDATE cases SET answer_by = now() - interval '1 h'")
    page = await supervisor.get("/waiting?lang=en")
    assert "is late by law" in page.text
    registry = CollectorRegistry()
    await MailFigures(edge.services.db, registry).renew()
    counted = {
        when: registry.get_sample_value("contactcenter_answers_owed_by_law", {"when": when})
        for when in ("soon", "late")
    }
    assert counted == {"soon": 0, "late": 1}
    partner = await edge.signed_in(PARTNER_ADMIN)
    assert "owed-" not in (await partner.get("/waiting")).text
    await city.sql(
        "INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, text)"
        " SELECT 9999, k.id, c.id, k.organisation_id, 2, 'outbound', 'x'"
        " FROM cases k JOIN contact c ON c.case_id = k.id"
    )
    assert "owed-" not in (await supervisor.get("/waiting")).text


async def test_wrong_feedback_is_told_with_what_was_typed(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    answer = await give(browser, text="", email="maija@", name="<img src=x>")
    assert answer.status == 400
    assert '<a href="#text">Write your message.</a>' in answer.text
    assert 'value="maija@"' in answer.text
    assert "<img" not in answer.text
    swedish = await give(browser, switch="sv", text="Fokus")
    assert (swedish.status, ">Fokus</textarea>" in swedish.text) == (200, True)
    foreign = await browser.post(FORM, {"text": "x"}, origin="https://evil.example")
    assert foreign.status == 403
    assert await edge.rows("SELECT FROM cases") == []


async def test_a_queue_without_an_address_leaves_the_other_ways(edge: Edge, city: City) -> None:
    await city.sql("DELETE FROM mail_address")
    page = await (await edge.browser()).get(FORM)
    assert page.status == 200
    assert "<form" not in page.text
    assert "/contact?organisation=city&amp;lang=en" in page.text


@pytest.mark.parametrize("path", ["/privacy", "/accessibility"])
@pytest.mark.parametrize("query", ["organisation=nowhere", "organisation=%00", "queue='"])
async def test_an_unknown_organisation(edge: Edge, city: City, path: str, query: str) -> None:
    page = await (await edge.browser()).get(f"{path}?{query}&lang=en")
    assert page.status == 404
    assert 'href="/contact?lang=en"' in page.text


async def test_the_privacy_page_says_what_the_organisation_set(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    plain = await browser.get("/privacy?organisation=city&lang=en")
    assert "As long as the law" in plain.text
    assert "mailto:" not in plain.text
    bad = await settings(
        edge,
        **{
            "privacy.notice.fi": "javascript:alert(1)",
            "privacy.officer": "nobody",
            "name.en": "City",
        },
    )
    assert bad.status == 400
    assert "https://" in bad.text
    said = {
        "privacy.controller.fi": "<b>Kaupunginhallitus</b>",
        "privacy.contact": "Tiedot@City.example",
        "privacy.officer": "vastaava@city.example",
        "privacy.kept.fi": "Kuusi vuotta.",
        "privacy.notice.fi": "https://city.example/tietosuoja",
    }
    assert (await settings(edge, **said)).status == 303
    page = await browser.get("/privacy?queue=general&lang=fi")
    assert "&lt;b&gt;Kaupunginhallitus&lt;/b&gt;" in page.text
    assert "mailto:tiedot@city.example" in page.text
    assert "mailto:vastaava@city.example" in page.text
    assert "Kuusi vuotta." in page.text
    assert 'href="https://city.example/tietosuoja" rel="noopener noreferrer"' in page.text
    assert "Kuusi vuotta." not in (await browser.get("/privacy?organisation=kela&lang=fi")).text
    file = (await (await edge.signed_in(ADMIN)).get("/admin/configuration/file")).json
    assert file["organisation"][0]["privacy"]["kept"] == {"fi": "Kuusi vuotta."}


ASSESSED = Assessed("1.0", date(2026, 11, 27), 5, 0, 9, 0)
GAP = Gap("1.2.4", "fault", {"fi": "x"}, {"fi": "y"})


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Statement(None, ()), "none"),
        (Statement(ASSESSED, ()), "full"),
        (Statement(ASSESSED, (GAP,)), "partial"),
        (Statement(ASSESSED, (msgspec.structs.replace(GAP, kind="exempt"),)), "full"),
        (Statement(msgspec.structs.replace(ASSESSED, violations=1), ()), "partial"),
        (Statement(msgspec.structs.replace(ASSESSED, failed=1), ()), "partial"),
    ],
)
def test_what_it_comes_to(said: Statement, status: str) -> None:
    assert said.status == status


def test_each_gap_is_told_in_every_language_with_another_way() -> None:
    for gap in accessibility_page.statement().gaps:
        assert set(gap.what) == set(gap.instead) == {"fi", "sv", "en"}
