"""Insight over HTTP: the page, the report, the PDF and the data, by whom they may be seen."""

from __future__ import annotations

import csv
import html
import json
import re

import pytest

from contactcenter.accounts import authorise
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web.supervisor import insight_behind
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Edge
from tests.web.told import CAME, TOLD

SIDES = ("week", "service", "channel", "language", "reason")


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
        assert {"fi": "Lasku", "sv": "Lasku", "en": "&lt;b&gt;Bill&lt;/b&gt;"}[
            language
        ] in page.text
        assert {
            "fi": "Syy kirjaamatta",
            "sv": "Ingen orsak antecknad",
            "en": "Reason not recorded",
        }[language] in page.text
    assert "1:02:03" in page.text
    # In the last week the nursery has 90 by mail in each language, and 12 by visits; before, 48.
    assert re.search("4[,.]2 \N{MULTIPLICATION SIGN}", page.text)


async def test_what_is_chosen_is_shown_and_the_rest_said_to_be_left_out(edge: Edge) -> None:
    await edge.rows(TOLD)
    browser = await edge.signed_in(ADMIN)
    page = await browser.get("/insight?from=2026-10&to=2026-10&lang=en")
    assert "<dt>Service among the three suggested</dt><dd>90%</dd>" in page.text
    page = await browser.get("/insight?from=2026-10&to=2026-10&channel=mail&lang=en")
    assert "Not shown for this selection" in page.text
    assert "resolved at first contact" in page.text
    assert 'id="insight-hours"' in page.text
    assert 'id="insight-matter"' not in page.text
    told = json.loads((await browser.get("/api/insight?from=2026-10&to=2026-10&channel=mail")).text)
    assert told["contacts"]["channel"] == {"mail": told["total"]}
    timed = {view: told["views"][view]["parts"] for view in ("answer", "answer_open")}
    assert timed == {"answer": {"h1": 20, "later": 20}, "answer_open": {"h1": 20, "h24": 20}}
    assert told["total"] == sum(told["contacts"]["service"].values())
    assert "matter" not in told["views"]
    work = json.loads((await browser.get("/api/insight/work?from=2026-10")).text)
    assert [(one["task"], one["us"]) for one in work] == [("general", 3723000000)]


async def test_no_week_is_compared_that_was_counted_in_part(edge: Edge) -> None:
    """The city's first contact came within one week, the partner's within the next."""
    began = "CASE o.key WHEN 'city' THEN '2026-09-07' ELSE '2026-09-14' END::date"
    assert "'2026-08-03'::date, " in TOLD
    await edge.rows(TOLD.replace("'2026-08-03'::date, ", f"{began}, "))
    await edge.rows(
        "UPDATE insight_told SET"
        " organisation_id = (SELECT id FROM organisation WHERE key = 'kela'),"
        " n = CASE WHEN first_day = '2026-10-19' THEN 90 ELSE n END"
        " WHERE service_id = (SELECT id FROM service WHERE external_id = '=roads')"
    )
    await edge.rows(
        "DELETE FROM insight_told t USING organisation o"
        f" WHERE o.id = t.organisation_id AND t.first_day < {began}"
    )
    await edge.rows(
        "UPDATE insight_told t SET n = 5 FROM organisation o"
        f" WHERE o.id = t.organisation_id AND t.first_day = {began}"
    )
    await edge.rows(
        "INSERT INTO user_organisation SELECT u.id, o.id FROM users u, organisation o"
        f" WHERE u.email = '{SUPERVISOR}' AND o.key = 'kela'"
    )
    page = await (await edge.signed_in(SUPERVISOR)).get("/insight?lang=en")
    moved = page.text.partition('id="insight-movers"')[2].partition("</table>")[0]
    assert moved.count(">48.0<") == 2


