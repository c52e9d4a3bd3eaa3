"""Statements that write several outbox rows lock them in the order of ids: so no two of them wait
for each other, however many run at once."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from contactcenter.callback.store import SQL as CALLS
from contactcenter.chat import store as chats
from contactcenter.chat.say import SQL as SAY
from contactcenter.configuration import actions as configuration
from contactcenter.configuration.document import Document
from contactcenter.queue import store
from tests.house import House
from tests.rooms.chat import Page, hello


@pytest.fixture
async def pair(house: House) -> tuple[int, int]:
    """Two chats in an agent's hands, with an outbox row each; the smaller id first."""
    first, second = sorted([(await hello(house, Page())).contact for _ in range(2)])
    agent = (await house.actor("aino@mikkeli.example")).user_id
    await house.rows("UPDATE contact SET state = 'active', owner = $1", agent)
    await house.rows(
        "INSERT INTO outbox (contact_id, version) SELECT id, 99 FROM contact"
        " ON CONFLICT (contact_id) DO UPDATE SET version = 99"
    )
    return first, second


async def settles(house: House, ids: list[int]) -> None:
    async with house.node.db.connection() as conn:
        await store.SQL.settle.run(conn, ids=ids, since=[0, 0], upto=[99, 99])


async def says(house: House, ids: list[int]) -> None:
    rows = await house.rows("SELECT id, case_id FROM contact WHERE id = ANY($1)", ids)
    case = {row["id"]: row["case_id"] for row in rows}
    (*new,) = await house.node.ids.take(len(ids))
    words: list[dict[str, Any]] = [
        {
            "n": n,
            "id": new[n],
            "case_id": case[one],
            "contact_id": one,
            "author": "",
            "client_id": "c",
            "text": "Hei",
        }
        for n, one in enumerate(ids)
    ]
    async with house.node.db.connection() as conn:
        await SAY.say.run(conn, said=msgspec.json.encode(words).decode())


async def goes_away(house: House, ids: list[int]) -> None:
    async with house.node.db.connection() as conn:
        await chats.SQL.go_away.run(conn, contacts=ids, sockets=[None, None], ago_s=0.0)


async def enters(house: House, ids: list[int]) -> None:
    """As callbacks, due in the other order."""
    async with house.node.db.transaction() as conn:
        await conn.execute(
            "UPDATE contact SET state = 'scheduled', channel = 'callback' WHERE id = ANY($1)", ids
        )
        for n, one in enumerate(ids):
            await conn.execute(
                "INSERT INTO callback (contact_id, organisation_id, number, next_at, next_why)"
                " VALUES ($1, 1, $2, now() - make_interval(secs => $3::int), 'window')",
                one,
                f"+35850123456{n}",
                10 - n,
            )
    async with house.node.db.connection() as conn:
        assert len(await CALLS.enter.all(conn, most=10, after_at=None, after_id=0)) == 2


@pytest.mark.parametrize("work", [settles, says, goes_away, enters])
async def test_who_waits_for_the_first_row_holds_no_later_one(
    house: House, pair: tuple[int, int], work: Any
) -> None:
    first, second = pair
    row = "SELECT contact_id FROM outbox WHERE contact_id = $1 FOR UPDATE SKIP LOCKED"
    async with house.node.db.transaction() as holder:
        assert await holder.fetch(row, first)
        working = asyncio.create_task(work(house, [second, first]))
        while not await house.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not working.done()
        assert await house.rows(row, second)
    await working


async def test_a_file_that_changes_several_queues_holds_contacts_in_the_order_of_ids(
    house: House,
) -> None:
    """Of the file's two queues the one that comes first has the later contact."""
    db, publish = house.node.db, house.node.publisher.publish
    async with db.connection() as conn:
        queues = (await configuration.current(conn, None)).document.queue
    changed = [msgspec.structs.replace(one, target_s=one.target_s + 60) for one in queues[:2]]
    contacts = [await house.arrives(), await house.arrives()]
    move = "UPDATE contact SET queue_id = (SELECT id FROM queue WHERE key = $2) WHERE id = $1"
    for contact, queue in zip(sorted(contacts), reversed(changed), strict=True):
        await house.rows(move, contact, queue.key)
    row = "SELECT id FROM contact WHERE id = $1 FOR UPDATE SKIP LOCKED"
    async with db.transaction() as holder:
        assert await holder.fetch(row, min(contacts))
        wanted = Document(queue=tuple(changed))
        applying = asyncio.create_task(configuration.apply(db, publish, None, wanted))
        while not await house.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not applying.done()
        assert await house.rows(row, max(contacts))
    assert (await applying).contacts == 2
