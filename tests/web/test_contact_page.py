"""The contact page: every matter, its doors and how they stand; and how topics are set."""

# ruff: noqa: RUF001 - spans are written with an en dash

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contactcenter.kernel.live import Live
from contactcenter.queue.bands import Bands, Curve, line_name
from tests.web.city import City, open_city
from tests.web.edge import ADMIN, Edge


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Queues and topics of two organisations."""
    return await open_city(edge, redis_url)


async def test_each_topic_tells_its_doors_and_a_closed_one_never_stands_alone(
    edge: Edge, city: City
) -> None:
    city.staffed = {"city/general/fi/1"}
    page = await (await edge.browser()).get("/contact?organisation=city&lang=fi")
    assert page.status == 200
    assert "Pysäköinti" in page.text
    assert "Muu asia" in page.text
    assert "inside" not in page.text  # a queue without a topic, where there are topics
    assert "/message?topic=city%2Fparking&amp;lang=fi" in page.text
    assert "/chat?queue=general&amp;lang=fi" in page.text
    assert "/callback?queue=general&amp;lang=fi" in page.text
    assert "/chat?queue=streets" not in page.text  # closed: told, not linked
    assert "Chat on suljettu." in page.text
    assert "mailto:streets@city.example" in page.text
    assert "benefits" not in page.text


async def test_nobody_on_duty_is_told(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    page = await browser.get("/contact?organisation=city&lang=en")
    assert "You can always write in the chat, but nobody is there just now." in page.text
    assert page.text.count("Closed now, leave a message") == 2
    await city.sql("UPDATE queue SET hours = '{}' WHERE key = 'streets'")
    page = await browser.get("/contact?organisation=city&lang=en")
    assert "Nobody is there in the chat just now." in page.text
    city.staffed = {"city/streets/en/1"}
    page = await browser.get("/contact?organisation=city&lang=en")
    assert "/chat?queue=streets&amp;lang=en" in page.text
    assert "Open now" in page.text


async def test_the_wait_is_told_where_citizens_may_be_told(
    edge: Edge, city: City, redis_url: str
) -> None:
    live = Live(redis_url)
    edge.services.bands = bands = Bands(live)
    city.staffed = {"city/general/fi/1"}
    browser = await edge.browser()
    curves: dict[str, Curve] = {
        line_name("city/general/fi/1", channel): ((1, 60.0, 240.0),)
        for channel in ("chat", "callback")
    }
    (queue,) = await edge.rows("SELECT id FROM queue WHERE key = 'general'")
    await bands.write(curves, [(queue["id"], "callback")])
    page = await browser.get("/contact?organisation=city&lang=fi")
    assert page.text.count("noin 1–4 minuuttia") == 1
    assert "Ensimmäinen vapaa aika: " in page.text
    await live.close()
    edge.services.bands = Bands(Live("redis://127.0.0.1:1"))
    page = await browser.get("/contact?organisation=city&lang=fi")
    assert (page.status, "minuuttia" in page.text) == (200, False)


async def test_a_wait_that_may_last_until_closing_says_so(
    edge: Edge, city: City, redis_url: str
) -> None:
    live = Live(redis_url)
    edge.services.bands = bands = Bands(live)
    city.staffed = {"city/general/fi/1"}
    (queue,) = await edge.rows("SELECT id FROM queue WHERE key = 'general'")
    at_s = int(datetime(2026, 12, 1, 14, 0, tzinfo=UTC).timestamp())
    await bands.write(
        {line_name("city/general/fi/1", "chat"): ((1, None, None),)}, [], {queue["id"]: at_s}
    )
    page = await (await edge.browser()).get("/contact?organisation=city&lang=fi")
    assert page.text.count("Suljemme klo 16.00") == 1
    await live.close()


async def test_a_number_is_a_door_within_the_hours(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    assert "tel:+358" not in (await browser.get("/contact?organisation=city&lang=fi")).text
    await city.sql("UPDATE organisation SET phone = '015 194 1' WHERE key = 'city'")
    await city.sql("UPDATE queue SET phone = '116 117' WHERE key = 'streets'")
    page = await browser.get("/contact?organisation=city&lang=fi")
    assert 'class="button primary" href="tel:+358151941">Soita meille: 015 194 1<' in page.text
    assert 'class="button" href="tel:116117">Soita meille: 116 117<' in page.text
    assert "Puhelinpalvelu on suljettu." in page.text  # as the queue is
    assert "Puhelimeen vastataan nyt." in page.text
    page = await browser.get("/contact?organisation=kela&lang=fi")
    assert "Soita meille" not in page.text


async def test_half_hours_that_are_full_are_passed_over(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    first = "The first free time: "
    before = (await browser.get("/contact?organisation=city&lang=en")).text.partition(first)[2]
    await city.sql(
        "INSERT INTO callback_slot SELECT q.id, date_bin('30 min', now(), '2000-01-01')"
        " + n * interval '30 min', 99 FROM queue q, generate_series(0, 4) n"
        " WHERE q.key = 'general'"
    )
    after = (await browser.get("/contact?organisation=city&lang=en")).text.partition(first)[2]
    assert after
    assert before[:60] != after[:60]


async def test_an_organisation_without_topics_shows_its_queues(edge: Edge, city: City) -> None:
    page = await (await edge.browser()).get("/contact?lang=fi")
    assert "/message?queue=benefits&amp;lang=fi" in page.text
    assert "/callback?queue=benefits&amp;lang=fi" in page.text
    await city.sql("UPDATE topic SET disabled_at = now()")
    page = await (await edge.browser()).get("/contact?organisation=city&lang=fi")
    assert "/message?queue=inside&amp;lang=fi" in page.text
    assert "Pysäköinti" not in page.text


@pytest.mark.parametrize("organisation", ["nowhere", "%00", "'", "city%2Fparking", "x" * 300])
async def test_an_unknown_organisation_is_told_and_all_are_shown(
    edge: Edge, city: City, organisation: str
) -> None:
    page = await (await edge.browser()).get(f"/contact?lang=en&organisation={organisation}")
    assert page.status == 404
    assert "That service was not found." in page.text
    assert "city%2Fparking" in page.text


async def test_what_admins_write_is_never_markup(edge: Edge, city: City) -> None:
    attack = '{"fi": "<img src=x onerror=alert(1)>\\"><script>x</script>"}'
    await city.sql("UPDATE topic SET name = $1::jsonb, hint = $1::jsonb", attack)
    await city.sql("UPDATE organisation SET name = $1::jsonb", attack)
    browser = await edge.browser()
    for path in ("/contact", "/message?topic=city/parking", "/message?queue=streets"):
        page = await browser.get(path)
        assert page.status == 200
        assert "<img" not in page.text
        assert "<script>x" not in page.text


async def test_an_admin_adds_a_topic_and_takes_it_back(edge: Edge, city: City) -> None:
    admin = await edge.signed_in(ADMIN)
    new = {
        "organisation": "city", "key": "snow", "queue": "streets", "position": "3", "seen": "",
        "name.fi": "Auraus", "name.sv": "Plogning", "name.en": "Ploughing", "hint.fi": "kadut",
    }  # fmt: skip
    refused = await admin.post("/admin/new/topic", new | {"queue": "benefits"})
    assert refused.status == 400
    assert "Valitse saman organisaation jono." in refused.text
    saved = await admin.post("/admin/new/topic", new)
    assert saved.status == 303
    assert saved.header("Location").startswith("/admin/topics/city/snow?done=saved")
    assert "Auraus" in (await admin.get("/admin/topics")).text
    citizen = await edge.browser()
    assert "Auraus" in (await citizen.get("/contact")).text
    one = await admin.get("/admin/topics/city/snow")
    assert 'value="kadut"' in one.text
    assert (await admin.get("/admin/configuration/file")).json["topic"][-1]["key"] == "snow"
    (noted,) = await edge.audited("add_topic")
    entry = {"entry": str(noted["id"]), "next": "/admin/topics"}
    assert (await admin.post("/admin/undo", entry)).status == 303
    assert "Auraus" not in (await citizen.get("/contact")).text
