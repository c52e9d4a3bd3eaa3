"""One fault from its beginning to its verdict."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.faults import evidence
from tests.faults.crowd import BURST, RATE, Crowd
from tests.faults.evidence import Evidence, Line
from tests.faults.house import AGENTS, House, Node
from tests.faults.ledger import Ledger
from tests.faults.machine import patience
from tests.faults.verdict import Verdict, judge
from tests.flows.recount import recount

VIEWS_S = 5.0  # in which every view must be right again
CITY = "mikkeli"
HERE = ZoneInfo("Europe/Helsinki")
IN_FLIGHT = 200
STILL_GONE = """
SELECT count(*) FROM contact c
WHERE id = ANY($1::bigint[]) AND state NOT IN ('wrap_up', 'closed', 'abandoned') AND NOT EXISTS (
    SELECT FROM event e WHERE e.contact_id = c.id AND e.kind = 'offered' AND e.at > $2)
"""


class Stage:
    """What a fault has to its hands. `recovered`: seconds from `over` to the first new offer."""

    def __init__(self, house: House, ledger: Ledger, seed: int, load: float = 1.0) -> None:
        self.house, self.ledger = house, ledger
        self.seed, self.share = seed, load
        self.chance = Random(f"{seed} {ledger.path.stem}")
        self.limit_s: float | None = None
        self._began = time.monotonic()
        self.settles_s = 1.0  # how long a contact may be passed over after it came into the line
        self.broken: list[str] = []
        self.contacts: set[str] = set()  # that must be offered again, where there are any
        self.crowd: Crowd
        self._over: float | None = None
        self.mail_since: str | None = None  # mail may have arrived from then on, before the fault

    @asynccontextmanager
    async def crowded(
        self,
        *,
        in_flight: int = IN_FLIGHT,
        burst: int = BURST,
        rate: float = RATE,
        agents: int = AGENTS,
        clicks: int = 1,
        left_alone: int = 0,
    ) -> AsyncIterator[Crowd]:
        """A crowd at work, from when so many have turned to the house; drained in the end. All of
        it is a share of itself where the machine is to bear less. `left_alone`: who waits besides,
        and goes on waiting."""
        some = [max(5, round(n * self.share)) for n in (burst, agents, in_flight)]
        self.crowd = Crowd(
            self.house,
            self.ledger,
            self.seed,
            rate=rate * self.share,
            burst=some[0],
            agents=some[1],
            clicks=clicks,
        )
        self.crowd.left_alone = left_alone
        try:
            await self.crowd.begin()
            await self.crowd.until(some[2])
            yield self.crowd
            left = await self.crowd.drain()
            if left:
                self.broken.append(f"not finished in time: {left}")
            await self._settled()
        finally:
            await self.crowd.leave()

    def over(self, limit_s: float) -> None:
        """The fault ends now; the first offer after it must come within so many seconds."""
        self._over, self.limit_s = time.time(), self.within(limit_s)

    def within(self, seconds: float) -> float:
        """So long, where nobody else uses the machine."""
        return seconds * self.patience

    @property
    def patience(self) -> float:
        """The most since the fault began."""
        return patience(self._began)

    def random(self) -> Random:
        """A chance of one's own, from the seed."""
        return Random(self.chance.getrandbits(64))

    @property
    def node(self) -> Node:
        """The house's first node."""
        return self.house.nodes[0]

    def recovery_s(self) -> float | None:
        """From the fault's end to the first offer that somebody saw; where contacts must be offered
        again, to the last of these."""
        if self._over is None:
            return None
        first: dict[str, float] = {}
        for entry in self.ledger.entries:
            if entry.act == "offered" and entry.t > self._over:
                first.setdefault(entry.data["contact"], entry.t - self._over)
        if not self.contacts:
            return min(first.values(), default=None)
        if not self.contacts <= first.keys():
            return None
        return max(first[contact] for contact in self.contacts)

    async def offered_again(self, seconds: float) -> None:
        """Wait until all of these contacts were, or so long. What its agent did in the last moment
        may have been committed: that one is over."""
        end = time.monotonic() + self.within(seconds)
        since = datetime.fromtimestamp(self._over or 0, UTC)
        conn = await self.house.connect()
        while time.monotonic() < end:
            ids = [int(contact) for contact in self.contacts]
            if not await conn.fetchval(STILL_GONE, ids, since):
                break
            await asyncio.sleep(0.2)
        await conn.close()

    async def _settled(self) -> None:
        """The board, before everybody leaves: it must be right within 5 s."""
        after = datetime.now(UTC).isoformat(timespec="microseconds")
        self.board = await self.crowd.supervisor.board(after, self.within(VIEWS_S))

    board: Line | None = None


async def verdict_of(stage: Stage, since: str) -> Verdict:
    """Collect the evidence and judge it."""
    house = stage.house
    found = await evidence.exports(house, since, stage.mail_since or since)
    house.events += found["events"]
    stage.contacts &= {e["contact"] for e in found["events"] if e.get("why") == "agent_lost"}
    for kind, lines in found.items():
        kept = stage.ledger.path.with_suffix(f".{kind}.json")
        kept.write_text("\n".join(map(json.dumps, lines)))
    sunk = [evidence.sunk(mail) for mail in house.sink.taken]
    house.sink.taken.clear()
    verdict = judge(
        Evidence(
            settles_s=stage.within(stage.settles_s),
            entries=stage.ledger.entries,
            sunk=sunk,
            verified=await _verified(house),
            recount=await evidence.recount(house),
            board=stage.board,
            counted=_counted(house, stage.board),
            **found,
        )
    )
    verdict.broken += stage.broken
    verdict.recovery_s = stage.recovery_s()
    if stage.limit_s is not None:
        if verdict.recovery_s is None:
            verdict.broken.append("nothing was offered after the fault")
        elif verdict.recovery_s > stage.limit_s:
            verdict.broken.append(
                f"first offer after {verdict.recovery_s:.1f} s, the limit is {stage.limit_s:.1f} s"
            )
    return verdict


async def _verified(house: House) -> Line:
    """What `verify` says, without what it said after a fault before."""
    found = await house.office.verify()
    found["violations"] = [one for one in found["violations"] if one not in house.violations]
    house.violations += found["violations"]
    return found


def _counted(house: House, board: Line | None) -> dict[tuple[str, str], Line]:
    """The board's figures of today, from the events and with the standard library only."""
    if board is None:
        return {}
    at = datetime.fromisoformat(board["at"])
    begins = at.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    period = [begins.isoformat(), (begins + timedelta(days=1)).isoformat()]
    events = [e for e in house.events if e["organisation"] == CITY and e["at"] <= board["at"]]
    return recount(events, house.levels, period, board["at"])


async def begin_at() -> str:
    """The moment from which on things belong to the fault that begins."""
    await asyncio.sleep(0.01)
    return datetime.now(UTC).isoformat(timespec="microseconds")
