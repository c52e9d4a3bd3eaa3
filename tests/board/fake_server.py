"""The board's page and its socket, with frames as the test wants them, under the content security
policy that the product sends. For the tests, and for looking at the board while working on it:

    python -m tests.board.fake_server 8098 [sv] [crowd]
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from contactcenter.web.security import CSP
from contactcenter.web.vendor import IMPORT_MAP, is_served
from tests.board.scenes import Frame, ago, crowd, outlook, staff, working_day
from tests.places import places_json

UI = Path(__file__).parents[2] / "agent_ui"
NAMES = {
    "city": {"fi": "Mikkeli", "sv": "S:t Michel", "en": "Mikkeli"},
    "kela": {"fi": "Kela", "sv": "FPA", "en": "Kela"},
}


@dataclass
class Station:
    """What the board is told, and what the network does to it."""

    queues: list[Frame] = field(default_factory=working_day)
    agents: list[Frame] = field(default_factory=staff)
    outlook: list[Frame] = field(default_factory=outlook)
    uncovered: list[Frame] = field(default_factory=list)
    zone: str | None = "Europe/Helsinki"
    language: str = "fi"
    role: str = "supervisor"
    signed_in: bool = True
    ahead_s: float = 0.0  # the clock of figures: a test that moves the page's clock moves this one
    silent: bool = False  # a socket that opens gets no first frame
    closed: bool = False  # lets nobody in
    asked: list[str] = field(default_factory=list)  # every path that was asked for
    ended: list[str] = field(default_factory=list)  # agents whose shift was ended
    refusal: str = ""  # what is said against ending one
    tabs: set[web.WebSocketResponse] = field(default_factory=set)
    opened: int = 0  # sockets so far
    listening: asyncio.Event = field(default_factory=asyncio.Event)  # a board hears what is told

    def frame(self, age_s: float = 0.0) -> Frame:
        """The figures, true `age_s` ago."""
        return {
            "type": "board",
            "at": ago(age_s - self.ahead_s),
            "zone": self.zone,
            "queues": self.queues,
            "agents": self.agents,
            "outlook": self.outlook,
            "uncovered": self.uncovered,
        }

    async def tell(self, age_s: float = 0.0) -> str:
        """Send the figures to every board; returns when they were true."""
        frame = self.frame(age_s)
        text = json.dumps(frame)
        for ws in list(self.tabs):
            try:
                await ws.send_str(text)
            except ConnectionError:
                self.tabs.discard(ws)
        return str(frame["at"])

    async def cut(self) -> None:
        """The network is gone: sockets break without a close frame, new ones are refused."""
        self.closed = True
        for ws in list(self.tabs):
            transport = ws._req.transport if ws._req is not None else None
            if transport is not None:
                transport.abort()

    async def close_all(self, code: int) -> None:
        """Close every socket with a code."""
        for ws in list(self.tabs):
            await ws.close(code=code)


STATION = web.AppKey("station", Station)


async def _socket(request: web.Request) -> web.StreamResponse:
    station = request.app[STATION]
    if station.closed:
        raise web.HTTPServiceUnavailable
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    station.opened += 1
    if not station.signed_in:
        await ws.close(code=4401)
        return ws
    if not station.silent:
        await ws.send_str(json.dumps(station.frame()))
    station.tabs.add(ws)
    station.listening.set()
    async for _ in ws:  # what a board says is no business of the figures
        await ws.send_str(json.dumps({"type": "error", "code": "unknown_type", "ref": "alive"}))
    station.tabs.discard(ws)
    return ws


def page(language: str, role: str) -> str:
    """board.html as the server renders it."""
    texts = json.loads((UI / "locales" / f"{language}.json").read_text("utf-8"))
    templates = Environment(loader=FileSystemLoader(UI / "templates"), autoescape=True)
    return templates.get_template("board.html").render(
        lang=language,
        import_map=Markup(IMPORT_MAP),
        t=texts.__getitem__,
        organisations=json.dumps(NAMES),
        staff=json.dumps([next(iter(NAMES))]),
        places_json=places_json(role, "/board"),
    )


async def _board(request: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
    html = page(request.app[STATION].language, request.app[STATION].role)
    return web.Response(text=html, content_type="text/html", headers=headers)


async def _session(request: web.Request) -> web.Response:
    station = request.app[STATION]
    if request.method == "DELETE":
        station.signed_in = False
        return web.Response(status=204)
    if not station.signed_in:
        raise web.HTTPUnauthorized
    return web.json_response({"user": {"name": "Seppo Esihenkilö", "role": station.role}})


async def _language(request: web.Request) -> web.Response:
    request.app[STATION].language = str((await request.post())["language"])
    raise web.HTTPSeeOther("/board")


async def _end_shift(request: web.Request) -> web.Response:
    station = request.app[STATION]
    if station.refusal:
        return web.json_response({"code": "wrong_state", "message": station.refusal}, status=409)
    station.ended.append(request.match_info["agent"])
    return web.Response(status=204)


async def _locale(request: web.Request) -> web.FileResponse:
    return web.FileResponse(UI / "locales" / f"{request.match_info['language']}.json")


async def _vendor(request: web.Request) -> web.FileResponse:
    path = request.match_info["path"]
    if not is_served(path):
        raise web.HTTPNotFound
    return web.FileResponse(UI / "node_modules" / path)


async def _login(request: web.Request) -> web.Response:
    request.app[STATION].asked.append(request.path_qs)
    html = '<!doctype html><link rel="icon" href="data:"><title>Sign in</title>'
    return web.Response(text=html, content_type="text/html")


def make_app(station: Station) -> web.Application:
    """The application over a station."""
    app = web.Application()
    app[STATION] = station
    app.add_routes(
        [
            web.get("/board", _board),
            web.get("/login", _login),
            web.get("/console", _login),
            web.get("/ws/board", _socket),
            web.get("/api/session", _session),
            web.delete("/api/session", _session),
            web.post("/api/agents/{agent}/end-shift", _end_shift),
            web.get("/api/locales/{language}.json", _locale),
            web.post("/account/language", _language),
            web.static("/static", UI / "static"),
            web.get("/vendor/{path:.+}", _vendor),
        ]
    )
    return app


async def _play(app: web.Application) -> None:
    """A frame twice a second, as the product sends them; waits grow."""
    station = app[STATION]
    while True:
        await asyncio.sleep(0.5)
        for one in station.queues:
            if one["longest_wait_s"] is not None:
                one["longest_wait_s"] += 0.5
        await station.tell()


async def _start_playing(app: web.Application) -> None:
    app[_PLAYER] = asyncio.create_task(_play(app))


_PLAYER: web.AppKey[asyncio.Task[None]] = web.AppKey("player")

if __name__ == "__main__":
    shown = Station(language=next((word for word in sys.argv if word in ("sv", "en")), "fi"))
    if "crowd" in sys.argv:
        shown.queues, shown.agents = crowd(1000, 60)
    made = make_app(shown)
    made.on_startup.append(_start_playing)
    web.run_app(made, host="127.0.0.1", port=int(sys.argv[1]))
