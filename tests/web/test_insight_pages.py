"""Insight over HTTP: the page, the report, the PDF and the data, by whom they may be seen."""

from __future__ import annotations

import json
import re

import pytest

from contactcenter.kernel.i18n import LANGUAGES
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Edge

TOLD = """
WITH s AS (
    INSERT INTO service (organisation_id, source, external_id, name, given, words, stems, digest)
    SELECT o.id, 'own', v.key, v.name::jsonb, '{}', '', '', ''
    FROM organisation o, (VALUES ('nursery', '{"fi": "Päiväkoti", "sv": "Daghem", "en": "Nursery"}'),
                                 ('=roads', '{"fi": "=Tiet", "en": "<b>Roads</b>"}')) AS v (key, name)
    WHERE o.key = 'city' RETURNING id, organisation_id, external_id
), w AS (
    INSERT INTO insight_stretch (organisation_id, first_day, last_day, counted_at, told_at, final_at)
    SELECT o.id, d, d + 6, now(), now(), now() FROM organisation o, generate_series('2026-08-03'::date, '2026-10-19', '7 days') AS g (at),
        LATERAL (SELECT g.at::date AS d) AS x
), t AS (
    INSERT INTO insight_told (organisation_id, view, first_day, service_id, channel, language, part, n)
    SELECT s.organisation_id, 'contacts', d, s.id, channel, language, '',
           CASE WHEN external_id = 'nursery' AND d = '2026-10-19' AND channel = 'mail' THEN 90 ELSE 12 END
    FROM s, unnest('{2026-08-03,2026-08-10,2026-08-17,2026-08-24,2026-08-31,2026-09-07,2026-09-14,2026-09-21,2026-09-28,2026-10-05,2026-10-12,2026-10-19}'::date[]) AS d,
        unnest('{mail,visit}'::text[]) AS channel, unnest('{fi,sv}'::text[]) AS language
    UNION ALL
    SELECT s.organisation_id, v.view, '2026-10-12', s.id, '', '', v.part, v.n
    FROM s, (VALUES ('matter', 'once', 30), ('matter', 'again', 10), ('mark_service', '2', 25), ('mark_handling', '5', 25)) AS v (view, part, n)
    UNION ALL
    SELECT o.id, v.view, '2026-10-12', 0, 'mail', '', v.part, 20
    FROM organisation o, (VALUES ('hour', '9'), ('hour', '11'), ('answer', 'h1'), ('answer', 'later'), ('reaction', 'h4')) AS v (view, part)
    WHERE o.key = 'city'
)
INSERT INTO insight_work (organisation_id, first_day, staff_of, task, n, us, persons)
SELECT o.id, '2026-10-12', o.id, 'general', 70, 3723000000, 40 FROM organisation o WHERE o.key = 'city'
"""  # noqa: E501


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_in_three_languages(edge: Edge, language: str) -> None:
    await edge.rows(TOLD)
    browser = await edge.signed_in(SUPERVISOR)
    for path in ("/insight", "/insight/report", "/insight/report?month=2026-10&organisation=city"):
        page = await browser.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status == 200
        assert "⟦" not in page.text
        assert "<b>Roads</b>" not in page.text
        name = {"fi": "Päiväkoti", "sv": "Daghem", "en": "Nursery"}[language]
        assert name in page.text
    assert "1:02:03" in page.text
    # In the last week the nursery has 90 by mail in each language, and 12 by visits; before, 48.
    assert re.search("4[,.]2 \N{MULTIPLICATION SIGN}", page.text)


async def test_what_is_chosen_is_shown_and_the_rest_said_to_be_left_out(edge: Edge) -> None:
    await edge.rows(TOLD)
    browser = await edge.signed_in(ADMIN)
    page = await browser.get("/insight?from=2026-10&to=2026-10&channel=mail&lang=en")
    assert "Not told by this choice" in page.text
    assert "resolved at once?" in page.text
    assert 'id="insight-hours"' in page.text
    assert 'id="insight-matter"' not in page.text
    told = json.loads((await browser.get("/api/insight?from=2026-10&to=2026-10&channel=mail")).text)
    assert told["contacts"]["channel"] == {"mail": told["total"]}
    assert told["total"] == sum(told["contacts"]["service"].values())
    assert "matter" not in told["views"]
    work = json.loads((await browser.get("/api/insight/work?from=2026-10")).text)
    assert [(one["task"], one["us"]) for one in work] == [("general", 3723000000)]


async def test_the_pdf_and_the_data(edge: Edge) -> None:
    await edge.rows(TOLD)
    browser = await edge.signed_in(SUPERVISOR)
    async with browser.http.get(f"{edge.url}/insight/report.pdf?lang=sv") as answer:
        body = await answer.read()
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "attachment" in answer.headers["Content-Disposition"]
    assert body.startswith(b"%PDF-1.7")
    assert b"/Lang (sv" in body or b"pdfuaid" in body or b"/MarkInfo" in body
    data = await browser.get("/insight/data.csv?from=2026-10&to=2026-10")
    assert data.text.startswith("organisation,first_day,last_day,view,service,service_fi")
    assert ",'=Tiet," in data.text
    meant = json.loads((await browser.get("/insight/dictionary.json")).text)
    columns = data.text.splitlines()[0].split(",")
    assert meant["columns"].keys() == set(columns)
    assert meant["views"].keys() >= {row.split(",")[3] for row in data.text.splitlines()[1:]}


@pytest.mark.parametrize(
    "path",
    [
        "/insight",
        "/insight/report",
        "/insight/report.pdf",
        "/insight/data.csv",
        "/insight/dictionary.json",
        "/api/insight",
        "/api/insight/work",
    ],
)
async def test_who_may_see_it(edge: Edge, path: str) -> None:
    await edge.rows(TOLD)
    assert (await (await edge.browser()).get(path)).status in (303, 401)
    assert (await (await edge.signed_in(AGENT)).get(path)).status == 403
    partner = await edge.signed_in(PARTNER_ADMIN)
    if path != "/insight/dictionary.json":
        assert (await partner.get(f"{path}?organisation=city")).status == 404
    page = await partner.get(path)
    assert page.status == 200
    assert "Päiväkoti" not in page.text


@pytest.mark.parametrize(
    "query", ["from=2026-13", "from=x", "service=-1", "service=99999999999", "what=1", "to=0000-01"]
)
async def test_what_there_is_not_is_refused(edge: Edge, query: str) -> None:
    browser = await edge.signed_in(ADMIN)
    assert (await browser.get(f"/insight?{query}")).status == 400
