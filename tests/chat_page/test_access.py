"""The chat for everybody: axe-core in every state, narrow screens, hostile words, weight."""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, expect

from contactcenter.kernel.i18n import LANGUAGES, Catalogue
from tests.chat_page.conftest import FRAME, Stage
from tests.chat_page.fake_server import AT, FILES, Desk
from tests.looks import BOTH_THEMES, EXTREME, in_every_look, violations, wear

pytestmark = pytest.mark.needs_package("chromium")
UI = Path(__file__).parents[2] / "agent_ui"
MOST_GZIPPED = 40_000  # bytes: the first load on a poor network
MOST_FILES = 29  # without HTTP/2 six of them come in a round trip; with topics two more
NARROW = (320, 640)
NO = {"type": "closed", "reason": "queue_closed", "offers": ["leave_message"]}


async def _start(stage: Stage, language: str) -> None:
    await stage.open(language)


async def _waiting(stage: Stage, language: str) -> None:
    await stage.begin("Hei", language)


async def _offers(stage: Stage, language: str) -> None:
    stage.desk.offers = ["callback", "mail"]
    stage.desk.after_welcome[0] |= {"low_s": 120, "high_s": 480}
    await _waiting(stage, language)
    await expect(stage.page.locator('[data-act="write-me"]')).to_be_visible()


async def _change(stage: Stage, language: str) -> None:
    await _offers(stage, language)
    await stage.page.click('[data-act="call-me"]')
    await stage.page.click('[data-act="change-send"]')
    await expect(stage.page.locator("#change-error")).to_be_visible()


async def _changed(stage: Stage, language: str) -> None:
    await _change(stage, language)
    await stage.page.fill("#change-to", "050 339 1387")
    await stage.page.click('[data-act="change-send"]')
    await stage.desk.until("change")
    await stage.desk.tell("changed", contact="17", status_url=f"{stage.url}/callback/abc")
    await expect(stage.screen("changed")).to_be_visible()


async def _unstaffed(stage: Stage, language: str) -> None:
    nobody = {"type": "waiting", "place": 1, "low_s": None, "high_s": None, "staffed": False}
    stage.desk.after_welcome = [nobody]
    await stage.begin("", language)


async def _attached(stage: Stage) -> None:
    """A message with files that the citizen has sent, and three for the next one."""
    stage.desk.takes.set()
    one = FilePayload(name="a.png", mimeType="image/png", buffer=b"x")
    coming = stage.page.locator(".coming")
    for _ in range(3):
        await stage.page.set_input_files("#attach-input", [one])
    await expect(stage.page.locator('[data-file="there"]')).to_have_count(3)
    await stage.page.click('[data-act="send"]')
    await expect(stage.page.locator('[data-scan="waiting"]')).to_be_visible()
    await expect(coming).to_have_count(0)


async def _attaching(stage: Stage) -> None:
    """Files on their way, one of them refused."""
    stage.desk.takes.clear()
    await stage.page.set_input_files(
        "#attach-input",
        [
            FilePayload(name="a.png", mimeType="image/png", buffer=b"x"),
            FilePayload(name="n" * 80, mimeType="image/png", buffer=b""),
        ],
    )
    await expect(stage.page.locator(".coming")).to_have_count(2)


async def _talking(stage: Stage, language: str) -> None:
    await stage.talk("Hei, missä asukaspysäköintitunnus uusitaan?", language)
    await stage.desk.say("Hei! https://www.mikkeli.example/" + "pitka" * 20)
    await stage.desk.tell("read", seq=1)
    await stage.desk.say("", files=[FILES["1"], FILES["4"]])
    await expect(stage.page.locator(".said-image img")).to_be_visible()
    await _attached(stage)
    stage.desk.echoes = False
    await stage.write("Kiitos")
    await stage.write("Ei mene")
    one = await stage.desk.until("message", lambda frame: frame["text"] == "Ei mene")
    no = "Viestiä ei voitu ottaa vastaan."
    nos = {"fi": no, "sv": "Meddelandet togs inte emot.", "en": "It was not taken."}
    refused = {"code": "bad_request", "message": no, "messages": nos}
    await stage.desk.tell("error", client_id=one["client_id"], **refused)
    await _attaching(stage)
    await stage.desk.tell("typing")
    await expect(stage.page.locator("[data-typing]")).to_be_visible()


