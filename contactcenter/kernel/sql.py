"""Named SQL: a room's queries stand in its store.sql and are called by their names.

A block begins with `-- name: words`, may say more in comment lines below it, and takes its
parameters as `:word`. A query on citizens' data says `organisation_id = ANY(:scope)`, or has a
line `-- system: why` where no user's rights are in question; a test reads all blocks for that.

What several queries of a file have in common stands once, under `-- part: words`; a line `{words}`
in a block above or below stands for it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg

# A connection from the pool or a plain one: both have the same fetch methods.
Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
Row = asyncpg.Record

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
_BLOCK = re.compile(r"^-- (name|part): (\w+)$", re.MULTILINE)
_PART = re.compile(r"^\{(\w+)\}$", re.MULTILINE)


class Query:
    """One statement. Its parameters are given by name, all of them and no others."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.source = text
        self.parameters: list[str] = []
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
        self.text = f"/* {name} */ " + _PARAMETER.sub(self._number, code).strip()

    def _number(self, match: re.Match[str]) -> str:
        word = match[1]
        if word not in self.parameters:
            self.parameters.append(word)
        return f"${self.parameters.index(word) + 1}"

    def _values(self, given: dict[str, Any]) -> list[Any]:
        if given.keys() != set(self.parameters):
            wrong = given.keys() ^ set(self.parameters)
            raise TypeError(f"query {self.name}: parameters differ by {sorted(wrong)}")
        return [given[word] for word in self.parameters]

    async def all(self, conn: Connection, /, **given: Any) -> list[Row]:
        """Every row."""
        rows: list[Row] = await conn.fetch(self.text, *self._values(given))
        return rows

    async def pieces(
        self, conn: Connection, /, size: int = 500, **given: Any
    ) -> AsyncIterator[list[Row]]:
        """Every row, so many at a time, as of one moment."""
        async with conn.transaction():
            cursor = await conn.cursor(self.text, *self._values(given))
            while piece := await cursor.fetch(size):
                yield piece

    async def one(self, conn: Connection, /, **given: Any) -> Row | None:
        """The first row, or None."""
        row: Row | None = await conn.fetchrow(self.text, *self._values(given))
        return row

    async def row(self, conn: Connection, /, **given: Any) -> Row:
        """The one row that must be there. Raises LookupError."""
        row = await self.one(conn, **given)
        if row is None:
            raise LookupError(f"query {self.name} found no row")
        return row

    async def value(self, conn: Connection, /, **given: Any) -> Any:
        """The first column of the first row, or None."""
        return await conn.fetchval(self.text, *self._values(given))

    async def run(self, conn: Connection, /, **given: Any) -> int:
        """Run it; returns how many rows it touched."""
        status: str = await conn.execute(self.text, *self._values(given))
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0


class Queries:
    """The queries of one store.sql, as attributes."""

    def __init__(self, queries: dict[str, Query]) -> None:
        self._queries = queries

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query named {name}") from None

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())


def parse(text: str) -> dict[str, Query]:
    """Split a file's text into its named queries."""
    pieces = _BLOCK.split(text)[1:]
    blocks: dict[str, dict[str, str]] = {"name": {}, "part": {}}
    for kind, name, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if name in blocks[kind]:
            raise ValueError(f"two blocks are named {name}")
        blocks[kind][name] = body.strip().rstrip(";")
    return {
        name: Query(name, _PART.sub(lambda used: blocks["part"][used[1]], body))
        for name, body in blocks["name"].items()
    }


def load_sql(module_file: str) -> Queries:
    """The queries that stand beside a module: store.py -> store.sql."""
    return Queries(parse(Path(module_file).with_suffix(".sql").read_text(encoding="utf-8")))
