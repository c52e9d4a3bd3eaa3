"""Feedback over HTTP: the citizen's page by its link, and the supervisors' list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contactcenter.feedback.rules import MAX_TEXT, Given
from tests.web.case_room import HOSTILE
from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, SUPERVISOR, Edge
from tests.web.over import given, over

WELL = {"handling": "5", "service": "", "text": "Hyvin\r\nmeni"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ("Miten asiointi sujui?", "Erittäin hyvin", "En osaa sanoa")),
        ("sv", ("Hur gick det?", "Mycket bra", "Kan inte säga")),
        ("en", ("How did it go?", "Very well", "Neither well nor badly")),
    ],
)
async def test_it_asks_in_three_languages(
    edge: Edge, language: str, words: tuple[str, ...]
) -> None:
    place = f"/feedback/{await over(edge)}"
    page = await (await edge.browser()).get(f"{place}?lang={language}")
    for text in words:
        assert text in page.text
    assert f'<html lang="{language}">' in page.text
    assert "⟦" not in page.text
    assert " checked" not in page.text
    assert page.header("Cache-Control") == "no-store"
    assert page.header("Referrer-Policy") == "no-referrer"
    assert "noindex" in page.header("X-Robots-Tag")
    assert "Set-Cookie" not in page.response.headers


async def test_it_is_given_shown_and_changed(edge: Edge) -> None:
    browser, place = await edge.browser(), f"/feedback/{await over(edge)}"
    answer = await browser.post(place, WELL, origin="https://evil.example")
    assert (answer.status, answer.header("Location")) == (303, f"{place}?done=1")
    page = await browser.get(f"{place}?done=1")
    assert "Kiitos palautteesta!" in page.text
    assert 'value="5" id="handling" checked' in page.text
    assert page.text.count(" checked") == 2
    assert ">Hyvin\nmeni</textarea>" in page.text
    await browser.post(f"{place}?lang=sv", {"handling": "", "service": "1", "text": ""})
    (row,) = await edge.rows("SELECT * FROM feedback")
    assert (row["handling"], row["service"], row["text"], row["language"]) == (None, 1, "", "sv")
    assert "Ändra" not in page.text
    assert "Här är din respons" in (await browser.get(place)).text  # as it was given


@pytest.mark.parametrize(
    ("sent", "status", "wrong"),
    [
        ({"text": "Sanon vain"}, 400, "handling-error"),
        ({"handling": "", "service": "", "text": "x"}, 400, "handling-error"),
        ({"handling": "6"}, 400, "handling-error"),
        ({"handling": "1", "service": "x"}, 400, "service-error"),
        ({"handling": "1", "text": "ä" * (MAX_TEXT + 1)}, 400, "text-error"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    edge: Edge, sent: dict[str, str], status: int, wrong: str
) -> None:
    browser, place = await edge.browser(), f"/feedback/{await over(edge)}"
    page = await browser.post(place, sent)
    assert page.status == status
    assert f'id="{wrong}"' in page.text
    assert f'href="#{wrong.removesuffix("-error")}"' in page.text
    assert f">{sent.get('text', '')}</textarea>" in page.text
    assert ("5" in sent.values()) is False
    assert await edge.rows("SELECT 1 FROM feedback") == []


async def test_another_language_keeps_what_was_typed(edge: Edge) -> None:
    browser, place = await edge.browser(), f"/feedback/{await over(edge)}"
    page = await browser.post(f"{place}?lang=en", {**WELL, "switch": "en"})
    assert (page.status, "How did it go?" in page.text) == (200, True)
    assert 'value="5" id="handling" checked' in page.text
    assert await edge.rows("SELECT 1 FROM feedback") == []


async def test_links_that_lead_nowhere(edge: Edge) -> None:
    browser, token = await edge.browser(), await over(edge)
    early, late = await over(edge, state="active"), await over(edge, days=31)
    case = await edge.services.pages.links.token(5)
    for wrong, status in (
        (token[:-1], 404),
        (token[:-1] + "_", 404),
        (case, 404),
        ("x", 404),
        (early, 409),
        (late, 410),
    ):
        for page in (
            await browser.get(f"/feedback/{wrong}"),
            await browser.post(f"/feedback/{wrong}", WELL),
        ):
            assert page.status == status, wrong
            assert "<textarea" not in page.text
            assert "noindex" in page.header("X-Robots-Tag")
    assert await edge.rows("SELECT 1 FROM feedback") == []


async def test_guesses_are_slowed_down(edge: Edge) -> None:
    # Of a few in a minute none comes back while the few are used up, however slow the machine is.
    edge.services.settings = replace(edge.services.settings, links_per_minute_per_address=3)
    browser = await edge.browser()
    answers = [(await browser.get("/feedback/" + "a" * 43)).status for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    assert (await browser.get(f"/feedback/{await over(edge)}")).status == 200


async def test_supervisors_see_marks_and_words_as_text(edge: Edge) -> None:
    await given(edge, Given(5, 1, HOSTILE[0]), Given(4, None, HOSTILE[1]), Given(None, 2))
    browser = await edge.signed_in(SUPERVISOR)
    page = await browser.get("/feedback")
    assert page.status == 200
    for text in HOSTILE[:2]:
        assert text not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "%" not in page.text.partition("<table")[2].partition("</table>")[0]  # too few
    assert "⟦" not in page.text
    (noted,) = await edge.audited("read_feedback")
    assert noted["user_id"] == edge.users[SUPERVISOR]


async def test_shares_and_means_are_told_of_five_or_more(edge: Edge) -> None:
    await given(edge, *(Given(mark, None) for mark in (1, 4, 5, 5)), Given(5, 3))
    browser = await edge.signed_in(ADMIN)
    for language, mean, sign in (("fi", "4,0", "\N{NO-BREAK SPACE}%"), ("en", "4.0", "%")):
        table = (await browser.get(f"/feedback?lang={language}")).text.partition("<table")[2]
        assert mean in table
        assert f'60{sign} <span class="meta">(3)</span>' in table
        assert table.partition("</table>")[0].count(sign) == 5  # of the service there is one alone


async def test_others_see_none_of_it(edge: Edge) -> None:
    await given(edge, Given(1, 1, "Kanarialintu"))
    partner = await edge.signed_in(PARTNER_ADMIN)
    page = await partner.get("/feedback?queue=general")
    assert (page.status, "Kanarialintu" in page.text) == (200, False)
    assert "%" not in page.text.partition("<main")[2]
    agent = await edge.signed_in(AGENT)
    assert (await agent.get("/feedback")).status == 403
    assert "/feedback" not in (await agent.get("/why-not")).text
    assert (await (await edge.browser()).get("/feedback")).status in (303, 401)


@pytest.mark.parametrize(
    "query", ["mark=6", "mark=x", "days=0", "before='--", "texts=1", "queue=' OR 1=1--", "x=1"]
)
async def test_nonsense_is_refused_or_finds_nothing(edge: Edge, query: str) -> None:
    await given(edge, Given(1, 1, "Kanarialintu"))
    page = await (await edge.signed_in(SUPERVISOR)).get(f"/feedback?{query}")
    assert page.status in (200, 400)
    assert "Kanarialintu" not in page.text
