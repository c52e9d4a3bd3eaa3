"""Mail that comes again, twice, or all at once after an outage."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from tests.faults.citizens import letter
from tests.faults.ledger import Entry
from tests.faults.post import BOXES, fetching
from tests.faults.stage import Stage

OLD, NEW, LEFT = 200, 5, 5
TWICE = 30
AWAY, MAILS = timedelta(days=3), 2000
CALM_S, FETCHED_S, WORKED_S = 10.0, 120.0, 120.0
TWICE_AS_SLOW, QUICK_S = 2.0, 0.25  # below that nobody minds
CAME = "SELECT external_id, first_arrival FROM contact WHERE external_id = ANY($1) ORDER BY id"
OPEN = "SELECT count(*) FROM contact WHERE state NOT IN ('closed', 'abandoned', 'quarantined')"


async def numbered_anew(stage: Stage) -> None:
    """F18: the server numbers its mails anew, somebody moves a mail back into the folder, and the
    server loses its newest ones: what is known stays as it is, and an admin can see it."""
    async with fetching(stage) as post, stage.crowded(rate=3.0, burst=30, in_flight=20):
        folder, old = post.server.folders["general"], round(OLD * stage.share)
        post.come(old)
        await post.fetched()
        folder.renumber()
        post.gate.reset()
        post.come(NEW)
        await post.fetched()
        seen = {"renewed": "uidvalidity", "known": old, "new": NEW}
        await post.admin_sees("general", seen)
        folder.put(folder.mails[0].raw)
        post.come()
        await post.fetched()
        del folder.mails[LEFT:]
        folder.next_uid = LEFT + 1
        post.gate.reset()
        await post.admin_sees("general", {"renewed": "restored", "known": LEFT, "new": 0})
        post.come(2)
        await post.fetched()


async def twice(stage: Stage) -> None:
    """F19: the same mail under two UIDs and by SMTP too; and one to the addresses of two queues."""
    async with fetching(stage) as post, stage.crowded(rate=3.0, burst=30, in_flight=20):
        for _ in range(round(TWICE * stage.share)):
            one = letter()
            post.put(one, "general")
            post.put(one, "general")
            await post.by_smtp(one)
            both = letter()
            both["Cc"] = BOXES["building"]
            post.put(both, "general", queues=2)
            post.put(both, "building", queues=2)
        await post.fetched()


async def three_days(stage: Stage) -> None:
    """F20: three days of mail at once: all of it, the oldest first, with the arrival that the
    server noted; who chats meanwhile is not held up."""
    first = datetime.now(UTC).replace(microsecond=0) - AWAY
    stage.mail_since = first.isoformat()
    async with fetching(stage) as post, stage.crowded(rate=10.0, burst=30, in_flight=30) as crowd:
        await asyncio.sleep(CALM_S)
        calm = len(stage.ledger.entries)
        mails = round(MAILS * stage.share)
        arrivals = {}
        for n in range(mails):
            mail = letter()
            arrivals[str(mail["Message-ID"])] = at = first + AWAY * (n / mails)
            post.put(mail, "general", at.replace(microsecond=0))
        await post.fetched(seconds=FETCHED_S)
        _held_up(stage, calm)
        await _oldest_first(stage, arrivals)
        for agent in crowd.agents:
            agent.hurry.set()
        await _worked_off(stage)


def _held_up(stage: Stage, calm: int) -> None:
    before, since = _p95(stage.ledger.entries[:calm]), _p95(stage.ledger.entries[calm:])
    if since > max(TWICE_AS_SLOW * before, stage.within(QUICK_S)):
        stage.broken.append(f"p95 of the chat was {before:.3f} s, and {since:.3f} s with the mail")


def _p95(entries: list[Entry]) -> float:
    """Of the seconds from a citizen's message to its echo; 0 where none was written."""
    meant, took = {}, []
    for entry in entries:
        if entry.act == "say" and entry.phase == "intent":
            meant[entry.id] = entry.t
        elif entry.act == "say" and entry.phase == "ack" and entry.id in meant:
            took.append(entry.t - meant[entry.id])
    return sorted(took)[len(took) * 95 // 100] if took else 0.0


async def _oldest_first(stage: Stage, arrivals: dict[str, datetime]) -> None:
    conn = await stage.house.connect()
    rows = await conn.fetch(CAME, list(arrivals))
    await conn.close()
    if [row["external_id"] for row in rows] != list(arrivals):
        stage.broken.append("the mails were not taken in oldest first")
    wrong = [
        row["external_id"]
        for row in rows
        if row["first_arrival"] != arrivals[row["external_id"]].replace(microsecond=0)
    ]
    if wrong:
        stage.broken.append(f"{len(wrong)} mails have another arrival than the server's")


async def _worked_off(stage: Stage) -> None:
    """Wait until the agents have come through most of it: longer than a crowd's drain takes."""
    conn = await stage.house.connect()
    end = time.monotonic() + stage.within(WORKED_S)
    while await conn.fetchval(OPEN) > 100 and time.monotonic() < end:
        await asyncio.sleep(0.5)
    await conn.close()
