"""The loader, the chat's document and the demo's city, as browsers get them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from contactcenter.web.citizen.chat_matters import ChatMatter
from contactcenter.web.citizen.chat_pages import MAX_WIDGET
from contactcenter.web.services import DemoMail
from contactcenter.web.static import STATIC
from tests.chat_page.fake_server import Matters, matter
from tests.web.edge import Edge

CITY = "https://www.city.example"
IMPORT = re.compile(r'^import .*"(\.{1,2}/[^"]+)";$', re.MULTILINE)


NAMES = {"fi": "Yleinen <neuvonta>", "sv": "Allmän rådgivning", "en": "General advice"}


class _City(Matters):
    async def one(self, topic: str, queue: str, language: str) -> ChatMatter | None:
        found = await super().one(topic, queue, language)
        return matter(names=NAMES) if found and not found.topic else found


@pytest.fixture
def chat(edge: Edge) -> Edge:
    """The edge with one queue that may be chatted to, and one origin that may embed it."""

    edge.services.chat_matters = _City()
    edge.services.settings = replace(edge.services.settings, widget_origins=(CITY,))
    return edge


async def test_the_loader_is_small_and_for_any_page(chat: Edge) -> None:
    browser = await chat.browser()
    answer = await browser.get("/widget.js")
    assert answer.status == 200
    assert 0 < len(answer.text.encode()) <= MAX_WIDGET
    assert answer.header("Cross-Origin-Resource-Policy") == "cross-origin"
    assert answer.header("Content-Type") == "text/javascript; charset=utf-8"
    assert "max-age=300" in answer.header("Cache-Control")
    assert answer.header("Set-Cookie") == ""
    for word in ("cookie", "innerHTML", "eval(", "//", "/*"):
        assert word not in answer.text
    known = {"If-None-Match": answer.header("ETag")}
    assert (await browser.get("/widget.js", headers=known)).status == 304


async def test_only_the_configured_origins_may_frame_the_chat(chat: Edge) -> None:
    answer = await (await chat.browser()).get("/chat?queue=general&lang=sv")
    assert answer.status == 200
    policy = answer.header("Content-Security-Policy")
    assert policy.endswith(f"frame-ancestors 'self' {CITY}")
    assert policy.count("frame-ancestors") == 1
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.header("X-Frame-Options") == ""
    assert answer.header("Cross-Origin-Resource-Policy") == "cross-origin"
    assert answer.header("Set-Cookie") == ""
    assert 'lang="sv"' in answer.text
    assert "Allmän rådgivning" in answer.text
    assert "<neuvonta>" not in answer.text
    assert "⟦" not in answer.text


async def test_the_page_is_told_how_long_it_may_come_back(chat: Edge) -> None:
    chat.services.settings = replace(chat.services.settings, chat_resume_s=1234.0)
    answer = await (await chat.browser()).get("/chat?queue=general")
    given = re.search(r'id="given">(.*?)</script>', answer.text)
    assert given
    assert json.loads(given[1])["resume_s"] == 1234


async def test_every_module_of_the_first_screen_is_asked_for_at_once(chat: Edge) -> None:
    answer = await (await chat.browser()).get("/chat?queue=general")
    asked = re.findall(r'rel="modulepreload" href="/static/([^"]+)"', answer.text)
    assert sorted(asked) == sorted(_imported(STATIC / "chat" / "main.js", set()))


def _imported(module: Path, found: set[str]) -> set[str]:
    """What a module needs, and what that needs, of our own."""
    for name in IMPORT.findall(module.read_text("utf-8")):
        path = (module.parent / name).resolve()
        if (key := path.relative_to(STATIC.resolve()).as_posix()) not in found:
            found.add(key)
            _imported(path, found)
    return found


async def test_without_configured_origins_only_our_own_pages_may(chat: Edge) -> None:
    chat.services.settings = replace(chat.services.settings, widget_origins=())
    answer = await (await chat.browser()).get("/chat?queue=general")
    assert answer.header("Content-Security-Policy").endswith("frame-ancestors 'self'")


@pytest.mark.parametrize(
    "query",
    [
        "?queue=nowhere",
        "?queue=%00",
        "?queue=__proto__",
        "?topic=mikkeli/nothing",
        "?organisation=nobody",
    ],
)
@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Chattia ei löydy"), ("en", "no such chat")]
)
async def test_an_unknown_queue_is_a_friendly_page(
    chat: Edge, query: str, language: str, title: str
) -> None:
    answer = await (await chat.browser()).get(
        f"/chat{query}", headers={"Accept-Language": language}
    )
    assert answer.status == 404
    assert title in answer.text
    assert answer.text.count("hreflang=") == 3
    assert CITY in answer.header("Content-Security-Policy")


async def test_no_other_page_may_be_framed(chat: Edge) -> None:
    browser = await chat.browser()
    for path in ("/login", "/widget.js", "/nowhere"):
        policy = (await browser.get(path)).header("Content-Security-Policy")
        assert policy.endswith("frame-ancestors 'none'")


async def test_the_demo_city_stands_only_in_the_demo(chat: Edge, tmp_path: Path) -> None:
    browser = await chat.browser()
    assert (await browser.get("/demo")).status == 404

    async def addresses() -> list[tuple[str, dict[str, str]]]:
        return []

    chat.services.demo = True
    assert "/demo/mail" not in (await browser.get("/demo")).text  # a relay takes the mail
    chat.services.demo_mail = DemoMail(tmp_path, "127.0.0.1", 25, addresses)
    answer = await browser.get("/demo?lang=sv")
    assert answer.status == 200
    assert f'src="{chat.url}/widget.js" data-queue="general" data-language="sv"' in answer.text
    assert "/demo/mail?lang=sv" in answer.text
    assert "⟦" not in answer.text


async def test_the_words_of_later_screens_come_with_them(chat: Edge) -> None:
    browser = await chat.browser()
    document = await browser.get("/chat?queue=general&lang=en")
    given = re.search(r'id="given">(.*?)</script>', document.text)
    assert given
    first = json.loads(given[1])["texts"]
    part = (await browser.get("/api/locales/en.json?of=chat")).json
    assert {"chat.start.title", "chat.status.start"} <= first.keys() < part.keys()
    assert "chat.change.callback" in part.keys() - first.keys()
    assert {key.partition(".")[0] for key in part} == {"chat"}
    whole = (await browser.get("/api/locales/en.json")).json
    assert part == {key: text for key, text in whole.items() if key.startswith("chat.")}


async def test_without_a_queue_the_topics_are_to_be_chosen_from(chat: Edge) -> None:
    browser = await chat.browser()
    for query in ("", "?queue=", "?organisation=mikkeli"):
        answer = await browser.get(f"/chat{query}", headers={"Accept-Language": "sv"})
        found = re.search(r'id="given">(.*?)</script>', answer.text)
        assert found
        given = json.loads(found[1])
        assert given["chooses"]
        assert [one["topic"] for one in given["matters"]] == ["mikkeli/parking", "mikkeli/daycare"]
        assert "chat.before.title" in given["texts"]
        assert 'href="/static/chat/before.js"' in answer.text
        assert "<title>S:t Michels stad" in answer.text
    fixed = await browser.get("/chat?topic=mikkeli/daycare&lang=fi")
    assert "Päivähoito" in fixed.text
    assert "/static/chat/before.js" in fixed.text  # it asks for the language
    assert "/static/chat/before.js" not in (await browser.get("/chat?queue=general")).text
    told = await browser.get(
        "/chat/topics?organisation=mikkeli", headers={"Origin": "https://evil.example"}
    )
    assert told.header("Access-Control-Allow-Origin") == ""
    assert told.header("Cross-Origin-Resource-Policy") == "same-origin"
    now = told.json
    assert [one["stands"] for one in now] == ["open", "closed"]
