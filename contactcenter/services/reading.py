"""Documents of a catalogue taken apart into their items, one after the other: what is not looked at
yet stays the bytes that it is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from contactcenter.errors import Refused
from contactcenter.services import hsds, open311, own, ptv
from contactcenter.services.things import Found
from contactcenter.services.values import without_nul

MOST_BYTES = 256 * 1024 * 1024  # of all documents together; 20,000 services of PTV are some 150 MB
_MOST_TOML = 1024 * 1024
Items = Sequence[msgspec.Raw | dict[str, Any]]


@dataclass(frozen=True)
class Format:
    """How a format is read. `lists`: the fields that hold items; `single`: a field by which a thing
    alone is known; `pages`: the fields that tell which page of how many a document is."""

    read: Callable[[dict[str, Any], str], Found]
    lists: Sequence[str]
    single: Sequence[str]
    pages: tuple[str, str]


FORMATS = {
    "ptv": Format(ptv.read, ptv.LISTS, ptv.SINGLE, ptv.PAGES),
    "hsds": Format(hsds.read, hsds.LISTS, hsds.SINGLE, hsds.PAGES),
    "open311": Format(open311.read, open311.LISTS, open311.SINGLE, open311.PAGES),
    "own": Format(own.read, own.LISTS, own.SINGLE, own.PAGES),
}


class Document:
    """One document. `page` of `pages`: 1 of 1 where it is the whole."""

    def __init__(self, items: Items, page: int, pages: int) -> None:
        self.count, self.page, self.pages = len(items), page, pages
        self._items = items

    def __iter__(self) -> Iterator[dict[str, Any] | None]:
        """Each item; None for one that is no object, or holds numbers or depths beyond reading."""
        for item in self._items:
            yield without_nul(item) if isinstance(item, dict) else _object(item)


def _object(item: msgspec.Raw) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(item)
        if not isinstance(found, dict):
            return None
        return without_nul(found) if b"\\u0000" in bytes(item) else found
    except (msgspec.DecodeError, RecursionError):
        return None


def open_document(data: bytes, name: str) -> Document:
    """Take a document apart. Raises Refused("bad_request", "catalogue_form"), which says why."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    first = data.lstrip()[:1]
    try:
        if name == "open311" and first == b"<":
            return _whole(open311.from_xml(data))
        if name == "own":
            return _whole(own.listed(_toml(data) if first != b"{" else _object_of(data)))
        return _json(data, first, FORMATS[name])
    except (ValueError, RecursionError, msgspec.DecodeError) as error:
        raise not_a_catalogue(error) from None


def not_a_catalogue(error: Exception) -> Refused:
    """What is said of a document that can't be read."""
    why = " ".join(str(error).split())[:200]
    return Refused("bad_request", "catalogue_form", field="file", why=why)


def _whole(items: Items) -> Document:
    return Document(items, 1, 1)


def _object_of(data: bytes) -> dict[str, Any]:
    return msgspec.json.decode(data, type=dict[str, Any])


def _toml(data: bytes) -> dict[str, Any]:
    if len(data) > _MOST_TOML:  # its parser is slow; JSON has no such limit
        raise ValueError("a TOML file may have 1 MB; write it as JSON")
    return tomllib.loads(data.decode())


def _json(data: bytes, first: bytes, form: Format) -> Document:
    if first == b"[":
        return _whole(msgspec.json.decode(data, type=list[msgspec.Raw]))
    if first != b"{":
        raise ValueError("it begins neither with { nor with [")
    fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    lists = [fields[key] for key in form.lists if key in fields]
    if not lists and any(key in fields for key in form.single):
        return _whole([msgspec.Raw(data)])
    if not lists:
        raise ValueError(f"it has none of the lists {', '.join(form.lists)}")
    items = [one for raw in lists for one in msgspec.json.decode(raw, type=list[msgspec.Raw])]
    page, pages = (_number(fields.get(key)) for key in form.pages)
    return Document(items, page, pages)


def _number(raw: msgspec.Raw | None) -> int:
    found = None if raw is None else msgspec.json.decode(raw)
    return found if type(found) is int and found > 0 else 1


def missing_pages(documents: Iterable[Document]) -> list[int]:
    """The pages that the documents speak of and that are not among them: what stands there would
    be taken for removed."""
    given = list(documents)
    most = max((one.pages for one in given), default=1)
    whole = most == 1
    return [] if whole else sorted({*range(1, most + 1)} - {one.page for one in given})
