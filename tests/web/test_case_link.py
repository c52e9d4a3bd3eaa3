"""The page of a case over HTTP: what it says, what its forms do, and what a guess gets."""

# ruff: noqa: RUF001 - spans are written with an en dash
from __future__ import annotations

import re
from dataclasses import replace

import pytest

from contactcenter.case_page.reading import Said
from contactcenter.errors import Refused
from tests.web.case_room import (
    ANSWERED,
    ASKED,
    HANDLED,
    HOSTILE,
    NOW,
    PROMISED,
    TOKEN,
    WAITS,
    FakePages,
    file_of,
)
from tests.web.edge import Answer, Browser, Edge

PLACE = f"/case/{TOKEN}"
FORMS = ("message", "cancel", "callback", "mail", "address")


@pytest.fixture
async def pages(edge: Edge) -> FakePages:
    """A case that waits."""
    made = FakePages()
    edge.services.cases = made
    return made


@pytest.fixture
async def browser(edge: Edge, pages: FakePages) -> Browser:
    return await edge.browser()


def form_id(page: Answer) -> str:
    """The id that the page's forms hold."""
    found = re.search(r'name="request_id" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def test_an_open_question_is_answered_by_a_press(browser: Browser, pages: FakePages) -> None:
    pages.view = ASKED
    page = await browser.get(PLACE)
    assert page.text.count('name="choice" value=') == 3
    assert HOSTILE[1] not in page.text
    sent = {"request_id": form_id(page), "text": " ", "choice": "Maanantai"}
    assert (await browser.post(f"{PLACE}/message", sent)).status == 303
    assert pages.done == [("write", form_id(page), "Maanantai")]
    pages.view = ASKED._replace(state="closed", story="answered")
    assert 'name="choice" value=' not in (await browser.get(PLACE)).text


async def test_what_was_typed_stays_beside_a_press(browser: Browser, pages: FakePages) -> None:
    pages.view = ASKED
    before = form_id(await browser.get(PLACE))
    typed = "Lisäksi kysyisin\r\n<b>"
    sent = {"request_id": before, "text": typed, "choice": "Maanantai"}
    page = await browser.post(f"{PLACE}/message?lang=sv", sent)
    assert page.status == 200
    assert pages.done == [("write", before, "Maanantai")]
    for words in ("Ditt meddelande har skickats.", "Lisäksi kysyisin\r\n&lt;b&gt;</textarea>"):
        assert words in page.text
    assert form_id(page) != before  # what is sent now is another message
    pages.refuse = Refused("too_many", retry_after_s=600)
    again = await browser.post(f"{PLACE}/message", sent)
    assert (again.status, form_id(again), "Lisäksi" in again.text) == (429, before, True)


async def test_what_was_typed_stays_in_another_language(browser: Browser, pages: FakePages) -> None:
    page = await browser.get(f"{PLACE}?new=1")
    to = f"{PLACE}?new=1&amp;lang=sv"
    assert f'formaction="{to}" formnovalidate name="switch" value="sv"' in page.text
    sent = {"request_id": form_id(page), "text": "Kesken", "switch": "sv"}
    kept = await browser.post(to.replace("&amp;", "&"), sent)
    assert (kept.status, pages.done) == (200, [])
    for words in ("Ditt ärende väntar", "Kesken</textarea>", "Ditt meddelande har tagits emot"):
        assert words in kept.text
    nothing = await browser.post(to.replace("&amp;", "&"), sent | {"text": ""})
    assert (nothing.status, nothing.header("Location")) == (303, f"{PLACE}?new=1&lang=sv")


async def test_who_waits_for_a_call_reads_of_a_call(browser: Browser, pages: FakePages) -> None:
    """How it stands, what taking it back means, and where a new one is asked for."""
    waits = PROMISED._replace(story="waiting", state="queued", promise=None)
    pages.view = waits
    assert "<h1>Soitamme sinulle, kun vuorosi tulee</h1>" in (await browser.get(PLACE)).text
    assert "emme soita sinulle" in (await browser.get(f"{PLACE}/cancel")).text
    again = 'href="/callback">Tee uusi soittopyyntö</a>'
    pages.view = waits._replace(subject="Yleinen neuvonta")  # the service's name, said once
    assert "<dt>Aihe</dt>" not in (await browser.get(PLACE)).text
    for story in ("not_reached", "wrong_number", "reached"):
        pages.view = waits._replace(story=story, state="closed", offers=())
        assert (again in (await browser.get(PLACE)).text) is (story != "reached"), story


TYPED = {
    "text": "Kesken\r\n<b>",
    "number": "050 1",
    "address": "u@x.fi",
    "transcript": "v@x.fi",
}


def stands(page: Answer) -> set[str]:
    """Which of TYPED the page shows again."""
    texts = {name: f'value="{text}"' for name, text in TYPED.items()}
    texts["text"] = "Kesken\r\n&lt;b&gt;</textarea>"
    return {name for name, text in texts.items() if text in page.text}


@pytest.mark.parametrize(
    ("act", "sends"),
    [
        ("message", "text"),
        ("callback", "number"),
        ("address", "address"),
        ("transcript", "transcript"),
    ],
)
async def test_what_was_typed_elsewhere_stays(
    browser: Browser, pages: FakePages, act: str, sends: str
) -> None:
    before = form_id(await browser.get(PLACE))
    sent = TYPED | {"request_id": before}
    pages.refuse = Refused("too_many", retry_after_s=600)
    refused = await browser.post(f"{PLACE}/{act}", sent)
    assert (refused.status, stands(refused), form_id(refused)) == (429, set(TYPED), before)
    pages.refuse = None
    done = await browser.post(f"{PLACE}/{act}", sent)
    assert (done.status, stands(done), len(pages.done)) == (200, TYPED.keys() - {sends}, 1)
    assert 'class="notice good"' in done.text
    assert form_id(done) != before


async def test_what_was_typed_stays_beside_a_button_alone(
    browser: Browser, pages: FakePages
) -> None:
    pages.view = WAITS._replace(offers=("mail", "callback"), proven="v…@example.org")
    sent = TYPED | {"request_id": form_id(await browser.get(PLACE))}
    known = await browser.post(f"{PLACE}/transcript", sent | {"known": "1"})
    assert (pages.done[0][:2], stands(known)) == (("transcript", ""), set(TYPED))
    again = await browser.post(PLACE, sent | {"refresh": "1"})
    assert (again.status, stands(again), len(pages.done)) == (200, set(TYPED), 1)
    nothing = await browser.post(f"{PLACE}/transcript", {"request_id": "r", "transcript": " "})
    assert ('id="transcript-error"' in nothing.text, len(pages.done)) == (True, 1)


@pytest.mark.parametrize(
    ("typed", "offers", "done"),
    [
        ({"number": "050 1", "text": "Kesken"}, ("callback",), "callback"),
        ({"address": "u@x.fi"}, ("callback",), "address"),
        ({"address": "u@x.fi"}, ("mail",), "mail"),
        ({"transcript": "v@x.fi"}, (), "transcript"),
        ({"number": "050 1", "address": "u@x.fi"}, ("callback",), None),
        ({"text": "Kesken"}, ("callback",), None),
        ({}, (), None),
    ],
)
async def test_enter_in_a_field_does_what_the_field_is_for(
    browser: Browser,
    pages: FakePages,
    typed: dict[str, str],
    offers: tuple[str, ...],
    done: str | None,
) -> None:
    """And never sends a message that is half written."""
    pages.view = WAITS._replace(offers=offers)
    fields = dict.fromkeys(TYPED, "") | {"request_id": "form-1"} | typed
    page = await browser.post(f"{PLACE}?lang=en", fields)
    assert [one[0] for one in pages.done] == ([done] if done else [])
    if done is None:
        assert "Press the button of what you want to do." in page.text
    assert "text" not in typed or "Kesken</textarea>" in page.text


async def test_taking_it_back_keeps_what_was_typed(browser: Browser, pages: FakePages) -> None:
    asked = await browser.post(f"{PLACE}/cancel", TYPED | {"ask": "1"})
    assert (asked.status, "Perutaanko asia?" in asked.text, pages.done) == (200, True, [])
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    assert sent == TYPED | {"text": "Kesken\r\n&lt;b&gt;"}
    other = await browser.post(f"{PLACE}/cancel?lang=sv", TYPED | {"switch": "sv"})
    assert ("u@x.fi" in other.text, pages.done) == (True, [])
    assert stands(await browser.post(f"{PLACE}/cancel", TYPED)) == set(TYPED)
    assert pages.done == [("cancel",)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Asiasi odottaa vuoroaan", "Paikkasi jonossa on 3.", "noin 3–8 minuuttia", "Sinä")),
        ("sv", ("Ditt ärende väntar", "Din plats i kön är 3.", "ungefär 3–8 minuter", "Du")),
        ("en", ("Your case is waiting", "Your place in the queue is 3.", "3–8 minutes", "You")),
    ],
)
async def test_how_it_stands(browser: Browser, language: str, words: tuple[str, ...]) -> None:
    page = await browser.get(f"{PLACE}?lang={language}")
    for text in (*words, "kuva.png", "Päivähoitopaikka syksyksi"):
        assert text in page.text
    assert "⟦" not in page.text
    assert f'<html lang="{language}">' in page.text


