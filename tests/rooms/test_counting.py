"""Counters are kept from events: each once, late ones too, whoever dies, whatever the day."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contactcenter.errors import ContactCenterError
from contactcenter.stats import counting, progress
from contactcenter.stats.counting import Counting
from tests.house import House
from tests.rooms.figures import busy, figures, happens, kept, note, total

T0 = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def gaps(house: House) -> str:
    text: str = (await house.row("SELECT gaps::text AS g FROM figure_progress"))["g"]
    return text


async def test_what_the_rooms_write_is_counted_once(house: House) -> None:
    await busy(house)
    assert await house.node.counting.run_once() > 10
    assert await house.node.counting.run_once() == 0
    found = await total(house)
    assert (found["entered"], found["handled"]) == (6, 3)
    assert await total(house, "day") == found == await total(house, "arrival")


async def test_made_anew_they_are_the_same(house: House) -> None:
    await busy(house)
    await house.node.counting.run_once()
    before = await kept(house)
    assert await house.node.counting.rebuild() > 10
    assert await kept(house) == before
    await house.arrives()
    assert await house.node.counting.run_once() == 1
    assert (await total(house))["entered"] == 7


async def test_many_events_are_counted_in_pieces(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.stats.follow.MOST", 4)
    await busy(house)
    await house.node.counting.run_once()
    found = await kept(house)
    monkeypatch.undo()
    await house.node.counting.rebuild()
    assert await kept(house) == found


async def test_who_commits_later_is_counted_later(house: House) -> None:
    db, count = house.node.db, house.node.counting.run_once
    async with db.connection() as first, db.connection() as second:
        early, late = first.transaction(), second.transaction()
        await early.start()
        await late.start()
        await note(first, "entered", contact_id=1, wait_from=T0)
        await note(second, "entered", contact_id=2, wait_from=T0)
        await late.commit()
        assert await count() == 1
        assert await count() == 0
        assert (await gaps(house)) != "[]"
        await early.commit()
    assert await count() == 1
    assert await count() == 0
    assert await total(house) == {"entered": 2}
    assert (await gaps(house)) == "[]"


async def test_a_rolled_back_id_is_given_up_and_a_running_one_never(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    db, count = house.node.db, house.node.counting.run_once
    async with db.connection() as first, db.connection() as second:
        gone, slow = first.transaction(), second.transaction()
        await slow.start()
        await note(second, "entered", contact_id=1, wait_from=T0)
        await gone.start()
        await note(first, "entered", contact_id=2, wait_from=T0)
        await gone.rollback()
        await happens(house, "entered", contact_id=3, wait_from=T0)
        for _ in range(4):
            await count()
        assert (await gaps(house)) != "[]"
        await slow.commit()
    for _ in range(4):
        await count()
    assert await total(house) == {"entered": 2}
    assert (await gaps(house)) == "[]"


async def test_two_nodes_count_once(house: House) -> None:
    nodes = [Counting(house.node.db) for _ in range(4)]
    for n in range(10):
        await happens(house, "entered", contact_id=n, wait_from=T0)
        await asyncio.gather(*(node.run_once() for node in nodes))
    await nodes[0].run_once()
    assert await total(house) == {"entered": 10}


class Died(ContactCenterError):
    """The process ended here."""


async def test_dying_before_the_commit_counts_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(point: str) -> None:
        raise Died(point)

    await busy(house)
    with monkeypatch.context() as patch:
        patch.setattr(counting, "failpoint", die)
        with pytest.raises(Died):
            await house.node.counting.run_once()
    assert await kept(house) == {}
    await house.node.counting.run_once()
    assert (await total(house))["entered"] == 6


async def test_callbacks_and_their_promises(house: House) -> None:
    """As the room of the callbacks writes them: a window, a miss, a second try, a chat that
    became one, one that was cancelled before its time."""
    opens = T0 + timedelta(hours=1)
    window: dict[str, Any] = {"promise_from": opens, "promise_to": opens + 30 * MINUTE}
    call: dict[str, Any] = {"contact_id": 1, "channel": "callback"}
    await happens(house, "promise", **call, **window, at=T0)
    await happens(house, "entered", **call, at=opens, wait_from=opens, why="window")
    await happens(house, "accepted", **call, at=opens + MINUTE, wait_from=opens, agent=1)
    await happens(house, "promise", **call, **window, at=opens + 2 * MINUTE, kept=True)
    await happens(house, "left", **call, at=opens + 3 * MINUTE, why="not_reached", agent=1)
    again = opens + 60 * MINUTE
    await happens(house, "entered", **call, at=again, wait_from=again, why="retry")
    await happens(house, "accepted", **call, at=again + MINUTE, wait_from=again, agent=1)
    await happens(house, "closed", **call, at=again + 5 * MINUTE, disposition="answered")
    chat: dict[str, Any] = {"contact_id": 2, "wait_from": T0}
    await happens(house, "entered", **chat, channel="chat", at=T0, why="new")
    await happens(house, "entered", **chat, channel="callback", at=T0 + MINUTE, why="change")
    await happens(house, "abandoned", **chat, channel="callback", at=T0 + 2 * MINUTE)
    await happens(house, "promise", contact_id=3, channel="callback", **window, at=T0)
    await happens(house, "closed", contact_id=3, channel="callback", at=T0, disposition="cancelled")
    broken: dict[str, Any] = {"contact_id": 4, "channel": "callback", **window}
    await happens(house, "promise", **broken, at=opens + 31 * MINUTE, kept=False)
    await house.node.counting.run_once()
    found = await figures(house, "2026-11-26", "2026-11-27")
    rows = {row["channel"]: row for row in found["queues"]}
    assert set(rows) == {"chat", "callback"}
    assert (rows["chat"]["entered"], rows["chat"]["accepted"]) == (1, 0)
    calls = rows["callback"]
    assert (calls["entered"], calls["accepted"], calls["abandoned"]) == (3, 2, 1)
    assert (calls["promises"], calls["kept"]) == (2, 1)
    assert (calls["handled"], calls["asa_s"], calls["aht_s"]) == (2, 60.0, 180.0)


@pytest.mark.parametrize(
    ("day", "after", "begins", "hours"),
    [
        ("2026-03-29", "2026-03-30", datetime(2026, 3, 28, 22, tzinfo=UTC), 23),
        ("2026-10-25", "2026-10-26", datetime(2026, 10, 24, 21, tzinfo=UTC), 25),
        ("2026-11-26", "2026-11-27", datetime(2026, 11, 25, 22, tzinfo=UTC), 24),
    ],
)
async def test_a_day_holds_what_ended_in_it(
    house: House, day: str, after: str, begins: datetime, hours: int
) -> None:
    tick = timedelta(microseconds=1)
    for n in range(-2, 2 * hours + 2):
        at = begins + n * timedelta(minutes=30)
        await happens(house, "accepted", contact_id=n, at=at, wait_from=at - MINUTE, agent=1)
    for n, at in enumerate((begins - tick, begins + timedelta(hours=hours) - tick)):
        await happens(house, "accepted", contact_id=999 + n, at=at, wait_from=at, agent=1)
    await house.node.counting.run_once()
    assert (await figures(house, day, after))["total"]["accepted"] == 2 * hours + 1
    days = await house.rows(
        "SELECT at, sum(accepted) AS n FROM figure WHERE by = 'day' GROUP BY at"
    )
    assert {row["at"]: row["n"] for row in days}[begins] == 2 * hours + 1
