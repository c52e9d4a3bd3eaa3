"""Postgres with a standby: the primary dies under load and the standby is promoted. Where commits
wait for the standby nothing is lost; where they do not, what was committed since it lagged is, and
nothing besides: docs/reliability.md, "More than one machine"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.load import Load, Told, under_load
from tests.flows.product import Product
from tests.flows.standby import Pair, pair
from tests.flows.test_redis_failover import MANY, kept

pytestmark = pytest.mark.needs_package("postgresql")


@pytest.mark.parametrize("synchronous", [True, False], ids=["synchronous", "asynchronous"])
async def test_a_promotion_under_load(tmp_path: Path, synchronous: bool) -> None:
    tmp_path.chmod(0o755)
    async with pair(synchronous=synchronous) as servers:
        first = Product(tmp_path / "one", CONTACTCENTER_DATABASE_URL=servers.url, **MANY)
        await first.start()
        redis_url = first.servers()["redis_url"]
        second = Product(
            tmp_path / "two",
            CONTACTCENTER_DATABASE_URL=servers.url,
            CONTACTCENTER_REDIS_URL=redis_url,
        )
        second.home.mkdir()
        await second.start(verb=("serve",))
        try:
            async with under_load(first, second) as load:
                await load.more(3)
                before, lagging = await _lose_primary(servers, load, synchronous)
                await servers.promote()
                load.told = after = Told() if not synchronous else load.told
                await load.more(5)
            assert await kept(first, before) == _all(before)
            assert await kept(first, after) == _all(after)
            if not synchronous:
                found = await kept(first, lagging)
                assert not any((found.said, found.replied, found.mails)), found
                # What a citizen has a link to, or an agent on the screen, is nobody else's.
                assert not {*lagging.contacts} & {*after.contacts}
            assert await second.stop() == 0
            assert (await first.verify())["violations"] == []
            assert await first.stop() == 0
        finally:
            for node in (first, second):
                if node.running:
                    await node.kill()


async def _lose_primary(servers: Pair, load: Load, synchronous: bool) -> tuple[Told, Told]:
    """What was acknowledged as long as the standby had it, and while it lagged, from the moment at
    which nothing reached it any more. What falls between the two, or is read when all is over,
    counts nowhere."""
    before, lagging, nowhere = load.told, Told(), Told()
    if not synchronous:
        load.told = nowhere
        await servers.caught_up()
        await servers.cut()
        await load.more(2)
        load.told = lagging
        await load.more(3)
        load.told = nowhere
    await servers.lose_primary()
    return before, lagging


def _all(told: Told) -> Told:
    return Told(told.said, told.replied, told.contacts, told.mails)
