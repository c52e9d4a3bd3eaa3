"""The next release of the product, whose schema has one step more, and how its coming may fail."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import asyncpg

from contactcenter.kernel.schema import VERSION
from tests.flows.forks import ROOT
from tests.flows.poll import until
from tests.flows.product import Product

STEP = """
CREATE TABLE next_thing (id bigint PRIMARY KEY);
COMMENT ON TABLE next_thing IS 'The next release''s. Personal data: no. Retention: config.';
ALTER TABLE contact ADD COLUMN next_word text;
COMMENT ON COLUMN contact.next_word IS 'The next release''s.';
"""
SLOW = "CREATE TABLE next_thing (id bigint PRIMARY KEY); SELECT pg_sleep(600);"
SLEEPS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
WAITS = "SELECT count(*) FROM pg_locks WHERE relation = 'schema_version'::regclass AND NOT granted"


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


async def killed_half_way(node: Product, release: Next, conn: asyncpg.Connection) -> None:
    """The node is killed while it migrates."""
    release.migrates(SLOW)
    starting = asyncio.create_task(node.start(verb=("serve",)))
    await until(lambda: conn.fetchval(SLEEPS))
    await node.kill()
    await asyncio.gather(starting, return_exceptions=True)
    # The server notices, and gives back what it had begun and locked.
    await until(lambda: _none(conn))


async def killed_before_the_note(node: Product, release: Next, conn: asyncpg.Connection) -> None:
    """The node is killed when its step is done, and before the schema's new version is noted."""
    release.migrates(STEP)
    async with conn.transaction():
        await conn.execute("LOCK TABLE schema_version IN SHARE MODE")  # it can be read, not written
        starting = asyncio.create_task(node.start(verb=("serve",)))
        await until(lambda: conn.fetchval(WAITS))
        await node.kill()
        await asyncio.gather(starting, return_exceptions=True)


async def _none(conn: asyncpg.Connection) -> bool:
    return not await conn.fetchval(SLEEPS)


async def finds_a_lock(node: Product, release: Next, url: str) -> None:
    """Somebody reads for long in the table that is to change: the start gives up soon, so that
    nobody else waits behind it for long."""
    release.migrates(STEP)
    reader = await asyncpg.connect(url)
    async with reader.transaction():
        await reader.fetch("SELECT FROM contact LIMIT 1")
        code, _, said = await node.ends("serve")
    await reader.close()
    assert (code, "lock timeout" in said) == (2, True), said
