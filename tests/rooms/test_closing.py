"""The outlook of the day: from a month of counts to the board."""

from __future__ import annotations

import json
from typing import Any

from contactcenter.queue.bands import Bands
from contactcenter.queue.outlook import Outlooks
from contactcenter.stats.board import Board
from tests.house import House
from tests.midday import midday_zone


async def history(house: House, days: int, each_half_hour: int = 6) -> None:
    """So many chats to one queue in each half hour of so many earlier days, of five minutes."""
    await house.rows(
        "INSERT INTO figure (by, at, queue_id, channel, language, entered)"
        " SELECT 'arrival', date_trunc('day', now()) - d * interval '1 day'"
        " + h * interval '30 min',"
        " id, 'chat', 'fi', $2::bigint FROM queue, generate_series(1, $1::int) AS d,"
        " generate_series(0, 47) AS h"
        " WHERE key = 'general' RETURNING 1",
        days,
        each_half_hour,
    )


async def open_until_evening(house: House) -> None:
    """One queue that is open at noon and closes at six, on any day."""
    await house.rows("UPDATE organisation SET time_zone = $1 RETURNING 1", midday_zone())
    week = {str(day): [["06:00", "18:00"]] for day in range(1, 8)}
    hours = json.dumps({"weekly": week, "holidays": "open", "eves": "open"})
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    await house.rows("UPDATE queue SET hours = $1 WHERE key = 'general' RETURNING 1", hours)


async def outlook(house: House) -> list[dict[str, Any]]:
    board = Board(house.node.db, Bands(house.node.live), outlooks=Outlooks(house.node.live))
    await board.look()
    everybody = [row["id"] for row in await house.rows("SELECT id FROM organisation")]
    found: list[dict[str, Any]] = board.view(everybody)["outlook"]
    assert board.view([])["outlook"] == []
    return found


async def test_what_is_to_be_expected_until_closing(house: House) -> None:
    await open_until_evening(house)
    await history(house, 20, 12)
    await house.on_duty("aino@mikkeli.example")
    assert await house.closing.run_once() == 1
    (found,) = await outlook(house)
    assert found["queue"] == "general"
    assert found["days"] >= 2  # of this weekday
    assert found["late"].mean > 0
    assert found["backlog"].low <= found["backlog"].mean <= found["backlog"].high
    assert found["one_more"]["late"].mean > 0


async def test_too_little_history_is_said(house: House) -> None:
    await open_until_evening(house)
    await history(house, 10)
    await house.on_duty("aino@mikkeli.example")
    assert await house.closing.run_once() == 0
    (found,) = await outlook(house)
    assert (found["days"], found["late"], found["one_more"]) == (0, None, None)


async def test_nobody_at_work_has_no_outlook(house: House) -> None:
    await open_until_evening(house)
    await history(house, 20)
    assert await house.closing.run_once() == 0
    assert await outlook(house) == []
