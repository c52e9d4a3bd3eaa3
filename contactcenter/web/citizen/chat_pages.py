"""The citizen's chat: the loader that a city's page includes, the document that it opens in a
frame, for one queue or with topics to choose from, and the demo's city page.

Which pages may frame the chat is said by its own frame-ancestors: ours and the configured origins
(OWASP ASVS 5.0, 3.4.6). Nothing here reads or sets a cookie for the citizen.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, partial
from typing import Any

import msgspec
from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.citizen.chat_matters import ChatMatter
from contactcenter.web.citizen.matters import KEY, chosen
from contactcenter.web.citizen.sites import widget_origins
from contactcenter.web.i18n import language_of
from contactcenter.web.look import Look, Whose, look_of
from contactcenter.web.pages import page
from contactcenter.web.security import CSP
from contactcenter.web.services import services_of
from contactcenter.web.static import STATIC
from contactcenter.web.vendor import MODULES
from contactcenter.web.when import When

routes = web.RouteTableDef()
MAX_WIDGET = 3_500  # bytes, as served: it stands before a page that is not ours
DEMO_QUEUE = "general"
# The colours of widget.js, for which those of a theme are put.
_BRAND, _ON_BRAND = "#005799", "#fff"
_WIDGET_S = 300  # how long a city's pages may go on with the widget of before an upgrade
# What the first screen stands on; the others are fetched when somebody begins to write.
_FIRST = (
    "chat/app",
    "chat/banner",
    "chat/chat",
    "chat/focus",
    "chat/host",
    "chat/keep",
    "chat/leaving",
    "chat/model",
    "chat/react",
    "chat/seeing",
    "chat/sending",
    "chat/socket",
    "chat/start",
    "chat/store",
    "common/announce",
    "common/i18n",
    "common/icons",
    "common/retry",
    "common/socket",
)
_FIRST_BEFORE = ("chat/before", "common/wait")
_BEFORE = ("chat.before.", "chat.estimate.")
_LATER = (
    "chat.agent",
    "chat.before.",
    "chat.change.",
    "chat.changed",
    "chat.choices.",
    "chat.closed.",
    "chat.composer.",
    "chat.end.",
    "chat.estimate.",
    "chat.files.",
    "chat.idle.",
    "chat.leave.",
    "chat.left",
    "chat.log",
    "chat.message.not_sent",
    "chat.message.read",
    "chat.message.retry",
    "chat.message.sending",
    "chat.message.sent",
    "chat.message.you",
    "chat.missing.",
    "chat.newer",
    "chat.no",
    "chat.replaced",
    "chat.turn.",
    "chat.typing",
)


@routes.get("/widget.js")
async def widget(request: web.Request) -> web.Response:
    """The loader, for any page: it holds nothing secret. In the colours of ?organisation=, of the
    one that has ?queue=, or of the house."""
    body, etag = _widget(await look_of(request, _named(request)))
    headers = {
        "Cache-Control": f"public, max-age={_WIDGET_S}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": f'"{etag}"',
    }
    given = request.if_none_match
    if given is not None and any(tag.value in (etag, "*") for tag in given):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)


def _named(request: web.Request) -> Whose:
    """The organisation or queue in the address; for what is no key there is neither."""
    named = (request.query.get(name, "") for name in Whose._fields)
    return Whose(*(key if KEY.fullmatch(key) else None for key in named))


def _widget(look: Look | None) -> tuple[bytes, str]:
    source = _loader()
    if look is not None:
        source = source.replace(_BRAND, look.brand).replace(_ON_BRAND, look.on_brand)
    body = source.encode()
    return body, hashlib.sha256(body).hexdigest()[:32]


@cache
def _loader() -> str:
    return lean((STATIC / "chat" / "widget.js").read_text(encoding="utf-8"))


def lean(source: str) -> str:
    """The loader without its comments and indents. No minifier: it knows this one file, in which
    no text holds what begins a comment."""
    bare = re.sub(r"/\*\*.*?\*/ ?", "", source, flags=re.DOTALL)
    lines = (line.strip() for line in bare.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@routes.get("/chat")
async def chat(request: web.Request) -> web.Response:
    """The chat's document: of ?topic= or ?queue=, else with the topics of ?organisation= (or of
    all) to choose from. Where there is no such chat: a page that says so."""
    found = await _matters(request)
    whose = {one.organisation for one in found}
    wears = Whose(whose.pop()) if len(whose) == 1 else _named(request)
    if not found:
        answer = await page(request, "chat_missing.html", status=404, whose=wears)
    else:
        answer = await page(request, "chat.html", whose=wears, **_given(request, found))
    answer.headers["Content-Security-Policy"] = await _policy(request, answer)
    # A page that asks for isolation may still frame the chat (fetch standard, COEP).
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return answer


@routes.get("/chat/topics")
async def topics(request: web.Request) -> web.Response:
    """The same topics, as they stand now."""
    return _json(await _matters(request))


@routes.get("/chat/hours")
async def hours(request: web.Request) -> web.Response:
    """The hours of ?topic= or ?queue=, in words: its ordinary week, and the days of the coming
    fortnight that differ."""
    found, _ = await chosen(request)
    if found is None:
        raise Refused("not_found")
    words = partial(services_of(request).catalogue.t, language_of(request))
    when = When(words, found.zone, found.now)
    days = [(when.weekdays(a, b), when.spans(spans)) for a, b, spans in found.week()]
    days += [(when.day(day), when.spans(spans)) for day, spans in found.unusual()]
    return _json([] if found.always else days)


def _json(found: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(found), content_type="application/json")


def _chooses(request: web.Request) -> bool:
    return not (request.query.get("topic") or request.query.get("queue"))


async def _matters(request: web.Request) -> list[ChatMatter]:
    find, query, language = services_of(request).chat_matters, request.query, language_of(request)
    if find is None:
        return []
    if _chooses(request):
        return await find.topics(query.get("organisation") or None, language)
    one = await find.one(query.get("topic", ""), query.get("queue", ""), language)
    return [] if one is None else [one]


def _given(request: web.Request, found: list[ChatMatter]) -> dict[str, Any]:
    """What the document is made of. `key`: by which the page keeps a chat that goes on; `of_one`:
    whether `names` is that of one organisation, for which a theme may know another."""
    first, query, language = found[0], request.query, language_of(request)
    chooses = _chooses(request)
    whose = {one.organisation for one in found}
    of_one = chooses and len(whose) == 1
    names = first.names if not chooses else first.group if of_one else {}
    asks = chooses or "language" in first.asks or language not in first.languages
    given = {
        "key": query.get("topic") or query.get("queue") or f"@{query.get('organisation', '')}",
        "chooses": chooses,
        "names": names,
        "matters": msgspec.to_builtins(found),
        "texts": _texts(request, before=asks),
        "resume_s": services_of(request).settings.chat_resume_s,
    }
    return {"names": names, "of_one": of_one, "given": given, "modules": _modules(before=asks)}


def _texts(request: web.Request, *, before: bool) -> dict[str, str]:
    """The first screen's part of the catalogue; the rest comes with the other screens, another
    language when it is chosen. `before`: where something is asked first."""
    texts = services_of(request).catalogue.texts(language_of(request))
    return {
        key: text
        for key, text in texts.items()
        if key.startswith("chat.")
        and (not key.startswith(_LATER) or (before and key.startswith(_BEFORE)))
    }


async def _policy(request: web.Request, answer: web.Response) -> str:
    """The page's policy, but the configured pages may frame this one."""
    policy = answer.headers.get("Content-Security-Policy", CSP)
    origins = " ".join(("'self'", *await widget_origins(services_of(request))))
    return policy.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")


@cache
def _modules(*, before: bool) -> list[str]:
    """What the page will ask for, so that it is asked for at once and not level by level."""
    packages = [path for name, path in MODULES.items() if name != "uplot"]
    ours = _FIRST + (_FIRST_BEFORE if before else ())
    return [f"/static/{name}.js" for name in ours] + [f"/vendor/{p}" for p in packages]


@routes.get("/demo")
async def demo(request: web.Request) -> web.Response:
    """The demo's city: a page that includes the chat as any city's page would."""
    services = services_of(request)
    if not services.demo:
        raise Refused("not_found")
    source = f"{services.settings.public_url}/widget.js"
    callbacks = services.calls is not None
    return await page(
        request,
        "demo_city.html",
        whose=Whose(queue=DEMO_QUEUE),
        widget=source,
        queue=DEMO_QUEUE,
        callbacks=callbacks,
    )
