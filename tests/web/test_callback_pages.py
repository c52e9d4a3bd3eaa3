"""The citizen's form without script: choosing, sending, mending what was wrong."""

# ruff: noqa: RUF001 - spans are written with an en dash
from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contactcenter.errors import Refused
from contactcenter.queue.hours import Hours
from tests.web.callback_room import FakeCallbacks
from tests.web.calls import EVIL, NUMBER, set_hours, with_callbacks
from tests.web.edge import Answer, Browser, Edge

FORM = "/callback?queue=general"
WEEK: dict[str, tuple[tuple[str, str], ...]] = {d: (("09:00", "15:00"),) for d in "12345"}


@pytest.fixture
async def room(edge: Edge) -> FakeCallbacks:
    """The room behind the edge, before a Sunday on which the clock is changed."""
    room = FakeCallbacks()
    await with_callbacks(edge, room)
    return room


def hidden(page: Answer) -> str:
    """The id that the form holds."""
    found = re.search(r'name="request_id" value="([\w.:-]{16,64})"', page.text)
    assert found is not None
    return found[1]


async def send(browser: Browser, path: str = FORM, **given: str) -> Answer:
    """Fill the form in and send it."""
    filled = {"number": NUMBER, "matter": "Päivähoito", "window": "soon", "name": "", "email": ""}
    request_id = given.pop("request_id", None) or hidden(await browser.get(path))
    return await browser.post(path, filled | given | {"request_id": request_id})


def options(page: Answer) -> list[tuple[str, str]]:
    """(value, text) of what may be chosen as the time."""
    found = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', page.text)
    return [(html.unescape(value), text) for value, text in found]


