"""The board kept up by events is the board made anew; it shows today, and only what one may see."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contactcenter.desk import by_hand, handling
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import Database
from contactcenter.queue import agents, leaving
from contactcenter.stats import board as boards
from contactcenter.stats.board import Board
from contactcenter.stats.report import Asked, report
from contactcenter.stats.rules import midnight, next_midnight
from tests.house import KELA, House
from tests.midday import midday_zone
from tests.rooms.chat import Page, hello
from tests.rooms.figures import happens, note, take
from tests.rooms.test_by_hand import begun

NO_HOURS = {"weekly": {}, "exceptions": {}, "holidays": "closed", "eves": "closed"}  # as saved
ACTS = ("mail", "mail", "take", "take", "pass", "wrap", "lose", "chat", "hand")
COUNT = """
SELECT q.key, c.channel, count(*) FILTER (WHERE state IN ('queued', 'offered')) AS waiting,
       count(*) FILTER (WHERE state IN ('active', 'wrap_up')) AS in_hand
FROM contact c JOIN queue q ON q.id = c.queue_id GROUP BY 1, 2
"""
PLANNED_ANEW = "SELECT statement FROM pg_prepared_statements WHERE custom_plans > 5"


async def seen(board: Board, house: House, *keys: str) -> dict[str, Any]:
    rows = await house.rows("SELECT id, key FROM organisation")
    scope = {row["id"] for row in rows if row["key"] in (keys or ("mikkeli", "kela"))}
    return board.view(scope)


async def looked(board: Board, house: House) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows now, by queue and channel."""
    await board.look()
    return {(q["queue"], q["channel"]): q for q in (await seen(board, house))["queues"]}


