"""The citizen's chat: the loader that a city's page includes, the document that it opens in a
frame, and the demo's city page.

Which pages may frame the chat is said by its own frame-ancestors: ours and the configured origins
(OWASP ASVS 5.0, 3.4.6). Nothing here reads or sets a cookie for the citizen.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.citizen.sites import widget_origins
from contactcenter.web.i18n import language_of
from contactcenter.web.pages import page
from contactcenter.web.security import CSP
from contactcenter.web.services import services_of
from contactcenter.web.static import STATIC
from contactcenter.web.vendor import MODULES

routes = web.RouteTableDef()
MAX_WIDGET = 3_072  # bytes, as served: it stands before a page that is not ours
DEMO_QUEUE = "general"
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
_LATER = (
    "chat.agent",
    "chat.change.",
    "chat.changed",
    "chat.closed.",
    "chat.composer.",
    "chat.end.",
    "chat.estimate.",
    "chat.files.",
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
    "chat.typing",
)


@routes.get("/widget.js")
async def widget(request: web.Request) -> web.Response:
    """The loader, for any page: it holds nothing secret."""
    body, etag = _widget()
    headers = {
        "Cache-Control": f"public, max-age={_WIDGET_S}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": f'"{etag}"',
    }
    given = request.if_none_match
    if given is not None and any(tag.value in (etag, "*") for tag in given):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)


@cache
def _widget() -> tuple[bytes, str]:
    body = lean((STATIC / "chat" / "widget.js").read_text(encoding="utf-8")).encode()
    return body, hashlib.sha256(body).hexdigest()[:32]


def lean(source: str) -> str:
    """The loader without its comments and indents. No minifier: it knows this one file, in which
    no text holds what begins a comment."""
    bare = re.sub(r"/\*\*.*?\*/ ?", "", source, flags=re.DOTALL)
    lines = (line.strip() for line in bare.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@routes.get("/chat")
async def chat(request: web.Request) -> web.Response:
    """The chat's document. Without a queue that has a chat: a page that says so."""
    queue = request.query.get("queue", "")
    names = await _names(request, queue)
    if names is None:
        answer = await page(request, "chat_missing.html", status=404)
    else:
        resume_s = services_of(request).settings.chat_resume_s
        given = {"queue": queue, "names": names, "texts": _texts(request), "resume_s": resume_s}
        answer = await page(request, "chat.html", names=names, given=given, modules=_modules())
    answer.headers["Content-Security-Policy"] = await _policy(request)
    # A page that asks for isolation may still frame the chat (fetch standard, COEP).
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return answer


async def _names(request: web.Request, queue: str) -> dict[str, str] | None:
    find = services_of(request).chat_queue
    return await find(queue) if find is not None and queue else None


def _texts(request: web.Request) -> dict[str, str]:
    """The first screen's part of the catalogue; the rest comes with the other screens, another
    language when it is chosen."""
    texts = services_of(request).catalogue.texts(language_of(request))
    return {
        key: text
        for key, text in texts.items()
        if key.startswith("chat.") and not key.startswith(_LATER)
    }


async def _policy(request: web.Request) -> str:
    """The house's policy, but the configured pages may frame this one."""
    origins = " ".join(("'self'", *await widget_origins(services_of(request))))
    return CSP.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")


@cache
def _modules() -> list[str]:
    """What the page will ask for, so that it is asked for at once and not level by level."""
    packages = [path for name, path in MODULES.items() if name != "uplot"]
    return [f"/static/{name}.js" for name in _FIRST] + [f"/vendor/{p}" for p in packages]


@routes.get("/demo")
async def demo(request: web.Request) -> web.Response:
    """The demo's city: a page that includes the chat as any city's page would."""
    services = services_of(request)
    if not services.demo:
        raise Refused("not_found")
    source = f"{services.settings.public_url}/widget.js"
    callbacks = services.calls is not None
    return await page(
        request, "demo_city.html", widget=source, queue=DEMO_QUEUE, callbacks=callbacks
    )
