"""A stranger's HTML in a real browser: nothing runs, nothing is fetched, nothing is left of it that
could; images come from the mail itself, and from elsewhere only when asked for."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route

from channels.email.mime import read_mail
from contactcenter.kernel import blobs
from contactcenter.web.agent import mail_page
from tests.web.mail_attacks import ATTACKS, CANARY

pytestmark = pytest.mark.needs_package("chromium")
CENTRE = "https://centre.example"
FORBIDDEN = (
    "script, form, iframe, frame, object, embed, applet, svg, math, video, audio, link, input,"
    " button, select, textarea, template, body style, body base, body meta, [style], [class], [id],"
    " [srcset], [background], [ping], [target]:not(base), [formaction]"
)
# What is left of a page as a browser reads it: forbidden elements, handlers, odd addresses.
LEFT = """([html, forbidden]) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = [...page.querySelectorAll(forbidden)].map((one) => one.outerHTML);
  for (const one of page.querySelectorAll("*")) for (const {name, value} of one.attributes) {
    const address = name === "href" || name === "src";
    if (name.startsWith("on") || (address && !/^(https?:|mailto:|tel:|data:image\\/)/.test(value)))
      found.push(one.outerHTML);
  }
  return found;
}"""
TWICE = """(html) => { const at = document.createElement("div"); document.body.append(at);
  at.innerHTML = html; at.innerHTML = at.innerHTML; }"""


def png(width: int = 2, height: int = 3) -> bytes:
    """A picture that a browser shows, if it is not too large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * (3 * 2)) * 3)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def stored(html: str) -> str:
    """The HTML of such a mail as it is stored."""
    head = b"From: a@b.example\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
    inbound = read_mail(head + b"\r\n" + base64.encodebytes(html.encode()), to=())
    return inbound.html or ""


class Room:
    """A browser's page whose whole network is in the test's hands."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: dict[str, tuple[str, dict[str, str]]] = {}
        self.asked: list[str] = []  # of others than the centre
        self.dialogs: list[str] = []

    async def answer(self, route: Route) -> None:
        url = route.request.url
        found = self.pages.get(url.removeprefix(CENTRE))
        if found is None:
            self.asked.append(url)
            await route.fulfill(status=200, body=png(), content_type="image/png")
        else:
            await route.fulfill(body=found[0], headers=found[1], content_type="text/html")

    async def frames(self, sandbox: str, *names: str) -> None:
        """Open a page of ours that frames these."""
        frames = "".join(f'<iframe {sandbox} src="{name}"></iframe>' for name in names)
        self.pages["/"] = (f"<!doctype html>{frames}", {})
        await self.page.goto(CENTRE + "/", wait_until="load")


@asynccontextmanager
async def opened(chromium: Browser) -> AsyncIterator[Room]:
    context = await chromium.new_context()
    room = Room(await context.new_page())
    await context.route("**/*", room.answer)

    async def heard(dialog: Any) -> None:
        room.dialogs.append(dialog.message)
        await dialog.dismiss()

    room.page.on("dialog", heard)
    try:
        yield room
    finally:
        await context.close()


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Room]:
    async with opened(browser) as room:
        yield room


@pytest.fixture
async def pages() -> list[str]:
    """A page for each attack."""
    return [
        await mail_page.page(None, stored(f"<p>x</p>{attack}"), [], remote=False)  # type: ignore[arg-type]
        for attack in ATTACKS
    ]


async def test_the_room_would_notice(stage: Room) -> None:
    stage.pages["/bad"] = (f'<img src="{CANARY}/a" onload="alert(1)">', {})
    await stage.frames("", "/bad")
    await stage.page.wait_for_function("document.querySelector('iframe').contentDocument.body")
    assert stage.asked == [f"{CANARY}/a"]
    assert stage.dialogs == ["1"]
    assert await stage.page.evaluate(LEFT, ["<p onclick=x><a href=y>", FORBIDDEN])


@pytest.mark.parametrize("sandbox", ['sandbox=""', ""])
async def test_nothing_runs_and_nothing_is_fetched(
    stage: Room, pages: list[str], sandbox: str
) -> None:
    assert len(pages) >= 60
    for number, page in enumerate(pages):
        stage.pages[f"/{number}"] = (page, mail_page.headers(remote=False))
    await stage.frames(sandbox, *(f"/{n}" for n in range(len(pages))))
    assert (stage.asked, stage.dialogs) == ([], [])
    assert await stage.page.evaluate("window.fired") is None


async def test_cleaning_alone_is_enough(stage: Room, pages: list[str]) -> None:
    """Without sandbox and policy, and parsed a second time as an editor would."""
    for number, page in enumerate(pages):
        stage.pages[f"/{number}"] = (page, {})
    await stage.frames("", *(f"/{n}" for n in range(len(pages))))
    for page, attack in zip(pages, ATTACKS, strict=True):
        await stage.page.evaluate(TWICE, page)
        assert await stage.page.evaluate(LEFT, [page, FORBIDDEN]) == [], attack
    await stage.page.evaluate("new Promise(requestAnimationFrame)")
    assert (stage.asked, stage.dialogs) == ([], [])
    assert await stage.page.evaluate("window.fired") is None


def row(content_id: str, blob_id: int, size: int, media_type: str = "image/png") -> Any:
    file = {"content_id": content_id, "blob_id": blob_id, "size": size, "media_type": media_type}
    return file | {"scan": "clean"}


async def test_images_of_the_mail_are_shown(stage: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {1: png(), 2: png(60_000, 60_000), 3: b"\x89PNG no image", 4: b"x"}

    async def get(db: object, blob_id: int) -> AsyncIterator[bytes]:
        yield kept[blob_id][:10]
        yield kept[blob_id][10:]

    monkeypatch.setattr(blobs, "get", get)
    html = stored("".join(f'<img src="cid:{n}" alt="{n}">' for n in range(6)))
    images = [row(str(n), n, len(content)) for n, content in kept.items()]
    images[3]["size"] = mail_page.MAX_BYTES
    page = await mail_page.page(None, html, images, remote=False)  # type: ignore[arg-type]
    assert page.count(" src=") == 1
    shut = [one | {"scan": "infected"} for one in images]  # nothing that was found is drawn
    assert " src=" not in await mail_page.page(None, html, shut, remote=False)  # type: ignore[arg-type]
    stage.pages["/mail"] = (page, mail_page.headers(remote=False))
    await stage.page.goto(CENTRE + "/mail")
    shown = await stage.page.locator("img").evaluate_all("all => all.map(i => i.naturalWidth)")
    assert shown == [0, 2, 0, 0, 0, 0]
    assert stage.asked == []


@pytest.mark.parametrize("remote", [False, True])
async def test_images_from_elsewhere_come_when_asked_for(stage: Room, remote: bool) -> None:
    html = stored(
        f'<img src="{CANARY}/a?b=1&amp;c=2" alt="a"><img src="http://n.example/b" alt="b">'
        f'<p style="background:url({CANARY}/c)">x</p><img src="http://127.0.0.1/d" alt="d">'
    )
    page = await mail_page.page(None, html, [], remote=remote)  # type: ignore[arg-type]
    stage.pages["/mail"] = (page, mail_page.headers(remote=remote))
    await stage.frames('sandbox=""', "/mail")
    expected = [f"{CANARY}/a?b=1&c=2", "https://n.example/b"] if remote else []
    assert sorted(stage.asked) == expected
