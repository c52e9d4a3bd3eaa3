"""A citizen's form with files (RFC 7578), read as it comes. Nothing is stored before all of it is
here: until then a file that is large is laid down outside of memory, without a name, and is gone
with the process. What is too much is read to its end and thrown away, so that the page can be
shown again, with what was typed, and say so.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from contactcenter.cases import sent_files
from contactcenter.cases.sent_files import FIELD, MOST_FILES
from contactcenter.cases.uploads import MOST_BYTES
from contactcenter.channel import Attachment
from contactcenter.errors import Refused
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.allowance import one_of_all
from contactcenter.web.bodies import Form, form
from contactcenter.web.refusals import in_minutes
from contactcenter.web.services import Services, services_of
from contactcenter.web.throttle import HOUR

MOST_TEXT = 256 * 1024  # a full text of letters that a form writes as twelve bytes each
MOST_BODY = 64_000_000  # more is not even read to its end
COMING = web.AppKey("coming", Counter[str])  # large forms under way, by address and in all ("")
AT_ONCE, ALL_AT_ONCE = 4, 8
IN_MEMORY = 64 * 1024  # of each file, while it comes
IDLE_S, WHOLE_S = 20.0, 600.0
_MEGABYTE = 1_000_000
_MOST_PARTS, _PIECE = 60, 64 * 1024


class Sent(Form):
    """What was typed, and what came with it. `chosen`: the names of files that may come
    again; `files` are judged, none where `refused` says what is wrong with them."""

    def __init__(
        self,
        pairs: list[tuple[str, str]],
        chosen: tuple[str, ...] = (),
        files: tuple[Attachment, ...] = (),
        refused: Refused | None = None,
    ) -> None:
        super().__init__(pairs)
        self.chosen, self.files, self.refused = chosen, files, refused


async def read(request: web.Request) -> Sent:
    """The submitted form; its handler is marked `takes(MOST_BODY)`. Raises Refused where it is
    none, or takes too long, and `too_many` where too many large ones come at once."""
    if request.content_type != "multipart/form-data":
        plain = await form(request, MOST_TEXT)
        return Sent([(name, value) for name, all_ in plain.values.items() for value in all_])
    if request.content_length is not None and request.content_length <= MOST_TEXT:
        return await _read(request)
    coming, address = request.config_dict[COMING], limit_key(client_of(request))
    with one_of_all(AT_ONCE, ALL_AT_ONCE, coming, address):
        return await _read(request)


class Field(NamedTuple):
    """What the pages' field for files says: how many, and how many megabytes one and all may be;
    and the names of those that are to be `chosen` again."""

    many: int
    each: int
    together: int
    chosen: str


def field(request: web.Request, sent: Form) -> Field | None:
    """None where no files are taken. A browser forgets files when a form is shown again."""
    most_bytes = services_of(request).settings.chat_file_bytes
    if not most_bytes:
        return None
    chosen = ", ".join(sent.chosen) if isinstance(sent, Sent) else ""
    together = MOST_BYTES // _MEGABYTE
    return Field(MOST_FILES, min(most_bytes // _MEGABYTE, together), together, chosen)


async def _read(request: web.Request) -> Sent:
    with ExitStack() as spools:
        reading = _Reading(services_of(request), limit_key(client_of(request)), spools)
        try:
            async with asyncio.timeout(WHOLE_S):
                await _all(request, reading)
        except TimeoutError:
            raise Refused("unavailable", "upload_slow", retry_after_s=1) from None
        except (ValueError, RuntimeError, HttpProcessingError):
            raise Refused("bad_request", "not_a_form") from None
        return reading.sent()


async def _all(request: web.Request, reading: _Reading) -> None:
    parts = _Parts(request.headers, request.content)
    while True:
        async with asyncio.timeout(IDLE_S):
            part = await parts.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise Refused("bad_request", "not_a_form")
        await reading.take(part)


class _Parts(MultipartReader):
    """The parts of a form that begins with one. Mails may have a preamble (RFC 2046, 5.1.1), forms
    have none, and a few megabytes of empty lines would hold up the whole node."""

    async def _read_until_first_boundary(self) -> None:
        await self._read_boundary()


class _Coming(NamedTuple):
    """A file that has come, before it is judged."""

    name: str
    declared: str
    content: IO[bytes]


class _Reading:
    """One form on its way; what is laid down of it goes with `spools`."""

    def __init__(self, services: Services, address: str, spools: ExitStack) -> None:
        self._limits, self._address, self._spools = services.limits, address, spools
        self._per_hour = services.settings.chat_files_per_hour_per_address
        self._most_bytes = services.settings.chat_file_bytes
        self._pairs: list[tuple[str, str]] = []
        self._files: list[_Coming] = []
        self._chosen: list[str] = []
        self._refused: Refused | None = None
        self._parts = self._texts = self._came = self._kept = 0

    def sent(self) -> Sent:
        """All of it, its files judged."""
        files: list[Attachment] = []
        for one in self._files:
            try:
                files.append(sent_files.judged(one.name, one.declared, one.content.read()))
            except Refused as no:
                self._chosen.remove(sent_files.shown_name(one.name))
                self._refuse(no)
                break
        good = () if self._refused else tuple(files)
        return Sent(self._pairs, tuple(self._chosen), good, self._refused)

    async def take(self, part: BodyPartReader) -> None:
        """One part. Raises Refused and ValueError for what is no form."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise Refused("too_large")
        if part.name == FIELD and part.filename is not None:
            await self._take_file(part, part.filename)
        elif part.name is not None and part.filename is None:
            text = await self._bytes(part, MOST_TEXT - self._texts)
            if text is None:
                raise Refused("too_large")
            typed = text.read()
            self._texts += len(typed)
            self._pairs.append((part.name, typed.decode()))
        else:
            raise Refused("bad_request", "not_a_form")

    async def _take_file(self, part: BodyPartReader, name: str) -> None:
        await self._allow(name)
        most = 0 if self._refused else min(self._most_bytes, MOST_BYTES - self._kept)
        before = self._came
        content = await self._bytes(part, most)
        if not name:  # nothing was chosen
            if self._came > before:  # no browser sends it, and it would not be counted
                raise Refused("bad_request", "not_a_form")
            return
        if self._refused is None and content is None:
            self._refuse(self._too_large(name))
            return
        if self._refused is None and content is not None:
            self._files.append(_Coming(name, _declared(part), content))
            self._kept += self._came - before
        if len(self._chosen) < MOST_FILES:
            self._chosen.append(sent_files.shown_name(name))

    async def _allow(self, name: str) -> None:
        if not name or self._refused:
            return
        try:
            if not self._most_bytes:
                raise Refused("forbidden", "no_files_here", field=FIELD)
            if len(self._chosen) >= MOST_FILES:
                raise Refused("bad_request", "too_many_files", field=FIELD, most=MOST_FILES)
            await self._limits.take("chat_file", self._address, self._per_hour, HOUR)
        except Refused as no:
            self._refuse(in_minutes(no))

    def _refuse(self, no: Refused) -> None:
        """The first thing that is wrong is told; nothing is kept any more."""
        if self._refused is None:
            no.field = FIELD
            self._refused = no
        self._files.clear()

    def _too_large(self, name: str) -> Refused:
        if MOST_BYTES - self._kept < self._most_bytes:
            return Refused("too_large", "sent_files_too_large", megabytes=MOST_BYTES // _MEGABYTE)
        name, most = sent_files.shown_name(name), self._most_bytes // _MEGABYTE
        return Refused("too_large", "sent_file_too_large", name=name, megabytes=most)

    async def _bytes(self, part: BodyPartReader, most: int) -> IO[bytes] | None:
        """The part's bytes, to be read from their beginning; None where they are more than may be
        kept. Raises Refused where all together are more than is read."""
        spool = SpooledTemporaryFile[bytes](IN_MEMORY)
        kept: IO[bytes] | None = self._spools.enter_context(spool)
        while not part.at_eof():
            async with asyncio.timeout(IDLE_S):
                piece = await part.read_chunk(_PIECE)
            self._came += len(piece)
            if self._came > MOST_BODY:
                raise Refused("too_large")
            if kept is not None and kept.tell() + len(piece) > most:
                kept.close()
                kept = None
            if kept is not None:
                kept.write(piece)
        if kept is not None:
            kept.seek(0)
        return kept


def _declared(part: BodyPartReader) -> str:
    return part.headers.get("Content-Type", "").partition(";")[0].strip().lower()[:100]