async def test_every_story_has_its_words(browser: Browser, pages: FakePages) -> None:
    stories = ["promised", "opening", "again", "calling", "reached", "not_reached", "wrong_number"]
    for story in (*stories, "waiting", "handled", "answered", "cancelled", "closed"):
        pages.view = PROMISED._replace(story=story)
        for language in ("fi", "sv", "en"):
            assert "⟦" not in (await browser.get(f"{PLACE}?lang={language}")).text
    for done in ("sent", "cancelled", "callback", "mail", "address", "transcript"):
        assert "⟦" not in (await browser.get(f"{PLACE}?done={done}")).text
    assert "done.x" not in (await browser.get(f"{PLACE}?done=x")).text


async def test_what_is_over_asks_how_it_went(
    edge: Edge, browser: Browser, pages: FakePages
) -> None:
    pages.view = ANSWERED._replace(asks=7)
    assert f'href="{await edge.services.feedback_links.url(7)}"' in (await browser.get(PLACE)).text
    pages.view = ANSWERED
    assert "/feedback/" not in (await browser.get(PLACE)).text


async def test_it_speaks_the_cases_language(browser: Browser, pages: FakePages) -> None:
    pages.view = PROMISED._replace(language="sv")
    assert "onsdag 2 december kl. 10.00–10.30" in (await browser.get(PLACE)).text


