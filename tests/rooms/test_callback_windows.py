"""Promised half hours: places, entering the line in order, and promises kept or broken."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contactcenter.callback.asking import Asked
from contactcenter.callback.windows import HALF_HOUR, Window
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.kernel.lease import release_all
from contactcenter.kernel.live import LiveUnavailable
from tests.house import House
from tests.rooms.calls import (
    accept,
    ask,
    attempt,
    callback,
    due,
    sound,
    take,
)

CLOSED_TODAY = '{"weekly": {"%d": [["08:00", "16:00"]]}, "holidays": "open", "eves": "open"}'


async def windows(house: House) -> list[Window]:
    return await house.node.callbacks.open_windows("general")


async def promised(house: House, n: int = 0, **given: Any) -> Asked:
    return await ask(house, window=(await windows(house))[n], **given)


async def starts_now(house: House, contact: int, ago: timedelta = timedelta()) -> Window:
    """The contact's window began a moment (and `ago`) ago."""
    row = await house.row(
        "UPDATE callback SET promise_from = now() - $2::interval, next_at = now() - $2::interval,"
        " promise_to = now() - $2::interval + interval '30 min', slot_queue = NULL"
        " WHERE contact_id = $1 RETURNING promise_from, promise_to",
        contact,
        ago,
    )
    await house.rows("DELETE FROM callback_slot RETURNING 1")
    return Window(row["promise_from"], row["promise_to"])


async def promises(house: House) -> list[tuple[int, bool]]:
    rows = await house.rows("SELECT contact_id, kept FROM event WHERE kind = 'promise' ORDER BY id")
    return [(row["contact_id"], row["kept"]) for row in rows]


async def closed_now(house: House) -> datetime:
    """The queue is open on another weekday only; when it opens."""
    day = (datetime.now(UTC) + timedelta(days=3)).isoweekday()
    await house.rows(
        "UPDATE queue SET always_open = false, hours = $1::jsonb RETURNING 1", CLOSED_TODAY % day
    )
    return (await windows(house))[0].opens


async def test_a_window_is_promised_and_waits_for_its_beginning(house: House) -> None:
    asked = await promised(house)
    window = asked.promise
    assert window is not None
    assert window.closes - window.opens == HALF_HOUR
    row, owed = await house.contact(asked.contact), await callback(house, asked.contact)
    assert (row["state"], owed["next_at"], owed["next_why"]) == (
        "scheduled",
        window.opens,
        "window",
    )
    assert row["rank"] == int(window.closes.timestamp() * 1_000_000)
    assert await house.kinds(asked.contact) == []
    assert await house.node.call_clock.run_once() == 0
    status = await house.node.callbacks.status(asked.token)
    assert (status.state, status.promise, status.cancellable) == ("scheduled", window, True)
    await sound(house)


async def test_it_enters_when_its_window_opens(house: House) -> None:
    asked = await promised(house)
    window = await starts_now(house, asked.contact, timedelta(seconds=3))
    assert await house.node.call_clock.run_once() == 1
    event = await house.row("SELECT * FROM event")
    assert (event["kind"], event["why"], event["wait_from"]) == ("entered", "window", window.opens)
    aino, contact = await take(house)
    assert contact == asked.contact
    card = (await house.told(aino, "contact"))[-1]["contact"]["callback"]
    assert card["promise"]["from"] == window.opens.isoformat(timespec="microseconds")
    await sound(house)


async def test_two_hundred_at_once_get_the_ten_places(house: House) -> None:
    await house.rows("UPDATE queue SET callbacks_per_half_hour = 10 RETURNING 1")
    first, second = (await windows(house))[:2]

    async def one(n: int) -> bool:
        number = f"+35850339{1000 + n}"
        asked = ask(house, request_id=f"r{n}", number=number, window=first)
        (answer,) = await asyncio.gather(asked, return_exceptions=True)
        if isinstance(answer, Refused):
            assert (answer.code, answer.field) == ("window_full", "window")
        return isinstance(answer, Asked)

    assert sum(await asyncio.gather(*(one(n) for n in range(200)))) == 10
    assert len(await house.rows("SELECT FROM contact")) == 10
    assert len(await house.rows("SELECT FROM person")) == 10
    assert (await windows(house))[0] == second
    await sound(house)


