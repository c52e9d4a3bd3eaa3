"""Asking to be called, as a program and as another site's script: who may, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import ip_network
from typing import Any

import pytest

from contactcenter.callback.windows import Window
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from tests.web.callback_room import FakeCallbacks
from tests.web.calls import CITY, EVIL, NUMBER, PARTNER_SITE, ask, with_callbacks
from tests.web.edge import Edge


@pytest.fixture
async def room(edge: Edge) -> FakeCallbacks:
    """The room behind the edge."""
    room = FakeCallbacks()
    await with_callbacks(edge, room)
    return room


PAST = {"from": "2020-01-07T08:00:00Z", "to": "2020-01-07T08:30:00Z"}


def _object(window: Window) -> dict[str, str]:
    return {"from": stamp(window.opens), "to": stamp(window.closes)}


async def test_a_request_is_taken_in(edge: Edge, room: FakeCallbacks) -> None:
    answer = await ask(await edge.browser())
    assert (answer.status, answer.json) == (
        201,
        {"contact": "17", "status_url": f"{edge.url}/callback/token-0"},
    )
    assert room.requests["r-1"][0].number == NUMBER
    assert answer.header("Cache-Control") == "no-store"


async def test_a_window_is_promised(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    found = (await browser.json("GET", "/api/callbacks/windows?queue=general", None)).json
    window = found["windows"][3]
    assert datetime.fromisoformat(window["from"]).utcoffset() is not None
    answer = await ask(browser, window=window)
    assert (answer.status, answer.json["promise"]) == (201, window)
    assert window == _object((await room.open_windows("general"))[3])


async def test_the_same_request_gets_the_same_answer(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    first, second = await ask(browser), await ask(browser)
    assert (first.status, first.json) == (second.status, second.json)
    other = await ask(browser, matter="Muuta")
    assert (other.status, other.error["code"]) == (409, "request_id_used")
    assert other.error["field"] == "request_id"


async def test_another_request_for_the_number_joins(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    await ask(browser)
    again = await ask(browser, request_id="r-2", number="+358 50 3391387")
    assert (again.status, again.json["joined"]) == (201, True)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"number": "116 117"}, "invalid_number", "number"),
        ({"number": "112"}, "invalid_number", "number"),
        ({"number": "0600 12345"}, "number_not_allowed", "number"),
        ({"number": "+881 6 1234 5678"}, "number_not_allowed", "number"),
        ({"number": "050 KISSA"}, "invalid_number", "number"),
        ({"number": "050 339 1387,,9"}, "invalid_number", "number"),
        ({"number": "050\u200b 339 1387"}, "invalid_number", "number"),
        ({"queue": "nowhere"}, "unknown_queue", "queue"),
        ({"matter": ""}, "bad_request", "matter"),
        ({"number": 5}, "bad_request", "number"),
        ({"window": PAST}, "window_past", "window"),
        ({"window": {"from": "2020-01-07T08:00:00Z"}}, "bad_request", "window"),
    ],
)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_what_is_wrong_is_said_in_the_askers_language(
    edge: Edge, room: FakeCallbacks, given: dict[str, Any], code: str, field: str, language: str
) -> None:
    answer = await ask(await edge.browser(), language=language, **given)
    assert answer.status in (400, 404, 409)
    assert (answer.error["code"], answer.error["field"]) == (code, field)
    texts = edge.services.catalogue.texts(language).values()
    assert answer.error["message"] in texts


async def test_too_many_says_when_again(edge: Edge, room: FakeCallbacks) -> None:
    room.refuse = Refused("too_many", retry_after_s=90.5)
    answer = await ask(await edge.browser())
    assert (answer.status, answer.error["retry_after_s"]) == (429, 90.5)
    assert answer.header("Retry-After") == "91"


async def test_only_json_is_read(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await browser.ask(
            "POST", "/api/callbacks", data=b"{}", headers={"Content-Type": kind}, origin=None
        )
        assert (answer.status, answer.error["code"]) == (400, "bad_request")
    assert room.requests == {}


@pytest.mark.parametrize("origin", [CITY, PARTNER_SITE])
async def test_scripts_of_configured_sites_may_ask(
    edge: Edge, room: FakeCallbacks, origin: str
) -> None:
    browser = await edge.browser()
    leave = await browser.ask(
        "OPTIONS",
        "/api/callbacks",
        origin=origin,
        headers={"Access-Control-Request-Method": "POST"},
    )
    assert leave.status == 204
    assert "Content-Type" in leave.header("Access-Control-Allow-Headers")
    good, bad = await ask(browser, origin=origin), await ask(browser, origin=origin, queue="x y")
    windows = await browser.get("/api/callbacks/windows?queue=general", origin=origin)
    assert (good.status, bad.status, windows.status) == (201, 400, 200)
    for answer in (leave, good, bad, windows):
        assert answer.header("Access-Control-Allow-Origin") == origin
        assert answer.header("Access-Control-Allow-Credentials") == ""
        assert "Origin" in answer.header("Vary")


@pytest.mark.parametrize("origin", [EVIL, "null", f"{CITY}.evil.example", f"{CITY}:444", "x y"])
async def test_foreign_scripts_are_given_no_leave(
    edge: Edge, room: FakeCallbacks, origin: str
) -> None:
    browser = await edge.signed_in()
    for method in ("OPTIONS", "POST"):
        answer = await browser.json(method, "/api/callbacks", {}, origin=origin)
        assert answer.header("Access-Control-Allow-Origin") == ""
    refused = await ask(browser, origin=origin)
    assert (refused.status, refused.error["code"]) == (403, "forbidden")
    assert room.requests == {}


async def test_without_our_cookie_an_origin_says_nothing(edge: Edge, room: FakeCallbacks) -> None:
    answer = await ask(await edge.browser(), origin=EVIL)
    assert (answer.status, answer.header("Access-Control-Allow-Origin")) == (201, "")


async def test_who_has_our_cookie_must_come_from_a_known_page(
    edge: Edge, room: FakeCallbacks
) -> None:
    browser = await edge.signed_in()
    assert (await ask(browser)).status == 403
    assert (await ask(browser, origin=edge.url)).status == 201
    assert (await ask(browser, origin=CITY, request_id="r-2")).status == 201


async def test_limits_count_by_the_address_before_the_proxies(
    edge: Edge, room: FakeCallbacks
) -> None:
    headers = {"X-Forwarded-For": "10.9.8.7, 2001:db8:1:2:3::4"}
    browser = await edge.browser()
    await browser.json(
        "POST", "/api/callbacks", {"x": 1} | _some("a"), headers=headers, origin=None
    )
    trusted = (ip_network("127.0.0.0/8"),)
    edge.services.settings = replace(edge.services.settings, trusted_proxies=trusted)
    await browser.json("POST", "/api/callbacks", _some("b"), headers=headers, origin=None)
    assert room.addresses == ["127.0.0.1", "2001:db8:1:2::"]


def _some(request_id: str) -> dict[str, str]:
    return {
        "queue": "general",
        "number": NUMBER,
        "language": "fi",
        "matter": "x",
        "request_id": request_id,
    }


async def test_windows_of_no_queue(edge: Edge, room: FakeCallbacks) -> None:
    for query in ("", "?queue=", "?queue=nowhere", "?queue=%00"):
        answer = await (await edge.browser()).json("GET", f"/api/callbacks/windows{query}", None)
        assert (answer.status, answer.error["code"]) == (404, "unknown_queue")


async def test_without_the_door_nothing_is_asked_and_links_still_lead(
    edge: Edge, room: FakeCallbacks
) -> None:
    browser = await edge.browser()
    await ask(browser)
    edge.services.calls = None
    assert (await ask(browser, request_id="r-2")).status == 404
    for path in ("/callback", "/callback?queue=general", "/api/callbacks/windows?queue=general"):
        assert (await browser.get(path)).status == 404
    assert (await browser.get("/callback/token-0")).status == 200  # a chat may have become a call