@pytest.mark.parametrize("view", [WAITS, HANDLED, ANSWERED])
async def test_it_is_told_to_nobody(browser: Browser, pages: FakePages, view: object) -> None:
    for path in (PLACE, f"{PLACE}/cancel", "/case/" + "b" * 43):
        answer = await browser.get(path)
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Referrer-Policy") == "no-referrer"
        assert "noindex" in answer.header("X-Robots-Tag")
        assert "Set-Cookie" not in answer.response.headers


async def test_what_was_written_stays_text(browser: Browser, pages: FakePages) -> None:
    pages.view = ANSWERED._replace(
        subject=HOSTILE[0],
        messages=tuple(
            Said(n, n % 2 == 0, text, NOW, text, (file_of(text),)) for n, text in enumerate(HOSTILE)
        ),
    )
    page = await browser.get(PLACE)
    for text in HOSTILE[:2] + HOSTILE[3:4]:
        assert text not in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert page.text.count("<script") == 2  # our own
    sent = {"text": "</textarea><script>alert(1)</script>", "request_id": '"><script>'}
    pages.refuse = Refused("bad_request", field="request_id")
    again = await browser.post(f"{PLACE}/message", sent)
    assert "<script>alert" not in again.text
    assert '"><script>' not in again.text


async def test_a_message_is_sent_and_shown(browser: Browser, pages: FakePages) -> None:
    page = await browser.get(PLACE)
    sent = {"request_id": form_id(page), "text": "Yksi\r\nkaksi " + "ä" * 9_000}
    answer = await browser.post(f"{PLACE}/message", sent, origin="https://evil.example")
    assert (answer.status, answer.header("Location")) == (303, f"{PLACE}?done=sent")
    assert pages.done == [("write", form_id(page), "Yksi\nkaksi " + "ä" * 9_000)]
    assert "Viestisi on lähetetty." in (await browser.get(f"{PLACE}?done=sent")).text


async def test_what_was_typed_is_kept(browser: Browser, pages: FakePages) -> None:
    sent = {"request_id": "form-1", "text": "Kirjoitettu turhaan?"}
    pages.refuse = Refused("too_many", retry_after_s=600)
    page = await browser.post(f"{PLACE}/message", sent)
    assert (page.status, form_id(page)) == (429, "form-1")
    assert "Kirjoitettu turhaan?" in page.text
    assert "10 minuutin" in page.text
    pages.refuse = Refused("request_id_used", "sent_before", field="request_id")
    page = await browser.post(f"{PLACE}/message", sent)
    assert form_id(page) != "form-1"
    assert 'id="text-error"' in page.text
    assert "Kirjoitettu turhaan?" in page.text


@pytest.mark.parametrize(
    ("form", "sent", "refused", "field"),
    [
        ("message", {"text": " "}, Refused("bad_request", "empty_text", field="text"), "text"),
        ("callback", {"number": "112"}, Refused("number_not_allowed", field="number"), "number"),
        (
            "mail",
            {"address": "x"},
            Refused("bad_request", "invalid_email", field="address"),
            "mailbox",
        ),
        (
            "address",
            {"address": "x"},
            Refused("bad_request", "invalid_email", field="address"),
            "address",
        ),
    ],
)
async def test_an_error_stands_beside_its_field(
    browser: Browser,
    pages: FakePages,
    form: str,
    sent: dict[str, str],
    refused: Refused,
    field: str,
) -> None:
    offers = {"callback": ("callback",), "mail": ("mail",)}.get(form, ())
    pages.view = WAITS._replace(offers=offers)
    pages.refuse = refused
    page = await browser.post(f"{PLACE}/{form}", {"request_id": "form-1", **sent})
    assert f'id="{field}-error"' in page.text
    assert f'href="#{field}"' in page.text
    assert 'aria-invalid="true"' in page.text
    for text in sent.values():
        assert text in page.text


