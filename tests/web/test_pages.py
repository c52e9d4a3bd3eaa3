"""The pages before and around the work: forms without script, languages, no way off the site."""

from __future__ import annotations

import re

import pytest

from tests.web.edge import ADMIN, AGENT, PASSWORD, SUPERVISOR, Browser, Edge


async def _post(browser: Browser, **form: str) -> tuple[int, str]:
    answer = await browser.post("/login", {"email": AGENT, "password": PASSWORD, **form})
    return answer.status, answer.header("Location")


async def test_sign_in_by_form(edge: Edge) -> None:
    browser = await edge.browser()
    page = await browser.get("/login?next=/admin/users")
    assert page.status == 200
    assert 'value="/admin/users"' in page.text
    assert "<script>" not in page.text
    assert await _post(browser, next="/account?done=x") == (303, "/account?done=x")
    assert (await browser.get("/account")).status == 200
    assert (await browser.get("/login")).header("Location") == "/"


@pytest.mark.parametrize(
    ("email", "place"), [(AGENT, "/console"), (SUPERVISOR, "/board"), (ADMIN, "/console")]
)
async def test_everyone_begins_where_they_work(edge: Edge, email: str, place: str) -> None:
    browser = await edge.browser()
    assert (await browser.get("/")).header("Location") == "/login"
    form = {"email": email, "password": PASSWORD, "next": "/"}
    assert (await browser.post("/login", form)).header("Location") == "/"
    assert (await browser.get("/?lang=sv")).header("Location") == f"{place}?lang=sv"


async def test_a_wrong_password_keeps_what_was_typed_but_never_the_password(edge: Edge) -> None:
    browser = await edge.browser()
    answer = await browser.post(
        "/login", {"email": AGENT, "password": "my wrong secret", "next": "/account"}
    )
    assert answer.status == 401
    assert f'value="{AGENT}"' in answer.text
    assert 'value="/account"' in answer.text
    assert "my wrong secret" not in answer.text
    assert 'role="alert"' in answer.text
    empty = await browser.post("/login", {"email": "", "password": "", "next": ""})
    assert empty.status in (400, 401)


async def test_next_stays_on_the_site(edge: Edge) -> None:
    for place in ("//evil.example", "/\\evil.example", "https:evil.example", "/\r\nX: y", "data:x"):
        browser = await edge.browser()
        assert await _post(browser, next=place) == (303, "/")
        page = await (await edge.browser()).get("/login", params={"next": place})
        assert page.status == 200
        assert re.findall(r'name="next" value="([^"]*)"', page.text) == ["/"]


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(edge: Edge) -> None:
    browser = await edge.browser()
    answer = await browser.get("/admin/audit?verb=sign_in")
    assert answer.status == 303
    assert answer.header("Location") == "/login?next=%2Fadmin%2Faudit%3Fverb%3Dsign_in"
    assert (await browser.json("GET", "/admin/audit", None)).status == 401


async def test_signing_out(edge: Edge) -> None:
    browser = await edge.signed_in()
    assert (await browser.get("/logout")).status == 405
    assert (await browser.get("/api/session")).status == 200
    answer = await browser.post("/logout")
    assert (answer.status, answer.header("Location")) == (303, "/login?done=out")
    assert (await browser.get("/api/session")).status == 401


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/login", "", "fi"),
        ("/login", "de, sv-FI;q=0.8, en;q=0.5", "sv"),
        ("/login", "xx;q=nonsense, *", "fi"),
        ("/login?lang=en", "sv", "en"),
        ("/login?lang=../../etc", "sv", "sv"),
    ],
)
async def test_language_of_a_page(edge: Edge, path: str, header: str, language: str) -> None:
    browser = await edge.browser()
    page = await browser.get(path, headers={"Accept-Language": header})
    assert f'<html lang="{language}">' in page.text
    if "lang=en" in path:
        assert 'action="/login?lang=en"' in page.text


async def test_ones_own_language(edge: Edge) -> None:
    browser = await edge.signed_in()
    answer = await browser.post("/account/language", {"language": "sv", "next": "//evil.example"})
    assert (answer.status, answer.header("Location")) == (303, "/account")
    page = await browser.get("/account", headers={"Accept-Language": "en"})
    assert '<html lang="sv">' in page.text
    assert (await browser.post("/account/language", {"language": "xx"})).status == 400


async def test_where_there_is_no_page_staff_find_theirs(edge: Edge) -> None:
    browser = await edge.browser()
    for path, staffs in (("/nowhere", True), ("/chat/nowhere", False)):
        visitor = await browser.get(f"{path}?lang=en")
        assert (visitor.status, 'href="/board' in visitor.text) == (404, False)
        assert 'href="/contact?lang=en"' in visitor.text
        assert ('href="/login' in visitor.text) is staffs
    supervisor = await edge.signed_in(SUPERVISOR)
    lost = await supervisor.get("/nowhere?lang=en")
    assert lost.status == 404
    for place in ("/console", "/board", "/insight"):
        assert lost.text.count(f'href="{place}?lang=en"') == 2  # in the header and on the page
    assert 'href="/login' not in lost.text
    wrong = await supervisor.get("/logout?lang=en")
    assert (wrong.status, "<h1>This did not work</h1>" in wrong.text) == (405, True)


async def test_errors_are_said_in_the_askers_language(edge: Edge) -> None:
    browser = await edge.browser()
    texts = set()
    for language in ("fi", "sv", "en"):
        headers = {"Accept-Language": language}
        body = {"email": AGENT, "password": "wrong"}
        answer = await browser.json("POST", "/api/session", body, headers=headers)
        texts.add(answer.error["message"])
        page = await browser.get("/nowhere", headers=headers)
        assert (page.status, 'href="/contact"' in page.text) == (404, True)
    assert len(texts) == 3


async def test_nothing_typed_is_ever_markup_or_template(edge: Edge) -> None:
    browser = await edge.browser()
    nasty = '"><img src=x onerror=alert(1)>{{7*7}}{% for x in y %}@x.example'
    answer = await browser.post("/login", {"email": nasty, "password": "x", "next": nasty})
    assert "<img" not in answer.text
    assert "49" not in answer.text
    assert "{{7*7}}" in answer.text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_pages_have_every_text_and_label(edge: Edge, language: str) -> None:
    admin, guest = await edge.signed_in(ADMIN), await edge.browser()
    own = f"/admin/users/{edge.users[AGENT]}"
    asked = [(admin, path) for path in ("/account", "/admin/users", "/admin/audit", own)]
    asked += [(guest, path) for path in ("/login", "/forgot", "/nowhere")]
    for browser, path in asked:
        page = (await browser.get(path, params={"lang": language})).text
        assert f'<html lang="{language}">' in page
        assert "⟦" not in page
        assert page.count("<h1>") == 1
        ids = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', page)
        assert len(set(ids)) == len(ids)
        assert [name for name in ids if f'for="{name}"' not in page] == []
