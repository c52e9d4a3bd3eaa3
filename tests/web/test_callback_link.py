"""A request's own page: for people and programs, taking it back, and what a guess gets."""

# ruff: noqa: RUF001 - spans are written with an en dash
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contactcenter.callback.windows import Window
from contactcenter.kernel.clock import stamp
from tests.web.callback_room import WAITS, FakeCallbacks, half_hour
from tests.web.calls import with_callbacks
from tests.web.edge import Answer, Browser, Edge

OPENS = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
TOKEN = "abc.DEF-123_x"
JSON = {"Accept": "application/json"}


@pytest.fixture
async def room(edge: Edge) -> FakeCallbacks:
    """A room with one promised call."""
    room = FakeCallbacks()
    room.statuses[TOKEN] = WAITS._replace(
        state="scheduled", promise=half_hour(OPENS), language="sv"
    )
    await with_callbacks(edge, room)
    return room


async def _look(edge: Edge, accept: str) -> Answer:
    return await (await edge.browser()).get(f"/callback/{TOKEN}", headers={"Accept": accept})


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"]
)
async def test_a_program_gets_json(edge: Edge, room: FakeCallbacks, accept: str) -> None:
    answer = await _look(edge, accept)
    promise = {"from": stamp(OPENS), "to": stamp(half_hour(OPENS).closes)}
    assert answer.json == {
        "state": "scheduled",
        "promise": promise,
        "cancellable": True,
        "joined": False,
        "result": None,
        "next_at": None,
        "estimate": None,
        "case_url": None,
        "feedback_url": None,
    }


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xml;q=0.9,*/*;q=0.8"])
async def test_a_person_gets_a_page_in_the_requests_language(
    edge: Edge, room: FakeCallbacks, accept: str
) -> None:
    page = await _look(edge, accept)
    assert '<html lang="sv">' in page.text
    assert "tisdag 1 december kl. 10.00–10.30" in page.text
    assert f"/callback/{TOKEN}/cancel" in page.text
    assert f"/callback/{TOKEN}/callback.ics" in page.text
    assert f"{edge.url}/callback/{TOKEN}" in page.text
    assert "⟦" not in page.text


async def test_a_language_that_was_chosen_stands_above(edge: Edge, room: FakeCallbacks) -> None:
    page = await (await edge.browser()).get(f"/callback/{TOKEN}?lang=en")
    assert "Tuesday 1 December, 10:00–10:30" in page.text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Arvioitu odotusaika: noin 3–8 minuuttia."),
        ("sv", "Beräknad väntetid: ungefär 3–8 minuter."),
        ("en", "Estimated wait: about 3–8 minutes."),
    ],
)
async def test_who_wants_a_call_soon_sees_how_long_it_will_take(
    edge: Edge, room: FakeCallbacks, language: str, text: str
) -> None:
    room.statuses[TOKEN] = WAITS._replace(wait=(199.0, 470.0), language=language)
    assert text in (await _look(edge, "text/html")).text
    assert (await _look(edge, "application/json")).json["estimate"] == {"low_s": 180, "high_s": 480}
    room.statuses[TOKEN] = WAITS._replace(language=language)
    assert text[:12] not in (await _look(edge, "text/html")).text


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("path", ["", "/cancel", "/callback.ics", "POST"])
async def test_every_answer_is_for_nobody_else(
    edge: Edge, room: FakeCallbacks, accept: str, path: str
) -> None:
    browser = await edge.browser()
    for token in (TOKEN, "unknown"):
        method, end = ("POST", "/cancel") if path == "POST" else ("GET", path)
        answer = await browser.ask(
            method, f"/callback/{token}{end}", headers={"Accept": accept}, origin=None
        )
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Referrer-Policy") == "no-referrer"
        assert "noindex" in answer.header("X-Robots-Tag")


async def test_guesses_are_answered_alike(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    seen = set()
    for token in ("x", "abc.DEF-123_y", "%00", "ä" * 200, "..%2F..%2Fetc", "a" * 4000):
        for headers in (JSON | {"Accept-Language": "en"}, {"Accept-Language": "en"}):
            for end in ("", "/callback.ics", "/cancel"):
                answer = await browser.get(f"/callback/{token}{end}", headers=headers)
                text = answer.text.replace(token, "").replace(answer.response.url.raw_path, "")
                said = "Request not found" in text
                seen.add((answer.status, said, answer.header("Content-Type")))
                assert "lang=" not in text or '<html lang="en">' in text
    assert {status for status, *_ in seen} == {404}
    assert len(seen) == 2


async def test_who_guesses_is_slowed_down_and_who_has_a_link_is_not(
    edge: Edge, room: FakeCallbacks
) -> None:
    settings = replace(edge.services.settings, links_per_minute_per_address=3)
    edge.services.settings = settings
    browser = await edge.browser()
    statuses = [(await browser.get(f"/callback/{n}", headers=JSON)).status for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    assert (await browser.get(f"/callback/{TOKEN}")).status == 200


async def _cancel(browser: Browser, accept: str = "text/html", **given: str) -> Answer:
    return await browser.ask(
        "POST", f"/callback/{TOKEN}/cancel", headers={"Accept": accept} | given, origin="null"
    )


async def test_a_person_confirms_and_may_do_so_twice(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    page = await browser.get(f"/callback/{TOKEN}/cancel?lang=fi")
    assert f'method="post" action="/callback/{TOKEN}/cancel?lang=fi"' in page.text
    assert "<title>Perutaanko soittopyyntö?" in page.text
    assert room.statuses[TOKEN].result is None  # a mail filter follows links
    for _ in range(2):
        answer = await _cancel(browser)
        assert (answer.status, answer.header("Location")) == (303, f"/callback/{TOKEN}")
        page = await browser.get(f"/callback/{TOKEN}?lang=fi")
        assert "Soittopyyntö on peruttu" in page.text
        assert "/cancel" not in page.text
    again = await browser.get(f"/callback/{TOKEN}/cancel?lang=fi")
    assert "Soittopyyntö on peruttu" in again.text


async def test_a_program_cancels_twice(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    for _ in range(2):
        answer = await _cancel(browser, "application/json")
        assert (answer.status, answer.json["state"], answer.json["cancellable"]) == (
            200,
            "closed",
            False,
        )


async def test_while_the_agent_calls_it_is_too_late(edge: Edge, room: FakeCallbacks) -> None:
    room.statuses[TOKEN] = room.statuses[TOKEN]._replace(state="active", cancellable=False)
    browser = await edge.browser()
    page, program = await _cancel(browser), await _cancel(browser, "application/json")
    assert (page.status, program.status, program.error["code"]) == (409, 409, "wrong_state")
    assert "Begäran kan inte längre återtas" in page.text
    assert "Vi ringer dig just nu" in page.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    ("state", "result", "joined", "promise", "key"),
    [
        ("queued", None, False, None, "waiting"),
        ("offered", None, False, None, "waiting"),
        ("scheduled", None, False, half_hour(OPENS), "promised"),
        ("scheduled", None, False, None, "opening"),
        ("queued", None, True, None, "joined"),
        ("active", None, False, None, "calling"),
        ("wrap_up", "reached", False, None, "reached"),
        ("closed", "reached", False, half_hour(OPENS), "reached"),
        ("closed", "not_reached", False, None, "not_reached"),
        ("closed", "wrong_number", False, None, "wrong_number"),
        ("closed", "cancelled", False, half_hour(OPENS), "cancelled"),
        ("abandoned", None, False, None, "cancelled"),
        ("closed", None, False, None, "over"),
        ("a_newer_state", None, False, None, "waiting"),
    ],
)
async def test_how_it_stands_is_said_in_words(
    edge: Edge,
    room: FakeCallbacks,
    language: str,
    state: str,
    result: str | None,
    joined: bool,
    promise: Window | None,
    key: str,
) -> None:
    room.statuses[TOKEN] = WAITS._replace(
        state=state, result=result, joined=joined, promise=promise, cancellable=False
    )
    page = await (await edge.browser()).get(f"/callback/{TOKEN}?lang={language}")
    for end in ("", "_lead"):
        text = edge.services.catalogue.t(language, f"callback.status.{key}{end}")
        assert text.replace("'", "&#39;") in page.text
    assert "⟦" not in page.text


async def test_who_cannot_cancel_is_not_told_so(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    assert "can cancel it" in (await browser.get(f"/callback/{TOKEN}?lang=en")).text
    room.statuses[TOKEN] = WAITS._replace(joined=True, cancellable=False)
    page = await browser.get(f"/callback/{TOKEN}?lang=en")
    assert "With this link you see how your request stands." in page.text
    assert "cancel" not in page.text


async def test_after_a_try_that_time_is_over(edge: Edge, room: FakeCallbacks) -> None:
    room.statuses[TOKEN] = room.statuses[TOKEN]._replace(attempts=1)
    page = await (await edge.browser()).get(f"/callback/{TOKEN}?lang=en")
    assert "We have not reached you yet" in page.text
    assert "1 December" not in page.text
    assert "callback.ics" not in page.text
    assert f"/callback/{TOKEN}/cancel" in page.text


@pytest.mark.parametrize("attempts", [0, 1])
async def test_the_next_try_is_told(edge: Edge, room: FakeCallbacks, attempts: int) -> None:
    room.statuses[TOKEN] = WAITS._replace(state="scheduled", attempts=attempts, next_at=OPENS)
    browser = await edge.browser()
    for language, text in (
        ("fi", "Soitamme aikaisintaan: tiistai 1.12. klo 10.00"),
        ("sv", "Vi ringer tidigast: tisdag 1 december kl. 10.00"),
        ("en", "We will call at the earliest: Tuesday 1 December at 10:00"),
    ):
        assert text in (await browser.get(f"/callback/{TOKEN}?lang={language}")).text
    assert (await browser.get(f"/callback/{TOKEN}", headers=JSON)).json["next_at"] == stamp(OPENS)


async def test_the_calendar_file(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    first = await browser.get(f"/callback/{TOKEN}/callback.ics")
    assert first.header("Content-Type") == "text/calendar; charset=utf-8"
    assert "callback.ics" in first.header("Content-Disposition")
    await _cancel(browser)
    then = await browser.get(f"/callback/{TOKEN}/callback.ics")
    lines, after = (answer.text.splitlines() for answer in (first, then))
    assert {"METHOD:REQUEST", "SEQUENCE:0", "STATUS:CONFIRMED"} <= set(lines)
    assert {"METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"} <= set(after)
    (uid,) = {line for line in lines + after if line.startswith("UID:")}
    assert TOKEN not in uid
    assert "DTSTART;TZID=Europe/Helsinki:20261201T100000" in lines


async def test_without_a_promise_there_is_no_calendar_file(edge: Edge, room: FakeCallbacks) -> None:
    room.statuses[TOKEN] = WAITS
    answer = await (await edge.browser()).get(f"/callback/{TOKEN}/callback.ics")
    assert answer.status == 404
    assert "callback.ics" not in (await (await edge.browser()).get(f"/callback/{TOKEN}")).text


async def test_when_it_is_over_it_asks_how_it_went(edge: Edge, room: FakeCallbacks) -> None:
    room.statuses[TOKEN] = room.statuses[TOKEN]._replace(state="closed", result="reached", asks=7)
    url = await edge.services.feedback_links.url(7)
    assert (await _look(edge, "application/json")).json["feedback_url"] == url
    assert f'href="{url}"' in (await _look(edge, "text/html")).text
