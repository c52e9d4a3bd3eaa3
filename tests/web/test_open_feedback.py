"""Open feedback over HTTP: the form, the status link, and what staff decide about it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import aiohttp
import pytest

from tests.unit.test_picture import JPEG, SECRET
from tests.web.case_room import HOSTILE
from tests.web.city import City, request_id_of
from tests.web.edge import AGENT, PARTNER, PARTNER_ADMIN, SUPERVISOR, Edge
from tests.web.said import FORM, given, open_said, send

Said = tuple[City, int, int]


@pytest.fixture
async def said(edge: Edge, redis_url: str) -> Said:
    """A city with services."""
    return await open_said(edge, redis_url)


async def test_it_is_asked_in_three_languages_without_script_or_cookie(
    edge: Edge, said: Said
) -> None:
    browser = await edge.browser()
    for language, words in (
        ("fi", ("Anna palautetta", "Vikailmoitus", "Katuvalot")),
        ("sv", ("Ge respons", "Felanmälan")),
        ("en", ("Give feedback", "Fault report", "Katuvalot (en)")),
    ):
        page = await browser.get(f"/give-feedback?lang={language}")
        assert page.status == 200
        assert all(text in page.text for text in words)
        assert "⟦" not in page.text
        assert "Opintotuki" not in page.text
        assert "Set-Cookie" not in page.response.headers
        assert 'id="map"' not in page.text
        assert "//" not in page.header("Content-Security-Policy")
    assert (await browser.get("/give-feedback?organisation=nobody")).status == 404


async def test_it_becomes_a_contact_in_the_line_and_its_link_shows_what_comes_of_it(
    edge: Edge, said: Said
) -> None:
    browser = await edge.browser()
    _, service, _ = said
    _, token = await given(
        edge,
        browser,
        kind="complaint",
        about="handling",
        service=str(service),
        place="61.688, 27.272",
        text="Rude. My code is 131052-308T.",
        email="Maija@Example.org",
    )
    (row,) = await edge.rows(
        "SELECT f.*, c.channel, c.state, k.subject, k.has_page, m.text, m.address, q.key AS queue"
        " FROM open_feedback f JOIN contact c ON c.id = f.contact_id JOIN cases k ON k.id ="
        " f.case_id JOIN message m ON m.case_id = k.id JOIN queue q ON q.id = c.queue_id"
    )
    assert (row["channel"], row["state"], row["queue"]) == ("mail", "queued", "general")
    assert (row["kind"], row["about"], row["service_id"]) == ("complaint", "handling", service)
    assert (row["place"], row["lat"], row["long"]) == ("61.688, 27.272", 61.688, 27.272)
    assert (row["subject"], row["address"]) == ("Complaint: Katuvalot (en)", "maija@example.org")
    assert (row["has_page"], row["public_text"]) == (True, None)
    assert row["text"] == "Rude. My code is 131052-****."
    assert token.encode() not in row["token_hash"]
    page = await browser.get(f"/give-feedback/{token}?lang=en&new=1")
    assert page.status == 200
    for shown in ("Thank you for your feedback!", "Received", "Complaint", "Katuvalot (en)", token):
        assert shown in page.text
    for hidden in ("Rude", "Maija", "maija", "61.688", "/case/"):
        assert hidden not in page.text
    assert page.header("Referrer-Policy") == "no-referrer"
    assert "noindex" in page.header("X-Robots-Tag")
    agent = await edge.signed_in(AGENT)
    path = f"/api/cases/{row['case_id']}/feedback"
    told = (await agent.get(path)).json["feedback"]
    assert (told["kind"], told["decision"], told["lat"]) == ("complaint", None, 61.688)
    reason = "We spoke about it. 131052-308T"
    sent = {"decision": "done", "reason": reason, "public_text": None}
    assert (await agent.json("POST", path, sent)).json["feedback"]["decided_by"] == "Aino Testaaja"
    await agent.json("POST", path, sent)  # a repeat changes nothing
    assert len(await edge.audited("settle_feedback")) == 1
    assert len(await edge.audited("read_feedback")) == 2  # asked for once, and told by the repeat
    for _ in range(2):  # as often as one likes
        page = await browser.get(f"/give-feedback/{token}?lang=en")
        assert "We spoke about it. 131052-****" in page.text
        assert ">Done</p>" in page.text


async def test_a_double_submit_is_one_item_with_one_link(edge: Edge, said: Said) -> None:
    browser = await edge.browser()
    same = {"request_id": request_id_of(await browser.get(FORM))}
    answers = await asyncio.gather(*(send(browser, **same) for _ in range(3)))
    assert len({answer.header("Location") for answer in answers}) == 1
    assert {answer.status for answer in answers} == {303}
    await said[0].sql("UPDATE organisation SET feedback_queue = 'streets' WHERE key = 'city'")
    repeat = await send(browser, **same)  # the queue for feedback was changed meanwhile
    assert repeat.header("Location") == answers[0].header("Location")
    again = await send(browser, **same, text="Something else")
    assert (again.status, "You have sent this form already." in again.text) == (409, True)
    assert request_id_of(again) != same["request_id"]
    for other in ({"kind": "proposal"}, {"place": "61.5, 27.5"}):  # nor is that thrown away
        assert (await send(browser, **same, **other)).status == 409
    (row,) = await edge.rows("SELECT count(*) AS n FROM open_feedback")
    assert row["n"] == 1


async def test_all_that_is_wrong_is_told_and_what_was_typed_is_kept(edge: Edge, said: Said) -> None:
    browser, (_, _, foreign) = await edge.browser(), said
    page = await send(
        browser, kind="rant", about="x", service=str(foreign), text=" ", place="p" * 301, email="x@"
    )
    assert page.status == 400
    for field in ("kind", "about", "service", "text", "place", "email"):
        assert f'id="{field}-error"' in page.text, field
        assert f'href="#{field}"' in page.text
    assert 'value="x@"' in page.text
    switched = await send(browser, text="Half", kind="thanks", switch="sv")
    assert (switched.status, "field-error" in switched.text) == (200, False)
    assert ">Half</textarea>" in switched.text
    assert 'value="thanks" checked' in switched.text.replace('id="kind" ', "")
    assert await edge.rows("SELECT FROM open_feedback") == []


@pytest.mark.parametrize("text", HOSTILE[:2])
async def test_what_is_typed_is_text_on_every_page(edge: Edge, said: Said, text: str) -> None:
    browser = await edge.browser()
    contact, _ = await given(edge, browser, text=text, place=text[:100], name=text[:90])
    supervisor = await edge.signed_in(SUPERVISOR)
    for path in ("/feedback?what=open", f"/feedback/open/{contact}"):
        page = await supervisor.get(path)
        assert page.status == 200
        assert text not in page.text
    refused = await send(browser, text=text, place=text[:100], kind=text)
    assert (refused.status, text in refused.text) == (400, False)


async def test_links_that_lead_nowhere_answer_alike_and_ended_ones_say_so(
    edge: Edge, said: Said
) -> None:
    city, browser = said[0], await edge.browser()
    _, token = await given(edge, browser)
    guessed = [
        await browser.get(f"/give-feedback/{wrong}?lang=en")
        for wrong in ("A" * 32, token[:-1] + ("A" if token[-1] != "A" else "B"), "x", token * 2)
    ]
    assert {page.status for page in guessed} == {404}
    plain = {page.text.replace(page.response.url.path, "") for page in guessed}
    assert len({text.partition("<main")[2] for text in plain}) == 1
    await city.sql("UPDATE open_feedback SET expires_at = now()")
    ended = await browser.get(f"/give-feedback/{token}?lang=en")
    assert (ended.status, "no longer valid" in ended.text) == (410, True)
    edge.services.settings = replace(edge.services.settings, links_per_minute_per_address=2)
    assert [(await browser.get("/give-feedback/" + "a" * 32)).status for _ in range(3)][-1] == 429


async def test_a_pictures_place_is_taken_out_and_what_is_no_picture_refused(
    edge: Edge, said: Said
) -> None:
    browser = await edge.browser()

    async def with_file(name: str, content: bytes, kind: str) -> int:
        form = aiohttp.FormData()
        request_id = request_id_of(await browser.get(FORM))
        for field, value in (("request_id", request_id), ("kind", "fault"), ("text", "Look")):
            form.add_field(field, value)
        form.add_field("files", content, filename=name, content_type=kind)
        return (await browser.ask("POST", FORM, data=form)).status

    assert await with_file("hole.jpg", JPEG, "image/jpeg") == 303
    assert await with_file("list.txt", b"only words", "text/plain") == 400
    assert await with_file("half.jpg", JPEG[:40], "image/jpeg") == 400
    (blob,) = await edge.rows(
        "SELECT b.data, a.size FROM attachment a JOIN blob b ON b.id = blob_id"
    )
    assert SECRET not in blob["data"]
    assert blob["size"] == len(blob["data"])


async def test_supervisors_find_what_waits_for_a_decision(edge: Edge, said: Said) -> None:
    browser = await edge.browser()
    first, _ = await given(edge, browser, text="First matter")
    await given(edge, browser, kind="thanks", text="Second matter")
    supervisor = await edge.signed_in(SUPERVISOR)
    page = await supervisor.get("/feedback?lang=en")
    assert "Without a decision: 2" in page.text
    thanks = await supervisor.get("/feedback?what=thanks")
    assert ("Second matter" in thanks.text, "First matter" in thanks.text) == (True, False)
    path = f"/feedback/open/{first}?lang=en"
    bare = await supervisor.post(path, {"decision": "no", "reason": " "})
    assert (bare.status, 'id="reason-error"' in bare.text) == (400, True)
    wrong = await supervisor.post(path, {"decision": "perhaps", "reason": "x"})
    assert wrong.status == 400
    sent = {"decision": "planned", "reason": "Next\r\nyear", "public": "yes", "public_text": "Lamp"}
    assert (await supervisor.post(path, sent)).status == 303
    shown = await supervisor.get(path)
    assert ">Next\nyear</textarea>" in shown.text
    (row,) = await edge.rows("SELECT * FROM open_feedback WHERE contact_id = $1", first)
    assert (row["decision"], row["public_text"]) == ("planned", "Lamp")
    assert row["decided_by"] == edge.users[SUPERVISOR]
    undecided = await supervisor.get("/feedback?what=undecided")
    assert ("Second matter" in undecided.text, "First matter" in undecided.text) == (True, False)
    assert (await supervisor.post(path, {"decision": "", "reason": "left"})).status == 303
    (row,) = await edge.rows("SELECT * FROM open_feedback WHERE contact_id = $1", first)
    assert (row["decision"], row["reason"], row["decided_at"], row["public_text"]) == (
        None, "", None, None,
    )  # fmt: skip


async def test_who_may_see_and_decide(edge: Edge, said: Said) -> None:
    """Every path of it, by everybody: status, and whether the words are there."""
    browser = await edge.browser()
    contact, token = await given(edge, browser, text="Kanarialintu")
    (row,) = await edge.rows("SELECT case_id FROM open_feedback")
    form, api = f"/feedback/open/{contact}", f"/api/cases/{row['case_id']}/feedback"
    json = {"headers": {"Accept": "application/json"}}
    for email, page, told in (
        (None, 401, 401),
        (AGENT, 200, 200),
        (SUPERVISOR, 200, 200),
        (PARTNER, 404, 200),
        (PARTNER_ADMIN, 404, 200),
    ):
        who = await edge.browser() if email is None else await edge.signed_in(email)
        got, asked = await who.get(form, **json), await who.get(api, **json)
        assert (got.status, asked.status) == (page, told), email
        inside = email in (AGENT, SUPERVISOR)
        assert ("Kanarialintu" in got.text, "Kanarialintu" in asked.text) == (inside, inside)
        sent = {"decision": "no", "reason": "x"}
        changed = [
            (await who.post(form, sent, **json)).status,
            (await who.json("POST", api, sent)).status,
        ]
        assert changed == ([303, 200] if inside else [page, 401 if email is None else 404])
        evil = await who.post(form, sent, origin="https://evil.example")
        assert evil.status in (401, 403)
    listed = await (await edge.signed_in(AGENT)).get("/feedback")
    assert listed.status == 403
    assert "Kanarialintu" not in (await (await edge.signed_in(PARTNER_ADMIN)).get("/feedback")).text
    assert "Kanarialintu" not in (await browser.get(f"/give-feedback/{token}")).text


async def test_a_sensitive_queues_feedback_is_hidden_from_who_does_not_need_it(
    edge: Edge, said: Said
) -> None:
    contact, _ = await given(edge, await edge.browser(), text="Kanarialintu")
    await said[0].sql("UPDATE queue SET sensitive = true")
    supervisor = await edge.signed_in(SUPERVISOR)
    assert "Kanarialintu" not in (await supervisor.get("/feedback")).text
    (row,) = await edge.rows("SELECT case_id FROM open_feedback")
    absent, json = 999_999_999_999, {"headers": {"Accept": "application/json"}}
    sent = {"decision": "no", "reason": "x"}
    for path, hidden, status in (  # that it is there is told neither
        ("/api/cases/{}/feedback", row["case_id"], 200),
        ("/api/contacts/{}/reason", contact, 404),
        ("/feedback/open/{}", contact, 404),
    ):
        both = [await supervisor.get(path.format(one), **json) for one in (hidden, absent)]
        assert [answer.status for answer in both] == [status, status], path
        assert both[0].json == both[1].json, path
        if path.endswith("reason"):
            continue
        post = supervisor.post if "open" in path else partial(supervisor.json, "POST")
        both = [await post(path.format(one), sent, **json) for one in (hidden, absent)]
        assert [answer.status for answer in both] == [404, 404], path
        assert both[0].json == both[1].json, path


async def test_a_map_may_fetch_its_tiles_and_nothing_else(edge: Edge, said: Said) -> None:
    tiles = "https://tiles.example:8443/{z}/{x}/{y}.png"
    edge.services.settings = replace(edge.services.settings, map_tiles=tiles)
    browser = await edge.browser()
    page = await browser.get(FORM)
    policy = dict(part.split(" ", 1) for part in page.header("Content-Security-Policy").split("; "))
    assert policy.pop("img-src") == "'self' https://tiles.example:8443 data: blob:"
    assert "example" not in str(policy)
    assert 'src="/static/feedback/map.js"' in page.text
    other = await browser.get("/contact")
    assert "tiles.example" not in other.header("Content-Security-Policy")


async def test_so_many_a_minute_from_one_address(edge: Edge, said: Said) -> None:
    edge.services.settings = replace(edge.services.settings, chats_per_minute_per_address=1)
    browser = await edge.browser()
    assert (await send(browser)).status == 303
    held = await send(browser)
    assert (held.status, bool(held.header("Retry-After"))) == (429, True)
    assert ">The light is out.</textarea>" in held.text
