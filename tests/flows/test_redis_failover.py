"""Redis behind Sentinels: the master stands still under load, a replica takes its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
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
            **first.key(),
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
            assert await kept(first, told) == replace(told, offers=[], reconnected=0)
            await _line_stands(servers)
        finally:
            assert await second.stop() == 0
        assert (await first.verify())["violations"] == []


async def kept(product: Product, told: Told) -> Told:
    """Of what was acknowledged, what is there; nothing is there twice."""
    messages = await product.export("messages")
    contacts = await product.export("contacts")
    ids = Counter(m["client_id"] for m in messages if m["client_id"])
    mails = Counter(c["external_id"] for c in contacts if c["channel"] == "mail")
    assert {*ids.values(), *mails.values()} == {1}
    there = {c["id"] for c in contacts}
    return Told(
        [one for one in told.said if one in ids],
        [one for one in told.replied if one in ids],
        [one for one in told.contacts if one in there],
        [one for one in told.mails if one in mails],
    )


async def _line_stands(servers: Watched) -> None:
    """At the new master."""
    client = redis.Redis(port=servers.ports[1], protocol=2)
    assert (await client.info("replication"))["role"] == "master"
    assert await client.exists("rebuilt")
    await client.aclose()
