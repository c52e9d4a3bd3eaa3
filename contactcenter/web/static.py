"""Files: our own modules and styles, the few of the front-end packages, the texts for scripts.

Browsers keep them and ask each time whether they are still current (ETag): names carry no version,
and a page of this release must not meet a module of the last one.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import msgspec
from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.web import lean, vendor
from contactcenter.web.pages import UI
from contactcenter.web.services import services_of

STATIC = UI / "static"
PACKAGES = UI / "node_modules"
_KEPT = "no-cache"  # keep it, but ask before each use
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
_LEAN = {".js": lean.script, ".css": lean.style}
_IMPORT = re.compile(r'@import url\("/(static|vendor)/([^"]+)"\);')
routes = web.RouteTableDef()


def _file(root: Path, path: str) -> web.FileResponse:
    """A file below the folder, of a type that pages need; nothing else is there."""
    kind = _TYPES.get(Path(path).suffix)
    hidden = any(piece.startswith(".") for piece in path.split("/"))
    if kind is None or hidden or "\x00" in path:
        raise Refused("not_found")
    found = (root / path).resolve()
    if not found.is_relative_to(root.resolve()) or not found.is_file():
        raise Refused("not_found")
    text = kind.startswith("text/") or kind.endswith(("xml", "json"))
    headers = {
        "Content-Type": f"{kind}; charset=utf-8" if text else kind,
        "Cache-Control": _KEPT,
    }
    return web.FileResponse(found, headers=headers)


@routes.get("/static/{path:.+}")
async def static(request: web.Request) -> web.StreamResponse:
    """Our own files; scripts and styles without their comments."""
    path = request.match_info["path"]
    found = _file(STATIC, path)
    how = _LEAN.get(Path(path).suffix)
    if how is None:
        return found
    body, etag = _lean(STATIC / path, _changed(STATIC / path))
    if _is_known(request, etag):
        return web.Response(status=304, headers={"ETag": f'"{etag}"', "Cache-Control": _KEPT})
    answer = web.Response(body=body, headers=found.headers)
    answer.etag = etag
    return answer


def _changed(path: Path) -> int:
    """When a file was changed last; a style sheet, that or any beside it, which it may import."""
    among = path.parent.glob("*.css") if path.suffix == ".css" else (path,)
    return max(one.stat().st_mtime_ns for one in among)


@cache
def _lean(path: Path, _changed: int) -> tuple[bytes, str]:
    body = _LEAN[path.suffix](_whole(path)).encode()
    return body, hashlib.sha256(body).hexdigest()[:32]


def _whole(path: Path) -> str:
    """A file; a style sheet with those that it imports in their places, since a browser would ask
    for them one after the other, and shows nothing before the last is there."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".css":
        return text
    roots = {"static": STATIC, "vendor": PACKAGES}
    return _IMPORT.sub(lambda found: _whole(roots[found[1]] / found[2]), text)


def _is_known(request: web.Request, etag: str) -> bool:
    given = request.if_none_match
    return given is not None and any(tag.value in (etag, "*") for tag in given)


@routes.get("/vendor/{path:.+}")
async def vendored(request: web.Request) -> web.StreamResponse:
    """The packages' files that pages name."""
    path = request.match_info["path"]
    if not vendor.is_served(path):
        raise Refused("not_found")
    return _file(PACKAGES, path)


@routes.get("/api/locales/{language}.json")
async def locale(request: web.Request) -> web.StreamResponse:
    """The texts for scripts, in one language; `of`: only those of one page."""
    language, prefix = request.match_info["language"], request.query.get("of", "")
    if language not in LANGUAGES:
        raise Refused("not_found")
    texts = services_of(request).catalogue.texts(language)
    if prefix:
        texts = {key: text for key, text in texts.items() if key.startswith(f"{prefix}.")}
    body = msgspec.json.encode(texts)
    etag = hashlib.sha256(body).hexdigest()[:32]
    response = web.Response(body=body, content_type="application/json", charset="utf-8")
    response.headers["Cache-Control"] = _KEPT
    response.etag = etag
    if _is_known(request, etag):
        return web.Response(status=304, headers={"ETag": f'"{etag}"', "Cache-Control": _KEPT})
    return response