async def _asked(stage: Stage, language: str) -> None:
    """The agent has changed, offers answers, and the citizen has been silent for long."""
    desk = stage.desk
    await desk_story(desk)
    await stage.talk("Hei", language)
    await stage.page.fill("#composer", "")
    await desk.say("Kumpi sopii?", choices=["Maanantai", "Tiistai klo 9-11 " + "x" * 43, "<b>😀"])
    await desk.tell("idle", closes_at=AT.format(9), closes_in_s=150.0)
    await expect(stage.page.locator("[data-idle]")).to_be_visible()
    await expect(stage.page.locator('[data-act="choose"]')).to_have_count(3)


async def desk_story(desk: Desk) -> None:
    """Two agents came, and one went, before the page is loaded."""
    came = {"type": "agent_came", "id": "1", "at": AT.format(0), "agent": "Aino"}
    left = {"type": "agent_left", "id": "2", "at": AT.format(0), "agent": "", "why": "transfer"}
    desk.after_welcome += [came, left, came | {"id": "3", "agent": "Carla"}]


async def _goodbye(stage: Stage, language: str) -> None:
    stage.desk.offers = ["callback", "mail"]
    await _waiting(stage, language)
    await stage.page.click('[data-act="end"]')
    await stage.page.click('[data-act="end-yes"]')
    await expect(stage.page.locator(".ways a")).to_have_count(4)


async def _offline(stage: Stage, language: str) -> None:
    await _talking(stage, language)
    stage.desk.refuses = True
    stage.desk.cut()
    await expect(stage.page.locator("[data-trouble]")).to_be_visible()


async def _away(stage: Stage, language: str) -> None:
    stage.desk.refuses = True
    await stage.open(language)
    await stage.page.click('[data-act="start"]')
    await expect(stage.page.locator(".centre .primary")).to_be_visible()


async def _confirm(stage: Stage, language: str) -> None:
    await _talking(stage, language)
    await stage.page.click('[data-act="end"]')


async def _closed(stage: Stage, language: str) -> None:
    await _talking(stage, language)
    url = f"{stage.url}/case/abc"
    urls = {"case_url": url, "feedback_url": f"{stage.url}/feedback/abc"}
    await stage.desk.tell("closed", reason="agent", offers=["leave_message"], **urls)
    await expect(stage.screen("closed")).to_be_visible()
    for to in (*urls.values(), f"{url}#transcript-section"):
        await expect(stage.page.locator(f'a[href="{to}"]')).to_be_visible()


async def _shut(stage: Stage, language: str) -> None:
    phone = {"number": "015 194 1", "link": "tel:+358151941"}
    stage.desk.welcome = {**NO, "opens_at": "2026-11-25T06:00:00+00:00", "phone": phone}
    await stage.open(language)
    await stage.page.click('[data-act="start"]')
    await expect(stage.screen("closed")).to_be_visible()
    await expect(stage.page.locator('a[href="tel:+358151941"]')).to_contain_text("015 194 1")


async def _leave(stage: Stage, language: str) -> None:
    await _shut(stage, language)
    await stage.page.click('[data-act="leave"]')
    await stage.page.click('[data-act="leave-send"]')
    await expect(stage.page.locator("#leave-text-error")).to_be_visible()


async def _left(stage: Stage, language: str) -> None:
    await _leave(stage, language)
    await stage.page.fill("#leave-address", "maija.meikalainen.pitka.osoite@esimerkki.example")
    await stage.page.fill("#leave-text", "Hei")
    await stage.page.click('[data-act="leave-send"]')
    await stage.desk.until("leave_message")
    await stage.desk.tell("left_message", contact="1")
    await expect(stage.screen("left")).to_be_visible()


async def _replaced(stage: Stage, language: str) -> None:
    await _talking(stage, language)
    await stage.desk.close(4409)
    await expect(stage.screen("replaced")).to_be_visible()


async def _missing(stage: Stage, language: str) -> None:
    await stage.page.goto(f"{stage.url}/chat?queue=nowhere&lang={language}")


async def _demo(stage: Stage, language: str) -> None:
    await stage.page.goto(f"{stage.url}/demo?lang={language}")
    await expect(stage.knob).to_be_visible()


async def _topics(stage: Stage, language: str) -> None:
    await stage.page.goto(f"{stage.url}/chat?organisation=mikkeli&lang={language}")
    await expect(stage.page.locator("[data-topic]")).to_have_count(2)


async def _chosen(stage: Stage, language: str) -> None:
    await _topics(stage, language)
    await stage.page.click('[data-topic="mikkeli/parking"]')
    await stage.page.click(".hours summary")
    await expect(stage.page.locator(".hours-list dd")).to_have_count(2)


