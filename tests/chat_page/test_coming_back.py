"""Reloads, lost networks, other tabs: no message is lost, none is there twice."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.chat_page.conftest import Stage
from tests.chat_page.fake_server import Desk

pytestmark = pytest.mark.needs_package("chromium")
KEPT = "localStorage.getItem('contactcenter.chat.general')"


async def test_a_reload_brings_the_whole_chat_back(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await desk.say("Hei, Aino tässä.")
    await stage.page.fill("#composer", "puolik")
    await stage.page.reload()
    await expect(stage.screen("talking")).to_be_visible()
    await expect(stage.page.locator(".said")).to_have_count(2)
    await expect(stage.page.locator("#composer")).to_have_value("puolik")
    hello = desk.of("hello")[-1]
    assert (hello["resume"], hello["after"]) == ("secret-1", 0)
    assert "request_id" not in hello


async def test_what_was_not_taken_is_sent_again_after_a_reload(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    desk.echoes = False
    await stage.write("Tärkeä asia")
    first = await desk.until("message")
    desk.echoes = True
    await stage.page.reload()
    await expect(stage.page.locator("[data-sent=sent]")).to_be_visible()
    await expect(stage.page.get_by_text("Tärkeä asia", exact=True)).to_have_count(1)
    assert {one["client_id"] for one in desk.of("message")} == {first["client_id"]}


@pytest.mark.parametrize("taken", [True, False])
async def test_a_cut_loses_and_doubles_nothing(stage: Stage, desk: Desk, taken: bool) -> None:
    """`taken`: the server has the message, and only its echo was lost."""
    page = stage.page
    await stage.talk("Hei")
    desk.echoes = False
    await stage.write("Kuuluuko?")
    frame = await desk.until("message", lambda frame: frame["text"] == "Kuuluuko?")
    desk.refuses = True
    desk.cut()
    await expect(page.locator('[data-trouble="offline"]')).to_be_visible()
    await stage.write("Entä nyt?")
    await expect(page.locator('[data-trouble="offline"]')).to_contain_text("2 viestiä")
    if taken:
        own = {key: frame[key] for key in ("client_id", "text")}
        await desk._add({"direction": "inbound", "from": "", **own})
    desk.echoes, desk.refuses = True, False
    await page.evaluate("dispatchEvent(new Event('online'))")
    await desk.until("message", lambda frame: frame["text"] == "Entä nyt?")
    await expect(page.locator("[data-sent=sent]")).to_be_visible()
    await expect(page.locator(".said .text")).to_have_text(["Hei", "Kuuluuko?", "Entä nyt?"])
    assert desk.of("hello")[-1]["after"] == 1
    assert len(desk.messages) == 3
    await expect(page.locator("[data-trouble]")).to_have_count(0)


async def test_unavailable_means_the_same_again(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    desk.echoes = False
    await stage.write("Hei")
    frame = await desk.until("message")
    desk.echoes = True
    busy = {"code": "unavailable", "message": "Hetki.", "retry_after_s": 0.1}
    await desk.tell("error", client_id=frame["client_id"], **busy)
    await expect(stage.page.locator("[data-sent=sent]")).to_be_visible()
    assert {one["client_id"] for one in desk.of("message")} == {frame["client_id"]}


async def test_too_many_at_this_moment_loses_no_chat(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    desk.welcome = {"type": "error", "code": "too_many", "message": "Hetki.", "retry_after_s": 0.1}
    await stage.page.reload()
    await desk.until("hello", lambda frame: "resume" in frame)
    desk.welcome = None
    await expect(stage.screen("talking")).to_be_visible()
    await expect(stage.page.locator(".said")).to_have_count(1)


async def test_a_silent_network_is_noticed(stage: Stage, desk: Desk) -> None:
    await stage.page.clock.install()
    await stage.talk("Hei")
    await desk.until("message")
    await stage.page.clock.run_for(11_500)
    await desk.until("ping")
    desk.sockets.clear()  # what we say is no longer heard, and nothing breaks
    await stage.page.clock.run_for(30_000)
    await desk.until("hello", lambda frame: frame.get("resume") == "secret-1")


async def test_another_tab_takes_over_and_gives_back(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await desk.close(4409)
    await expect(stage.screen("replaced").locator(".ended h2")).to_be_focused()
    await expect(stage.page.locator('[data-seq="1"]')).to_be_visible()
    assert len(desk.of("hello")) == 1
    # The other tab's welcome renewed the secret.
    await stage.page.evaluate(
        "() => { const key = 'contactcenter.chat.general';"
        " const kept = {...JSON.parse(localStorage.getItem(key)), resume: 'newer'};"
        " localStorage.setItem(key, JSON.stringify(kept)); }"
    )
    await stage.page.click('[data-act="here"]')
    await desk.until("hello", lambda hello: hello.get("resume") == "newer")
    await expect(stage.screen("talking")).to_be_visible()


@pytest.mark.parametrize("code", ["resume_unknown", "resume_expired"])
async def test_a_chat_the_server_forgot_begins_anew_only_when_asked(
    stage: Stage, desk: Desk, code: str
) -> None:
    await stage.talk("Hei")
    desk.welcome = {"type": "error", "code": code, "message": "Ei tunneta."}
    await stage.page.reload()
    await expect(stage.screen("start").get_by_role("alert")).to_contain_text("päättynyt")
    assert await stage.page.evaluate(KEPT) is None
    desk.welcome = None
    await stage.page.click('[data-act="start"]')
    await expect(stage.page.locator("#composer")).to_be_visible()
    assert "resume" not in desk.of("hello")[-1]


async def test_an_ended_chat_leaves_nothing_behind(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await stage.page.click('[data-act="end"]')
    await stage.page.click('[data-act="end-yes"]')
    await desk.until("leave")
    await expect(stage.screen("closed")).to_be_visible()
    assert await stage.page.evaluate(KEPT) is None
    await stage.page.reload()
    await expect(stage.screen("start")).to_be_visible()
    assert len(desk.of("hello")) == 1
    assert await stage.page.context.cookies() == []


async def test_an_old_chat_is_not_taken_up(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    await stage.page.goto(f"{stage.url}/widget.js")
    await stage.page.evaluate(
        "() => { const key = 'contactcenter.chat.general';"
        " const kept = {...JSON.parse(localStorage.getItem(key)), at: Date.now() - 601000};"
        " localStorage.setItem(key, JSON.stringify(kept)); }"
    )
    await stage.open()
    await expect(stage.screen("start")).to_be_visible()
    assert len(desk.of("hello")) == 1


async def test_a_start_without_welcome_is_repeated_as_the_same(stage: Stage, desk: Desk) -> None:
    desk.welcome = {"type": "error", "code": "unavailable", "message": "Hetki."}
    await stage.open()
    await stage.page.fill("#first", "Hei")
    await stage.page.click('[data-act="start"]')
    await desk.until("hello")
    desk.welcome = None
    await stage.page.reload()
    await expect(stage.page.locator("[data-sent=sent]")).to_be_visible()
    assert len({one["request_id"] for one in desk.of("hello")}) == 1


async def test_the_end_is_told_when_the_network_is_back(stage: Stage, desk: Desk) -> None:
    await stage.talk("Hei")
    desk.refuses = True
    desk.cut()
    await expect(stage.page.locator('[data-trouble="offline"]')).to_be_visible()
    await stage.page.click('[data-act="end"]')
    await stage.page.click('[data-act="end-yes"]')
    await expect(stage.screen("closed")).to_be_visible()
    desk.refuses = False
    await stage.page.evaluate("dispatchEvent(new Event('online'))")
    await desk.until("leave")
    await expect(stage.screen("closed")).to_be_visible()


async def test_it_works_where_storage_is_forbidden(stage: Stage, desk: Desk) -> None:
    await stage.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new DOMException('no') }})"
    )
    await stage.talk("Hei")
    desk.cut()
    await desk.until("hello", lambda frame: frame.get("resume") == "secret-1")
    await expect(stage.screen("talking")).to_be_visible()
    await expect(stage.page.locator(".said")).to_have_count(1)


@pytest.mark.parametrize("code", [1012, 4408, 4429])
async def test_other_closes_are_come_back_from(stage: Stage, desk: Desk, code: int) -> None:
    await stage.talk("Hei")
    await desk.close(code)
    await expect(stage.page.locator("[data-trouble]")).to_have_attribute(
        "data-trouble", "crowded" if code == 4429 else "offline"
    )
    await stage.page.locator("[data-trouble] button").click()
    await desk.until("hello", lambda frame: frame.get("resume") == "secret-1")
    await expect(stage.page.locator("[data-trouble]")).to_have_count(0)
