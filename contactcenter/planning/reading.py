"""What the log tells of a day: who came, who was at work, what takes how long."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.planning import crew
from contactcenter.planning.ahead import Count, Foretold, foretell
from contactcenter.planning.moments import Day, micro
from contactcenter.planning.scenario import Held, Queue, Typical, Wait
from contactcenter.queue.relax import Asks, Step
from contactcenter.queue.rules import CHANNELS
from contactcenter.routing.day import Staff
from contactcenter.routing.demand import PlanError

SQL = load_sql(__file__)
LEARN_DAYS, COUNT_DAYS = 28, 366
LEAST = 5  # of fewer who left no patience is known; of fewer handled, the channel's are taken
_DAY = timedelta(days=1)


class Reading:
    """Reads for who may watch these organisations."""

    def __init__(self, conn: Connection, scope: Sequence[int]) -> None:
        self._conn = conn
        self._scope = list(scope)

    async def now(self) -> datetime:
        """The database's clock."""
        found: datetime = await SQL.moment.value(self._conn)
        return found

    async def queues(self) -> tuple[dict[int, Queue], ZoneInfo]:
        """The queues, and the zone by whose clocks days are counted: the first one's. Raises
        PlanError."""
        rows = await SQL.queues.all(self._conn, scope=self._scope)
        if not rows:
            raise PlanError("there are no queues: `contactcenter demo` makes some")
        return {row["id"]: _queue(row) for row in rows}, ZoneInfo(rows[0]["zone"])

    async def waits(self, day: Day) -> list[Wait]:
        """Those of the day, and those that had begun before it and were not over."""
        given = {"scope": self._scope, "since": day.begins, "until": day.known}
        over = await SQL.waits.all(self._conn, **given)
        still = await SQL.still_waiting.all(self._conn, **given)
        return [*map(_wait, over), *map(_still, still)]

    async def staff(self, day: Day, wanted: Container[str]) -> list[Staff]:
        """Who was available on the day, as far as it is over, with the skills they have now, of
        the wanted classes."""
        agents = await SQL.agents.all(self._conn, scope=self._scope)
        ids = [row["id"] for row in agents]
        rows = await SQL.states.all(self._conn, agents=ids, since=day.begins, until=day.known)
        turns = [crew.Turn(r["agent"], micro(r["at"]), r["to_state"] == "available") for r in rows]
        spans = crew.shifts(turns, micro(day.begins), micro(day.known))
        return [
            Staff(
                agent=row["id"],
                capacity=row["capacity"],
                classes=crew.only(crew.told(row["classes"]), wanted),
                shifts=spans[row["id"]],
                pauses=row["pauses_mail"],
            )
            for row in agents
            if row["id"] in spans
        ]

    async def held(self, day: Day, agents: Sequence[int]) -> list[Held]:
        """What these had in hand beside; what is not over takes until the day is."""
        rows = await SQL.held.all(
            self._conn, scope=self._scope, agents=agents, since=day.begins, until=day.known
        )
        return [
            Held(
                row["agent"],
                row["channel"],
                micro(max(row["at"], day.begins)),
                micro(row["ended"] or max(row["at"], day.known)),
            )
            for row in rows
        ]

    async def foretold(self, day: Day) -> Foretold:
        """What is expected on a day, by the days that are over before it. Raises PlanError."""
        last = min(day.day, day.today) - _DAY
        since = day.at(last - timedelta(days=COUNT_DAYS - 1)).begins
        until = day.at(last).ends
        rows = await SQL.counts.all(self._conn, scope=self._scope, since=since, until=until)
        counts = [
            Count((r["queue"], r["channel"], r["language"]), r["day"], r["slot"], r["n"])
            for r in rows
        ]
        first = min((count.day for count in counts), default=day.day)
        return foretell(counts, max(first, last - timedelta(days=COUNT_DAYS)), last, day.day)

    async def patience(self, day: Day) -> dict[str, float]:
        """Mean seconds by channel, of those of which it is known."""
        rows = await SQL.patience.all(self._conn, **self._before(day))
        return {r["channel"]: max(1.0, r["waited_s"] / r["n"]) for r in rows if r["n"] >= LEAST}

    async def answer_us(self, day: Day) -> int:
        """How long agents take to accept an offer, on average."""
        mean_s = await SQL.answering.value(self._conn, **self._before(day))
        return round((mean_s or 0.0) * 1_000_000)

    async def typical(
        self, day: Day, queues: Mapping[int, Queue]
    ) -> dict[tuple[int, str], Typical]:
        """Of every queue and channel; where too little was handled there, as the channel has it,
        or all together. Raises PlanError where nothing ever was."""
        rows = await SQL.handling.all(self._conn, **self._before(day))
        if not rows:
            text = "nothing was handled in the four weeks before: nothing to learn from"
            raise PlanError(text, "unrecorded")
        own = {(row["queue"], row["channel"]): [row] for row in rows if row["n"] >= LEAST}
        alike = {c: [row for row in rows if row["channel"] == c] or rows for c in CHANNELS}
        return {
            (number, channel): _pooled(own.get((number, channel), alike[channel]))
            for number in queues
            for channel in CHANNELS
        }

    async def recorded(self, zone: ZoneInfo) -> tuple[date | None, date | None]:
        """The first and the last day on which somebody came."""
        row = await SQL.recorded.row(self._conn, scope=self._scope, zone=zone.key)
        return row["first"], row["last"]

    def _before(self, day: Day) -> dict[str, Any]:
        until = min(day.ends, day.now)
        return {"scope": self._scope, "since": until - LEARN_DAYS * _DAY, "until": until}


def _queue(row: Row) -> Queue:
    return Queue(
        id=row["id"],
        key=row["key"],
        asks=Asks(row["organisation"], row["task"], row["level"], tuple(row["languages"])),
        target_s=row["target_s"],
        service_level_s=row["service_level_s"],
        way=row["service_level_way"],
        short_abandon_s=row["short_abandon_s"],
        steps=tuple(msgspec.json.decode(row["relax"], type=list[Step])),
    )


def _wait(row: Row) -> Wait:
    since, until = micro(row["wait_from"]), micro(row["at"])
    handled = None if row["ended"] is None else micro(row["ended"]) - until
    rank = since if row["rank"] is None else row["rank"]
    about = (row["queue"], row["channel"], row["language"], rank)
    return Wait(*about, since, until, row["accepted"], handled)


def _still(row: Row) -> Wait:
    about = (row["queue"], row["channel"], row["language"], row["rank"])
    return Wait(*about, micro(row["wait_from"]), None, accepted=False, handle_us=None)


def _pooled(rows: Sequence[Row]) -> Typical:
    """Of several together, the spread being theirs on average."""
    whole = sum(row["n"] for row in rows)
    mean = max(1.0, sum(row["n"] * row["mean_s"] for row in rows) / whole)
    deviation = sum(row["n"] * row["deviation_s"] for row in rows) / whole
    return Typical(mean, min(deviation / mean, 5.0))
