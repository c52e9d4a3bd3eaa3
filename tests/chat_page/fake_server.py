"""The chat's real pages and files over a socket that a test plays, and a city's page on another
origin. Also for looking at the chat while working on it:

    python -m tests.chat_page.fake_server 8098
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from aiohttp import WSMsgType, web
from prometheus_client import CollectorRegistry

from contactcenter.cases.feedback_links import FeedbackLinks
from contactcenter.config import load_settings
from contactcenter.kernel.i18n import Catalogue
from contactcenter.web import download, static
from contactcenter.web.citizen import chat_pages
from contactcenter.web.citizen.chat_matters import ChatMatter
from contactcenter.web.errors import errors
from contactcenter.web.observe import TRAFFIC, Traffic, observe
from contactcenter.web.pages import ENVIRONMENT, environment
from contactcenter.web.security import add_headers, guard
from contactcenter.web.services import SERVICES, DemoMail, Services

Frame = dict[str, Any]
NAMES = {"fi": "Yleinen neuvonta", "sv": "Allmän rådgivning", "en": "General advice"}
AT = "2026-11-24T08:{:02}:00.000000+00:00"
AGENT = "Aino Virtanen"
CITY_POLICY = "default-src 'none'; img-src data:; script-src {ours}; frame-src {ours}"
WIDGET = Path(__file__).parents[2] / "docs" / "widget.md"
Heard = Callable[[Frame], bool]


@dataclass
class Desk:
    """The other end of the chat. It welcomes, puts in line and echoes by itself, keeps every frame
    it heard, and does the rest when the test says so."""

    welcome: Frame | None = None  # answered to hello instead of a welcome
    after_welcome: list[Frame] = field(
        default_factory=lambda: [
            {"type": "waiting", "place": 3, "low_s": None, "high_s": None, "staffed": True}
        ]
    )
    offers: list[str] = field(default_factory=list)  # what the wait may be changed to
    echoes: bool = True
    files: Frame | None = field(default_factory=lambda: {"most_bytes": 10_000_000})
    place: Frame | None = field(default_factory=lambda: {"expires_in_s": 300})
    takes: asyncio.Event = field(default_factory=asyncio.Event)  # the bytes of files
    got: list[tuple[str, bytes]] = field(default_factory=list)  # their types, and they
    refuses: bool = False  # lets nobody in: the server is away
    heard: list[Frame] = field(default_factory=list)
    messages: list[Frame] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    paths: list[str] = field(default_factory=list)
    secrets: int = 0

    async def tell(self, kind: str, **more: object) -> None:
        """Send a frame to the page."""
        await self._send({"type": kind, **more})

    async def say(self, text: str, sender: str = AGENT, **more: object) -> Frame:
        """The agent writes."""
        return await self._add({"direction": "outbound", "from": sender, "text": text, **more})

    async def join(self) -> None:
        """The agent takes the chat; so it is after the next hello, too."""
        self.after_welcome = [{"type": "joined", "agent": AGENT}]
        await self.tell("joined", agent=AGENT)

    async def until(self, kind: str, wanted: Heard = lambda frame: True) -> Frame:
        """The newest frame of a type; waits for one."""

        def found() -> list[Frame]:
            return [one for one in self.heard if one["type"] == kind and wanted(one)]

        async with asyncio.timeout(15), self.changed:
            await self.changed.wait_for(found)
        return found()[-1]

    def of(self, kind: str) -> list[Frame]:
        """The frames of a type."""
        return [one for one in self.heard if one["type"] == kind]

    def cut(self) -> None:
        """The network is gone: sockets break without a close frame."""
        for ws in self.sockets:
            transport = ws._req.transport if ws._req is not None else None
            if transport is not None:
                transport.abort()
        self.sockets.clear()

    async def close(self, code: int) -> None:
        """End the socket with a code."""
        for ws in list(self.sockets):
            await ws.close(code=code)

    async def hear(self, frame: Frame) -> None:
        """Take a frame from the page."""
        await self._answer(frame)
        async with self.changed:
            self.heard.append(frame)
            self.changed.notify_all()

    async def _answer(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "hello":
            await self._greet(frame)
        elif kind == "message" and self.echoes:
            known = [one for one in self.messages if one.get("client_id") == frame["client_id"]]
            if known:
                await self.tell("message", **known[0])
                return
            own = {key: frame[key] for key in ("client_id", "text")}
            files = {"files": [FILES[one] for one in frame["files"]]} if "files" in frame else {}
            await self._add({"direction": "inbound", "from": "", **own, **files})
        elif kind == "upload" and self.place is not None:
            url = f"/chat/files/{frame['client_id']}"
            await self.tell("upload", client_id=frame["client_id"], url=url, **self.place)
        elif kind == "ping":
            await self.tell("pong")
        elif kind == "leave":
            await self.tell("closed", reason="left", case_url="/case/abc")

    async def _greet(self, hello: Frame) -> None:
        if self.welcome is not None:
            await self._send(self.welcome)
            return
        self.secrets += 1
        seq = self.messages[-1]["seq"] if self.messages else 0
        await self.tell(
            "welcome",
            contact="17",
            resume=f"secret-{self.secrets}",
            seq=seq,
            queue={"key": "general", "name": NAMES},
            language=hello["language"],
            offers=self.offers,
            files=self.files,
        )
        for one in self.messages:
            if one["seq"] > hello["after"]:
                await self.tell("message", **one)
        for frame in self.after_welcome:
            await self._send(frame)

    async def _add(self, message: Frame) -> Frame:
        seq = 2 * len(self.messages) + 1  # with gaps, as where notes stand
        message = {"seq": seq, "at": AT.format(len(self.messages) % 60), **message}
        self.messages.append(message)
        await self.tell("message", **message)
        return message

    async def _send(self, frame: Frame) -> None:
        for ws in list(self.sockets):
            try:
                await ws.send_str(json.dumps(frame))
            except ConnectionError:
                pass  # the page is gone


def matter(**known: Any) -> ChatMatter:
    """What a chat may be about: the queue "general", if nothing else is said."""
    plain: dict[str, Any] = {
        "organisation": "mikkeli",
        "group": {"fi": "Mikkelin kaupunki", "sv": "S:t Michels stad", "en": "City of Mikkeli"},
        "topic": "",
        "queue": "general",
        "names": NAMES,
        "hint": {},
        "languages": ("fi", "sv", "en"),
        "asks": ("name",),
        "stands": "open",
        "offers": ("leave_message", "callback"),
    }
    return ChatMatter(**plain | known)


PARKING = matter(
    topic="mikkeli/parking",
    queue="streets",
    names={"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"},
    hint={"fi": "asukaspysäköinti", "sv": "boendeparkering", "en": "residents' parking"},
    languages=("fi", "sv"),
    wait=(120, 480),
)
DAYCARE = matter(
    topic="mikkeli/daycare",
    queue="daycare",
    names={"fi": "Päivähoito", "sv": "Dagvård", "en": "Daycare"},
    hint={"fi": '"><img src=x onerror="window.hit=1">'},
    asks=("name", "language"),
    stands="closed",
    opens_at="2026-11-30T06:00:00+00:00",
)


class Matters:
    """As Services.chat_matters: one queue, and two topics where one is to be chosen."""

    async def one(self, topic: str, queue: str, language: str) -> ChatMatter | None:
        known = (PARKING, DAYCARE)
        if topic:
            return next((one for one in known if one.topic == topic), None)
        return matter() if queue == "general" else None

    async def topics(self, organisation: str | None, language: str) -> list[ChatMatter]:
        return [PARKING, DAYCARE] if organisation in (None, "mikkeli") else []


async def _hours(request: web.Request) -> web.StreamResponse:
    return web.json_response([["ma-pe", "8.00-16.00"], ["la 5.12.", "suljettu"]])


async def _callback(request: web.Request) -> web.StreamResponse:
    """Refuses what is no number."""
    body = await request.json()
    await request.config_dict[DESK].hear({"type": "asked_call", **body})
    if not body["number"].startswith("0"):
        no = {"code": "invalid_number", "message": "Tarkista numero.", "field": "number"}
        return web.json_response(no, status=400)
    return web.json_response({"contact": "9", "status_url": "/callback/abc"}, status=201)


DESK = web.AppKey("desk", Desk)


def file(id_: str, name: str, media_type: str, scan: str = "clean", **more: object) -> Frame:
    """A file as the server tells of it."""
    url = {"url": f"/file/{id_}"} if scan == "clean" else {}
    made = {"id": id_, "name": name, "media_type": media_type, "size": 1234, "scan": scan}
    return made | url | more


FILES = {
    one["id"]: one
    for one in (
        file("1", "pysäköintikyltti ja katu.png", "image/png"),
        file("2", "päätös.pdf", "application/pdf"),
        file("3", "h" + "y" * 60 + "vin pitkä nimi.pdf", "application/pdf", "waiting"),
        file("4", "lasku.pdf", "application/pdf", "infected", scan_name="Win.Test"),
    )
}
_PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def _upload(request: web.Request) -> web.StreamResponse:
    """Takes the bytes when the test lets it: the first file of FILES; refuses a program."""
    desk = request.config_dict[DESK]
    body = await request.read()
    await desk.takes.wait()
    if body.startswith(b"MZ"):
        no = {"code": "bad_request", "message": "Tiedosto voi sisältää ohjelman.", "field": "name"}
        return web.json_response(no, status=400)
    desk.got.append((request.content_type, body))
    return web.json_response(FILES[str(len(desk.got))], status=201)


async def _file(request: web.Request) -> web.StreamResponse:
    headers = download.headers("a.png", len(_PIXEL))
    return web.Response(body=_PIXEL, headers=headers)


async def _socket(request: web.Request) -> web.StreamResponse:
    desk = request.config_dict[DESK]
    if desk.refuses:
        raise web.HTTPServiceUnavailable
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    desk.sockets.append(ws)
    async for message in ws:
        if message.type == WSMsgType.TEXT:
            await desk.hear(json.loads(message.data))
    if ws in desk.sockets:
        desk.sockets.remove(ws)
    return ws


@web.middleware
async def _noted(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    request.config_dict[DESK].paths.append(request.path)
    return await handler(request)


def make_app(desk: Desk, url: str, origins: tuple[str, ...] = ()) -> web.Application:
    """The web application as it is built, without what needs a database."""
    settings = replace(load_settings({}), public_url=url, widget_origins=origins)

    nothing = cast(Any, None)  # no page of the citizen asks for these
    services = Services(
        db=nothing,
        limits=nothing,
        settings=settings,
        catalogue=Catalogue.load(),
        accounts=nothing,
        pages=nothing,
        feedback_links=FeedbackLinks(nothing, url),
        metrics=CollectorRegistry(),
        demo=True,
        demo_mail=DemoMail(nothing, "127.0.0.1", 25, nothing),
        chat_matters=Matters(),
    )
    app = web.Application(middlewares=[observe, _noted, errors, guard])
    app[SERVICES], app[ENVIRONMENT], app[DESK] = services, environment(), desk
    app[TRAFFIC] = Traffic(services.metrics)
    app.on_response_prepare.append(add_headers)
    app.add_routes([web.get("/chat/hours", _hours), web.post("/api/callbacks", _callback)])
    app.add_routes([*chat_pages.routes, *static.routes, web.get("/ws/chat", _socket)])
    app.add_routes([web.post("/chat/files/{token}", _upload), web.get("/file/{id}", _file)])
    return app


def city_page(
    ours: str, queue: str = "general"
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page of a city on its own origin, under a strict policy of its own. It includes the widget
    twice, as it happens where two editors meant well."""
    named = f'data-queue="{queue}" data-language="fi"'
    tag = f'<script src="{ours}/widget.js" {named} async></script>'
    html = (
        '<!doctype html><html lang="fi"><head><meta charset="utf-8"><title>Kaupunki</title>'
        f'<link rel="icon" href="data:">{tag}{tag}</head><body><main><h1>Kaupunki</h1>'
        '<p><a href="#top">Etusivu</a></p></main></body></html>'
    )

    async def handle(request: web.Request) -> web.Response:
        policy = CITY_POLICY.format(ours=ours)
        headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    return handle


