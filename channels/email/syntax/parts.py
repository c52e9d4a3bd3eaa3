"""The parts of a mail (RFC 2046), found from the outside in, within bounds.

Each level is cut by its own boundary before its parts are looked into, so a part can't reach
beyond its place, and the work is linear for each level.
"""

from __future__ import annotations

import binascii
import re
import time
from typing import NamedTuple

from channels.email.syntax.head import PART_BYTES, PART_FIELDS, Head, read_head
from channels.email.syntax.parameters import read_parameters
from channels.email.syntax.words import decode_base64, decode_words

MAX_PARTS, MAX_DEPTH, MAX_SECONDS = 1_000, 20, 5.0
_MAX_FALSE_MARKS = 10_000
_WORDS = re.compile(rb"\w +\w+ +\w")
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")


class Leaf(NamedTuple):
    """A part that holds content. `choice` numbers the multipart/alternative it stands in, and
    `body` says whether it may be what the sender wrote rather than a file."""

    head: Head
    media_type: str
    parameters: dict[str, str]
    disposition: str
    file_name: str
    content: bytes
    choice: int | None
    body: bool


class _TooMuch(Exception):
    """A bound was passed."""


class _Place(NamedTuple):
    """Where in the tree a part stands."""

    depth: int = 0
    choice: int | None = None
    body: bool = True
    default_type: str = "text/plain"


def read_parts(raw: bytes, head: Head) -> tuple[list[Leaf], str | None]:
    """The leaves in their order, and the bound that was passed, if any; what was found before
    it stands."""
    walk = _Walk(raw)
    try:
        walk.part(head, len(raw), _Place())
    except _TooMuch as bound:
        return walk.leaves, str(bound)
    return walk.leaves, None


class _Walk:
    def __init__(self, raw: bytes) -> None:
        self.leaves: list[Leaf] = []
        self._raw = raw
        self._parts = 0
        self._choices = 0
        self._until = time.monotonic() + MAX_SECONDS

    def part(self, head: Head, end: int, place: _Place) -> None:
        self._count()
        media_type, parameters = read_parameters(head.first("content-type"))
        media_type = media_type if media_type.count("/") == 1 else place.default_type
        boundary = parameters.get("boundary", "").rstrip()
        if media_type.startswith("multipart/"):
            spans = self._spans(boundary, head.body, end) if boundary else []
            if spans:
                self._multipart(media_type, spans, place)
                return
            media_type = "text/plain"  # nothing to cut it by: show it as it stands
        self._leaf(head, end, media_type, parameters, place)

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _TooMuch(f"more than {MAX_PARTS} parts")
        if time.monotonic() > self._until:
            raise _TooMuch(f"not read within {MAX_SECONDS:.0f} seconds")

    def _multipart(self, media_type: str, spans: list[tuple[int, int]], place: _Place) -> None:
        if place.depth == MAX_DEPTH:
            raise _TooMuch(f"nested deeper than {MAX_DEPTH} levels")
        inner = place._replace(depth=place.depth + 1, default_type="text/plain")
        if media_type == "multipart/alternative" and place.choice is None:
            self._choices += 1
            inner = inner._replace(choice=self._choices)
        elif media_type == "multipart/digest":
            inner = inner._replace(default_type="message/rfc822")
        for number, (start, end) in enumerate(spans):
            if number and media_type == "multipart/related":
                inner = inner._replace(body=False)
            head = read_head(self._raw, start, end, PART_BYTES, PART_FIELDS)
            self.part(head, end, inner)

    def _spans(self, boundary: str, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts between the boundary's lines start and end."""
        mark = b"\n--" + boundary.encode("utf-8", "replace")
        spans: list[tuple[int, int]] = []
        opened: int | None = None
        at, false_marks = max(start - 1, 0), 0
        while (at := self._raw.find(mark, at, end)) >= 0:
            after = _AFTER_MARK.match(self._raw, at + len(mark), end)
            if after is None:
                false_marks += 1
                if false_marks > _MAX_FALSE_MARKS:
                    raise _TooMuch("too many lines like a boundary")
                at += len(mark)
                continue
            if opened is not None:
                spans.append((opened, max(opened, at - (self._raw[at - 1 : at] == b"\r"))))
            if after[1] or len(spans) > MAX_PARTS:
                return spans
            opened = after.end()
            at = opened - 1
        if opened is not None:
            spans.append((opened, end))
        return spans

    def _leaf(
        self, head: Head, end: int, media_type: str, parameters: dict[str, str], place: _Place
    ) -> None:
        disposition, of_file = read_parameters(head.first("content-disposition"))
        file_name = of_file.get("filename", "")
        content = _decoded(head, self._raw, end)
        body = place.body and disposition != "attachment" and not file_name
        self.leaves.append(
            Leaf(
                head,
                media_type,
                parameters,
                disposition,
                decode_words(file_name or parameters.get("name", "")),
                content,
                place.choice,
                body,
            )
        )


def _decoded(head: Head, raw: bytes, end: int) -> bytes:
    """The content without its transfer encoding (RFC 2045 section 6). Words between spaces are
    no base64, whatever the label says."""
    encoding = head.first("content-transfer-encoding").lower().strip('" ')
    if encoding == "base64" and not _WORDS.search(raw, head.body, min(end, head.body + 2_000)):
        return decode_base64(memoryview(raw)[head.body : end])
    content = raw[head.body : end]
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content)
    return content
