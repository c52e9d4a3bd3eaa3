"""Answers in the format that was asked for, JSON or XML, errors too (GeoReport v2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

import msgspec
from aiohttp import web

from contactcenter.errors import Refused
from contactcenter.web.i18n import language_of
from contactcenter.web.refusals import retry_header, status_of
from contactcenter.web.services import services_of

PREFIX = "/open311/"
Value = str | int | float | bool | None | Mapping[str, "Value"] | Sequence["Value"]
# What XML 1.0 has no place for (section 2.2).
_UNSAID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What one of a list is called in XML.
_ONE = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
}


def answer(request: web.Request, root: str, value: Value, status: int = 200) -> web.Response:
    """A list or a thing. Everybody's scripts may read it: no cookie opens more."""
    if request.path.endswith(".xml"):
        body, kind = _xml(root, value), "application/xml"
    else:
        body, kind = msgspec.json.encode(value), "application/json"
    given = web.Response(body=body, status=status, content_type=kind, charset="utf-8")
    given.headers["Access-Control-Allow-Origin"] = "*"
    given.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return given


def refusal(request: web.Request, no: Refused, status: int | None = None) -> web.Response:
    """[{code, description}], one of each thing that is wrong."""
    text, language = services_of(request).catalogue.refusal, language_of(request)
    status = status_of(no) if status is None else status
    told: list[Value] = [
        {"code": status if one is no else status_of(one), "description": text(language, one)}
        for one in no.errors or (no,)
    ]
    given = answer(request, "errors", told, status)
    given.headers.update(retry_header(no))
    return given


def _xml(root: str, value: Value) -> bytes:
    tree = _element(root, value)
    written: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return written


def _element(name: str, value: Value) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, one) for key, one in value.items())
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, str | int | float):
        element.text = _UNSAID.sub("\ufffd", str(value))
    elif value is not None:
        element.extend(_element(_ONE[name], one) for one in value)
    return element