async def _shut_topic(stage: Stage, language: str) -> None:
    await _topics(stage, language)
    await stage.page.click('[data-topic="mikkeli/daycare"]')
    await expect(stage.screen("closed")).to_be_visible()
    await stage.page.click(".hours summary")
    await expect(stage.page.locator(".hours-list dd")).to_have_count(2)


async def _call(stage: Stage, language: str) -> None:
    await _shut_topic(stage, language)
    await stage.page.click('[data-act="call-me"]')
    stage.excused += ("400 (Bad Request)",)
    await stage.page.fill("#change-to", "x")
    await stage.page.click('[data-act="change-send"]')
    await expect(stage.page.locator("#change-error")).to_be_visible()


async def _called(stage: Stage, language: str) -> None:
    await _call(stage, language)
    await stage.page.fill("#change-to", "050 339 1387")
    await stage.page.click('[data-act="change-send"]')
    await expect(stage.screen("changed")).to_be_visible()


STATES: dict[str, Callable[[Stage, str], Awaitable[None]]] = {
    "start": _start,
    "topics": _topics,
    "chosen": _chosen,
    "shut_topic": _shut_topic,
    "call": _call,
    "called": _called,
    "waiting": _waiting,
    "offers": _offers,
    "change": _change,
    "changed": _changed,
    "unstaffed": _unstaffed,
    "talking": _talking,
    "asked": _asked,
    "goodbye": _goodbye,
    "offline": _offline,
    "away": _away,
    "confirm": _confirm,
    "closed": _closed,
    "shut": _shut,
    "leave": _leave,
    "left": _left,
    "replaced": _replaced,
    "missing": _missing,
    "demo": _demo,
}


async def _violations(stage: Stage) -> list[Any]:
    stage.excused += ("inline style",)  # axe-core tries some on elements of its own
    return await violations(stage.page)


async def _cut_off(stage: Stage) -> Any:
    return await stage.page.evaluate(
        """() => [...document.querySelectorAll('#app *')].filter((one) => {
          const box = one.getBoundingClientRect();
          return one.checkVisibility() && !one.closest('.hidden') && box.width > 1
            && (box.right > innerWidth + 1 || box.left < -1);
        }).map((one) => one.outerHTML.slice(0, 120)).concat(
          document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])"""
    )


async def _below(stage: Stage) -> list[str]:
    """The chat fills its window and scrolls inside: below it is nothing to scroll to."""
    chat = await stage.page.locator(".chat-page").count()
    longer = chat and await stage.page.evaluate(
        "document.documentElement.scrollHeight > innerHeight"
    )
    return ["the page scrolls below the chat"] if longer else []


@pytest.mark.accessibility
@pytest.mark.parametrize("state", STATES)
async def test_axe_finds_nothing(stage: Stage, state: str) -> None:
    await STATES[state](stage, "fi")

    async def check() -> list[Any]:
        if state == "talking":  # what an agent types is shown for some seconds only
            await stage.desk.tell("typing")
            await expect(stage.page.locator("[data-typing]")).to_be_visible()
        wrong: list[Any] = await _violations(stage) + await _cut_off(stage)
        return wrong + await _below(stage)

    page = stage.page
    assert await in_every_look(page, check, sizes=[NARROW], themes=BOTH_THEMES) == {}
    await wear(page, EXTREME)
    assert await in_every_look(page, check, sizes=[FRAME], themes=BOTH_THEMES) == {}


TYPED = """[...document.querySelectorAll('textarea, input:not([type="file"])')]
  .map((one) => one.value)"""
SHOWN = """(document.querySelector('#app, main')).innerText + [...document.querySelectorAll('*')]
  .map((one) => [one.ariaLabel, one.title, one.placeholder].join(' ')).join(' ')"""


@cache
def _only_in(language: str) -> list[str]:
    """The chat's texts that no other language has: whole ones, as long as no word is."""
    texts = {code: Catalogue.load().texts(code) for code in LANGUAGES}
    others = {text for code in LANGUAGES if code != language for text in texts[code].values()}
    own = (text for key, text in texts[language].items() if key.startswith("chat."))
    return [text for text in own if len(text) > 12 and "{" not in text and text not in others]


