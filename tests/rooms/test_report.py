"""`contactcenter stats`: any period, ragged or whole, counted or not yet; by intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from contactcenter.stats.period import Moment
from contactcenter.stats.report import Asked, PeriodError, report
from tests.house import House
from tests.rooms.figures import busy, figures, happens

T0 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def history(house: House, count: int = 60) -> list[tuple[datetime, datetime, datetime]]:
    """Contacts of two days, each entered, accepted, closed; those times."""
    random, lives = Random(4), []
    for _ in range(count):
        entered = T0 + timedelta(seconds=random.uniform(-86400, 86400))
        accepted = entered + timedelta(seconds=random.uniform(0, 7200))
        closed = accepted + timedelta(seconds=random.uniform(0, 3600))
        lives.append((entered, accepted, closed))
    told = [
        (at, kind, n, life[0])
        for n, life in enumerate(lives)
        for at, kind in zip(life, ("entered", "accepted", "closed"), strict=True)
    ]
    for at, kind, n, since in sorted(told):
        wait: dict[str, Any] = {} if kind == "closed" else {"wait_from": since}
        await happens(house, kind, contact_id=n, at=at, agent=1, **wait)
    return lives


async def test_any_period_is_that_of_a_plain_count(house: House) -> None:
    lives = await history(house)
    random = Random(5)
    for n in range(40):
        if n == 20:  # the first half is answered from events that are not counted yet
            await house.node.counting.run_once()
        since = T0 + timedelta(seconds=random.uniform(-90000, 90000))
        until = since + timedelta(seconds=random.choice([0, 100, 3000, 90000]) * random.random())
        found = (await figures(house, Moment(since), Moment(until)))["total"]
        waits = [b - a for a, b, _ in lives if since <= b < until]
        handled = [c - b for _, b, c in lives if since <= c < until]
        assert found["entered"] == sum(since <= a < until for a, _, _ in lives)
        assert (found["accepted"], found["handled"]) == (len(waits), len(handled))
        for name, spans in (("asa_s", waits), ("aht_s", handled)):
            mean = sum(spans, timedelta()) / timedelta(seconds=len(spans)) if spans else None
            assert found[name] == (None if mean is None else pytest.approx(mean, abs=1e-6))


async def test_nothing_lags_behind(house: House) -> None:
    await house.rows("UPDATE queue SET service_level_s = id, service_level_way = 'negative'")
    await busy(house)
    before = await report(house.node.db, Asked())
    await house.node.counting.run_once()
    assert await report(house.node.db, Asked()) == before
    assert before["total"]["entered"] == 6
    level = before["total"]["service_level"]
    assert (level["way"], level["seconds"]) == ("negative", None)  # two queues with different T


async def test_intervals_are_of_those_who_arrived(house: House) -> None:
    lives = await history(house)
    await house.node.counting.run_once()
    for minutes in (15, 30, 60):
        since, until = T0 - timedelta(days=2), T0 + timedelta(days=2)
        found = await figures(house, Moment(since), Moment(until), by_min=minutes)
        assert sum(part["total"]["accepted"] for part in found["intervals"]) == len(lives)
        step = timedelta(minutes=minutes)
        for part in found["intervals"]:
            begins = datetime.fromisoformat(part["from"])
            arrived = [life for life in lives if begins <= life[0] < begins + step]
            assert part["total"]["accepted"] == part["total"]["handled"] == len(arrived)
    whole = await figures(house, Moment(since), Moment(until))
    assert whole["total"]["accepted"] == len(lives)


async def test_only_one_queue(house: House) -> None:
    await house.rows("UPDATE queue SET service_level_s = 14400 WHERE key = 'building'")
    await busy(house)
    found = await figures(house, "2020-01-01", "2999-01-01", queue="building")
    assert [(row["queue"], row["entered"]) for row in found["queues"]] == [("building", 1)]
    assert found["total"]["service_level"]["seconds"] == 14400


async def test_what_can_not_be_answered_says_what_to_do(house: House) -> None:
    with pytest.raises(PeriodError, match="queues --json"):
        await figures(house, "2026-11-26", "2026-11-27", queue="no_such")
    with pytest.raises(PeriodError, match="change them over"):
        await figures(house, "2026-11-27", "2026-11-26")
    with pytest.raises(PeriodError, match="quarter"):
        await figures(house, Moment(T0 + MINUTE), Moment(T0 + 30 * MINUTE), by_min=15)
    with pytest.raises(PeriodError, match="366"):
        await figures(house, "2020-01-01", "2026-01-01", by_min=60)


async def test_after_a_change_of_time_zone_days_are_still_days(house: House) -> None:
    midnight = datetime(2026, 11, 26, tzinfo=UTC)
    for n, at in enumerate((midnight - MINUTE, midnight + MINUTE)):
        await happens(house, "accepted", contact_id=n, at=at, wait_from=at, agent=1)
    await house.node.counting.run_once()
    assert (await figures(house, "2026-11-26", "2026-11-27"))["total"]["accepted"] == 2
    await house.rows("UPDATE organisation SET time_zone = 'UTC'")
    assert (await figures(house, "2026-11-26", "2026-11-27"))["total"]["accepted"] == 1


async def test_other_organisations_have_their_own_day(house: House) -> None:
    await house.rows("UPDATE organisation SET time_zone = 'UTC' WHERE key = 'kela'")
    at = datetime(2026, 11, 25, 23, tzinfo=UTC)
    for queue in ("general", "kela-advice"):
        await happens(house, "accepted", queue, contact_id=1, at=at, wait_from=at, agent=1)
    await house.node.counting.run_once()
    found = await figures(house, "2026-11-26", "2026-11-27")
    assert [row["queue"] for row in found["queues"]] == ["general"]
    assert (found["from"], found["to"], found["zone"]) == (None, None, None)
