"""The form by which a citizen writes: without script, without an address, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from contactcenter.errors import Refused
from contactcenter.kernel.live import Live
from tests.web.city import City, open_city, request_id_of
from tests.web.edge import Answer, Browser, Edge

FORM = "/message?topic=city/parking&lang=en"
ATTACK = '"><img src=x onerror=alert(1)><script>x</script>{{7*7}}javascript:alert(1)'


@pytest.fixture
async def city(edge: Edge, redis_url: str) -> City:
    """Queues and topics of two organisations."""
    return await open_city(edge, redis_url)


async def send(browser: Browser, path: str = FORM, **given: str) -> Answer:
    """Fill the form in and send it."""
    filled = {"topic": "city/parking", "text": "Where may I park?", "name": "", "email": ""}
    request_id = given.pop("request_id", None) or request_id_of(await browser.get(path))
    return await browser.post(path, filled | given | {"request_id": request_id})


async def messages(edge: Edge) -> list[dict[str, object]]:
    """What was taken in."""
    rows = await edge.rows(
        "SELECT m.text, m.author, m.address, k.subject, k.has_page, k.id AS case_id, c.channel,"
        " c.language, c.state, q.key AS queue, p.name"
        " FROM message m JOIN cases k ON k.id = m.case_id"
        " JOIN contact c ON c.id = m.contact_id JOIN queue q ON q.id = c.queue_id"
        " JOIN person p ON p.id = c.person_id ORDER BY m.id"
    )
    return [dict(row) for row in rows]


async def test_a_message_without_name_or_address(edge: Edge, city: City) -> None:
    sent = await send(await edge.browser())
    assert sent.status == 303
    (one,) = await messages(edge)
    token = await edge.services.pages.links.token(int(str(one.pop("case_id"))))
    assert sent.header("Location") == f"/case/{token}?new=1&lang=en"
    assert one == {
        "text": "Where may I park?", "author": "", "address": "", "subject": "Parking", "name": "",
        "has_page": True, "channel": "mail", "language": "en", "state": "queued",
        "queue": "streets",
    }  # fmt: skip
    assert await edge.rows("SELECT FROM identity") == []
    assert await edge.rows("SELECT FROM receipt_due") == []


async def test_with_name_and_address_it_is_as_a_mail(edge: Edge, city: City) -> None:
    await send(await edge.browser(), name="Maija", email="Maija@Example.org ")
    (one,) = await messages(edge)
    assert (one["author"], one["address"]) == ("Maija", "maija@example.org")
    (identity,) = await edge.rows("SELECT address, strength FROM identity")
    assert tuple(identity) == ("maija@example.org", "asserted")


async def test_a_double_submit_is_one_message(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    given = {"request_id": request_id_of(await browser.get(FORM)), "text": "Hei äö\r\nrivi"}
    answers = await asyncio.gather(*(send(browser, **given) for _ in range(3)))
    assert {answer.header("Location") for answer in answers} == {answers[0].header("Location")}
    (one,) = await messages(edge)
    assert one["text"] == "Hei äö\nrivi"
    again = await send(browser, **(given | {"text": "Something else"}))
    assert again.status == 409
    assert "You have sent this form already." in again.text
    assert ">Something else</textarea>" in again.text
    assert request_id_of(again) != given["request_id"]
    assert len(await messages(edge)) == 1


async def test_all_that_is_wrong_is_told_and_what_was_typed_is_kept(edge: Edge, city: City) -> None:
    answer = await send(
        await edge.browser(), topic="kela/benefits", text=" ", name="n" * 101, email="maija@"
    )
    assert answer.status == 400
    for field, text in (
        ("topic", "Choose what it is about."),
        ("text", "Write your message."),
        ("name", "Enter a name of at most 100 characters."),
        ("email", "The e-mail address is not valid."),
    ):
        assert f'<a href="#{field}">{text}</a>' in answer.text
        assert f'<p class="field-error" id="{field}-error">{text}</p>' in answer.text
    assert f'value="{"n" * 101}"' in answer.text
    assert 'value="maija@"' in answer.text
    assert await messages(edge) == []


async def test_the_longest_text_of_wide_letters_fits_and_one_more_is_told(
    edge: Edge, city: City
) -> None:
    browser = await edge.browser()
    assert (await send(browser, text="😀" * 10_000)).status == 303
    too_long = await send(browser, text="😀" * 10_001)
    assert too_long.status == 413
    assert "The message is too long: 10000 characters at most." in too_long.text
    assert "😀" * 10_001 in too_long.text


async def test_the_language_is_changed_with_what_was_typed(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    page = await browser.get(FORM)
    assert (
        'formaction="/message?topic=city%2Fparking&amp;lang=sv" formnovalidate name="switch"'
        in page.text
    )
    typed = {"text": "Var får", "topic": "city/other", "switch": "sv", "email": "x@"}
    swedish = await send(browser, path="/message?topic=city/parking&lang=sv", **typed)
    assert swedish.status == 200
    assert ">Var får</textarea>" in swedish.text
    assert '<option value="city/other" selected>' in swedish.text
    assert 'value="x@"' in swedish.text
    assert "field-error" not in swedish.text
    assert await messages(edge) == []


async def test_what_is_typed_is_never_markup(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    for field in ("topic", "text", "name", "email", "request_id"):
        shown = await send(browser, **{field: ATTACK, "switch": "en"})
        assert "<img" not in shown.text
        assert "49" not in shown.text.replace(request_id_of(shown), "")
    refused = await send(browser, request_id=ATTACK)
    assert refused.status in (400, 409)
    sent = await send(browser, text=ATTACK, name=ATTACK[:100])
    assert sent.status == 303
    (one,) = await messages(edge)
    assert one["text"] == ATTACK


async def test_what_postgres_or_a_line_cannot_hold_is_taken_or_told(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    assert (await send(browser, name="a\r\nBcc: x@example.org")).status == 303  # one line
    assert (await send(browser, email="a@example.org\nBcc: x@example.org")).status == 400
    assert (await send(browser, text="nul \x00 here")).status == 303
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bad = await browser.ask("POST", FORM, data=b"text=%ff%fe", headers=form)
    assert bad.status == 400
    hetu = await send(browser, text="Tunnukseni on 131052-308T.")
    assert hetu.status == 303
    assert "308T" not in str((await messages(edge))[-1]["text"])


async def test_forms_of_other_sites_are_refused(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    for origin in ("https://evil.example", "null", edge.url.replace("127.0.0.1", "127.0.0.1.evil")):
        sent = await browser.post(FORM, {"text": "x", "request_id": "r-1"}, origin=origin)
        assert sent.status == 403
        assert "Access-Control-Allow-Origin" not in sent.response.headers
    plain = await browser.ask("POST", FORM, data="text=x", headers={"Content-Type": "text/plain"})
    assert plain.status == 400
    assert await messages(edge) == []


async def test_a_get_takes_nothing_in(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    assert (await browser.get(f"{FORM}&text=x&request_id=r-1&topic=city/parking")).status == 200
    assert await messages(edge) == []


@pytest.mark.parametrize(
    "query",
    ["topic=city/nothing", "topic=x", "queue=nowhere", "queue=%00", "topic=%00/x", "topic='"],
)
async def test_an_unknown_one_shows_the_way(edge: Edge, city: City, query: str) -> None:
    page = await (await edge.browser()).get(f"/message?{query}&lang=en")
    assert page.status == 404
    assert 'href="/contact?lang=en"' in page.text
    assert "/console" not in page.text
    assert "Request a call" not in page.text


async def test_a_queue_takes_messages_by_its_own_name(edge: Edge, city: City) -> None:
    browser = await edge.browser()
    page = await browser.get("/message?queue=inside&lang=en")
    assert '<option value="inside" selected>inside</option>' in page.text
    sent = await send(browser, "/message?queue=inside&lang=en", topic="inside")
    assert sent.status == 303
    assert (await messages(edge))[0]["queue"] == "inside"
    await city.sql("DELETE FROM mail_address WHERE address = 'inside@city.example'")
    assert (await browser.get("/message?queue=inside")).status == 404


async def test_without_a_topic_the_contact_page(edge: Edge, city: City) -> None:
    answer = await (await edge.browser()).get("/message?lang=sv")
    assert (answer.status, answer.header("Location")) == (303, "/contact?lang=sv")


async def test_so_many_a_minute_from_one_address(edge: Edge, city: City, redis_url: str) -> None:
    browser = await edge.browser()
    services = edge.services
    services.settings = replace(services.settings, chats_per_minute_per_address=1)
    assert (await send(browser)).status == 303
    held = await send(browser)
    assert held.status == 429
    assert held.header("Retry-After")
    assert ">Where may I park?</textarea>" in held.text
    live = Live(redis_url)
    assert b"127.0.0.1" not in b" ".join(await live.call("KEYS", "*"))
    await live.close()


async def test_a_queue_that_gives_up_its_address_meanwhile_is_told(
    edge: Edge, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(inbound: object) -> object:
        raise Refused("unknown_queue", field="to")

    monkeypatch.setattr(edge.services, "receive", gone)
    answer = await send(await edge.browser())
    assert answer.status == 400
    assert "Choose what it is about." in answer.text