async def test_taking_it_back_asks_first(browser: Browser, pages: FakePages) -> None:
    assert "Perutaanko asia?" in (await browser.get(f"{PLACE}/cancel")).text
    assert pages.done == []
    assert (await browser.post(f"{PLACE}/cancel")).header("Location") == f"{PLACE}?done=cancelled"
    assert pages.done == [("cancel",)]
    pages.view = ANSWERED
    assert (await browser.get(f"{PLACE}/cancel")).header("Location") == PLACE


async def test_a_link_of_nobody_is_slowed_down(edge: Edge, browser: Browser) -> None:
    edge.services.settings = replace(edge.services.settings, links_per_minute_per_address=5)
    wrong = "/case/" + "b" * 43
    first = await browser.get(wrong)
    assert (first.status, "Sivua ei löydy" in first.text) == (404, True)
    for form in FORMS[:4]:
        assert (await browser.post(f"{wrong}/{form}", {"text": "x"})).status == 404
    again = await browser.get(wrong)
    assert (again.status, "<h1>Liian monta yritystä</h1>" in again.text) == (429, True)
    assert (await browser.get(PLACE)).status == 200  # who has a link is not
    assert (await browser.ask("HEAD", PLACE)).status == 405


async def test_an_ended_link_tells_nothing(browser: Browser, pages: FakePages) -> None:
    async def ended(token: str) -> object:
        raise Refused("link_ended")

    pages.look = ended  # type: ignore[assignment, method-assign]
    page = await browser.get(PLACE)
    assert (page.status, "ei ole enää voimassa" in page.text) == (410, True)
    assert "Päivähoito" not in page.text
    assert (await browser.post(f"{PLACE}/message", {"text": "x"})).status == 410


async def test_who_asks_again_is_told_only_what_is_new(browser: Browser, pages: FakePages) -> None:
    tag = (await browser.get(PLACE)).header("ETag")
    for _ in range(3):
        same = await browser.get(PLACE, headers={"If-None-Match": tag})
        assert (same.status, same.text) == (304, "")
        assert same.header("Referrer-Policy") == "no-referrer"
    assert pages.opened == 1
    pages.view = ANSWERED
    new = await browser.get(PLACE, headers={"If-None-Match": tag})
    assert (new.status, "Haku alkaa" in new.text, pages.opened) == (200, True, 2)


async def test_without_the_room_there_is_no_page(edge: Edge) -> None:
    assert (await (await edge.browser()).get(PLACE)).status == 404


async def test_what_was_said_by_mail(browser: Browser, pages: FakePages) -> None:
    page = await browser.get(f"{PLACE}?lang=en")
    assert "Send to v…@example.org" not in page.text
    sent = {"request_id": form_id(page), "transcript": "ulla@example.org"}
    answer = await browser.post(f"{PLACE}/transcript?lang=en", sent, origin="https://evil.example")
    assert answer.status == 303
    assert pages.done == [("transcript", "ulla@example.org", form_id(page), "en")]
    pages.view = ANSWERED._replace(proven="v…@example.org")
    first = await browser.get(f"{PLACE}?done=transcript")
    assert "Lähetä osoitteeseen v…@example.org" in first.text
    pages.refuse = Refused("bad_request", "invalid_email", field="address")
    again = await browser.post(f"{PLACE}/transcript", sent | {"transcript": "ulla@"})
    assert (again.status, 'id="transcript-error"' in again.text) == (400, True)
    assert 'value="ulla@"' in again.text
    assert again.text.count('value="ulla@"') == 1
    pages.refuse = Refused("request_id_used", "sent_before", field="request_id")
    again = await browser.post(f"{PLACE}/transcript", sent)
    assert 'id="transcript-error"' in again.text
    assert form_id(again) != sent["request_id"]


async def test_the_link_that_proves_an_address_is_used_by_a_form_alone(
    browser: Browser, pages: FakePages
) -> None:
    place = f"/transcript/{TOKEN}"
    for _ in range(3):
        page = await browser.get(place)
        assert (page.status, "u…@example.org" in page.text, pages.used) == (200, True, False)
        assert "Ska samtalet skickas?" in page.text
        assert "noindex" in page.header("X-Robots-Tag")
        assert page.header("Referrer-Policy") == "no-referrer"
    assert "Samtalet har skickats" in (await browser.post(place)).text
    for answer in (await browser.get(place), await browser.post(place)):
        assert (answer.status, "u…@example.org" in answer.text) == (410, False)
    assert (await browser.get("/transcript/x")).status == 404
    assert "⟦" not in (await browser.get(f"{place}?lang=fi")).text
