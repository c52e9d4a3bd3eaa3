"""Some weeks of contacts with a known past, made up by chance that is the same each time, written
as the product writes it, and counted here by other means than the product's."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from contactcenter.insight.views import TIMES
from contactcenter.queue.hours import Calendar, read_hours
from contactcenter.stats.answering import working
from tests.house import House

ZONE = ZoneInfo("Europe/Helsinki")
FIRST = 5_000_000_000
REASONS = ("question", "invoice", None, "question")
CHANNELS, LANGUAGES = ("mail", "call", "visit"), ("fi", "sv", "en")
AREAS = ("keskusta", "keskusta", "keskusta", "rantakyla", "rantakyla", "anttola")


@dataclass
class Came:
    """A contact, closed within some three days."""

    id: int
    person: int
    known_as: int
    service: int  # 0: nobody said it
    channel: str
    language: str
    at: datetime
    handled_s: int
    mark: int | None
    cause: str | None
    later: str | None  # another cause, said a day after
    request: int
    kind: str | None  # of open feedback, as which it came
    reason: str | None
    version: int | None  # of the list of reasons
    area: str | None  # as somebody stated
    hidden: bool  # its case has been in a sensitive queue too
    called: str = ""  # the part of insight that the reason is
    closed: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.closed = self.at + timedelta(seconds=60 + self.handled_s)


def made_up(
    services: list[int], count: int, weeks: int, *, hidden: bool, persons: int = 90
) -> list[Came]:
    """Every tenth person is known to be the one before. Some services are rare, some persons
    frequent."""
    rng, now = random.Random(7), datetime.now(UTC).replace(microsecond=0)
    came = []
    for n in range(count):
        person = int(persons * rng.random() ** 2)
        known = person - 1 if person % 10 == 9 else person
        came.append(
            Came(
                FIRST + 10 * n,
                FIRST * 2 + person,
                FIRST * 2 + known,
                rng.choices([0, *services], [3, *(12 // (i + 1) for i in range(len(services)))])[0],
                rng.choices(CHANNELS, (6, 5, 1))[0],
                rng.choices(LANGUAGES, (8, 2, 1))[0],
                now - timedelta(seconds=rng.randrange(300_000, weeks * 7 * 86400)),
                rng.randrange(20, 3000) * (1 if n % 3 else 90),  # up to three days
                rng.choice((None, None, 1, 4, 5)),
                rng.choice((None, "value", "value", "chasing")),
                "unsolved" if n % 10 == 0 else None,
                FIRST + 10 * (n if n % 3 else max(0, n - 1)),
                rng.choice(("thanks", "fault")) if n % 9 == 0 else None,
                REASONS[n % 4],
                None if REASONS[n % 4] is None else 1 + n % 3 // 2,
                (*AREAS, None, None)[n % 8],
                hidden and n % 11 == 0,
            )
        )
    return came


WRITE = """
WITH r AS MATERIALIZED (
    SELECT r.*, q.id AS queue, q.organisation_id AS whose, u.id AS agent
    FROM json_to_recordset($1::json) AS r (id bigint, person bigint, known_as bigint, service int, channel text, language text,
        at timestamptz, closed timestamptz, mark int, cause text, later text, request bigint, kind text,
        reason text, version int, area text),
    queue q, users u WHERE q.key = 'general' AND u.email = 'aino@mikkeli.example'
), people AS (
    INSERT INTO person (id, organisation_id, merged_into)
    SELECT DISTINCT person, whose, CASE WHEN known_as <> person THEN known_as END FROM r ON CONFLICT DO NOTHING
), matters AS (
    INSERT INTO cases (id, organisation_id, person_id, state, opened_at, resolved_at)
    SELECT id + 1, whose, person, 'resolved', at, closed FROM r
), said AS (
    INSERT INTO case_service (case_id, organisation_id, service_id, user_id, at, suggested)
    SELECT id + 1, whose, service, agent, closed, nullif(id / 10 % 5, 4) FROM r WHERE service > 0
), stated AS (
    INSERT INTO case_area (case_id, organisation_id, area, user_id) SELECT id + 1, whose, area, agent FROM r WHERE area IS NOT NULL
), marks AS (
    INSERT INTO feedback (contact_id, case_id, organisation_id, queue_id, channel, language, service, given_at)
    SELECT id, id + 1, whose, queue, channel, language, mark, closed FROM r WHERE mark IS NOT NULL
), gave AS (
    INSERT INTO open_feedback (contact_id, case_id, organisation_id, queue_id, via, kind, about, language, given_at)
    SELECT id, id + 1, whose, queue, 'form', kind, 'service', language, at FROM r WHERE kind IS NOT NULL
), contacts AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state, owner,
                         first_arrival, wait_from, first_accepted, closed_at, reason, reason_version, mark)
    SELECT id, id + 1, person, whose, queue, channel, language, 'x', 0, 'closed', agent, at, at, at + interval '60 s', closed,
           reason, version, coalesce(later, cause) FROM r
)
INSERT INTO event (kind, at, organisation_id, contact_id, queue_id, channel, language, direction, agent, wait_from, service_id, mark, request,
                   reason, reason_version)
SELECT k.kind, k.at, whose, id, queue, channel, language, 'citizen', agent, r.at,
       CASE WHEN nth > 2 THEN nullif(r.service, 0) END, k.mark, CASE WHEN nth > 2 THEN r.request END,
       CASE WHEN nth > 2 THEN r.reason END, CASE WHEN nth > 2 THEN r.version END
FROM r, LATERAL (VALUES ('entered', r.at, 1, NULL), ('accepted', r.at + interval '60 s', 2, NULL), ('closed', r.closed, 3, r.cause),
                        ('classified', r.closed + interval '1 day', 4, r.later)) AS k (kind, at, nth, mark)