async def test_from_the_form_to_the_requests_own_page(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    answer = await send(browser, name="Maija", email="maija@example.org")
    assert (answer.status, answer.header("Location")) == (303, "/callback/token-0?new=1")
    asked = next(iter(room.requests.values()))[0]
    assert (asked.name, asked.email, asked.language, asked.window) == (
        "Maija",
        "maija@example.org",
        "fi",
        None,
    )
    page = await browser.get(answer.header("Location"))
    assert "Soittopyyntösi on perillä" in page.text
    assert "Mitä seuraavaksi tapahtuu" in page.text
    assert f"{edge.url}/callback/token-0" in page.text


async def test_sent_twice_is_one_request(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    request_id = hidden(await browser.get(FORM))
    answers = [await send(browser, request_id=request_id) for _ in range(2)]
    assert {answer.header("Location") for answer in answers} == {"/callback/token-0?new=1"}
    assert len(room.requests) == 1


async def test_changed_and_sent_again_is_asked_about(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    request_id = hidden(await browser.get(FORM))
    await send(browser, request_id=request_id)
    page = await send(browser, request_id=request_id, matter="Muuta")
    assert page.status == 409
    assert "Olet jo lähettänyt tämän lomakkeen" in page.text
    assert hidden(page) != request_id
    again = await send(browser, request_id=hidden(page), matter="Muuta", number="040 123 4567")
    assert again.status == 303


async def test_a_window_is_chosen_by_day_and_promised(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    page = await browser.get(f"{FORM}&lang=en")
    value, _ = options(page)[5]
    opens = datetime.fromisoformat(value.partition("/")[0])
    answer = await send(browser, f"{FORM}&lang=en", window=value)
    promise = room.statuses["token-0"].promise
    assert promise is not None
    assert promise.opens == opens
    assert answer.header("Location") == "/callback/token-0?new=1&lang=en"


WRONG = [
    ("116 117", "there is no such number"),
    ("112", "there is no such number"),
    ("0600 12345", "service numbers"),
    ("+881 6 1234 5678", "country or network"),
    ("+1 212 555 0123", "country or network"),
    ("soita mulle", "there is no such number"),
    ("050 339 1387,,9", "there is no such number"),
    ("050\u200b3391387", "there is no such number"),
    ("0" * 300, "there is no such number"),
]


@pytest.mark.parametrize(("number", "said"), WRONG)
async def test_a_wrong_number_is_said_beside_it(
    edge: Edge, room: FakeCallbacks, number: str, said: str
) -> None:
    browser = await edge.browser()
    page = await send(
        browser, f"{FORM}&lang=en", number=number, matter="<b>asia</b>", name='"x', email="a@b.fi"
    )
    assert page.status == 400
    error = re.search(r'<p class="field-error" id="number-error">([^<]+)</p>', page.text)
    assert error
    assert said in error[1]
    assert page.text.count(error[1]) == 2  # in the summary too
    field = re.search(r'<input type="tel"[^>]+>', page.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert 'aria-describedby="number-hint number-error"' in field[0]
    assert "&lt;b&gt;asia&lt;/b&gt;" in page.text
    assert 'value="a@b.fi"' in page.text
    assert "autofocus" in page.text
    assert room.requests == {}


async def test_everything_missing_is_said_at_once(edge: Edge, room: FakeCallbacks) -> None:
    page = await send(await edge.browser(), number=" ", matter="")
    assert page.status == 400
    assert page.text.count('class="field-error"') == 2
    for name in ("number", "matter"):
        assert f'<a href="#{name}">' in page.text


async def test_all_that_is_wrong_is_said_at_once(edge: Edge, room: FakeCallbacks) -> None:
    page = await send(await edge.browser(), number="x", matter="", email="maija@")
    assert page.status == 400
    for name in ("number", "matter", "email"):
        assert f'id="{name}-error"' in page.text
        assert f'<a href="#{name}">' in page.text
    assert room.requests == {}


SUNDAY = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
INDEPENDENCE_DAY = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ("2020-01-07T08:00:00+00:00/2020-01-07T08:30:00+00:00", "is past"),
        ("2026-12-08T08:10:00+00:00/2026-12-08T08:40:00+00:00", "times offered"),
        ("2026-12-08T08:00:00+00:00/2026-12-08T10:30:00+00:00", "times offered"),
        ("2026-12-06T08:00:00+00:00/2026-12-06T08:30:00+00:00", "closed then"),  # a holiday
        ("2026-12-07T18:00:00+00:00/2026-12-07T18:30:00+00:00", "closed then"),
        ("2026-12-07T08:00:00/2026-12-07T08:30:00", "times offered"),
        ("tomorrow", "times offered"),
        ("", "times offered"),
    ],
)
async def test_a_wrong_time_must_be_chosen_anew(
    edge: Edge, room: FakeCallbacks, window: str, said: str
) -> None:
    room.now, room.hours = INDEPENDENCE_DAY, Hours(weekly=WEEK)
    page = await send(await edge.browser(), f"{FORM}&lang=en", window=window)
    assert page.status in (400, 409)
    error = re.search(r'id="window-error">([^<]+)</p>', page.text)
    assert error
    assert said in error[1]
    assert '<option value="" disabled selected>Choose a time</option>' in page.text
    assert room.requests == {}


async def test_holidays_are_not_offered(edge: Edge, room: FakeCallbacks) -> None:
    room.now, room.hours = INDEPENDENCE_DAY, Hours(weekly=WEEK | {"7": (("09:00", "15:00"),)})
    page = await (await edge.browser()).get(f"{FORM}&lang=fi")
    days = re.findall(r'<optgroup label="([^"]+)">', page.text)
    assert days[0] == "maanantai 7.12."
    assert "sunnuntai 6.12." not in days


async def test_the_hour_that_comes_twice_is_told_apart(edge: Edge, room: FakeCallbacks) -> None:
    room.now = SUNDAY
    page = await (await edge.browser()).get(f"{FORM}&lang=fi")
    texts = [text for _, text in options(page)]
    assert "klo 3.00–3.30 (kesäaikaa)" in texts
    assert "klo 3.00–3.30 (talviaikaa)" in texts
    assert texts.count("klo 4.00–4.30") == texts.count("klo 5.00–5.30")
    room.now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    page = await (await edge.browser()).get(f"{FORM}&lang=fi")
    sunday = page.text.partition('label="sunnuntai 29.3."')[2].partition("</optgroup>")[0]
    assert "klo 2.30–4.00" in sunday
    assert "klo 3." not in sunday


async def test_a_full_half_hour_is_not_offered(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    value, _ = options(await browser.get(FORM))[1]
    room.places = 1
    room.taken[datetime.fromisoformat(value.partition("/")[0])] = 1
    page = await send(browser, window=value)
    assert page.status == 409
    assert "Tälle ajalle ei mahdu enää" in page.text
    assert value not in [offered for offered, _ in options(page)]


async def test_too_many_is_said_in_minutes_and_nothing_is_lost(
    edge: Edge, room: FakeCallbacks
) -> None:
    room.refuse = Refused("too_many", retry_after_s=1801)
    page = await send(await edge.browser())
    assert page.status == 429
    assert "31 minuutin kuluttua" in page.text
    assert f'value="{NUMBER}"' in page.text


async def test_opening_hours_are_shown(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    await set_hours(edge, '{"weekly": {}, "holidays": "open"}')
    closed = await browser.get(f"{FORM}&lang=fi")
    assert "Nyt on suljettu" in closed.text
    week = ", ".join(f'"{day}": [["08:00", "15:30"]]' for day in "1234")
    await set_hours(
        edge, f'{{"weekly": {{{week}, "5": [["08:00", "11:00"], ["12:00", "24:00"]]}}}}'
    )
    page = await browser.get(f"{FORM}&lang=fi")
    told = {"ma–to": "8.00–15.30", "pe": "8.00–11.00, 12.00–24.00", "la–su": "suljettu"}
    for days, spans in told.items():
        assert f"<dt>{days}</dt><dd>{spans}</dd>" in page.text
    await set_hours(edge, "{}", always_open=True)
    assert "milloin vain" in (await browser.get(f"{FORM}&lang=fi")).text


async def test_without_a_queue_one_is_chosen(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    page = await browser.get("/callback?lang=en")
    assert page.status == 200
    assert 'href="/callback?queue=general&amp;lang=en"' in page.text
    for query in ("?queue=nowhere", "?queue=%00", "?queue=' OR 1=1"):
        answer = await browser.get(f"/callback{query}")
        assert answer.status == 404
        assert "General advice" in answer.text or "Yleinen neuvonta" in answer.text
    async with edge.services.db.transaction() as conn:
        await conn.execute("UPDATE queue SET disabled_at = now()")
    assert "ei juuri nyt oteta vastaan" in (await browser.get("/callback")).text


async def test_queues_stand_under_their_organisations(edge: Edge, room: FakeCallbacks) -> None:
    async with edge.services.db.transaction() as conn:
        await conn.execute(
            "INSERT INTO queue (organisation_id, key, name, task, languages, channels)"
            " VALUES ($1, 'benefits', '{\"fi\": \"Etuudet\"}', 'benefits', '{fi}', '{callback}')",
            edge.organisations["kela"],
        )
    page = await (await edge.browser()).get("/callback?lang=fi")
    assert page.status == 200
    main = page.text.partition("<footer")[0]
    shown = re.findall(r"<h2 id[^>]*>([^<]+)</h2>|<li><a[^>]*>([^<]+)</a></li>", main)
    assert [heading or queue for heading, queue in shown] == [
        "city",
        "Yleinen neuvonta",
        "kela",
        "Etuudet",
    ]


async def test_another_language_keeps_what_was_typed(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    first = await browser.get(f"{FORM}&lang=fi")
    to = "/callback?queue=general&amp;lang=sv"
    assert f'formaction="{to}" formnovalidate name="switch" value="sv"' in first.text
    page = await send(browser, f"{FORM}&lang=sv", number="05", matter="Dagvård", switch="sv")
    assert page.status == 200
    assert "Be oss ringa dig" in page.text
    assert 'value="05"' in page.text
    assert ">Dagvård</textarea>" in page.text
    assert "field-error" not in page.text
    assert room.requests == {}


async def test_times_are_by_the_organisations_clock(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.browser()
    assert "Ajat ovat Suomen aikaa." in (await browser.get(f"{FORM}&lang=fi")).text
    async with edge.services.db.transaction() as conn:
        await conn.execute("UPDATE organisation SET time_zone = 'America/New_York'")
    page = await browser.get(f"{FORM}&lang=fi")
    assert "Suomen aikaa" not in page.text
    assert "America/New York" in page.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_field_has_its_label_and_purpose(
    edge: Edge, room: FakeCallbacks, language: str
) -> None:
    page = await (await edge.browser()).get(f"{FORM}&lang={language}")
    assert f'<html lang="{language}">' in page.text
    assert "⟦" not in page.text
    ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page.text)
    assert ids == ["number", "matter", "window", "name", "email"]
    assert [name for name in ids if f'for="{name}"' not in page.text] == []
    for purpose in ("tel", "name", "email"):
        assert f'autocomplete="{purpose}"' in page.text
    assert 'inputmode="tel"' in page.text
    assert 'href="tel:112"' in page.text
    assert "/console" not in page.text
    assert f"queue=general&amp;lang={language}" in page.text


async def test_a_foreign_page_cannot_send_the_form(edge: Edge, room: FakeCallbacks) -> None:
    browser = await edge.signed_in()
    answer = await browser.post(FORM, {"number": NUMBER, "matter": "x"}, origin=EVIL)
    assert answer.status == 403
    assert room.requests == {}


async def test_limits_count_by_address(edge: Edge, room: FakeCallbacks) -> None:
    edge.services.settings = replace(edge.services.settings, writes_per_minute_per_address=2)
    browser = await edge.browser()
    statuses = [(await send(browser)).status for _ in range(3)]
    assert statuses == [303, 303, 429]
    refused = await send(browser, request_id="form-1234567890123456")
    assert "/console" not in refused.text
    assert "sekunnin kuluttua" in refused.text
    assert room.addresses[0] == "127.0.0.1"
