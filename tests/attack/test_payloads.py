"""Every field of every public door with every payload, and every place where it is seen later: it
is shown as it was written, and does nothing. Files have tests of their own, beside each door."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from playwright.async_api import Browser, Page, Route, expect

from contactcenter.configuration.look import FIELDS, SCHEMES
from tests.attack import planting
from tests.attack.payloads import CANARY, PAYLOADS, live, shown
from tests.attack.planting import HEAD, Planted
from tests.attack.working import HELENA, working
from tests.flows.browsers import PASSWORD, AgentPage, people
from tests.flows.conftest import running
from tests.flows.product import Product, Relay, open_relay

TEXTS = list(PAYLOADS.values())
ADMIN, SEPPO = "admin@mikkeli.example", "seppo@mikkeli.example"
KINDS = (
    "disposition",
    "decline_reason",
    "template",
    "topic",
    "contact_reason",
    "area",
    "queue",
    "user",
)
NAMED = tuple(f"/admin/{kind}s" for kind in KINDS)
STAFF = (
    "/admin/audit?verb=change",
    "/admin/configuration",
    "/admin/organisations",
    *NAMED,
    "/console",
    "/feedback",
    "/insight",
    "/insight/report",
    "/waiting",
    "/why-not",
)


@dataclass
class City:
    """A product in which all is planted, and its mail server."""

    product: Product
    relay: Relay
    planted: list[Planted]


@asynccontextmanager
async def attacked() -> AsyncIterator[City]:
    async with open_relay() as relay:
        host = f"smtp://127.0.0.1:{relay.port}?starttls=never"
        async with running(CONTACTCENTER_RELAY=host) as product:
            await planting.settings(product, TEXTS)
            made: list[Planted] = []
            async with aiohttp.ClientSession(product.url) as http:
                for n, text in enumerate(TEXTS):
                    made += [
                        await planting.message(product, http, text),
                        await planting.statement(product, http, text),
                        await planting.unasked(product, http, text),
                        await planting.callback(product, http, text, n),
                        await planting.chat(product, http, text),
                        await planting.mail(product, http, text, n),
                    ]
                async with working(product, http, made, TEXTS) as given:
                    yield City(product, relay, [*made, given])


@pytest.fixture(scope="module")
async def city() -> AsyncIterator[City]:
    async with attacked() as made:
        yield made


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_watch_sees_what_gets_out() -> None:
    """Put into a page as they are, which is what must not happen."""
    out = {name for name, text in PAYLOADS.items() if list(live(f"<title>{text}"))}
    assert out >= {"end of a field"}
    out |= {name for name, text in PAYLOADS.items() if list(live(f'<p id="{text}">{text}'))}
    assert out >= {"element", "script", "pixel", "way elsewhere", "form"}
    assert list(live(f"<a href='{PAYLOADS['address']}'>"))
    assert list(live(f"<p title='{PAYLOADS['event']}'>"))


async def test_citizens_see_what_they_wrote(city: City) -> None:
    async with aiohttp.ClientSession(city.product.url, headers=HEAD) as http:
        for one in city.planted:
            for n, path in enumerate(one.pages):
                async with http.get(path) as answer:
                    page = await answer.text()
                assert answer.status == 200
                assert list(live(page)) == [], (one.door, one.text)
                assert n or words(one.text) in shown(page), (one.door, one.text)
        for n, text in enumerate(TEXTS):
            for of in ("privacy",) if n % 6 else ("contact", "privacy", "accessibility", "chat"):
                async with http.get(f"/{of}?organisation=a{n}") as answer:
                    page = await answer.text()
                assert list(live(page)) == [], (of, text)
                assert of == "chat" or words(text) in shown(page), (of, text)
        for path in ("/contact?organisation=mikkeli", f"/message?queue={planting.QUEUE}"):
            async with http.get(path) as answer:
                page = await answer.text()
            assert list(live(page)) == [], path
            assert [text for text in TEXTS if words(text) not in shown(page)] == [], path


async def test_what_is_refused_comes_back_as_it_was_typed(city: City) -> None:
    forms = {
        f"/message?queue={planting.QUEUE}": {"topic": "x"},
        f"/callback?queue={planting.QUEUE}": {"number": "1", "window": "soon"},
        "/accessibility?organisation=mikkeli": {"email": "@"},
        "/give-feedback?organisation=mikkeli": {"kind": "x"},
        city.planted[0].pages[0].partition("?")[0] + "/message": {"request_id": ""},
        city.planted[-1].pages[0]: {"handling": "6"},
    }
    async with aiohttp.ClientSession(city.product.url, headers=HEAD) as http:
        for path, wrong in forms.items():
            for text in TEXTS:
                typed = dict.fromkeys(("text", "matter", "name", "email", "topic", "number"), text)
                async with http.post(path, data=typed | {"request_id": "r"} | wrong) as answer:
                    page = await answer.text()
                assert answer.status in (400, 409), path
                assert list(live(page)) == [], (path, text)
                assert words(text) in shown(page), (path, text)


async def test_staff_see_what_was_written(city: City) -> None:
    cases = {one["case"] for one in await city.product.export("contacts")}
    said: Counter[str] = Counter()
    async with city.product.agent(SEPPO) as seppo:
        for case in cases:
            status, answer = await seppo.get(f"/api/cases/{case}/messages")
            assert status == 200
            for message in json.loads(answer)["messages"]:
                said[message["text"].strip().removeprefix("Vielä: ")] += 1
    # By the message form, once more on its page, the statement, unasked, callback, chat, mail;
    # a note.
    assert {text: said[text] for text in TEXTS} == dict.fromkeys(TEXTS, 8)
    async with city.product.agent(ADMIN) as admin:
        waiting = json.loads((await admin.get("/api/waiting"))[1])["contacts"]
        paths = [*STAFF, *(f"/waiting/{one['contact']}" for one in waiting[:3])]
        paths += [f"/admin/queues/a{n}" for n in range(0, len(TEXTS), 6)]
        for path in paths:
            status, page = await admin.get(path)
            assert status == 200, path
            assert list(live(page)) == [], path
        _, page = await admin.get("/feedback?what=open")
        for path in re.findall(r'href="(/feedback/open/\d+)"', page)[:3]:
            status, item = await admin.get(path)
            assert (status, list(live(item))) == (200, []), path
        for path in (*NAMED, "/feedback?what=asked", "/feedback?what=open"):
            _, page = await admin.get(path)
            assert [text for text in TEXTS if words(text) not in shown(page)] == [], path


async def test_a_theme_is_shown_as_it_was_typed(city: City) -> None:
    """Names, and colours that are none: in the form, refused, and in what it would look like."""
    colours = [f"{scheme}.{name}" for scheme in SCHEMES for name in FIELDS]
    named = [f"{name}.{one}" for name in ("name", "logo_text") for one in planting.LANGUAGES]
    place = f"{city.product.url}/admin/organisations/mikkeli/theme"
    head = {"Origin": city.product.url, "Accept": "text/html"}
    async with city.product.agent(ADMIN) as admin:
        for n in range(0, len(TEXTS), len(named)):
            texts = TEXTS[n:] + TEXTS[:n]  # each is a name once
            typed = dict(zip([*named, "font", "logo", *colours], texts, strict=False))
            form = aiohttp.FormData(typed, default_to_multipart=True)
            async with admin.http.post(place, data=form, headers=head) as answer:
                page = await answer.text()
            assert (answer.status, list(live(page))) == (400, [])
            there = [text for name, text in typed.items() if name != "font"]
            assert [text for text in there if words(text) not in shown(page)] == []
            async with admin.http.get(f"{place}/preview", params=typed) as answer:
                page = await answer.text()
            assert (answer.status, list(live(page))) == (200, [])
            assert words(typed["name.fi"]) in shown(page)


async def test_mails_go_to_nobody_else_and_have_no_heads_of_strangers(city: City) -> None:
    mails = await city.relay.acknowledged(len(TEXTS))
    to = Counter(str(mail["To"]).rpartition("@")[2] for mail in city.relay.mails + mails)
    assert set(to) == {"example.org"}
    for mail in mails:
        assert "Bcc" not in mail
        assert CANARY not in str(mail)
        assert len({name.lower() for name in mail}) == len(mail.keys())


async def _watched(page: Page) -> tuple[list[str], list[str]]:
    """What a window asks of strangers, and what it complains of: a policy that has to stop
    something tells that it got as far as that."""
    asked: list[str] = []
    said: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await route.abort()

    await page.route(re.compile(r"^(?!http://127\.0\.0\.1)"), answer)
    page.on("dialog", lambda one: said.append(one.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda one: said.append(one.text) if "Refused" in one.text else None)
    return asked, said


@pytest.mark.needs_package("chromium")
async def test_nothing_of_it_runs_in_a_browser(browser: Browser, city: City) -> None:
    """The citizens' pages, the chat, the console with what is in hand, the supervisors' pages."""
    url = city.product.url
    async with people(browser, city.product, AgentPage, AgentPage) as (helena, seppo):
        watched = [await _watched(one.page) for one in (helena, seppo)]

        async def calm(page: Page, where: str) -> None:
            assert await page.evaluate("window.fired ?? Object.prototype.x ?? null") is None, where
            assert watched == [([], []), ([], [])], where

        for one in city.planted:
            if one.door == "message":  # all have the page of a case; this one says it most often
                await helena.page.goto(url + one.pages[0])
                await calm(helena.page, one.text)
        for n in range(0, len(TEXTS), 3):
            await helena.page.goto(f"{url}/privacy?organisation=a{n}")
            await calm(helena.page, TEXTS[n])
        for path in ("/contact", "/chat?organisation=mikkeli"):
            await helena.page.goto(url + path)
            await expect(helena.page.get_by_text(TEXTS[0]).first).to_be_visible()
            await calm(helena.page, path)
        await seppo.page.goto(f"{url}/login")
        await seppo.page.fill('[name="email"]', SEPPO)
        await seppo.page.fill('[name="password"]', PASSWORD)
        await seppo.page.click("main form button")
        for path in ("/board", "/waiting", "/feedback?what=open"):
            await seppo.page.wait_for_load_state()
            await seppo.page.goto(url + path)
            await calm(seppo.page, path)
        await helena.sign_in(HELENA)
        await helena.page.locator(".contact").first.click()
        notes = helena.page.locator(".message-note .message-text")
        await expect(notes).to_have_count(len(TEXTS))
        told = [words(text) for text in await notes.all_text_contents()]
        assert told == [words(text) for text in TEXTS]
        await calm(helena.page, "console")
        for act in ("transfer", "finish"):
            await helena.page.locator(f'[data-act="{act}"]').first.click()
            await expect(helena.page.get_by_text(TEXTS[0]).nth(1)).to_be_attached()
            await calm(helena.page, act)
            await helena.page.keyboard.press("Escape")


async def test_logs_and_exports_are_lines_of_json(city: City) -> None:
    assert len(await city.product.export("messages")) >= 8 * len(TEXTS)
    log = city.product.log()
    for line in log.splitlines():
        assert isinstance(json.loads(line), dict), line
    assert not [text for text in TEXTS if text in log]
    assert (await city.product.verify())["violations"] == []
