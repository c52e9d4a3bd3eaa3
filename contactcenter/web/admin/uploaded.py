"""Forms of settings that bring files: read into memory, as files of some megabytes may be."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import BadHttpMessage

from contactcenter.errors import Refused


async def fields(
    request: web.Request, known: Collection[str], most: int, again: Collection[str] = ()
) -> list[tuple[str, bytes]]:
    """The form's fields, each once but those that may come `again`: parts cost memory too. All of
    them have at most so many bytes. Raises Refused."""
    # Browsers say how long a form is. Where nobody does, what is before its parts has no end.
    if request.content_type != "multipart/form-data" or request.content_length is None:
        raise Refused("bad_request", "not_a_form")
    found: list[tuple[str, bytes]] = []
    left, open_ = most, set(known)
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name not in open_:
                raise Refused("bad_request", "not_a_form")
            value = await _value(part, left)
            left -= len(value)
            found.append((part.name, value))
            open_ -= {part.name} - set(again)
    except (ValueError, BadHttpMessage):
        raise Refused("bad_request", "not_a_form") from None
    return found


async def _value(part: BodyPartReader, most: int) -> bytes:
    value = bytearray()
    while chunk := await part.read_chunk():
        value += chunk
        if len(value) > most:
            raise Refused("too_large", field="file")
    return bytes(value)


def text(value: bytes) -> str:
    """A field that is none of bytes. Raises Refused."""
    try:
        return value.decode("utf-8-sig")
    except ValueError:
        raise Refused("bad_request", "not_a_form") from None
