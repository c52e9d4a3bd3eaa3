"""No query reads a large table whole, unless it says why in a line `-- whole: ...`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from contactcenter.feedback.public_requests import SQL as PUBLIC
from contactcenter.kernel.sql import Query
from tests.house import House
from tests.rooms.test_sql import QUERIES

# They grow with every contact, and so with the years.
LARGE = {
    "person", "identity", "cases", "contact", "message", "chat", "callback", "attempt", "blob",
    "attachment", "intake", "outbound", "feedback", "open_feedback", "decision", "audit", "event",
    "insight_count", "insight_told", "insight_month",
}  # fmt: skip
RECOUNTS = {"stats/verify.sql", "stats/export.sql"}  # all of it is what they are for
SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"}
FILLED = """
SELECT oid::regclass::text AS name FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
# Tables of a few rows are joined whole; what is asked is whether an index would lead to the rows.
AS_IF_LARGE = """
SET enable_seqscan = off; SET enable_material = off;
SET enable_hashjoin = off; SET enable_mergejoin = off
"""
# PostgreSQL plans a statement's first five runs by what they are given, and goes on so where that
# looks cheaper than the plan for any value: so both kinds are looked at, the former with values
# that are there or might be.
CONTACT = "SELECT id FROM contact ORDER BY id OFFSET (SELECT count(*) / 2 FROM contact) LIMIT 1"
GIVEN = {
    "text": "'mikkeli'", "bool": "true", "float8": "1", "jsonb": "'{}'", "json": "'[]'",
    "bytea": "'x'", "int4": "1", "interval": "interval '1 hour'", "date": "current_date - 9",
    "int2": "1", "float4": "1", "timestamptz": "now() - interval '9 days'",
}  # fmt: skip
PARTIAL = "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"


@pytest.mark.parametrize("kind", ["generic", "custom"])
async def test_an_index_leads_to_what_a_query_wants(full: House, kind: str) -> None:
    conn = await asyncpg.connect(full.node.db.url)
    try:
        for row in await conn.fetch(FILLED):  # of empty ones it would learn that nothing matters
            await conn.execute(f"ANALYZE {row['name']}")
        await conn.execute(f"{AS_IF_LARGE}; SET plan_cache_mode = force_{kind}_plan")
        partial = {row[0] for row in await conn.fetch(PARTIAL)}
        given = GIVEN | {"int8": str(await conn.fetchval(CONTACT))} if kind == "custom" else None
        found = [
            (path, query.name, table)
            for path, query in QUERIES
            if path not in RECOUNTS and "-- whole: " not in query.source
            for table in _read_whole(await _plan(conn, query, given), partial)
        ]
    finally:
        await conn.close()
    assert sorted(set(found)) == []


async def test_everybodys_questions_read_the_time_that_they_ask_for(full: House) -> None:
    """And not all that an organisation was ever told."""
    conn = await asyncpg.connect(full.node.db.url)
    try:
        await conn.execute(f"{AS_IF_LARGE}; SET plan_cache_mode = force_generic_plan")
        for query, column in ((PUBLIC.changed, "stands_since"), (PUBLIC.given, "given_at")):
            plan = json.dumps(await _plan(conn, query, None))
            bound = rf'"Index Cond": "[^"]*organisation_id = \S+ AND \({column} >= '
            assert re.search(bound, plan), plan
    finally:
        await conn.close()


async def _plan(
    conn: asyncpg.Connection, query: Query, given: dict[str, str] | None
) -> dict[str, Any]:
    """Its plan for values of these types; without any, the one that is kept for all."""
    statement = await conn.prepare(query.text)
    values = ", ".join(_value(one.name, given) for one in statement.get_parameters())
    call = f"{statement.get_name()}({values})" if values else statement.get_name()
    text = await conn.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE {call}")
    plan: dict[str, Any] = json.loads(text)[0]["Plan"]
    return plan


def _value(kind: str, given: dict[str, str] | None) -> str:
    if given is None:
        return "NULL"
    value = given[kind.removesuffix("[]")]
    return f"(ARRAY[{value}])::{kind}" if kind.endswith("[]") else f"({value})::{kind}"


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