async def _switch(stage: Stage, language: str) -> None:
    """By script: a dialog may stand before the languages, which a citizen would close first."""
    button = f".languages [lang='{language}']"
    await stage.page.evaluate(f'document.querySelector("{button}").click()')
    await expect(stage.page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("size", [(320, 256)])
async def test_every_state_is_in_every_language_at_a_great_zoom(stage: Stage) -> None:
    """Switched where it stands: all words change, what was typed stays, nothing is cut off, from
    right to left neither."""
    for name, state in STATES.items():
        await stage.page.goto(f"{stage.url}/widget.js")
        await stage.page.evaluate("localStorage.clear()")
        stage.desk.__init__()  # type: ignore[misc]
        await state(stage, "fi")
        typed = await stage.page.evaluate(TYPED)
        languages = ("sv", "en") if await stage.page.locator(".languages").count() else ()
        for language in languages or ("fi",):
            if languages:
                await _switch(stage, language)
            assert await _cut_off(stage) == [], name
            shown = await stage.page.evaluate(SHOWN)
            assert not re.search(r"chat\.[a-z]|⟦|undefined|\bnull\b", shown), name
            left = [one for code in LANGUAGES if code != language for one in _only_in(code)]
            assert [one for one in left if one in shown] == [], name
            assert await stage.page.evaluate(TYPED) == typed, name
        await stage.page.evaluate("document.documentElement.dir = 'rtl'")
        assert await _cut_off(stage) == [], name


@pytest.mark.parametrize(
    "text",
    [
        '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>',
        "<scr<script>ipt>window.hit=1</scr</script>ipt>",
        "javascript:window.hit=1 data:text/html,<script>hit=1</script>",
        "${window.hit=1} {{hit}} &lt;b&gt; <b>lihava</b>",
        "pitkäsana" * 200,
        "👩‍👩‍👧‍👦🇫🇮 \u202eoikealta \u05e9\u05dc\u05d5\u05dd vasemmalle\u202c",
    ],
)
@pytest.mark.parametrize("size", [NARROW])
async def test_words_are_only_ever_words(stage: Stage, desk: Desk, text: str) -> None:
    await stage.talk(text)
    for kind in ("agent_came", "agent_left"):
        await desk.tell(kind, id=kind, at=AT.format(0), agent=text[:60], why="lost")
    await desk.say(text, sender=text[:60], choices=[text[:60]])
    await expect(stage.page.locator('[data-act="choose"]')).to_have_text(text[:60].strip())
    await expect(stage.page.locator(".theirs .text")).to_have_text(text)
    await expect(stage.page.locator(".own .text")).to_have_text(text)
    for side in (".own", ".theirs"):
        assert await stage.page.locator(f"{side} .text").get_attribute("dir") == "auto"
    await desk.tell("joined", agent=text[:60])
    await desk.tell("typing")
    await expect(stage.page.locator("[data-typing]")).to_be_visible()
    assert await stage.page.evaluate("window.hit") is None
    assert await stage.page.locator(".said :is(a, img, script, b)").count() == 0
    assert await _cut_off(stage) == []


async def test_links_lead_out_and_tell_nothing(stage: Stage, desk: Desk) -> None:
    await stage.talk()
    await desk.say("Katso https://example.org/a?b=1&c=<x> tai (http://example.org/d).")
    links = stage.page.locator(".theirs a")
    await expect(links).to_have_count(2)
    assert [await one.get_attribute("href") for one in await links.all()] == [
        "https://example.org/a?b=1&c=",
        "http://example.org/d",
    ]
    for one in await links.all():
        assert await one.get_attribute("rel") == "noopener noreferrer nofollow"
        assert await one.get_attribute("target") == "_blank"


@pytest.mark.parametrize("query", ["queue=general", "organisation=mikkeli"])
async def test_the_first_load_is_light(stage: Stage, query: str) -> None:
    loaded: dict[str, int] = {}
    styles: list[bytes] = []

    async def weigh(response: Any) -> None:
        body = await response.body()
        loaded[response.url] = len(gzip.compress(body, 9))
        styles.extend([body] if ".css" in response.url else [])

    stage.page.on("response", weigh)
    await stage.page.goto(f"{stage.url}/chat?{query}&lang=fi")
    await expect(stage.page.locator(".chat h2")).to_be_visible()
    await stage.page.wait_for_load_state("networkidle")
    assert b"--color-white:" in b"".join(styles)  # the design system's are among them
    assert len(styles) == 2  # and stand in ours: no sheet waits for another
    assert 20 < len(loaded) <= MOST_FILES + 2 * ("organisation" in query)
    assert sum(loaded.values()) <= MOST_GZIPPED


async def test_without_script_it_says_so_where_it_is_seen(browser: Browser, stage: Stage) -> None:
    page = await browser.new_page(java_script_enabled=False)
    await page.goto(f"{stage.url}/chat?queue=general&lang=en")
    await expect(page.locator("noscript p")).to_be_in_viewport()
    await expect(page.locator("#app")).to_be_hidden()
    await page.close()