async def test_an_area_is_told_by_service_and_week(edge: Edge) -> None:
    await edge.rows(TOLD)
    browser = await edge.signed_in(ADMIN)
    october = "from=2026-10&to=2026-10&lang=en"
    page = await browser.get(f"/insight?{october}")
    assert "Contacts by area" in page.text
    assert "Area not stated" in page.text
    assert "Areas are counted up to 25 October 2026" in page.text
    assert "&lt;i&gt;Centre" in page.text
    chosen = await browser.get(
        f"/insight?{october}&area=centre&channel=mail"
    )  # lets the channel go
    assert 'id="insight-services"' in chosen.text
    assert 'id="insight-channels"' not in chosen.text
    assert "contacts by channel" in chosen.text  # not told by this choice
    told = json.loads((await browser.get("/api/insight?from=2026-10&area=centre")).text)
    assert (told["total"], set(told["contacts"]["service"].values())) == (60, {30})
    assert set(told["contacts"]) == {"service", "organisation", "time"}
    assert told["views"] == {}
    unstated = json.loads((await browser.get("/api/insight?from=2026-10&area=0")).text)
    assert unstated["total"] == 36
    refused = await browser.get("/api/insight?area=centre&language=fi")
    assert (refused.status, refused.error["field"]) == (400, "area")
    report = await browser.get("/insight/report?month=2026-10&lang=en")
    assert "The area was known for 62% of the contacts." in report.text
    meant = json.loads((await browser.get("/insight/dictionary.json")).text)
    assert meant["views"]["area"]["parts"]["centre"]["sv"] == "Centrum"
    service = (await edge.rows("SELECT id FROM service WHERE external_id = 'nursery'"))[0]["id"]
    page = await browser.get(f"/insight?{october}&service={service}")
    assert 'id="insight-areas"' in page.text


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
    said = {row.split(",")[10] for row in data.text.splitlines() if ",reason," in row}
    assert meant["views"]["reason"]["parts"].keys() == said
    columns = data.text.splitlines()[0].split(",")
    assert meant["columns"].keys() == set(columns)
    rows = list(csv.DictReader(data.text.splitlines()))
    assert meant["views"].keys() >= {row["view"] for row in rows}
    of = {view: meant["views"][view]["parts"] for view in ("answer", "reaction", "suggested")}
    assert [row for row in rows if row["part"] not in of.get(row["view"], row["part"])] == []


async def test_from_a_figure_to_its_contacts(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    await edge.rows(TOLD)
    await edge.rows(CAME)
    browser = await edge.signed_in(SUPERVISOR)
    figures = await browser.get("/insight?from=2026-10&to=2026-10&lang=en")
    to = {html.unescape(one) for one in re.findall('href="(/insight/contacts[^"]*)"', figures.text)}
    of = {side: [one for one in to if f"&{side}=" in one] for side in SIDES}
    assert {side: len(found) for side, found in of.items()} == {
        "week": 3, "service": 2, "channel": 2, "language": 2, "reason": 2
    }  # fmt: skip
    reason = next(one for one in of["reason"] if "bill" in one)
    for path in (reason, "/insight/contacts?from=2026-10&cause=chasing&week=2026-10-12&lang=en"):
        page = await browser.get(path)
        assert page.text.count("data-contact=") == 50
        assert "&lt;b&gt;Lasku&lt;/b&gt; 4051" in page.text
        (older,) = re.findall('href="([^"]*before=[^"]*)"', page.text)
        page = await browser.get(html.unescape(older))
        assert re.findall('data-contact="([0-9]+)"', page.text) == ["4001"]
    assert "no contacts here" in (await browser.get(reason.replace("bill", "pill"))).text
    assert len(await edge.audited("list_contacts")) == 4
    assert (await browser.get("/insight/contacts?reason=bill")).status == 400
    for name in ("AT_ONCE", "ALL_AT_ONCE"):  # few look at once
        with monkeypatch.context() as full:
            full.setattr(insight_behind, name, 0)
            page = await browser.get(reason)
            assert (page.status, bool(page.header("Retry-After"))) == (429, True)
            assert "Other lists of contacts are being looked up." in page.text
    # Who reads no cases sees figures, and no way to what is behind them.
    monkeypatch.setitem(authorise._ROLES, "read_case", frozenset({"agent"}))
    page = await browser.get("/insight?from=2026-10&to=2026-10")
    assert page.status == 200
    assert "/insight/contacts" not in page.text
    assert (await browser.get(reason)).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/insight",
        "/insight/report",
        "/insight/report.pdf",
        "/insight/data.csv",
        "/insight/dictionary.json",
        "/insight/contacts",
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
