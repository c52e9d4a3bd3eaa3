"""The catalogue's rows. Functions take a connection and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from contactcenter.kernel.sql import Connection, Query, load_sql

SQL = load_sql(__file__)


class Source:
    """What one catalogue says for one organisation."""

    def __init__(self, conn: Connection, organisation_id: int, source: str) -> None:
        self._conn = conn
        self._whose: dict[str, Any] = {"organisation_id": organisation_id, "source": source}

    async def put(self, query: Query, rows: Sequence[dict[str, Any]]) -> tuple[int, int]:
        """Write rows by one of the put queries: (added, changed)."""
        if not rows:
            return 0, 0
        text = msgspec.json.encode(rows).decode()
        written = await query.all(self._conn, rows=text, **self._whose)
        added = sum(row["added"] for row in written)
        return added, len(written) - added

    async def remove(self, query: Query, keep: set[str]) -> int:
        """Mark as removed what is not among these."""
        return await query.run(self._conn, keep=list(keep), **self._whose)

    async def parents(self) -> dict[str, str | None]:
        """The terms that stand below another, and which."""
        rows = await SQL.parents.all(self._conn, **self._whose)
        return {row["code"]: row["parent"] for row in rows}
