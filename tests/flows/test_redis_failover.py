"""Redis behind Sentinels: the master stands still under load, a replica takes its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis.asyncio as redis

from tests.flows.conftest import running
from tests.flows.load import Told, under_load
from tests.flows.product import Product
from tests.flows.sentinels import Watched, watched

MANY = {"CONTACTCENTER_MAILS_PER_MINUTE_PER_ADDRESS": "100000"}
pytestmark = pytest.mark.needs_package("redis-server")


@pytest.fixture
async def servers() -> AsyncIterator[Watched]:
    """Redis, its replica and three Sentinels."""
    async with watched() as started:
        yield started


async def test_a_sentinel_failover_under_load(servers: Watched, tmp_path: Path) -> None:
    async with running(CONTACTCENTER_REDIS_URL=servers.url, **MANY) as first:
        second = Product(
            tmp_path / "second",
            CONTACTCENTER_DATABASE_URL=first.servers()["database_url"],
            CONTACTCENTER_REDIS_URL=servers.url,
        )
        second.home.mkdir()
        await second.start(verb=("serve",))
        try:
            async with under_load(first, second) as load:
                await load.more(5)
                servers.stall_master()
                await servers.failed_over()
                await load.more(5)
                servers.wake_master()  # it must not be taken for the master
                await load.more(5)
                told = load.told
            await _nothing_lost(first, told)
            await _line_stands(servers)
        finally:
            assert await second.stop() == 0
        assert (await first.verify())["violations"] == []


async def _nothing_lost(product: Product, told: Told) -> None:
    """Each acknowledged thing is there once."""
    messages = await product.export("messages")
    contacts = await product.export("contacts")
    ids = Counter(m["client_id"] for m in messages if m["client_id"])
    assert {ids[one] for one in (*told.said, *told.replied)} == {1}
    mails = Counter(c["external_id"] for c in contacts if c["channel"] == "mail")
    assert {mails[one] for one in told.mails} == {1}
    assert {c["id"] for c in contacts} >= set(told.contacts)


async def _line_stands(servers: Watched) -> None:
    """At the new master."""
    client = redis.Redis(port=servers.ports[1], protocol=2)
    assert (await client.info("replication"))["role"] == "master"
    assert await client.exists("rebuilt")
    await client.aclose()