def steady(rows: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """Without what grows by itself."""
    return {
        key: {n: v for n, v in row.items() if n != "longest_wait_s"} for key, row in rows.items()
    }


async def test_kept_up_it_is_as_made_anew(house: House) -> None:
    board, random, desk = Board(house.node.db), Random(1), house.node.desk
    aino = await house.on_duty("aino@mikkeli.example")
    held: list[int] = []
    for step in range(40):
        act = random.choice(
            ["mail", "mail", "take", "take", "pass", "wrap", "lose", "chat", "hand"]
        )
        if act == "mail":
            await house.arrives(random.choice(["neuvonta@mikkeli.example", KELA]))
        elif act == "take":
            await house.route()
            if await house.offers(aino):
                held.append(await take(house, aino))
        elif act == "chat":
            talk = await hello(house, Page())
            if random.random() < 0.5:
                await leaving.leave(house.node.db, talk.contact, "left")
        elif act == "hand":
            await by_hand.start(desk, aino, begun(request_id=f"r{step}"))
            held.append(int((await house.told(aino, "contact"))[-1]["contact"]["contact"]))
        elif act == "lose":
            async with house.node.db.transaction() as conn:
                await agents.lose(conn, aino.user_id)
            await house.on_duty("aino@mikkeli.example")
            held.clear()
        elif held and act == "pass":
            await handling.transfer_to_queue(desk, aino, held.pop(), "building", None)
        elif held:
            await handling.wrap_up(desk, aino, held.pop(), "answered")
        if random.random() < 0.3:
            await house.node.counting.run_once()
        kept_up, anew = await looked(board, house), await looked(Board(house.node.db), house)
        assert steady(kept_up) == steady(anew), act
        assert [row["longest_wait_s"] is None for row in kept_up.values()] == [
            row["longest_wait_s"] is None for row in anew.values()
        ]
    for row in await house.rows(COUNT):
        shown = kept_up[row["key"], row["channel"]]
        assert (shown["waiting"], shown["in_hand"]) == (row["waiting"], row["in_hand"])
    assert sum(row["waiting"] for row in kept_up.values()) > 0


async def test_the_longest_wait_is_the_oldest_of_its_row(house: House) -> None:
    board = Board(house.node.db)
    first = await house.arrives()
    await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    row = (await looked(board, house))["general", "mail"]
    since = (await house.contact(first))["wait_from"]
    assert board.at is not None
    assert row["longest_wait_s"] == pytest.approx((board.at - since).total_seconds())
    await house.route()
    assert (await looked(board, house))["general", "mail"]["waiting"] == 2  # offered still waits
    for _ in range(2):
        await take(house, aino)
    row = (await looked(board, house))["general", "mail"]
    assert (row["waiting"], row["longest_wait_s"], row["in_hand"]) == (0, None, 2)


async def test_who_commits_late_is_seen_once(house: House) -> None:
    board, db = Board(house.node.db), house.node.db
    async with db.connection() as conn:
        late = conn.transaction()
        await late.start()
        await note(conn, "entered", contact_id=10**12)
        await house.arrives()
        assert (await looked(board, house))["general", "mail"]["waiting"] == 1
        await house.arrives()
        assert (await looked(board, house))["general", "mail"]["entered"] == 2
        await late.commit()
    row = (await looked(board, house))["general", "mail"]
    assert row["waiting"] == 3
    assert (await looked(board, house))["general", "mail"] | {"longest_wait_s": 0} == row | {
        "longest_wait_s": 0
    }


async def test_today_begins_at_the_organisations_midnight(house: House) -> None:
    board, here = Board(house.node.db), ZoneInfo(midday_zone())
    await house.rows("UPDATE organisation SET time_zone = $1 RETURNING 1", here.key)
    await board.look()
    assert board.at is not None
    today = midnight(board.at, here)
    tomorrow = next_midnight(board.at, here)
    tick = timedelta(microseconds=1)
    for n, at in enumerate((today - tick, today, tomorrow - tick, tomorrow)):
        await happens(house, "accepted", contact_id=n + 1, at=at, wait_from=at, agent=1)
    assert (await looked(board, house))["general", "mail"]["accepted"] == 2
    anew = Board(house.node.db)
    assert (await looked(anew, house))["general", "mail"]["accepted"] == 2
    await house.node.counting.run_once()
    assert (await looked(Board(house.node.db), house))["general", "mail"]["accepted"] == 2
    board.at = tomorrow - tick
    assert _accepted(await seen(board, house)) == 2
    board.at = tomorrow
    assert _accepted(await seen(board, house)) == 1


def _accepted(view: dict[str, Any]) -> int:
    return sum(row["accepted"] for row in view["queues"])


async def test_one_sees_only_the_own_organisations(house: House) -> None:
    board = Board(house.node.db)
    await house.on_duty("aino@mikkeli.example")
    await house.on_duty("kirsi@kela.example", "break")
    await house.arrives(KELA)
    await board.look()
    ours, theirs = await seen(board, house, "mikkeli"), await seen(board, house, "kela")
    assert {row["organisation"] for row in ours["queues"]} == {"mikkeli"}
    assert [(a["name"], a["state"]) for a in ours["agents"]] == [("Aino Virtanen", "available")]
    assert [a["state"] for a in theirs["agents"]] == ["break"]
    assert sum(row["waiting"] for row in theirs["queues"]) == 1
    assert board.view(())["queues"] == board.view(())["agents"] == []


async def test_rows_are_those_served_and_those_with_figures(house: House) -> None:
    board, aino = Board(house.node.db), await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE queue SET channels = '{mail,chat}', hours = '{}'")
    rows = await looked(board, house)
    assert ("general", "chat") in rows
    assert ("general", "visit") not in rows
    await by_hand.start(house.node.desk, aino, begun())
    await house.rows("UPDATE queue SET disabled_at = now() WHERE key = 'general'")
    rows = await looked(board, house)
    assert [channel for queue, channel in rows if queue == "general"] == ["visit"]
    assert rows["general", "visit"]["in_hand"] == 1
    row = rows["building", "mail"]
    assert (row["open"], row["opens_at"]) == (None, None)
    await house.rows("UPDATE queue SET hours = $1", json.dumps(NO_HOURS))
    assert (await looked(board, house))["building", "mail"]["open"] is None
    await house.rows('UPDATE queue SET hours = \'{"exceptions": {"2026-01-01": []}}\'')
    assert (await looked(board, house))["building", "mail"]["open"] is True
    await house.rows("UPDATE queue SET always_open = false")
    assert (await looked(board, house))["building", "mail"]["open"] is False


async def test_closed_hours_say_when_they_begin(house: House) -> None:
    board, zone = Board(house.node.db), ZoneInfo("Europe/Helsinki")
    day = (datetime.now(zone) + timedelta(days=3)).date()
    hours = {"weekly": {}, "exceptions": {str(day): [["09:00", "12:00"]]}}
    await house.rows("UPDATE queue SET hours = $1, always_open = true", json.dumps(hours))
    row = (await looked(board, house))["building", "mail"]
    nine = datetime.combine(day, time(9), zone)
    assert row["open"] is True
    assert datetime.fromisoformat(row["opens_at"]) == nine
    all_day = {"weekly": {str(n): [["00:00", "24:00"]] for n in range(1, 8)}, "holidays": "open"}
    await house.rows("UPDATE queue SET hours = $1", json.dumps(all_day | {"eves": "open"}))
    row = (await looked(board, house))["building", "mail"]
    assert (row["open"], row["opens_at"]) == (True, None)


async def test_after_an_error_it_begins_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board(house.node.db)
    await house.arrives()
    await looked(board, house)
    at = board.at
    with monkeypatch.context() as patch:
        patch.setattr(boards.SQL.queues, "text", "SELECT no_such_column")
        await house.arrives()
        with pytest.raises(Exception, match="no_such_column"):
            await board.look()
    assert board.at == at  # what is shown grows older
    assert (await looked(board, house))["general", "mail"]["waiting"] == 2
    assert board.at is not None
    assert stamp(board.at) != stamp(at)


async def test_no_look_plans_a_statement_anew(house: House) -> None:
    """PostgreSQL plans a statement's first five runs by what they are given, and goes on so where
    that looks cheaper; of some a plan takes twenty times as long as the reading."""
    await house.on_duty("aino@mikkeli.example")
    await house.arrives()
    await house.arrives(KELA)  # for a skill that nobody at work has
    db = await Database.open(house.node.db.url, size=1)
    try:
        for _ in range(7):
            await Board(db).look()
            await report(db, Asked())
        async with db.connection() as conn:
            anew = await conn.fetch(PLANNED_ANEW)
    finally:
        await db.close()
    assert [row["statement"] for row in anew] == []
