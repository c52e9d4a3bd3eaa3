"""A release whose schema has one step more, brought in and taken back under load: the node before
it drains, its migration is killed half-way, finds a table locked, and is done; both releases work
side by side; then the former one is started again on the newer schema."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import asyncpg

from contactcenter.kernel.schema import VERSION
from tests.flows.conftest import running
from tests.flows.load import Told, under_load
from tests.flows.poll import until
from tests.flows.product import ROOT, Product
from tests.flows.test_redis_failover import MANY, kept

STEP = """
CREATE TABLE next_thing (id bigint PRIMARY KEY);
COMMENT ON TABLE next_thing IS 'The next release''s. Personal data: no. Retention: config.';
ALTER TABLE contact ADD COLUMN next_word text;
COMMENT ON COLUMN contact.next_word IS 'The next release''s.';
"""
SLOW = "CREATE TABLE next_thing (id bigint PRIMARY KEY); SELECT pg_sleep(600);"
SLEEPS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
SCHEMA = "SELECT to_regclass('next_thing') IS NOT NULL, max(version) FROM schema_version"


class Next:
    """The next release, in a folder: this one, but for its schema."""

    def __init__(self, folder: Path) -> None:
        for name in ("contactcenter", "channels"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "schema.sql", folder)
        (folder / "agent_ui").symlink_to(ROOT / "agent_ui")
        self.root = folder
        code = folder / "contactcenter/kernel/schema.py"
        text = code.read_text(encoding="utf-8")
        assert f"VERSION = {VERSION}\n" in text
        code.write_text(text.replace(f"VERSION = {VERSION}\n", f"VERSION = {VERSION + 1}\n"))
        self.migrates(STEP)

    def migrates(self, step: str) -> None:
        """What its migration does."""
        name = f"contactcenter/kernel/migrations/{VERSION + 1:04}.sql"
        (self.root / name).write_text(step, encoding="utf-8")


async def test_a_release_comes_and_goes_back_under_load(tmp_path: Path) -> None:
    release = Next(tmp_path / "release")
    async with running(**MANY) as first:
        url = first.servers()["database_url"]
        conn = await asyncpg.connect(url)
        second = first.sibling(tmp_path / "second")
        second.home.mkdir()
        await second.start(verb=("serve",))
        try:
            async with under_load(first, second) as load:
                await load.more(3)
                assert await second.stop() == 0
                second.root = release.root
                await _killed_half_way(second, release, conn)
                await _finds_a_lock(second, release, url)
                assert await _schema(conn) == (False, VERSION)
                await second.start(verb=("serve",))
                assert await _schema(conn) == (True, VERSION + 1)
                await load.more(3)
                assert await second.stop() == 0
                second.root = ROOT
                await second.start(verb=("serve",))
                await load.more(3)
                told = load.told
            assert await kept(first, told) == Told(
                told.said, told.replied, told.contacts, told.mails
            )
            assert await second.stop() == 0
            assert (await first.verify())["violations"] == []
        finally:
            await conn.close()
            if second.running:
                await second.kill()


async def _schema(conn: asyncpg.Connection) -> tuple[bool, int]:
    """Whether the next release's table is there, and the schema's version."""
    ((there, version),) = await conn.fetch(SCHEMA)
    return there, version


async def _killed_half_way(node: Product, release: Next, conn: asyncpg.Connection) -> None:
    release.migrates(SLOW)
    starting = asyncio.create_task(node.start(verb=("serve",)))
    await until(lambda: conn.fetchval(SLEEPS))
    await node.kill()
    await asyncio.gather(starting, return_exceptions=True)
    # The server notices, and gives back what it had begun and locked.
    await until(lambda: _none(conn))


async def _none(conn: asyncpg.Connection) -> bool:
    return not await conn.fetchval(SLEEPS)


async def _finds_a_lock(node: Product, release: Next, url: str) -> None:
    """Somebody reads for long in the table that is to change: the start gives up soon, so that
    nobody else waits behind it for long."""
    release.migrates(STEP)
    reader = await asyncpg.connect(url)
    async with reader.transaction():
        await reader.fetch("SELECT FROM contact LIMIT 1")
        code, _, said = await node.ends("serve")
    await reader.close()
    assert (code, "lock timeout" in said) == (2, True), said
