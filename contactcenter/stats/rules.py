"""What a figure is: the one place that says it. Pure.

An event means increments of a few counters; figures are functions of counters. Board, command and
report add up the same counters and call the same functions, so they can't disagree.

A wait runs from `wait_from` to `accepted` or `abandoned` and counts in the half-open period in
which it ends. Handling runs from `accepted` to `closed` or `left`, without the time for which a
mail was paused for a live contact. What an agent begins was waited for by nobody, so it counts in
handling only. The three ways of service level are those of Cisco ICM: of 70 accepted in time, 20
later, 4 abandoned in time and 6 later they make 70/96, 70/100 and 74/100.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

Counts = Counter[str]
QUARTER = timedelta(minutes=15)
_MICROSECOND = timedelta(microseconds=1)

# The columns of table `figure`; durations in microseconds.
COUNTERS = (
    "entered",
    "accepted",
    "accepted_in",  # within the service level's seconds
    "wait_us",  # of the accepted
    "abandoned",  # after more than the short abandon's seconds
    "abandoned_in",  # of these, within the service level's seconds
    "short_abandoned",
    "handled",
    "handle_us",
    "promises",  # of which it is known whether they were kept
    "kept",
    "estimated",  # waits of which it is known whether their first estimate held
    "estimated_in",
)


@dataclass(frozen=True, slots=True)
class Event:
    """An event with what is needed beside it: its queue's seconds, and, where it may end an
    interaction, when that was accepted, what was waited from and for how long it was paused; where
    it ends a wait, between which seconds it was estimated to end."""

    id: int
    at: datetime
    kind: str
    contact: int
    queue: int
    channel: str
    language: str
    direction: str
    wait_from: datetime | None = None
    promise_from: datetime | None = None
    kept: bool | None = None
    service_level_s: int = 0
    short_abandon_s: int = 0
    taken_at: datetime | None = None
    taken_wait_from: datetime | None = None
    why: str | None = None
    paused_us: int = 0
    low_s: float | None = None
    high_s: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What an event adds, and to which moments: `ended` by the end, `arrived` by the arrival."""

    ended: datetime
    arrived: datetime
    counts: Mapping[str, int]


def counted(event: Event) -> Counted | None:
    """The increments that an event means; None where it means none."""
    if event.kind in ("closed", "left"):
        return _handled(event)
    if event.kind == "promise":
        return _promised(event)
    if event.direction != "citizen" or event.wait_from is None:
        return None
    if event.kind == "entered":
        return Counted(event.at, event.wait_from, {"entered": 1})
    if event.kind == "accepted":
        return _accepted(event, event.wait_from)
    return _abandoned(event, event.wait_from) if event.kind == "abandoned" else None


def _accepted(event: Event, since: datetime) -> Counted:
    wait_us = microseconds(event.at - since)
    counts = {"accepted": 1, "wait_us": wait_us}
    if wait_us <= event.service_level_s * 1_000_000:
        counts["accepted_in"] = 1
    if event.low_s is not None and event.high_s is not None:
        held = event.low_s * 1_000_000 <= wait_us <= event.high_s * 1_000_000
        counts |= {"estimated": 1, "estimated_in": int(held)}
    return Counted(event.at, since, counts)


def _abandoned(event: Event, since: datetime) -> Counted:
    wait_us = microseconds(event.at - since)
    if wait_us <= event.short_abandon_s * 1_000_000:
        return Counted(event.at, since, {"short_abandoned": 1} | _late(event, wait_us))
    counts = {"abandoned": 1} | _late(event, wait_us)
    if wait_us <= event.service_level_s * 1_000_000:
        counts["abandoned_in"] = 1
    return Counted(event.at, since, counts)


def _late(event: Event, wait_us: int) -> dict[str, int]:
    """Who leaves before the estimated end says nothing of the estimate; after it, that it was
    wrong."""
    late = event.high_s is not None and wait_us > event.high_s * 1_000_000
    return {"estimated": 1} if late else {}