WHERE nth < 4 OR r.later IS NOT NULL ORDER BY k.at, k.nth
"""  # noqa: E501


# What an agent began in their cases, through a queue that is sensitive; counted nowhere itself.
HIDE = """
WITH q AS (UPDATE queue SET sensitive = true WHERE key = 'building' RETURNING id)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, direction, language, requirement, rank, state,
                     owner, first_arrival, wait_from, closed_at)
SELECT c.id + 2, c.case_id, c.person_id, c.organisation_id, q.id, 'mail', 'agent', c.language, 'x', 0, 'closed',
       c.owner, c.first_arrival, c.first_arrival, c.closed_at
FROM contact c, q WHERE c.id = ANY($1::bigint[])
"""  # noqa: E501


# A second list: bills are called otherwise, questions as before.
RENAMED = """
INSERT INTO contact_reason_version (organisation_id, version, reasons)
SELECT organisation_id, 2, jsonb_set(reasons, '{invoice,name}', '{"fi": "Lasku", "sv": "Räkning", "en": "Invoice"}')
FROM contact_reason_version WHERE organisation_id = (SELECT id FROM organisation WHERE key = 'mikkeli') AND version = 1
"""  # noqa: E501
NAMES = """
SELECT v.version, r.key, r.value ->> 'name' AS name
FROM contact_reason_version v, jsonb_each(v.reasons) AS r (key, value), organisation o
WHERE o.id = v.organisation_id AND o.key = 'mikkeli'
"""


async def lived(
    house: House, count: int, weeks: int, services: int = 4, *, hidden: bool = False
) -> list[Came]:
    """Write them into the house. `hidden`: a few are of cases of a sensitive queue."""
    rows = await house.rows(
        "SELECT s.id FROM service s JOIN organisation o ON o.id = s.organisation_id"
        " WHERE o.key = 'mikkeli' ORDER BY s.id LIMIT $1",
        services,
    )
    came = made_up([row["id"] for row in rows], count, weeks, hidden=hidden)
    await house.rows(RENAMED)
    names = {(row["version"], row["key"]): row["name"] for row in await house.rows(NAMES)}
    for one in came:
        if one.reason is not None:
            name = names[one.version, one.reason].encode()
            one.called = f"{one.reason}@{md5(name, usedforsecurity=False).hexdigest()[:8]}"
    await house.rows(WRITE, msgspec.json.encode(came).decode())
    if hidden:
        await house.rows(HIDE, [one.id for one in came if one.hidden])
    return came


async def hours(house: House) -> Calendar:
    """Of the queue through which they came."""
    row = await house.row("SELECT hours FROM queue WHERE key = 'general'")
    return Calendar(read_hours(row["hours"]), ZONE.key)


def beginning(day: date) -> date:
    """The first day of the week of that day, or of its month where that is later."""
    return max(day - timedelta(days=day.isoweekday() - 1), day.replace(day=1))


Key = tuple[date, str, int, str, str, str]


def _took(took: timedelta) -> str:
    hours = took.total_seconds() / 3600
    return next((part for part, most in TIMES.items() if hours <= most), "later")


def recount(came: list[Came], calendar: Calendar) -> tuple[Counter[Key], dict[Key, set[int]]]:
    """What insight_count must hold: (stretch, view, service, channel, language, part). The queue's
    opening hours are walked through, contact by contact."""
    n: Counter[Key] = Counter()
    who: defaultdict[Key, set[int]] = defaultdict(set)

    def add(one: Came, at: datetime, *key: Any) -> None:
        found = (beginning(at.astimezone(ZONE).date()), *key)
        n[found] += 1
        who[found].add(one.known_as)

    for one in came:
        at = one.at.astimezone(ZONE)
        service = 0 if one.hidden else one.service  # nothing is told of what it was about
        cause, called = ("", "") if one.hidden else (one.later or one.cause or "", one.called)
        area = "0" if one.hidden else one.area or "0"
        add(one, one.at, "contacts", service, one.channel, one.language, "")
        add(one, one.at, "area", service, "", "", area)
        add(one, one.at, "hour", 0, one.channel, "", str(at.hour))
        # A mail that nobody answered was reacted to when it was closed.
        reacted = one.closed if one.channel == "mail" else one.at + timedelta(seconds=60)
        for view, until in (("answer", one.closed), ("reaction", reacted)):
            part = f"{_took(until - one.at)}-{_took(working(calendar, one.at, until))}"
            add(one, one.closed, view, 0, one.channel, "", part)
        if one.service and one.id // 10 % 5 < 4:
            part = "among" if one.id // 10 % 5 else "missed"
            add(one, one.closed, "suggested", service, "", "", part)
        add(one, one.closed, "cause", service, "", "", cause)
        add(one, one.closed, "reason", service, "", "", called)
        nth = "first" if one.request == one.id else "repeat"
        add(one, one.closed, "request", service, "", "", nth)
        if one.kind is not None:
            add(one, one.at, "open", service, "", "", one.kind)
        if one.mark is not None:
            add(one, one.closed, "mark_service", service, "", "", str(one.mark))
        again = one.service and _others(came, one)
        add(one, one.closed, "matter", service, "", "", "again" if again else "once")
    return n, who


def _others(came: list[Came], one: Came) -> bool:
    """Whether that person turned to the city about that service another time within a week."""
    week = timedelta(days=7)
    return any(
        other is not one
        and (other.known_as, other.service) == (one.known_as, one.service)
        and one.at - week <= other.at <= one.closed + week
        for other in came
    )


def handled_s(came: list[Came], of: Callable[[Came], bool] = lambda one: True) -> int:
    """Seconds of handling."""
    return sum(one.handled_s for one in came if of(one))
