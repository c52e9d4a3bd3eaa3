"""A house that is lost, and comes back from its backup."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random

from tests.faults.break_mail import HURRY
from tests.faults.crowd import Crowd
from tests.faults.evidence import sunk
from tests.faults.house import House
from tests.faults.ledger import Entry
from tests.faults.stage import Stage

ON_ITS_WAY_S = 3.0
GONE_S = "15"  # who chatted before the loss does not come back
HELD = "SELECT external_id FROM outbound WHERE code LIKE 'held:%'"
KNOWN = "SELECT external_id FROM outbound"


async def restored(stage: Stage) -> None:
    """F40: a backup is made with mails on their way; they leave, and then all is lost. What was
    acknowledged before the backup is there again, and what has left leaves no second time."""
    house = stage.house
    for other in list(house.nodes):
        await house.remove_node(other)
    file = house.folder / f"backup-{time.time():.0f}"
    since = await _lost(stage, file)
    entries = stage.ledger.entries
    entries[:] = [one for one in entries if one.t < since or _stands(one)]
    await _restore(house, file)
    await _only_what_is_known(stage)
    house.users = []  # everybody signs in anew
    await house.add_node(CONTACTCENTER_CHAT_RESUME_S=GONE_S)
    async with stage.crowded(rate=5.0, burst=30, in_flight=30):
        await asyncio.sleep(ON_ITS_WAY_S)


async def _lost(stage: Stage, file: Path) -> float:
    """People work, a backup is made, they go on, and everything is gone; when the backup began."""
    house, sink, share = stage.house, stage.house.sink, stage.share
    node = await house.add_node()
    crowd = Crowd(
        house,
        stage.ledger,
        Random(stage.seed).getrandbits(32),  # another crowd than the one that comes later
        rate=10.0 * share,
        burst=round(100 * share),
        agents=max(5, round(30 * share)),
        clicks=1,
    )
    try:
        await crowd.begin()
        await crowd.until(round(80 * share))
        sink.script = {"dot": "451 4.3.0 later"}
        await asyncio.sleep(ON_ITS_WAY_S)
        since = time.time()
        await _office(house, "backup", str(file))
        sink.script = {}
        conn = await house.connect()
        await conn.execute(HURRY)
        await conn.close()
        await asyncio.sleep(ON_ITS_WAY_S)
    finally:
        await node.kill()
        await crowd.leave()
        house.forget(node)
    return since


def _stands(entry: Entry) -> bool:
    """What was told after the backup began is lost; what was meant may be in it, and who left
    has left."""
    return entry.phase == "intent" or entry.act == "gone"


async def _restore(house: House, file: Path) -> None:
    """Into a new database, which takes the lost one's place."""
    beside = house.database_url.replace("/contactcenter?", "/restored?")
    conn = await house.connect()
    await conn.execute("CREATE DATABASE restored")
    await conn.close()
    await _office(house, "restore", str(file), CONTACTCENTER_DATABASE_URL=beside)
    conn = await house.connect("postgres")
    await conn.execute("DROP DATABASE contactcenter WITH (FORCE)")
    await conn.execute("ALTER DATABASE restored RENAME TO contactcenter")
    await conn.close()


async def _office(house: House, *words: str, **environment: str) -> None:
    code, _, err = await house.office.ends(*words, **environment)
    assert code == 0, err


async def _only_what_is_known(stage: Stage) -> None:
    """What left after the backup, and is in no row of it, is not asked about any more; of what was
    on its way in it some must have left, or there was nothing to try."""
    sink, conn = stage.house.sink, await stage.house.connect()
    known = {row["external_id"] for row in await conn.fetch(KNOWN)}
    held = {row["external_id"] for row in await conn.fetch(HELD)}
    await conn.close()
    sink.taken[:] = [mail for mail in sink.taken if sunk(mail).id in known]
    if not held & {sunk(mail).id for mail in sink.taken}:
        stage.broken.append("nothing that was on its way in the backup has left")
