"""The clock of the estimates: what citizens hear, what is kept of it, and when it is silent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contactcenter.desk import handling
from contactcenter.kernel.sql import Row
from contactcenter.queue.bands import Bands, line_name
from contactcenter.routing import estimating
from contactcenter.routing.facts import read_facts
from contactcenter.stats.board import Board
from tests.house import House
from tests.midday import midday_zone
from tests.rooms.chat import Page, hello
from tests.rooms.figures import happens, total

FI = "mikkeli/general/fi/1"


async def known(house: House, channel: str = "chat", *, handled: int = 100) -> None:
    """So many chats of five minutes were handled on earlier days."""
    await house.rows(
        "INSERT INTO figure (by, at, queue_id, channel, language, handled, handle_us)"
        " SELECT 'day', now() - interval '3 days', id, $1, '', $2::bigint, $2::bigint * 300000000"
        " FROM queue WHERE key = 'general' RETURNING 1",
        channel,
        handled,
    )


async def judged(house: House, number: int, held: int) -> None:
    """So many estimates of chats came true or not, an hour ago."""
    await house.rows(
        "INSERT INTO figure (by, at, queue_id, channel, language, estimated, estimated_in)"
        " SELECT 'end', now() - interval '1 hour', id, 'chat', 'fi', $1, $2"
        " FROM queue WHERE key = 'general' RETURNING 1",
        number,
        held,
    )


async def estimates(house: House) -> int:
    """One pass, at once."""
    house.estimating.soon()
    told = await house.estimating.run_once()
    await house.node.chats.places_once()
    return told


async def notes(house: House) -> list[Row]:
    return await house.rows("SELECT * FROM event WHERE kind = 'estimated' ORDER BY id")


def bands(page: Page) -> list[tuple[Any, Any]]:
    return [(frame["low_s"], frame["high_s"]) for frame in page.of("waiting")]


async def test_who_waits_hears_when_it_will_be(house: House) -> None:
    await known(house)
    await taken_up(house)
    waiting = [Page() for _ in range(6)]
    for page in waiting:
        await hello(house, page)
    assert await estimates(house) == 6
    first, last = waiting[0], waiting[-1]
    (low, high), (later_low, later_high) = bands(first)[-1], bands(last)[-1]
    assert 0 <= low < high
    assert low <= later_low
    assert high < later_high
    assert all(end % 60 == 0 for end in (low, high, later_low, later_high))
    await house.node.chats.places_once()
    assert len(bands(last)) == len(set(bands(last)))  # the same is not told twice


async def test_the_first_estimate_of_a_wait_is_kept_and_judged(house: House) -> None:
    await known(house)
    await taken_up(house)
    page = Page()
    talk = await hello(house, page)
    assert await estimates(house) == 1
    assert await estimates(house) == 0  # once for each wait
    (note,) = await notes(house)
    contact = await house.contact(talk.contact)
    assert (note["contact_id"], note["wait_from"]) == (talk.contact, contact["wait_from"])
    assert 0 <= note["low_s"] < note["high_s"]
    await served(house)  # at once: sooner than was told
    await house.node.counting.run_once()
    assert (await total(house))["estimated"] == 1
    assert "estimated_in" not in await total(house)


async def test_a_wait_is_judged_by_its_own_first_estimate(house: House) -> None:
    since, second = datetime.now(UTC) - timedelta(hours=1), timedelta(seconds=1)
    ends = [
        ("accepted", 50),  # held
        ("accepted", 101),  # too late
        ("accepted", 9),  # too soon
        ("abandoned", 50),  # says nothing
        ("abandoned", 101),  # it was to end sooner
    ]
    for contact, (kind, after) in enumerate(ends, 1):
        await happens(
            house, "estimated", contact_id=contact, wait_from=since - second, low_s=0, high_s=1
        )
        await happens(house, "estimated", contact_id=contact, wait_from=since, low_s=10, high_s=100)
        await happens(house, "estimated", contact_id=contact, wait_from=since, low_s=0, high_s=999)
        await happens(house, kind, contact_id=contact, at=since + after * second, wait_from=since)
    await house.node.counting.run_once()
    counts = await total(house)
    assert (counts["estimated"], counts["estimated_in"]) == (4, 1)


async def test_a_node_that_takes_over_notes_nothing_twice(house: House) -> None:
    await known(house)
    await taken_up(house)
    await hello(house, Page())
    assert await estimates(house) == 1
    house.estimating._told.clear()
    await estimates(house)
    assert len(await notes(house)) == 1


async def test_estimates_that_did_not_hold_are_told_to_nobody_and_still_judged(
    house: House,
) -> None:
    await known(house)
    await taken_up(house)
    await judged(house, 30, 17)
    page = Page()
    await hello(house, page)
    assert await estimates(house) == 1
    assert bands(page) == [(None, None)]
    await house.rows("UPDATE organisation SET estimate_least = 50 RETURNING 1")
    await estimates(house)
    assert bands(page)[-1] != (None, None)


async def test_of_what_was_hardly_ever_handled_nothing_is_told(house: House) -> None:
    await known(house, handled=19)
    await taken_up(house)
    page = Page()
    await hello(house, page)
    await estimates(house)
    assert bands(page) == [(None, None)]


async def test_where_nobody_is_at_work_nobody_can_say(house: House) -> None:
    await known(house)
    page = Page()
    await hello(house, page)
    assert await estimates(house) == 0
    assert bands(page) == [(None, None)]


async def test_what_was_estimated_is_forgotten_where_nobody_does_it_anew(house: House) -> None:
    await known(house)
    await taken_up(house)
    await estimates(house)
    name = line_name(FI, "chat")
    found = await house.node.chats.bands.of([name])
    assert found.band(FI, "chat", None) is not None
    assert 0 < await house.node.live.call("TTL", "bands") <= 30
    await house.node.live.call("DEL", "bands")
    assert (await house.node.chats.bands.of([name])).band(FI, "chat", 1) is None


async def test_the_board_says_how_long_who_comes_now_would_wait(house: House) -> None:
    await known(house)
    await taken_up(house)
    await judged(house, 40, 20)
    await estimates(house)
    board = Board(house.node.db, Bands(house.node.live))
    await board.look()
    everybody = [row["id"] for row in await house.rows("SELECT id FROM organisation")]
    rows = {(row["queue"], row["channel"]): row for row in board.view(everybody)["queues"]}
    chat, elsewhere = rows["general", "chat"], rows["tax-advice", "chat"]
    assert chat["estimate"]["low_s"] < chat["estimate"]["high_s"]
    assert chat["estimate_silent"]
    assert elsewhere["estimate"] is None


async def test_nothing_is_told_of_a_queue_that_is_closed(house: House) -> None:
    await known(house)
    await taken_up(house)
    page = Page()
    await hello(house, page)
    await hours(house, {str(day): [["00:00", "24:00"]] for day in range(1, 8)}, "open")
    assert await estimates(house) == 1  # a week without an end
    assert bands(page)[-1] != (None, None)
    await hours(house, {}, "closed")
    await estimates(house)
    assert bands(page)[-1] == (None, None)


async def test_who_may_wait_until_closing_hears_when_that_is(house: House) -> None:
    await known(house)
    await taken_up(house)
    zone = midday_zone()
    await house.rows("UPDATE organisation SET time_zone = $1 RETURNING 1", zone)
    closes = datetime.now(ZoneInfo(zone)).replace(second=0, microsecond=0) + timedelta(minutes=2)
    week = {str(day): [["00:00", f"{closes:%H:%M}"]] for day in range(1, 8)}
    await hours(house, week, "open")
    page = Page()
    await hello(house, page)
    await estimates(house)
    told = page.of("waiting")[-1]
    assert (told["low_s"], told["high_s"]) == (None, None)
    assert datetime.fromisoformat(told["closes_at"]) == closes
    await house.rows("UPDATE queue SET always_open = true RETURNING 1")
    await estimates(house)
    assert "closes_at" not in page.of("waiting")[-1]


async def test_the_steps_of_a_queue_are_foreseen(house: House) -> None:
    """Nobody at work is good enough, and after a minute whoever has the task is."""
    await known(house)
    await house.rows(
        'UPDATE queue SET level = 3, relax = \'[{"after_s": 60, "to": "level"}]\''
        " WHERE key = 'general' RETURNING 1"
    )
    await house.rows("UPDATE skill SET level = 1 WHERE task = 'general' RETURNING 1")
    await house.on_duty("aino@mikkeli.example")
    contact = await house.arrives()
    assert await estimates(house) == 1
    (note,) = await notes(house)
    assert note["contact_id"] == contact
    assert [note["low_s"], note["high_s"]] == pytest.approx([60, 60])
    found = await house.node.chats.bands.of([line_name("mikkeli/general/fi/3", "chat")])
    assert found.band("mikkeli/general/fi/3", "chat", None) == (60, 60)  # who comes now


async def test_who_is_kept_for_an_agent_is_anybodys_later(house: House) -> None:
    """As if by a step; so who comes behind is told right."""
    await known(house)
    aino = await house.on_duty("aino@mikkeli.example")
    contact = await house.arrives()
    await house.rows(
        "UPDATE contact SET preferred = (SELECT id FROM users WHERE id <> $1 LIMIT 1),"
        " preferred_until = now() + interval '2 minutes' WHERE id = $2 RETURNING 1",
        aino.user_id,
        contact,
    )
    async with house.node.db.connection() as conn:
        facts = await read_facts(conn)
        (row,) = await estimating.SQL.now.all(conn, most=9)
    now_us = row["from_us"] + 30_000_000
    one = estimating._waits(facts, now_us, row)
    ((after_s, opened),) = one.steps
    assert opened == FI
    assert after_s == pytest.approx((row["kept_until_us"] - now_us) / 1e6)


async def hours(house: House, weekly: dict[str, list[list[str]]], holidays: str) -> None:
    """When the queue is open."""
    given = {"weekly": weekly, "holidays": holidays, "eves": holidays}
    await house.rows(
        "UPDATE queue SET always_open = false, hours = $1 WHERE key = 'general' RETURNING 1",
        json.dumps(given | ({"exceptions": {"2020-01-01": []}} if not weekly else {})),
    )


async def taken_up(house: House) -> None:
    """One agent at work, with as many chats in hand as fit."""
    actor = await house.on_duty("aino@mikkeli.example")
    for _ in range(actor.capacity):
        await hello(house, Page())
        await house.route()
        for offer in await house.offers(actor):
            await handling.accept(house.node.desk, actor, offer)


async def served(house: House) -> None:
    """The agent ends a chat and takes the next."""
    actor = await house.actor("aino@mikkeli.example")
    (row, *_) = await house.rows(
        "SELECT id FROM contact WHERE owner = $1 AND state = 'active' ORDER BY id", actor.user_id
    )
    await handling.wrap_up(house.node.desk, actor, row["id"], "answered")
    await house.route()
    (offer,) = await house.offers(actor)
    await handling.accept(house.node.desk, actor, offer)