def documented_page(ours: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page as docs/widget.md says: its first example and its link, under its policy and Trusted
    Types, and written from right to left."""
    said = WIDGET.read_text("utf-8").replace("https://contact.example.org", ours)
    tag, link = re.findall(r"```html\n(.*?)\n```", said, re.DOTALL)
    policy = re.search(r"```\n(script-src .*?)\n```", said)
    assert policy is not None
    strict = f"default-src 'none'; img-src data:; {policy[1]}; require-trusted-types-for 'script'"
    html = (
        '<!doctype html><html lang="sv" dir="rtl"><head><meta charset="utf-8"><title>Stad</title>'
        f'<link rel="icon" href="data:"></head><body><main><p>{link}</p></main>{tag}</body></html>'
    )

    async def handle(request: web.Request) -> web.Response:
        headers = {
            "Content-Security-Policy": strict,
            "Cross-Origin-Embedder-Policy": "require-corp",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    return handle


def wordpress_tag(ours: str, enqueued: str) -> str:
    """The tag of an enqueued script after the filter that docs/widget.md gives."""
    said = WIDGET.read_text("utf-8")
    replaced = re.search(r"str_replace\( '(.*?)', '(.*?)', \$tag \)", said)
    source = re.search(r"wp_enqueue_script\( 'contactcenter', '(.*?)'", said)
    assert replaced is not None
    assert source is not None
    address = source[1].replace("https://contact.example.org", ours)
    return enqueued.format(source=address).replace(replaced[1], replaced[2])


def wordpress_page(ours: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A page as WordPress sends it with the theme's lines of docs/widget.md, and with its link as
    kses leaves it in a post; under the documented policy."""
    tag = wordpress_tag(ours, '<script src="{source}" id="contactcenter-js"></script>')
    html = (
        '<!DOCTYPE html><html lang="sv-SE"><head><meta charset="UTF-8" /><title>Stad</title>'
        '<link rel="icon" href="data:"></head><body class="home blog wp-embed-responsive">'
        '<div class="wp-site-blocks"><main class="wp-block-group"><p><a href="/kontakt"'
        " data-contactcenter-open>Fråga</a></p></main>"
        f'<footer class="wp-block-template-part"></footer></div>{tag}</body></html>'
    )
    policy = f"default-src 'none'; img-src data:; script-src {ours}; frame-src {ours}"

    async def handle(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=html, content_type="text/html", headers=headers)

    return handle


async def _main(port: int) -> None:
    desk = Desk()
    desk.after_welcome.append({"type": "joined", "agent": AGENT})
    runner = web.AppRunner(make_app(desk, f"http://127.0.0.1:{port}"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
