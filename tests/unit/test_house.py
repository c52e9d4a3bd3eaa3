"""The house's rules that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from contactcenter.kernel.sql import parse

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "contactcenter").rglob("*.py"))
SQL_FILES = sorted(
    p for p in (ROOT / "contactcenter").rglob("*.sql") if p.parent.name != "migrations"
)
SCHEMA = (ROOT / "schema.sql").read_text(encoding="utf-8")
CITIZENS = r"\b(person|identity|cases|contact|message|attachment|draft|outbound)\b"


SERVERS = ("asyncpg", "redis", "aiohttp")


def imports(source: str) -> set[str]:
    """The top-level packages that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_servers_are_spoken_to_in_few_places(path: Path) -> None:
    inside = path.relative_to(ROOT / "contactcenter")
    source = path.read_text(encoding="utf-8")
    used = imports(source) if any(name in source for name in SERVERS) else set()
    in_kernel = inside.parts[0] == "kernel"
    assert "asyncpg" not in used or in_kernel or inside.name == "store.py"
    assert "redis" not in used or in_kernel or inside.name == "live.py"
    assert "aiohttp" not in used or inside.parts[0] in (
        "web",
        "app.py",
        "edge.py",
        "watch.py",
        "service_address.py",
        "traffic",
        "tracing",
    )


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_query_on_citizens_data_is_scoped(path: Path) -> None:
    for query in parse(path.read_text(encoding="utf-8")).values():
        scoped = "organisation_id = ANY(:scope)" in query.source
        stated = re.search(r"^-- system: \S", query.source, re.MULTILINE)
        assert scoped or stated or not re.search(CITIZENS, query.text), query.name


WRITES_SKILLS = ("accounts", "configuration", "demo_history")
MAY_LOOK = ("demo.sql", "agreements.sql")  # languages to show; whom a new day concerns


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_who_is_able_is_said_in_one_place(path: Path) -> None:
    """In schema.sql: the view `able`. What is asked of the skills themselves knows less."""
    listed = re.search(r"\b(FROM|JOIN) skill\b", path.read_text(encoding="utf-8"))
    room = path.relative_to(ROOT / "contactcenter").parts[0]
    assert not listed or room in WRITES_SKILLS or path.name in MAY_LOOK


def test_every_table_says_what_it_is_for() -> None:
    tables = re.findall(r"^CREATE TABLE (\w+)", SCHEMA, re.MULTILINE)
    for table in tables:
        comment = re.search(rf"^COMMENT ON TABLE {table} IS '(.+)';$", SCHEMA, re.MULTILINE)
        assert comment, table
        assert re.search(
            r"Personal data: .+\. Retention: (config|contact|live|log|figures)\.$", comment[1]
        ), table


def test_the_makefile_stays_short() -> None:
    assert len((ROOT / "Makefile").read_text(encoding="utf-8").splitlines()) <= 60


def test_front_end_packages_have_no_addresses() -> None:
    assert '"resolved"' not in (ROOT / "agent_ui" / "package-lock.json").read_text(encoding="utf-8")
