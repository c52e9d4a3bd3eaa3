"""Real servers once for the whole run; a fresh database, cloned from a template, for each test.

These servers are thrown away with the run, so they need not wait for the disk; flows have their
own, which do.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import asyncpg
import hypothesis
import pytest

from contactcenter import demo
from contactcenter.config import load_settings
from contactcenter.kernel.db import Database
from contactcenter.kernel.embedded import embedded_servers
from contactcenter.kernel.schema import migrate
from tests.clamd import FakeClamd, fake_clamd
from tests.house import House, open_house

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.windows import Windows

_numbers = itertools.count(1)

# How long an example takes is the machine's business: no test asserts a time.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@dataclass(frozen=True)
class Backends:
    """Where the run's Postgres and Redis answer."""

    postgres: str
    redis: str

    def database(self, name: str) -> str:
        """The address of another database of the same server."""
        return urlsplit(self.postgres)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def backends() -> Iterator[Backends]:
    """Embedded Postgres and Redis of this run alone."""
    with tempfile.TemporaryDirectory(prefix="contactcenter-test-") as folder:
        home = Path(folder) / "home"
        with embedded_servers(home, need_postgres=True, need_redis=True) as servers:
            asyncio.run(_hurry(servers.database_url))
            yield Backends(servers.database_url, servers.redis_url)


@pytest.fixture(scope="session")
async def template(backends: Backends) -> str:
    """A database with the schema in it, to be cloned."""
    await _sql(backends.postgres, "CREATE DATABASE template_cc")
    await migrate(backends.database("template_cc"))
    return "template_cc"


@pytest.fixture(scope="session")
async def city(backends: Backends, template: str) -> str:
    """The same with the demo city."""
    await _sql(backends.postgres, f"CREATE DATABASE template_city TEMPLATE {template}")
    db = await Database.open(backends.database("template_city"))
    await demo.load(db)
    await db.close()
    return "template_city"


@pytest.fixture
async def database_url(backends: Backends, template: str) -> AsyncIterator[str]:
    """An own database with the schema in it."""
    async with _cloned(backends, template) as url:
        yield url


@pytest.fixture
async def empty_database_url(backends: Backends) -> AsyncIterator[str]:
    """An own database with nothing in it."""
    async with _cloned(backends, "template0") as url:
        yield url


@pytest.fixture
async def redis_url(backends: Backends) -> str:
    """The run's Redis, emptied."""
    from contactcenter.kernel.live import Live

    live = Live(backends.redis)
    await live.call("FLUSHALL")
    await live.close()
    return backends.redis


@pytest.fixture
async def house(
    backends: Backends, city: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[House]:
    """The rooms on real servers, without web and doors: each loop is run by the test."""
    settings = replace(load_settings({"CONTACTCENTER_HOME": str(tmp_path)}), channels=())
    async with (
        _cloned(backends, city) as url,
        open_house(settings, url, redis_url) as opened,
    ):
        yield opened


@pytest.fixture
async def clamd() -> AsyncIterator[FakeClamd]:
    """A scanner of the test's own."""
    async with fake_clamd() as fake:
        yield fake


@pytest.fixture
async def scanned(
    backends: Backends, city: str, redis_url: str, tmp_path: Path, clamd: FakeClamd
) -> AsyncIterator[House]:
    """A house whose files go through that scanner."""
    settings = load_settings({"CONTACTCENTER_HOME": str(tmp_path)})
    settings = replace(settings, channels=(), scanner=clamd.scanner)
    async with (
        _cloned(backends, city) as url,
        open_house(settings, url, redis_url) as opened,
    ):
        yield opened


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of pages."""
    from tests.chromium import chromium  # here, as quick tests don't need it

    async with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
async def windows(browser: Browser) -> Windows:
    """Its windows, for tests of pages that need no more of it."""
    from tests.windows import Windows

    return Windows(browser)


@asynccontextmanager
async def _cloned(backends: Backends, template: str) -> AsyncIterator[str]:
    name = f"test_{next(_numbers)}"
    await _sql(backends.postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield backends.database(name)
    await _sql(backends.postgres, f"DROP DATABASE {name} WITH (FORCE)")


async def _hurry(url: str) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        await _sql(url, f"ALTER SYSTEM SET {name} = off")
    await _sql(url, "SELECT pg_reload_conf()")


async def _sql(url: str, statement: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()