async def test_no_places_at_all(house: House) -> None:
    window = (await windows(house))[0]
    await house.rows("UPDATE queue SET callbacks_per_half_hour = 0 RETURNING 1")
    assert await windows(house) == []
    with pytest.raises(Refused, match="window_full"):
        await ask(house, window=window)


async def test_windows_that_are_not_offered_are_refused(house: House) -> None:
    opens = await closed_now(house)
    for window, code in [
        ((opens - timedelta(hours=10), opens - timedelta(hours=9.5)), "closed"),
        ((opens - timedelta(days=14), opens - timedelta(days=14) + HALF_HOUR), "window_past"),
        ((opens, opens + timedelta(hours=1)), "bad_request"),
        ((opens.replace(tzinfo=None), opens.replace(tzinfo=None) + HALF_HOUR), "bad_request"),
    ]:
        with pytest.raises(Refused) as refused:
            await ask(house, window=window)
        assert (refused.value.code, refused.value.field) == (code, "window")
    assert await house.rows("SELECT FROM callback_slot") == []


async def test_as_soon_as_possible_waits_for_the_opening(house: House) -> None:
    opens = await closed_now(house)
    asked = await ask(house)
    row, owed = await house.contact(asked.contact), await callback(house, asked.contact)
    assert (row["state"], owed["next_at"]) == ("scheduled", opens)
    assert owed["promise_to"] is None
    waits = row["rank"] - int(row["first_arrival"].timestamp() * 1_000_000)
    assert 3_599_999_990 <= waits <= 3_600_000_010  # first arrival and target, not the opening
    assert await due(house) == 1
    assert (await house.contact(asked.contact))["state"] == "queued"
    assert await promises(house) == []
    await sound(house)


