"""What changes slowly and an estimate needs: queues with their steps and hours, what was counted
lately, and where estimates were too often wrong to be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.hours import Calendar, read_hours
from contactcenter.queue.relax import Asks, Step, ladder
from contactcenter.queue.rules import BY_HAND, is_for_own_staff, requirement
from contactcenter.routing.present import Entry, Steps, Stream
from contactcenter.routing.recent import Counted, is_silent

SQL = load_sql(__file__)
NOTHING = Counted()
_MAIL = "mail"  # comes at any hour
_US = 1_000_000
_Key = tuple[int, str]  # queue, channel


@dataclass(frozen=True)
class Facts:
    """All of it. `closes_us`: by queue, when it closes, in the terms of ranks; of one that is
    closed a moment that is over, of one that never closes nothing."""

    queues: dict[int, Row] = field(default_factory=dict)
    asks: dict[str, dict[str, Asks]] = field(default_factory=dict)
    closes_us: dict[int, int] = field(default_factory=dict)
    counted: dict[_Key, Counted] = field(default_factory=dict)
    rates: list[Row] = field(default_factory=list)
    silent: frozenset[_Key] = frozenset()
    answer_s: float = 0.0

    def of(self, row: Row) -> Counted:
        """What was counted of a row's queue and channel."""
        return self.counted.get((row["queue_id"], row["channel"]), NOTHING)

    def closes_s(self, queue: int, now_us: int) -> float | None:
        """In how many seconds a queue closes; None: it does not."""
        closes = self.closes_us.get(queue)
        return None if closes is None else (closes - now_us) / _US

    def closing(self, now_us: int, within_s: float) -> dict[int, int]:
        """Queues that are open and close within so many seconds, and when: seconds since 1970."""
        return {
            queue: at // _US
            for queue, at in self.closes_us.items()
            if 0 < at - now_us <= within_s * _US
        }

    def steps(self, queue: int, language: str, asks: str = "") -> Steps:
        """After how long a wait the steps of a queue open which class, to who asks for that."""
        row = self.queues.get(queue)
        if row is None:
            return ()
        others = self.asks[row["organisation"]]
        relax = msgspec.json.decode(row["relax"], type=list[Step])
        own_staff = is_for_own_staff(asks)
        return ladder(relax, others[row["key"]], others, language, own_staff=own_staff)

    def streams(self, now_us: int) -> tuple[Stream, ...]:
        """Who keeps coming."""
        return tuple(
            self._stream(row, now_us) for row in self.rates if row["queue_id"] in self.queues
        )

    def _stream(self, row: Row, now_us: int) -> Stream:
        queue, known = self.queues[row["queue_id"]], self.of(row)
        return Stream(
            class_of(queue, row["language"]),
            row["channel"],
            row["rate"],
            queue["target_s"],
            known.aht_s,
            known.patience_s,
            self.steps(queue["id"], row["language"]),
            None if row["channel"] == _MAIL else self.closes_s(queue["id"], now_us),
        )

    def entries(self, now_us: int) -> dict[str, Entry]:
        """What holds for who would come now, by class. Of several queues that ask for the same, as
        in the one where it takes longest: of those that are open the longest target and the fewest
        steps, and until the first of them closes."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for key, queue in self.queues.items():
            for language in queue["languages"]:
                entry = Entry(
                    queue["target_s"], self.steps(key, language), self.closes_s(key, now_us)
                )
                found[class_of(queue, language)].append(entry)
        return {name: _slowest(entries) for name, entries in found.items()}


def _slowest(entries: Iterable[Entry]) -> Entry:
    known = list(entries)
    open_ = [one for one in known if one.closes_s is None or one.closes_s > 0] or known
    return Entry(
        max(one.target_s for one in open_),
        min((one.steps for one in open_), key=len),
        min((one.closes_s for one in open_ if one.closes_s is not None), default=None),
    )


async def read_facts(conn: Connection) -> Facts:
    """Read anew."""
    queues = {row["id"]: row for row in await SQL.queues.all(conn)}
    counted = {
        (row["queue_id"], row["channel"]): _counted(row) for row in await SQL.means.all(conn)
    }
    judged: defaultdict[_Key, list[tuple[int, int]]] = defaultdict(list)
    for row in await SQL.judged.all(conn):
        judged[row["queue_id"], row["channel"]].append((row["estimated"], row["estimated_in"]))
    asks: defaultdict[str, dict[str, Asks]] = defaultdict(dict)
    for row in queues.values():
        asks[row["organisation"]][row["key"]] = Asks(
            row["organisation"], row["task"], row["level"], tuple(row["languages"])
        )
    now: datetime = await SQL.clock.value(conn)
    closes = {key: _closes_us(row, now) for key, row in queues.items()}
    return Facts(
        queues,
        asks,
        {key: at for key, at in closes.items() if at is not None},
        counted,
        await SQL.rates.all(conn, by_hand=sorted(BY_HAND)),
        frozenset(
            (queue, channel)
            for queue, row in queues.items()
            for channel in row["channels"]
            if not counted.get((queue, channel), NOTHING).known
            or is_silent(judged[queue, channel], row["estimate_least"] / 100)
        ),
        await SQL.answering.value(conn) or 0.0,
    )


def _closes_us(row: Row, now: datetime) -> int | None:
    if row["always_open"]:
        return None
    calendar = Calendar(read_hours(row["hours"]), row["zone"])
    closes = calendar.closes_at(now) if calendar.is_open(now) else now
    return None if closes is None else int(closes.astimezone(UTC).timestamp() * _US)


def _counted(row: Row) -> Counted:
    def seconds(name: str) -> float:
        return (row[name] or 0.0) / 1e6

    return Counted(
        row["handled"] or 0,
        seconds("handle_us"),
        row["lately"] or 0,
        seconds("lately_us"),
        row["accepted"] or 0,
        seconds("wait_us"),
        row["abandoned"] or 0,
    )


def class_of(queue: Row, language: str) -> str:
    """The class in which a queue's contacts of a language wait."""
    return requirement(queue["organisation"], queue["task"], language, queue["level"])
