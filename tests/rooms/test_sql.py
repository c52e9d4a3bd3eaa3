"""Every query fits the schema, and runs under the role that serve has."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from contactcenter.kernel.sql import parse
from tests.house import House

ROOT = Path(__file__).resolve().parents[2] / "contactcenter"
QUERIES = [
    (str(path.relative_to(ROOT)), query)
    for path in sorted(ROOT.rglob("*.sql"))
    if path.parent.name != "migrations"
    for query in parse(path.read_text(encoding="utf-8")).values()
]


async def test_every_query_can_be_prepared(house: House) -> None:
    wrong = []
    async with house.node.db.connection() as conn:
        for path, query in QUERIES:
            try:
                await conn.prepare(query.text)
            except asyncpg.PostgresError as error:
                wrong.append((path, query.name, str(error)))
    assert wrong == []


DOMAINS = """
SELECT left(p.statement, 60), t.name
FROM pg_prepared_statements p, unnest(p.parameter_types) AS t (name)
JOIN pg_type y ON y.oid = t.name
WHERE y.typtype = 'd'
"""


async def test_no_parameter_is_of_a_type_with_a_rule(house: House) -> None:
    """The driver would ask the server about the type on each connection, and the server check the
    value when it is handed over: an error there names no column. Say `:word::text`."""
    async with house.node.db.connection() as conn:
        kept = [await conn.prepare(query.text) for _, query in QUERIES]
        wrong = [tuple(row) for row in await conn.fetch(DOMAINS)]
        assert len(kept) == len(QUERIES)
    assert wrong == []


@pytest.mark.parametrize("table", ["event", "audit"])
async def test_the_log_cannot_be_changed(house: House, table: str) -> None:
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.rows(statement)


async def test_the_application_deletes_no_person(house: House) -> None:
    for table in ("person", "cases", "contact", "message"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.rows(f"DELETE FROM {table}")
