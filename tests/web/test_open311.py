"""Open311's GeoReport v2 over HTTP: what it takes, what it tells, and what it keeps to itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import ip_network
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import pytest

from contactcenter.feedback import public_requests
from contactcenter.web.open311 import doors
from tests.web.city import City
from tests.web.edge import SUPERVISOR, Answer, Browser, Edge
from tests.web.said import open_said

BASE = "/open311/v2"
Said = tuple[City, int, int]
JSON = {"headers": {"Accept": "*/*"}, "origin": None}


@pytest.fixture
async def said(edge: Edge, redis_url: str) -> Said:
    """A city with services."""
    return await open_said(edge, redis_url)


async def ask(browser: Browser, service: int | str, kind: str = "json", **given: Any) -> Answer:
    """Post a request, as a program does."""
    sent = {"service_code": str(service), "description": "The lamp is out.", "lat": "61.688"}
    sent |= {"long": "27.272"} | given
    return await browser.post(f"{BASE}/requests.{kind}", sent, **JSON)


async def test_services_in_both_formats_and_the_askers_language(edge: Edge, said: Said) -> None:
    browser, (_, service, foreign) = await edge.browser(), said
    (one,) = (await browser.get(f"{BASE}/services.json?lang=en")).json
    assert one["service_code"] == str(service)
    assert (one["service_name"], one["metadata"], one["type"]) == (
        "Katuvalot (en)",
        False,
        "realtime",
    )
    answer = await browser.get(f"{BASE}/services.xml?jurisdiction_id=kela", **JSON)
    assert answer.header("Content-Type") == "application/xml; charset=utf-8"
    assert answer.text.startswith("<?xml version='1.0' encoding='utf-8'?>")
    root = ElementTree.fromstring(answer.text)  # our own words
    assert (root.tag, [one.tag for one in root]) == ("services", ["service"])
    assert root.findtext("service/service_code") == str(foreign)
    assert root.findtext("service/metadata") == "false"
    defined = (await browser.get(f"{BASE}/services/{service}.json")).json
    assert defined == {"service_code": str(service), "attributes": []}
    found = (await browser.get(f"{BASE}/discovery.json")).json["endpoints"][0]
    assert found["url"] == f"{edge.url}{BASE}"
    for path, status in (
        (f"services/{foreign}.json", 404),
        ("services/99.xml", 404),
        ("services/x.json", 404),
        ("services.json?jurisdiction_id=nowhere", 404),
        ("services.json?jurisdiction_id='--", 404),
        ("tokens/abc.json", 404),
        ("requests/abc.json", 404),
        ("requests/1.csv", 404),
    ):
        refused = await browser.get(f"{BASE}/{path}")
        assert refused.status == status, path
        assert ("<code>404</code>" in refused.text) or refused.json[0]["code"] == 404


async def test_what_is_asked_is_a_contact_and_the_same_again_is_the_same(
    edge: Edge, said: Said
) -> None:
    browser, (city, service, _) = await edge.browser(), said
    given = {
        "email": "Maija@example.org", "first_name": "Maija", "last_name": "M.",
        "phone": "040 123 4567", "address_string": "Hallituskatu 1", "device_id": "d-1",
        "media_url": "http://127.0.0.1/secret.jpg",
        "description": "The lamp\r\nis out. 131052-308T",
    }  # fmt: skip
    answers = await asyncio.gather(*(ask(browser, service, **given) for _ in range(3)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    await city.sql("UPDATE organisation SET feedback_queue = 'streets' WHERE key = 'city'")
    assert (await ask(browser, service, **given)).text == answers[0].text
    (made,) = answers[0].json
    (row,) = await edge.rows(
        "SELECT f.*, m.text, m.rest, m.author, c.state, k.subject FROM open_feedback f"
        " JOIN contact c ON c.id = f.contact_id JOIN cases k ON k.id = c.case_id"
        " JOIN message m ON m.contact_id = c.id"
    )
    assert made["service_request_id"] == str(row["contact_id"])
    assert (row["via"], row["kind"], row["state"]) == ("open311", "fault", "queued")
    assert (row["text"], row["rest"]) == ("The lamp\nis out. 131052-****", "040 123 4567")
    assert (row["place"], row["lat"], row["media_url"]) == (
        "Hallituskatu 1", 61.688, given["media_url"],
    )  # fmt: skip
    assert row["subject"].startswith("Vikailmoitus: Katuvalot")
    other = await ask(browser, service, **given | {"address_string": "Hallituskatu 2"})
    assert other.json != answers[0].json


@pytest.mark.parametrize("kind", ["json", "xml"])
async def test_all_that_is_wrong_is_told_in_the_format_asked_for(
    edge: Edge, said: Said, kind: str
) -> None:
    browser, (_, service, foreign) = await edge.browser(), said

    async def refused(**given: str) -> list[tuple[int, str]]:
        answer = await ask(browser, given.pop("service", service), kind, **given)
        if kind == "json":
            told = [(one["code"], one["description"]) for one in answer.json]
        else:
            root = ElementTree.fromstring(answer.text)
            assert root.tag == "errors"
            told = [
                (int(one.findtext("code") or 0), one.findtext("description") or "")
                for one in root.iter("error")
            ]
        assert {code for code, _ in told} == {answer.status}
        assert "⟦" not in answer.text
        return told

    for length, wrong in ((9, True), (5_001, True)):
        assert [code for code, _ in await refused(description="ä" * length)] == [400] * wrong
    for length in (10, 5_000):
        assert (await ask(browser, service, kind, description="😀" * length)).status == 201
    assert (
        len(await refused(description="short", lat="x", email="@", media_url="javascript:1")) == 4
    )
    for lat, long in (("91", "0"), ("nan", "0"), ("inf", "1"), ("61.6", ""), ("", "")):
        assert [code for code, _ in await refused(lat=lat, long=long)] == [400]
    assert [code for code, _ in await refused(service="")] == [400]
    assert [code for code, _ in await refused(service=str(foreign))] == [404]
    assert [code for code, _ in await refused(jurisdiction_id="nowhere")] == [404]
    (row,) = await edge.rows("SELECT count(*) AS n FROM open_feedback")
    assert row["n"] == 2


async def test_nothing_that_was_written_is_public_before_somebody_published_it(
    edge: Edge, said: Said
) -> None:
    browser, (city, service, _) = await edge.browser(), said
    (made,) = (await ask(
        browser, service, email="maija@example.org", first_name="Maija", phone="0401234567",
        address_string="Hallituskatu 1", media_url="http://example.org/a.jpg",
    )).json  # fmt: skip
    number = made["service_request_id"]
    for path in (f"requests/{number}", "requests"):
        for kind in ("json", "xml"):
            told = await browser.get(f"{BASE}/{path}.{kind}", **JSON)
            assert told.header("Access-Control-Allow-Origin") == "*"
            for hidden in ("lamp", "aija", "040", "Hallitus", "61.688", "a.jpg"):
                assert hidden not in told.text, (path, kind, hidden)
    (one,) = (await browser.get(f"{BASE}/requests/{number}.json")).json
    assert (one["status"], one["status_notes"], one["service_name"]) == ("open", None, "Katuvalot")
    supervisor = await edge.signed_in(SUPERVISOR)
    reason = "Mended & lit <b>again</b>\x01"
    sent = {"decision": "done", "reason": reason, "public": "yes", "public_text": "A lamp is out."}
    assert (await supervisor.post(f"/feedback/open/{number}", sent)).status == 303
    shown = ("status", "description", "address", "lat", "long", "media_url")
    (one,) = (await browser.get(f"{BASE}/requests/{number}.json")).json
    assert [one[name] for name in shown] == ["closed", "A lamp is out.", None, None, None, None]
    page = (await supervisor.get(f"/feedback/open/{number}")).text
    assert page.count(" checked>") == 1  # to show it at all; nothing exact
    assert 'name="public_place" type="text" value=""' in page
    sent |= {"public_place": "Hallituskatu", "public_point": "yes", "public_media": "yes"}
    assert (await supervisor.post(f"/feedback/open/{number}", sent)).status == 303
    (one,) = (await browser.get(f"{BASE}/requests/{number}.json")).json
    assert [one[name] for name in shown[2:]] == [
        "Hallituskatu", 61.688, 27.272, "http://example.org/a.jpg",
    ]  # fmt: skip
    assert "aija" not in str(one)
    root = ElementTree.fromstring((await browser.get(f"{BASE}/requests/{number}.xml")).text)
    assert root.findtext("request/status_notes") == reason.replace("\x01", "\ufffd")
    assert (await browser.get(f"{BASE}/requests/{number}.json?jurisdiction_id=kela")).status == 404
    await city.sql("UPDATE queue SET sensitive = true")
    assert (await browser.get(f"{BASE}/requests/{number}.json")).status == 404
    await city.sql("UPDATE queue SET sensitive = false")
    edge.services.settings = replace(edge.services.settings, open311_publishes=True)
    (made,) = (await ask(browser, service, description="Code 131052-308T here")).json
    (one,) = (await browser.get(f"{BASE}/requests/{made['service_request_id']}.json")).json
    assert (one["description"], one["lat"]) == ("Code 131052-**** here", 61.688)


async def test_ninety_days_and_two_hundred_rows(edge: Edge, said: Said) -> None:
    browser, (city, service, _) = await edge.browser(), said
    await ask(browser, service)
    await city.sql(  # 204 more, an hour apart, and one too old
        "INSERT INTO open_feedback (contact_id, case_id, organisation_id, queue_id, via, kind,"
        " about, service_id, language, given_at)"
        " SELECT f.contact_id + n, f.case_id, f.organisation_id, f.queue_id, f.via, f.kind,"
        " f.about, f.service_id, f.language, f.given_at - n * interval '1 hour'"
        " - CASE WHEN n > 204 THEN interval '91 days' ELSE interval '0' END"
        " FROM open_feedback f, generate_series(1, 205) AS n"
    )
    await city.sql(
        "INSERT INTO contact SELECT (c).* FROM (SELECT jsonb_populate_record(c, jsonb_build_object("
        "'id', f.contact_id)) AS c FROM open_feedback f, contact c WHERE c.id <> f.contact_id) AS x"
    )

    async def numbers(query: str, status: int = 200) -> list[str]:
        answer = await browser.get(f"{BASE}/requests.json?{query}")
        assert answer.status == status, answer.text
        return [one.get("service_request_id", "") for one in answer.json]

    first, second = await numbers(""), await numbers("page=2")
    assert (len(first), len(second)) == (200, 5)
    assert not set(first) & set(second)
    assert await numbers("page=3") == []
    assert len(await numbers("page_size=500")) == 200
    assert await numbers("page_size=3&page=2") == first[3:6]
    old = "start_date=2020-01-01T00:00:00Z&end_date="
    assert await numbers(f"{old}2020-03-31T00:00:00Z") == []
    await numbers(f"{old}2020-03-31T00:00:01Z", 400)  # 90 days and a second
    await numbers(f"{old}2019-12-31T00:00:00Z", 400)
    await numbers("updated_after=2020-01-01T00:00:00Z&updated_before=2020-06-01T00:00:00Z", 400)
    assert await numbers("start_date=2020-01-01T00:00:00Z") == []
    for wrong in ("start_date=yesterday", "end_date=0001-01-01", "status=x", "page=0", "page=-1"):
        await numbers(wrong, 400)
    # Ids before all else; those that are none find nothing.
    both = ",".join(first[:2])
    assert await numbers(f"service_request_id={both}&status=closed") == first[:2]
    assert await numbers("service_request_id=x,%27,99999999999999999999") == []
    assert len(await numbers(f"service_code={service},77")) == 200
    assert await numbers("service_code=77") == []
    assert await numbers("status=closed") == []
    assert len(await numbers("status=open,closed")) == 200


async def test_keys_limits_and_off(edge: Edge, said: Said) -> None:
    browser, (_, service, _) = await edge.browser(), said
    plain = edge.services.settings
    edge.services.settings = replace(plain, open311="key", open311_keys=("k" * 16, "j" * 16))
    for key, status in (("", 403), ("k" * 15, 403), ("j" * 16, 201)):
        assert (await ask(browser, service, api_key=key)).status == status
    assert (await browser.get(f"{BASE}/requests.json")).status == 200
    edge.services.settings = replace(plain, open311_per_minute_per_address=2)
    answers = [await browser.get(f"{BASE}/services.xml") for _ in range(9)]
    assert answers[-1].status == 429
    assert "<code>429</code>" in answers[-1].text
    assert answers[-1].header("Retry-After")
    edge.services.settings = replace(plain, open311="off")
    assert (await browser.get(f"{BASE}/services.json")).status == 404
    assert (await ask(browser, service)).status == 404


async def test_few_read_at_once_and_none_of_them_for_long(
    edge: Edge, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, (_, service, _) = await edge.browser(), said
    await ask(browser, service)
    with monkeypatch.context() as full:
        full.setattr(doors, "ALL_AT_ONCE", 0)
        held = await browser.get(f"{BASE}/requests.json")
        assert (held.status, bool(held.header("Retry-After"))) == (429, True)
    monkeypatch.setattr(public_requests, "WITHIN_S", 0.05)
    async with edge.services.db.transaction() as conn:
        await conn.execute("SET LOCAL ROLE NONE; LOCK TABLE open_feedback")
        assert (await browser.get(f"{BASE}/requests.json")).json[0]["code"] == 503
    monkeypatch.undo()
    assert (await browser.get(f"{BASE}/requests.json")).status == 200


async def test_two_addresses_leave_room_for_others(edge: Edge, said: Said) -> None:
    trusted = (ip_network("127.0.0.0/8"),)
    edge.services.settings = replace(edge.services.settings, trusted_proxies=trusted)
    browser = await edge.browser()
    async with edge.services.db.transaction() as conn:
        await conn.execute("SET LOCAL ROLE NONE; LOCK TABLE open_feedback")
        asked = [
            asyncio.create_task(
                browser.get(f"{BASE}/requests.json", headers={"X-Forwarded-For": f"203.0.113.{n}"})
            )
            for n in (1, 2, 3)
            for _ in range(3)
        ]
        early = [(await one).status for one in islice(asyncio.as_completed(asked), 3)]
    assert early == [429] * 3  # the third of each
    assert sorted([(await one).status for one in asked]) == [200] * 6 + [429] * 3


async def test_what_no_form_is_and_what_is_too_much(edge: Edge, said: Said) -> None:
    browser = await edge.browser()
    for body, kind in ((b"{}", "application/json"), (b"<a/>", "text/xml"), (b"a=%ff", None)):
        headers = {"Content-Type": kind or "application/x-www-form-urlencoded", "Accept": "*/*"}
        answer = await browser.ask("POST", f"{BASE}/requests.xml", data=body, headers=headers)
        assert (answer.status, "<code>400</code>" in answer.text) == (400, True)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    huge = await browser.ask("POST", f"{BASE}/requests.json", data=b"a" * 300_000, headers=form)
    assert (huge.status, huge.json[0]["code"]) == (413, 413)
    put = await browser.ask("PUT", f"{BASE}/requests.json", data=b"")
    assert put.status == 405
