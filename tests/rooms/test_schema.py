"""A database of a former release, brought to this one, is like a new one."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from contactcenter.kernel.schema import VERSION, migrate
from tests.conftest import Backends

FORMER = sorted((Path(__file__).resolve().parents[1] / "migrations").glob("schema_*.sql"))
SHAPE = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT 'index', tablename, indexname, indexdef, NULL, NULL, NULL
FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'check', conrelid::regclass::text, conname,
       -- A type's rule that a migration made is not looked up in rows that passed the table's own.
       CASE WHEN contypid = 0 THEN pg_get_constraintdef(oid)
            ELSE replace(pg_get_constraintdef(oid), ' NOT VALID', '') END,
       NULL, contypid::regtype::text, NULL
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'table', relname, obj_description(oid), relacl::text, NULL, NULL, NULL
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')
UNION ALL
SELECT 'view', viewname, definition, NULL, NULL, NULL, NULL
FROM pg_views WHERE schemaname = 'public'
UNION ALL
SELECT 'function', proname, pg_get_functiondef(oid), proacl::text, NULL, NULL, obj_description(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.mark.parametrize("former", FORMER, ids=lambda path: path.stem)
async def test_a_migrated_database_is_like_a_new_one(
    former: Path, backends: Backends, database_url: str
) -> None:
    old = backends.database("former")
    await _run(backends.postgres, "CREATE DATABASE former")
    try:
        await _run(old, former.read_text(encoding="utf-8"))
        found = await migrate(old)
        assert found == int(former.stem.rpartition("_")[2])
        assert await _shape(old) == await _shape(database_url)
    finally:
        await _run(backends.postgres, "DROP DATABASE former WITH (FORCE)")


async def test_progress_of_figures_can_be_read_after_the_change(backends: Backends) -> None:
    old = backends.database("former")
    await _run(backends.postgres, "CREATE DATABASE former")
    try:
        await _run(old, FORMER[2].read_text(encoding="utf-8"))
        await migrate(old)
        conn = await asyncpg.connect(old)
        try:
            assert await conn.fetchval("SELECT gaps FROM figure_progress") == "[]"
        finally:
            await conn.close()
    finally:
        await _run(backends.postgres, "DROP DATABASE former WITH (FORCE)")


def test_each_former_release_is_kept() -> None:
    assert [path.stem for path in FORMER] == [f"schema_{n:04}" for n in range(1, VERSION)]


async def _shape(url: str) -> set[tuple[object, ...]]:
    conn = await asyncpg.connect(url)
    try:
        return {tuple(row) for row in await conn.fetch(SHAPE)}
    finally:
        await conn.close()


async def _run(url: str, statement: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()
