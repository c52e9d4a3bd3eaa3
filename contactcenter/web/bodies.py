"""Bodies and forms as typed structs: unknown fields and wrong types are refused (OWASP ASVS 5.0,
15.3.3), so nothing that a handler did not ask for can reach it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_origin
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from contactcenter.accounts.passwords import MAX_PASSWORD
from contactcenter.errors import Refused

Line = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Text = Annotated[str, msgspec.Meta(max_length=20_000, pattern=r"^[^\x00]*$")]
Password = Annotated[str, msgspec.Meta(max_length=MAX_PASSWORD)]
_FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 500
BODY_S = 60.0  # for a whole body: who sends a byte a minute keeps no connection


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """What a body, form or query holds: its fields and no others."""


T = TypeVar("T", bound=Body)


def json_answer(value: object, status: int = 200) -> web.Response:
    """An answer whose body is the value as JSON."""
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type="application/json")


def id_of(text: str, field: str | None = None) -> int:
    """An id of an address or a query. Raises Refused: `bad_request` naming the field, `not_found`
    where none is given."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Refused("not_found" if field is None else "bad_request", field=field)
    return int(text)


async def whole(request: web.Request) -> bytes:
    """The body. Raises Refused: `too_large`, `unavailable` where it takes too long."""
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except TimeoutError:
        raise Refused("unavailable", retry_after_s=1) from None


async def json_body(request: web.Request, kind: type[T]) -> T:
    """The JSON body. Raises Refused: `too_large`, `bad_request` naming the field. Only the type
    application/json is read: a form on another site can't send it."""
    if request.content_type != "application/json":
        raise Refused("bad_request", "not_json")
    data = await whole(request)
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise Refused("bad_request", "invalid_field", field=field_of(error)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Refused("bad_request", "not_json") from None


def fresh_id() -> str:
    """A request's id for a form, so that a double click is one request."""
    return f"form-{secrets.token_urlsafe(18)}"


class Form:
    """A submitted form as it came: to be read, and to be shown again when it was refused."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in pairs:
            self.values.setdefault(name, []).append(value)

    def get(self, name: str, default: str = "") -> str:
        """What was typed, for showing it again."""
        return self.values.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        """Everything chosen under one name."""
        return self.values.get(name, [])

    def read(self, kind: type[T]) -> T:
        """As a struct: fields of a tuple type take every value, others exactly one. Raises
        Refused("bad_request") naming the field."""
        return _convert(self.values, kind)


async def form(request: web.Request, most: int | None = None) -> Form:
    """The submitted form, of up to `most` bytes where its handler `takes` more than others. Raises
    Refused where it is none, or not UTF-8."""
    if most is not None:
        request = request.clone(client_max_size=most)
    if request.content_type != _FORM:
        raise Refused("bad_request", "not_a_form")
    try:
        text = (await whole(request)).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Refused("bad_request", "not_a_form") from None
    return Form(pairs)


def query(request: web.Request, kind: type[T]) -> T:
    """The query as a struct; empty values count as not given, and ?lang= is everybody's. Raises
    Refused("bad_request") naming the field."""
    given = {name: [*request.query.getall(name)] for name in request.query if name != "lang"}
    return _convert({name: got for name, got in given.items() if got != [""]}, kind)


def field_of(error: msgspec.ValidationError) -> str | None:
    """The field that msgspec names: "... - at `$.email`" or "... field `email`"."""
    text = str(error)
    named = text.rpartition("`$.")[2] if "`$." in text else text.partition("field `")[2]
    return named.partition("`")[0].partition("[")[0] or None


def _convert(values: Mapping[str, list[str]], kind: type[T]) -> T:
    many = {
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if get_origin(field.type) is tuple
    }
    plain: dict[str, Any] = {}
    for name, got in values.items():
        if name not in many and len(got) > 1:
            raise Refused("bad_request", "invalid_field", field=name[:50])
        plain[name] = got if name in many else got[0]
    try:
        return msgspec.convert(plain, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _problem(values, field_of(error)) from None


def _problem(values: Mapping[str, list[str]], field: str | None) -> Refused:
    empty = field is not None and not "".join(values.get(field, [])).strip()
    detail = "required" if empty else "invalid_field"
    return Refused("bad_request", detail, field=field[:50] if field else None)