async def test_what_is_due_enters_in_the_order_of_its_moments(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.callback.loop.BATCH", 3)
    window = (await windows(house))[0]
    await house.rows("UPDATE queue SET callbacks_per_half_hour = 100 RETURNING 1")
    for n in range(10):
        await ask(house, request_id=f"r{n}", number=f"+35850339{1000 + n}", window=window)
    rows = await house.rows(
        "UPDATE callback SET next_at = now() - make_interval(secs => (contact_id % 7)::int)"
        " RETURNING contact_id, next_at"
    )
    moments = sorted((row["next_at"], row["contact_id"]) for row in rows)
    order = [contact for _, contact in moments]
    projected: list[int] = []
    project = house.node.publisher.line.project_all

    async def noted(contacts: Any, agents: Any, **given: Any) -> Any:
        projected.extend(row["id"] for row in contacts)
        return await project(contacts, agents, **given)

    monkeypatch.setattr(house.node.publisher.line, "project_all", noted)
    assert await house.node.call_clock.run_once() == 10
    events = await house.rows("SELECT contact_id FROM event WHERE kind = 'entered' ORDER BY id")
    assert [row["contact_id"] for row in events] == order == projected
    await sound(house)


async def test_without_redis_nothing_that_entered_is_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await promised(house)

    async def away(*_: object, **__: object) -> None:
        raise LiveUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(house.node.publisher.line, "project_all", away)
        assert await due(house) == 1
    await house.rows("UPDATE outbox SET at = now() - interval '2 s' RETURNING 1")
    assert await house.node.sweep.run_once() == 1
    assert (await take(house))[1] == asked.contact


async def test_only_one_node_has_the_clock(house: House) -> None:
    await promised(house)
    other = type(house.node.call_clock)(house.node.db, house.node.publisher, "other")
    await other.run_once()
    assert await due(house) == 0
    await release_all(house.node.db, "other")
    assert await due(house) == 1


async def test_a_dial_inside_the_window_keeps_the_promise(house: House) -> None:
    asked = await promised(house)
    await starts_now(house, asked.contact)
    await house.node.call_clock.run_once()
    aino, contact = await take(house)
    for _ in range(2):
        await house.node.desk.publish(await house.node.callbacks.dial(aino, contact))
    card = (await house.told(aino, "contact"))[-1]["contact"]["callback"]
    assert card["dialled_at"] is not None
    assert await promises(house) == [(contact, True)]
    await attempt(house, aino, contact, "reached")
    await house.rows("UPDATE callback SET promise_to = now() - interval '1 s' RETURNING 1")
    assert await house.node.call_clock.run_once() == 0
    assert await promises(house) == [(contact, True)]


async def test_a_window_that_ends_without_a_dial_is_broken_at_once(house: House) -> None:
    asked = await promised(house)
    await starts_now(house, asked.contact, timedelta(minutes=31))
    assert await house.node.call_clock.run_once() == 2  # the promise, and the late entry
    assert await promises(house) == [(asked.contact, False)]
    assert (await house.contact(asked.contact))["state"] == "queued"
    aino, contact = await take(house)
    await house.node.callbacks.dial(aino, contact)
    await attempt(house, aino, contact, "reached")
    assert await promises(house) == [(asked.contact, False)]


async def test_of_what_is_in_hand_at_the_end_the_attempt_decides(house: House) -> None:
    """Accepted in time, dialled by hand, and told a moment after the window's end."""
    kept, lost = await promised(house), await promised(house, request_id="r2", number="0931011111")
    for asked in (kept, lost):
        await starts_now(house, asked.contact)
    await house.node.call_clock.run_once()
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await accept(house, aino)
    await house.rows("UPDATE callback SET promise_to = clock_timestamp() RETURNING 1")
    assert await house.node.call_clock.run_once() == 1  # that of the one who waits
    assert len(await promises(house)) == 1
    await attempt(house, aino, contact, "reached")
    assert dict(await promises(house)) == {
        one.contact: one.contact == contact for one in (kept, lost)
    }
    await sound(house)


async def test_a_promise_whose_agent_recorded_nothing_is_broken(house: House) -> None:
    asked = await promised(house)
    await starts_now(house, asked.contact)
    await house.node.call_clock.run_once()
    aino, contact = await take(house)
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    await house.rows("UPDATE callback SET promise_to = now() - interval '1 s' RETURNING 1")
    await house.node.call_clock.run_once()
    assert await promises(house) == [(contact, False)]


async def test_old_half_hours_are_forgotten(house: House) -> None:
    await promised(house)
    await house.rows(
        "UPDATE callback SET slot_queue = NULL RETURNING (SELECT count(*) FROM callback_slot)"
    )
    await house.rows("UPDATE callback_slot SET starts_at = now() - interval '2 days' RETURNING 1")
    await house.node.call_clock.run_once()
    assert await house.rows("SELECT FROM callback_slot") == []


async def test_a_joined_request_takes_no_place(house: House) -> None:
    await ask(house)
    joined = await promised(house, request_id="r2")
    assert (joined.joined, joined.promise) == (True, None)
    assert await house.rows("SELECT FROM callback_slot") == []


async def test_a_mail_that_joins_the_case_leaves_the_callback_where_it_is(house: House) -> None:
    """A citizen answers a mail of the case whose callback is yet to come."""
    asked = await promised(house)
    row = await house.contact(asked.contact)
    await house.rows(
        "INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id,"
        " external_id, sender, recipient) VALUES (1, 'reply', $1, 'mail', $2, $3, '<ours@x>',"
        " 'neuvonta@mikkeli.example', 'v@x.fi') RETURNING 1",
        row["organisation_id"],
        row["id"],
        row["case_id"],
    )
    assert await house.arrives(references=("<ours@x>",)) == asked.contact
    after = await house.contact(asked.contact)
    assert (after["state"], after["rank"], after["unread"]) == ("scheduled", row["rank"], 2)
    assert await house.route() == 0
    assert await due(house) == 1
    await sound(house)


async def test_an_always_open_queue_promises_calls_within_its_hours_only(house: House) -> None:
    monday = '{"weekly": {"1": [["08:00", "16:00"]]}, "holidays": "open", "eves": "open"}'
    await house.rows("UPDATE queue SET always_open = true, hours = $1::jsonb RETURNING 1", monday)
    zone = ZoneInfo("Europe/Helsinki")
    starts = [window.opens.astimezone(zone) for window in await windows(house)]
    assert starts
    assert all(at.isoweekday() == 1 and 8 <= at.hour < 16 for at in starts)
    asked = await ask(house)  # as soon as possible waits in line all the same
    assert (await house.contact(asked.contact))["state"] == "queued"
