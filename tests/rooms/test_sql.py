"""Every query fits the schema, and runs under the role that serve has."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from contactcenter.kernel.sql import parse
from tests.house import House

ROOT = Path(__file__).resolve().parents[2] / "contactcenter"
FILES = sorted(p for p in ROOT.rglob("*.sql") if p.parent.name != "migrations")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
async def test_every_query_can_be_prepared(house: House, path: Path) -> None:
    async with house.node.db.connection() as conn:
        for query in parse(path.read_text(encoding="utf-8")).values():
            await conn.prepare(query.text)


@pytest.mark.parametrize("table", ["event", "audit"])
async def test_the_log_cannot_be_changed(house: House, table: str) -> None:
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.rows(statement)


async def test_the_application_deletes_no_person(house: House) -> None:
    for table in ("person", "cases", "contact", "message"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.rows(f"DELETE FROM {table}")
