"""The console's pages and its socket over a `Centre`, under the content security policy that the
product sends. For the tests, and for looking at the console while working on it:

    python -m tests.console.fake_server 8099 [chat | calls | mail] [sv]
"""

from __future__ import annotations

import asyncio
import json
import sys
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import WSMsgType, web
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from contactcenter.web.security import CSP
from contactcenter.web.vendor import IMPORT_MAP, is_served
from tests.console import fake_mail, fake_verbs
from tests.console.fake_centre import ME, Centre, Frame, ago
from tests.console.fake_persons import Persons
from tests.console.scenes import DISPOSITIONS, QUEUES, TEMPLATES, working_day
from tests.console.scenes_calls import calls
from tests.console.scenes_chat import chats
from tests.console.scenes_mail import mails
from tests.places import places_json

UI = Path(__file__).parents[2] / "agent_ui"
STATES = ["available", "away", "break", "training", "offline"]
# One pixel.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
REASONS = ["not_mine", "busy", "break", "technical", "conflict", "other"]
_HOUSE = [{"key": key, "name": None} for key in REASONS]
_PARTNER = [{"key": "skill", "name": {"fi": "En tunne etuutta", "sv": "Jag kan inte förmånen"}}]
DECLINING = [
    {"organisation": "city", "reasons": _HOUSE, "free": True},
    {"organisation": "partner", "reasons": _PARTNER, "free": False},
]


def page(language: str, role: str = "agent") -> str:
    """console.html as the server renders it."""
    templates = Environment(loader=FileSystemLoader(UI / "templates"), autoescape=True)
    template = templates.get_template("console.html")
    shown = places_json(role, "/console")
    return template.render(lang=language, import_map=Markup(IMPORT_MAP), places_json=shown)


