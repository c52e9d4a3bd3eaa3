"""The catalogue's rows. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from contactcenter.kernel.sql import Connection, Query, load_sql

SQL = load_sql(__file__)


class Source:
    """What one catalogue says for one organisation."""

    def __init__(self, conn: Connection, organisation_id: int, source: str) -> None:
        self._conn = conn
        self._whose: dict[str, Any] = {"organisation_id": organisation_id, "source": source}

    async def put(
        self, query: Query, rows: Sequence[dict[str, Any]], known: Mapping[str, str] | None = None
    ) -> tuple[int, int, int]:
        """Write rows by one of the put queries: (added, changed, unchanged). `known`: digests of
        what is there; a row that is there as it is isn't even sent."""
        others = rows
        if known is not None:
            others = [row for row in rows if known.get(row["external_id"]) != row["digest"]]
        if not others:
            return 0, 0, len(rows)
        text = msgspec.json.encode(others).decode()
        written = await query.all(self._conn, rows=text, **self._whose)
        added = sum(row["added"] for row in written)
        return added, len(written) - added, len(rows) - len(written)

    async def remove(self, query: Query, keep: set[str]) -> int:
        """Mark as removed what is not among these."""
        return await query.run(self._conn, keep=list(keep), **self._whose)

    async def digests(self, query: Query) -> dict[str, str]:
        """What is there and not removed, with the digest of its content."""
        rows = await query.all(self._conn, **self._whose)
        return {row["external_id"]: row["digest"] for row in rows}

    async def parents(self) -> dict[str, str | None]:
        """The terms that stand below another, and which."""
        rows = await SQL.parents.all(self._conn, **self._whose)
        return {row["code"]: row["parent"] for row in rows}