def _handled(event: Event) -> Counted | None:
    """A `closed` of what nobody accepted (automatic mail, a cancelled callback) ends none. To see
    that a mail is spam is no handling: it would make the mean look better than the work is."""
    if event.taken_at is None or event.why == "spam":
        return None
    handle_us = microseconds(event.at - event.taken_at) - event.paused_us
    counts = {"handled": 1, "handle_us": handle_us}
    return Counted(event.at, event.taken_wait_from or event.taken_at, counts)


def _promised(event: Event) -> Counted | None:
    """A promise counts when it is known whether it was kept; made, it tells nothing yet."""
    if event.kept is None:
        return None
    counts = {"promises": 1, "kept": int(event.kept)}
    return Counted(event.at, event.promise_from or event.at, counts)


def service_level(counts: Mapping[str, int], way: str) -> float | None:
    """The share that was accepted in time, 0 to 1; None where nothing counts. Abandoned in time
    is `ignored` (left out), `negative` (a miss) or `positive` (served)."""
    accepted, abandoned_in = counts["accepted_in"], counts["abandoned_in"]
    everybody = counts["accepted"] + counts["abandoned"]
    if way == "ignored":
        everybody -= abandoned_in
    if way == "positive":
        accepted += abandoned_in
    return accepted / everybody if everybody else None


def asa_s(counts: Mapping[str, int]) -> float | None:
    """Mean wait of the accepted, in seconds."""
    return _mean_s(counts["wait_us"], counts["accepted"])


def aht_s(counts: Mapping[str, int]) -> float | None:
    """Mean handling, in seconds: from accepted to closed or left, with hold and wrap-up, without
    pauses."""
    return _mean_s(counts["handle_us"], counts["handled"])


def abandonment(counts: Mapping[str, int]) -> float | None:
    """The share that was abandoned, 0 to 1."""
    everybody = counts["accepted"] + counts["abandoned"]
    return counts["abandoned"] / everybody if everybody else None


def estimate_held(counts: Mapping[str, int]) -> float | None:
    """The share of waits that ended within their first estimate, 0 to 1; None where none did whose
    estimate could be judged. Where estimates are right it is four of five (routing/estimate.py)."""
    return counts["estimated_in"] / counts["estimated"] if counts["estimated"] else None


def figures(counts: Mapping[str, int], seconds: int | None, way: str | None) -> dict[str, object]:
    """The figures as board, command and report show them. Of queues with different ways (`way`
    None) there is no common service level."""
    shown: dict[str, object] = {n: counts[n] for n in COUNTERS if not n.endswith("_us")}
    value = service_level(counts, way) if way is not None else None
    return shown | {
        "service_level": {"value": value, "seconds": seconds, "way": way},
        "abandonment": abandonment(counts),
        "asa_s": asa_s(counts),
        "aht_s": aht_s(counts),
        "estimate_held": estimate_held(counts),
    }


def _mean_s(total_us: int, count: int) -> float | None:
    return round(total_us / count / 1_000_000, 6) if count else None


def microseconds(duration: timedelta) -> int:
    """A duration in whole microseconds."""
    return duration // _MICROSECOND


def quarter(moment: datetime) -> datetime:
    """When the quarter of an hour began that holds the moment."""
    at = moment.astimezone(UTC)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the day began that holds the moment, by the clocks of the zone."""
    day = moment.astimezone(zone).date()
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def next_midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """When that day ends: 23, 24 or 25 hours after it began."""
    day = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def slots(counted: Counted, zone: ZoneInfo) -> tuple[tuple[str, datetime], ...]:
    """The rows of `figure` that it is added to: (by, at)."""
    return (
        ("end", quarter(counted.ended)),
        ("day", midnight(counted.ended, zone)),
        ("arrival", quarter(counted.arrived)),
    )
