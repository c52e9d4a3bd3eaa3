"""No query reads a large table whole, unless it says why in a line `-- whole: ...`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from contactcenter.kernel.sql import Query
from tests.house import House
from tests.rooms.test_sql import QUERIES

# They grow with every contact, and so with the years.
LARGE = {
    "person", "identity", "cases", "contact", "message", "chat", "callback", "attempt", "blob",
    "attachment", "intake", "outbound", "feedback", "decision", "audit", "event",
}  # fmt: skip
RECOUNTS = {"stats/verify.sql", "stats/export.sql"}  # all of it is what they are for
SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"}
FILLED = """
SELECT oid::regclass::text AS name FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
# Tables of a few rows are joined whole; what is asked is whether an index would lead to the rows.
AS_IF_LARGE = """
SET plan_cache_mode = force_generic_plan;
SET enable_seqscan = off; SET enable_material = off;
SET enable_hashjoin = off; SET enable_mergejoin = off
"""
PARTIAL = "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"


async def test_an_index_leads_to_what_a_query_wants(full: House) -> None:
    conn = await asyncpg.connect(full.node.db.url)
    try:
        for row in await conn.fetch(FILLED):  # of empty ones it would learn that nothing matters
            await conn.execute(f"ANALYZE {row['name']}")
        await conn.execute(AS_IF_LARGE)
        partial = {row[0] for row in await conn.fetch(PARTIAL)}
        found = [
            (path, query.name, table)
            for path, query in QUERIES
            if path not in RECOUNTS and "-- whole: " not in query.source
            for table in _read_whole(await _plan(conn, query), partial)
        ]
    finally:
        await conn.close()
    assert sorted(set(found)) == []


async def _plan(conn: asyncpg.Connection, query: Query) -> dict[str, Any]:
    """The plan that is kept for it, whatever it is given."""
    statement = await conn.prepare(query.text)
    given = ", ".join(["NULL"] * len(query.parameters))
    call = f"{statement.get_name()}({given})" if given else statement.get_name()
    text = await conn.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {call}")
    plan: dict[str, Any] = json.loads(text)[0]["Plan"]
    return plan


def _read_whole(node: dict[str, Any], partial: set[str], *, some: bool = False) -> Iterator[str]:
    """The large tables of which this plan reads every row, or every row's place in an index. An
    index of few rows may be read so, and any index where `some` of its first rows are enough."""
    name = node.get("Relation Name", "")
    table = "event" if name.startswith("event_") else name
    if table in LARGE and node["Node Type"] in SCANS and "Index Cond" not in node:
        by = node.get("Index Name")
        if by is None or (not some and by not in partial):
            yield table
    ordered = node["Node Type"] == "Limit" or (some and node["Node Type"] == "Merge Append")
    for child in node.get("Plans", ()):
        yield from _read_whole(child, partial, some=ordered)
