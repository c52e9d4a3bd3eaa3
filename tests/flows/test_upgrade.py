"""A release whose schema has one step more, brought in and taken back under load: the node before
it drains, its migration is killed half-way, finds a table locked, and is done; both releases work
side by side; then the former one is started again on the newer schema."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from contactcenter.kernel.schema import VERSION
from tests.flows.conftest import running
from tests.flows.forks import ROOT
from tests.flows.load import Told, under_load
from tests.flows.next_release import Next, finds_a_lock, killed_half_way
from tests.flows.test_redis_failover import MANY, kept

SCHEMA = "SELECT to_regclass('next_thing') IS NOT NULL, max(version) FROM schema_version"


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
                await killed_half_way(second, release, conn)
                await finds_a_lock(second, release, url)
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
