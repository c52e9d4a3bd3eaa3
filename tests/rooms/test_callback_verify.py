"""`verify` finds what may never be of a callback."""

from __future__ import annotations

import pytest

from contactcenter.stats.verify import verify
from tests.house import House
from tests.rooms.calls import ask, attempt, sound, take


async def found(house: House) -> set[str]:
    return {one["code"] for one in (await verify(house.node.db, None))["violations"]}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("UPDATE callback SET next_at = NULL, next_why = NULL", "callback_stuck"),
        ("UPDATE callback SET next_at = now() - interval '1 min'", "callback_stuck"),
        ("UPDATE contact SET state = 'queued'", "callback_due_elsewhere"),
        ("UPDATE contact SET state = 'closed'", "callback_differs"),
        ("UPDATE callback SET result = 'reached'", "callback_differs"),
        ("UPDATE callback SET attempts = 1", "attempts_differ"),
        ("UPDATE callback SET promise_to = now() - interval '1 min'", "promise_open"),
        ("UPDATE callback_slot SET taken = 2", "slot_differs"),
        ("UPDATE callback SET slot_queue = NULL", "slot_differs"),
        ("UPDATE callback SET promise_from = promise_from + interval '1 day'", "slot_differs"),
        ("UPDATE contact SET id = id + 1", "callback_without_number"),
    ],
)
async def test_what_is_broken_is_found(house: House, broken: str, code: str) -> None:
    window = (await house.node.callbacks.open_windows("general"))[0]
    await ask(house, window=window)
    await sound(house)
    await house.rows(f"{broken} RETURNING 1")
    assert code in await found(house)


async def test_a_callback_in_an_agents_hands_is_sound(house: House) -> None:
    await ask(house)
    aino, contact = await take(house)
    await sound(house)
    await attempt(house, aino, contact, "busy")
    await sound(house)
    await house.rows("DELETE FROM outbox RETURNING 1")
    await house.rows("UPDATE attempt SET n = 2 RETURNING 1")
    assert await found(house) == {"attempts_differ"}