class Door:
    """The open sockets, and what the network does to them."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.tabs: set[web.WebSocketResponse] = set()
        self.closed = False  # lets nobody in
        self.deaf_to: set[str] = set()  # answers to these types get lost, once
        self.signed_in = True
        self.uploading = asyncio.Event()  # cleared: files stay on their way
        self.uploading.set()
        self.asked: list[str] = []  # every path that was asked for
        centre.tell_all = self.tell
        self._tasks: set[asyncio.Task[None]] = set()
        self._losing = False

    def tell(self, frame: Frame) -> None:
        """Send a frame to every tab."""
        if not self._losing:
            for ws in list(self.tabs):
                self._spawn(ws, frame)

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

    def hear(self, frame: Frame) -> Frame | None:
        """Do a frame; of a type it is deaf to, the answer is lost."""
        self._losing = frame["type"] in self.deaf_to
        self.deaf_to.discard(frame["type"])
        try:
            answer = fake_verbs.do(self.centre, frame)
        finally:
            lost, self._losing = self._losing, False
        return None if lost else answer

    def _spawn(self, ws: web.WebSocketResponse, frame: Frame) -> None:
        task = asyncio.ensure_future(_send(ws, frame))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _send(ws: web.WebSocketResponse, frame: Frame) -> None:
    try:
        await ws.send_str(json.dumps(frame))
    except ConnectionError:
        pass  # the tab is gone


async def _socket(request: web.Request) -> web.StreamResponse:
    door, centre = request.app[DOOR], request.app[CENTRE]
    if door.closed:
        raise web.HTTPServiceUnavailable
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    first = await ws.receive()
    if first.type != WSMsgType.TEXT:
        return ws
    missed = centre.since(json.loads(first.data)["after"])
    for frame in [centre.snapshot()] if missed is None else missed:
        await _send(ws, frame)
    if missed is not None:
        await _send(ws, {"type": "resumed", "seq": centre.seq})
    door.tabs.add(ws)
    async for message in ws:
        if message.type == WSMsgType.TEXT:
            answer = door.hear(json.loads(message.data))
            if answer is not None:
                await _send(ws, answer)
    door.tabs.discard(ws)
    return ws


async def _console(request: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": CSP, "Cache-Control": "no-store"}
    html = page(request.app[CENTRE].language, request.app[CENTRE].role)
    return web.Response(text=html, content_type="text/html", headers=headers)


async def _info(request: web.Request) -> web.Response:
    if not request.app[DOOR].signed_in:
        raise web.HTTPUnauthorized
    user = {"id": ME, "name": "Aino Virtanen", "role": "agent", "organisation": "city"}
    agents = [
        {"id": "8", "name": "Otso Lindström", "state": "available"},
        {"id": "9", "name": "Siiri Mäkelä-Nieminen", "state": "break"},
    ]
    return web.json_response(
        {
            "user": user
            | {"language": request.app[CENTRE].language, "may_pull": request.app[CENTRE].may_pull},
            "queues": QUEUES,
            "dispositions": DISPOSITIONS,
            "reasons": WHY,
            "templates": TEMPLATES,
            "agents": agents,
            "zone": request.app[CENTRE].zone,
            "states": STATES,
            "decline_reasons": REASONS,
            "declining": DECLINING,
        }
    )


async def _waiting(request: web.Request) -> web.Response:
    cards = request.app[CENTRE].cards.values()
    fields = ("contact", "queue", "channel", "language", "first_arrival", "wait_from")
    waits = sorted((c for c in cards if c["state"] == "queued"), key=lambda c: str(c["wait_from"]))
    return web.json_response({"contacts": [{name: c[name] for name in fields} for c in waits]})


async def _locale(request: web.Request) -> web.FileResponse:
    return web.FileResponse(UI / "locales" / f"{request.match_info['language']}.json")


async def _earlier(request: web.Request) -> web.Response:
    before, limit = int(request.query["before"]), int(request.query["limit"])
    told = request.app[CENTRE].messages[request.match_info["case"]]
    page = [message for message in told if message["seq"] < before][-limit:]
    return web.json_response({"messages": page, "more": bool(page) and page[0]["seq"] > 1})


async def _html(request: web.Request) -> web.Response:
    key = (request.match_info["case"], int(request.match_info["seq"]))
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'self'"}
    html = request.app[CENTRE].html[key]
    return web.Response(text=html, content_type="text/html", headers=headers)


async def _rest(request: web.Request) -> web.Response:
    key = (request.match_info["case"], int(request.match_info["seq"]))
    return web.json_response({"rest": request.app[CENTRE].rests[key]})


async def _why(request: web.Request) -> web.Response:
    """The one decision, as the house keeps it."""
    counts = {"unable": 3, "out": 1, "full": 0, "busy": 0, "declined": 0}
    decision = {"agent": "Aino Virtanen", "known": False, "others": 2, "counts": counts}
    before = {
        "at": "2026-11-26T08:02:00+00:00",
        "what": "declined",
        "agent": None,
        "me": False,
        "reason": {"key": "busy", "name": None},
        "by": None,
    }
    told = {"steps": [{"why": "level"}], "decisions": [decision], "history": [before]}
    return web.json_response(told)


SERVICES = [
    {"id": 1, "name": {"fi": "Katuvalot", "sv": "Gatubelysning", "en": "Street lights"}},
    {"id": 2, "name": {"fi": "Lumityöt", "sv": "Snöröjning", "en": "Snow clearing"}},
]


async def _service(request: web.Request) -> web.Response:
    """Which service a case is about: two are suggested, until one is said."""
    centre, case = request.app[CENTRE], request.match_info["case"]
    if request.method == "POST":
        centre.services[case] = (await request.json())["service"]
    said = centre.services.get(case)
    service = SERVICES[said - 1] | {"removed": False} if said else None
    suggested = SERVICES[1:] if request.query.get("find") else SERVICES
    return web.json_response({"service": service, "suggested": suggested})


AREAS = [
    {"key": "centre", "name": {"fi": "Keskusta", "sv": "Centrum", "en": "Centre"}},
    {"key": "islands", "name": {"fi": "Saaret", "sv": "Öarna", "en": "Islands"}},
]


async def _area(request: web.Request) -> web.Response:
    """Which part of the city a case is about: one is suggested, until any is said."""
    centre, case = request.app[CENTRE], request.match_info["case"]
    if request.method == "POST":
        centre.areas[case] = (await request.json())["area"]
    said = centre.areas.get(case)
    near = None if case in centre.areas else "islands"
    told = {"area": said, "by": "agent" if said else None, "areas": AREAS, "suggested": near}
    return web.json_response(told)


WHY: list[dict[str, object]] = [
    {"key": "question", "name": {"fi": "Neuvonta", "en": "Advice"}, "organisation": "city"},
    {"key": "fault", "name": {"fi": "Vika", "en": "Fault"}, "organisation": "city"},
    {"key": "other", "name": {"fi": "Muu syy", "en": "Another"}, "organisation": "city"},
]


async def _reason(request: web.Request) -> web.Response:
    """What is proposed in wrap-up: of a repeat."""
    return web.json_response({"reason": "fault", "mark": "unsolved", "repeat": True})


async def _feedback(request: web.Request) -> web.Response:
    """What opened a case unasked: nothing, or what a test laid there."""
    centre, case = request.app[CENTRE], request.match_info["case"]
    if request.method == "POST":
        sent = await request.json()
        centre.feedback[case] |= sent | {"decided_at": ago(0), "decided_by": "Aino"}
    return web.json_response({"feedback": centre.feedback.get(case)})


async def _reply(request: web.Request) -> web.Response:
    return web.json_response(fake_mail.reply(request.app[CENTRE], request.match_info["contact"]))


async def _upload(request: web.Request) -> web.Response:
    """Taken; held up or refused where the test says so."""
    centre, door, name = request.app[CENTRE], request.app[DOOR], request.query["name"]
    body = await request.read()
    await door.uploading.wait()
    if name.endswith(".exe"):
        refusal = {"code": "bad_request", "message": "Ohjelmia ei voi liittää.", "field": "name"}
        return web.json_response(refusal, status=400)
    file = {"id": str(9000 + len(centre.uploads)), "name": name, "media_type": request.content_type}
    centre.uploads[file["id"]] = file | {"size": len(body)}
    return web.json_response(centre.uploads[file["id"]], status=201)


async def _attachment(request: web.Request) -> web.Response:
    headers = {
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(body=PNG, content_type="application/octet-stream", headers=headers)


async def _scan(request: web.Request) -> web.Response:
    """Busy at first."""
    if request.app[DOOR].asked.count(request.path) == 1:
        no = {"code": "unavailable", "message": "Hetken kuluttua uudelleen.", "retry_after_s": 1}
        return web.json_response(no, status=503)
    return web.json_response({"id": request.match_info["id"], "scan": "waiting"})


async def _language(request: web.Request) -> web.Response:
    request.app[CENTRE].language = str((await request.post())["language"])
    raise web.HTTPSeeOther("/console")


async def _vendor(request: web.Request) -> web.FileResponse:
    path = request.match_info["path"]
    if not is_served(path):
        raise web.HTTPNotFound
    return web.FileResponse(UI / "node_modules" / path)


async def _sign_out(request: web.Request) -> web.Response:
    request.app[DOOR].signed_in = False
    return web.Response(status=204)


async def _login(request: web.Request) -> web.Response:
    html = '<!doctype html><link rel="icon" href="data:"><title>Sign in</title>'
    return web.Response(text=html, content_type="text/html")


CENTRE = web.AppKey("centre", Centre)
DOOR = web.AppKey("door", Door)
PERSONS = web.AppKey("persons", Persons)


@web.middleware
async def _noted(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    request.app[DOOR].asked.append(request.path)
    return await handler(request)


def make_app(centre: Centre) -> web.Application:
    """The application; `app[DOOR]` plays the network."""
    app = web.Application(middlewares=[_noted], client_max_size=20_000_000)
    app[CENTRE] = centre
    app[DOOR] = Door(centre)
    app[PERSONS] = persons = Persons()
    app.add_routes(persons.routes())
    app.add_routes(
        [
            web.get("/console", _console),
            web.get("/login", _login),
            web.get("/ws/agent", _socket),
            web.get("/api/console", _info),
            web.get("/api/waiting/mine", _waiting),
            web.get("/api/locales/{language}.json", _locale),
            web.get("/api/cases/{case}/messages", _earlier),
            web.get("/api/messages/{case}/{seq}/html", _html),
            web.get("/api/messages/{case}/{seq}/rest", _rest),
            web.get("/api/attachments/{id}", _attachment),
            web.post("/api/attachments/{id}/scan", _scan),
            web.get("/api/contacts/{contact}/reply", _reply),
            web.get("/api/contacts/{contact}/why", _why),
            web.get("/api/cases/{case}/feedback", _feedback),
            web.post("/api/cases/{case}/feedback", _feedback),
            web.get("/api/cases/{case}/service", _service),
            web.post("/api/cases/{case}/service", _service),
            web.get("/api/cases/{case}/area", _area),
            web.post("/api/cases/{case}/area", _area),
            web.get("/api/contacts/{contact}/reason", _reason),
            web.post("/api/uploads", _upload),
            web.delete("/api/session", _sign_out),
            web.static("/static", UI / "static"),
            web.post("/account/language", _language),
            web.get("/vendor/{path:.+}", _vendor),
        ]
    )
    return app


if __name__ == "__main__":
    scenes = {"chat": chats, "calls": calls, "mail": mails}
    shown = next((scenes[word] for word in sys.argv if word in scenes), working_day)()
    shown.language = next((word for word in sys.argv if word in ("sv", "en")), "fi")
    web.run_app(make_app(shown), host="127.0.0.1", port=int(sys.argv[1]))
