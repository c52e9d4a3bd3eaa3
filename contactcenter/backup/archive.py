"""The backup's file: a tar of parts, gzipped, that any tar can list and take apart.

    header.json            what it is, of which schema, with which tables and columns
    schema.sql             the schema that the tables fit
    settings/...           the settings, as far as they are to be kept
    tables/NAME/000001 ... a table's rows in pieces, as COPY writes them
    sequences.json         how far each sequence was
    end.json               bytes and SHA-256 of every part; without it the file is half-written

So a damaged or cut file is known, by its sums or by what it lacks. They are no proof against
somebody who changes it: whoever restores a file trusts it as the database itself.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, BinaryIO, Literal, cast

import msgspec

from contactcenter.errors import ContactCenterError

FORMAT = 1
PIECE = 8_000_000  # bytes
_MOST_PIECE = 80_000_000
_LEVEL = 1  # of gzip: a fifth larger than 6, and four times as quick
_TROUBLE = (tarfile.TarError, EOFError, zlib.error, OSError, msgspec.DecodeError, KeyError)


class Damaged(ContactCenterError):
    """The file is no backup, is cut off, or is not what was written."""


class Table(msgspec.Struct, frozen=True):
    """A table of the backup. `rows`: about how many, to show progress by."""

    name: str
    columns: tuple[str, ...]
    format: Literal["text", "binary"]
    rows: int


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The first part. `months`: those that events have a partition for; `keys`: the
    fingerprints of those that files are sealed with, which are not in it."""

    contactcenter_backup: int = FORMAT
    made_at: str
    schema: int
    postgres: str
    tables: tuple[Table, ...]
    months: tuple[str, ...]
    keys: tuple[str, ...] = ()


class _Sum(msgspec.Struct):
    """What a part came to."""

    bytes: int = 0
    sha256: str = ""


class Writer:
    """Writes parts, one after the other."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = gzip.GzipFile(fileobj=out, mode="wb", compresslevel=_LEVEL)
        self._tar = tarfile.open(fileobj=self._zip, mode="w|", bufsize=1 << 20)
        self._hashes: dict[str, Any] = {}
        self._sums: dict[str, _Sum] = {}

    def add(self, name: str, data: bytes, piece: int | None = None) -> None:
        """A part, or one more piece of the part that is being written."""
        member = tarfile.TarInfo(name if piece is None else f"{name}/{piece:06}")
        member.size, member.mode, member.mtime = len(data), 0o600, int(time.time())
        self._tar.addfile(member, io.BytesIO(data))
        total = self._sums.setdefault(name, _Sum())
        total.bytes += len(data)
        self._hashes.setdefault(name, hashlib.sha256()).update(data)

    def end(self) -> int:
        """Write the sums and close. Returns the bytes that were put in."""
        for name, found in self._hashes.items():
            self._sums[name].sha256 = found.hexdigest()
        total = sum(one.bytes for one in self._sums.values())
        self.add("end.json", msgspec.json.encode(self._sums))
        self._tar.close()
        self._zip.close()
        return total


class Reader:
    """Reads the parts in order. Raises Damaged wherever the file is not whole."""

    def __init__(self, source: BinaryIO) -> None:
        self._zip = gzip.GzipFile(fileobj=source, mode="rb")
        self._sums: dict[str, _Sum] = {}
        self._hashes: dict[str, Any] = {}
        self._whole = False
        with _damaged():
            # A GzipFile reads as any file does.
            self._tar = tarfile.open(fileobj=cast(BinaryIO, self._zip), mode="r|", bufsize=1 << 20)

    def parts(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each part's name and its pieces. At the end it is known whether the file is whole."""
        for name, members in groupby(self._members(), key=lambda one: _part_of(one.name)):
            yield name, self._pieces(name, members)
        if not self._whole:
            raise Damaged("the backup is cut off: it has no end")

    def header(self, name: str, pieces: Iterator[bytes]) -> Header:
        """Read the first part."""
        if name != "header.json":
            raise Damaged("this is no backup of contactcenter")
        with _damaged():
            header = msgspec.json.decode(b"".join(pieces), type=Header)
        if header.contactcenter_backup != FORMAT:
            raise Damaged(f"a backup of format {header.contactcenter_backup}: take a newer release")
        return header

    def _members(self) -> Iterator[tarfile.TarInfo]:
        with _damaged():
            for member in self._tar:
                if self._whole or not member.isfile() or member.size > _MOST_PIECE:
                    raise Damaged("the backup holds what no backup holds")
                yield member
            while self._zip.read(1 << 20):  # to its end, where its own sum stands
                pass

    def _pieces(self, name: str, members: Iterator[tarfile.TarInfo]) -> Iterator[bytes]:
        total, found = self._sums.setdefault(name, _Sum()), hashlib.sha256()
        for member in members:
            with _damaged():
                data = cast(io.BufferedIOBase, self._tar.extractfile(member)).read()
            if len(data) != member.size:
                raise Damaged("the backup is cut off")
            total.bytes += len(data)
            found.update(data)
            if name == "end.json":
                self._compare(data)
            yield data
        total.sha256 = found.hexdigest()

    def _compare(self, data: bytes) -> None:
        with _damaged():
            should = msgspec.json.decode(data, type=dict[str, _Sum])
        found = {name: one for name, one in self._sums.items() if name != "end.json"}
        for name in sorted(should.keys() | found.keys()):
            if should.get(name) != found.get(name):
                raise Damaged(f"the backup is damaged: {name} is not what was written")
        self._whole = True


def check(source: BinaryIO) -> Header:
    """Read all of it and compare its sums. Raises Damaged."""
    reader, header = Reader(source), None
    for name, pieces in reader.parts():
        if header is None:
            header = reader.header(name, pieces)
        for _ in pieces:
            pass
    if header is None:
        raise Damaged("this is no backup of contactcenter")
    return header


def _part_of(member: str) -> str:
    return member.rpartition("/")[0] if member.startswith("tables/") else member


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise Damaged(f"the backup can't be read: {error or type(error).__name__}") from error
