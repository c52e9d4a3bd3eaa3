"""Themes stored, with the files that they name; and what is worn, for pages that anybody opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
import structlog

from contactcenter.accounts.authorise import Actor, require
from contactcenter.configuration.fields import wrong
from contactcenter.configuration.theme import Theme, ThemeFile
from contactcenter.configuration.theme_files import EXTENSIONS, File, read_file
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
MOST_FILES = 20  # of an organisation, with those that a change taken back would name again
_log = structlog.get_logger(__name__)


class Dress(NamedTuple):
    """What an organisation's pages wear; type, and width and height in pixels, of its logo."""

    theme: Theme
    media_type: str | None = None
    width: int | None = None
    height: int | None = None


def read(row: Row, key: str) -> Theme:
    """A row as a thing of the configuration."""
    return msgspec.convert({"organisation": key} | msgspec.json.decode(row["look"]), Theme)


async def put(
    conn: Connection, organisation_id: int, new: Theme, given: Mapping[str, File]
) -> None:
    """Add or change, with those files that it names of the ones given by digest. Raises Refused
    where one is not there."""
    named = [("logo", new.logo), ("font_regular", new.font_regular), ("font_bold", new.font_bold)]
    for _, digest in named:
        if digest in given:
            await put_file(conn, organisation_id, given[digest])
    digests = [digest for _, digest in named if digest]
    rows = await SQL.media_types.all(conn, organisation_id=organisation_id, digests=digests)
    there = {row["digest"]: row["media_type"] for row in rows}
    for field, digest in named:
        main = "image" if field == "logo" else "font"
        if digest and not there.get(digest, "").startswith(f"{main}/"):
            raise wrong("theme_file_gone", field)
    look = msgspec.to_builtins(new)
    del look["organisation"]
    text = msgspec.json.encode(look).decode()
    await SQL.put_theme.run(conn, organisation_id=organisation_id, look=text)


async def drop(conn: Connection, organisation_id: int) -> None:
    """Back to the house's own look."""
    await SQL.drop_theme.run(conn, organisation_id=organisation_id)


async def put_file(conn: Connection, organisation_id: int, file: File) -> None:
    """Keep a file, and let go of the oldest that nothing names."""
    await SQL.put_file.run(conn, organisation_id=organisation_id, **file._asdict())
    await SQL.drop_oldest.run(conn, organisation_id=organisation_id, most=MOST_FILES)


async def keep(db: Database, actor: Actor, organisation_id: int, file: File) -> None:
    """Keep a file that a theme is to name, once it is saved. Raises Refused."""
    require(actor, "configure", organisation_id)
    async with db.transaction() as conn:
        await put_file(conn, organisation_id, file)


async def tried_on(db: Database, organisation_id: int, theme: Theme) -> Dress:
    """A theme that nobody has saved yet, as pages would wear it. The caller configures the
    organisation."""
    async with db.connection() as conn:
        row = await SQL.logo.one(conn, organisation_id=organisation_id, digest=theme.logo)
    return Dress(theme) if row is None else Dress(theme, *row.values())


async def files_of(conn: Connection, ids: Mapping[str, int]) -> tuple[ThemeFile, ...]:
    """The files that the themes of these organisations, ids by key, name."""
    keys = {id_: key for key, id_ in ids.items()}
    rows = await SQL.named_files.all(conn, scope=sorted(keys))
    return tuple(
        ThemeFile(organisation=keys[row["organisation_id"]], data=row["data"]) for row in rows
    )


def given_files(given: Iterable[ThemeFile]) -> dict[tuple[str, str], File]:
    """The files of a document by organisation and digest. Raises Refused for what is none."""
    found = {}
    for one in given:
        font = one.data[:4] == b"wOF2"
        file = read_file(
            one.data, f"theme_file.{one.organisation}.{'font' if font else 'logo'}"[:60]
        )
        found[one.organisation, file.digest] = file
    return found


async def get_file(db: Database, organisation: str, name: str) -> tuple[str, bytes] | None:
    """Media type and bytes of a logo or font by its file name; anybody may."""
    digest, _, extension = name.partition(".")
    async with db.connection() as conn:
        row = await SQL.file.one(conn, key=organisation, digest=digest)
    if row is None or EXTENSIONS[row["media_type"]] != extension:
        return None
    return row["media_type"], row["data"]


class Dresses:
    """What pages wear, as it is now. `last`: the house's own, as it was last known, for pages that
    ask no database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.last: Dress | None = None

    async def of(self, organisation: str | None = None, queue: str | None = None) -> Dress | None:
        """Of the queue's organisation, the one named, or the house's first; None: the house's
        own look. Where the database is away, the last known."""
        try:
            async with self._db.connection() as conn:
                row = await SQL.worn.one(conn, organisation=organisation, queue=queue)
        except TRANSIENT as error:
            _log.warning("theme_unknown", error=type(error).__name__)
            return self.last
        found = None
        if row is not None and row["look"] is not None:
            size = row["width"], row["height"]
            found = Dress(read(row, row["key"]), row["media_type"], *size)
        if organisation is None and queue is None:
            self.last = found
        return found
