"""What a node does where Redis or Postgres is another than before, and lacks the last moments."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import asyncpg
import pytest

from contactcenter.app import Node
from contactcenter.errors import DatabaseUnavailable
from contactcenter.kernel import keys
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.ear import Ear
from contactcenter.kernel.history import history
from contactcenter.kernel.ids import BLOCK, LEAP, Ids
from contactcenter.kernel.primary import Primary
from contactcenter.kernel.sql import Connection
from tests.conftest import Backends
from tests.house import House
from tests.rooms.chat import Page, hello, settle
from tests.rooms.test_projection import order

HELD = "SELECT current_setting('idle_in_transaction_session_timeout')"
LOCKED_SHORTLY = (
    "SET LOCAL idle_in_transaction_session_timeout = '1ms'; SELECT pg_advisory_xact_lock(7)"
)


@pytest.fixture
async def another_history(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Postgres says to be of the last of these; none: of what it is."""
    told: list[str] = []

    async def last(conn: asyncpg.Connection) -> str:
        return told[-1] if told else await history(conn)

    monkeypatch.setattr("contactcenter.kernel.ids.history", last)
    monkeypatch.setattr("contactcenter.queue.loop.history", last)
    return told


def later(of: str) -> str:
    """The next timeline of a cluster."""
    cluster, _, timeline = of.partition(" ")
    return f"{cluster} {int(timeline, 16) + 1:08X}"


async def now(node: Node) -> str:
    """The history of the node's database."""
    async with node.db.connection() as conn:
        return await history(conn)


async def test_a_line_of_another_redis_is_written_anew(house: House) -> None:
    live, reconciler = house.node.live, house.node.reconciler
    for _ in range(5):
        await house.arrives()
    before = await order(house)
    assert not await reconciler.rebuild_if_wiped()
    here = (await live.call("GET", keys.REBUILT)).decode()
    # A replica that became the master: it says so of its former one, and lacks the last.
    await live.call("SET", keys.REBUILT, here.replace(here.split()[0], "f" * 40))
    await live.call("DEL", *await live.call("KEYS", "line:*"))
    await live.call("SET", keys.feed_seq(1), 7)
    assert await reconciler.rebuild_if_wiped()
    assert await order(house) == before
    assert await live.call("GET", keys.feed_seq(1)) is None  # numbers may have been given twice
    assert not await reconciler.rebuild_if_wiped()


async def test_screens_look_again_when_redis_was_emptied(house: House) -> None:
    live = house.node.live
    gaps: asyncio.Queue[None] = asyncio.Queue()
    ear = Ear(live, "node", lambda channel, data: None, lambda: gaps.put_nowait(None))
    listening = asyncio.create_task(ear.run())
    await gaps.get()  # it listens
    await live.call("SET", keys.REBUILT, "another server 00000001")
    assert await house.node.reconciler.rebuild_if_wiped()
    async with asyncio.timeout(10):
        await gaps.get()
    listening.cancel()
    await asyncio.wait([listening])


async def test_a_line_of_an_earlier_timeline_is_written_anew(
    house: House, another_history: list[str]
) -> None:
    contact = await house.arrives()
    assert not await house.node.reconciler.rebuild_if_wiped()
    # The primary before had told of a later version, which the promoted standby never got.
    await house.node.live.call("HSET", keys.waiting(contact), "version", 99)
    another_history.append(later(await now(house.node)))
    assert await house.node.reconciler.rebuild_if_wiped()
    version = await house.node.live.call("HGET", keys.waiting(contact), "version")
    row = await house.contact(contact)
    assert int(version) == row["version"]


async def test_a_node_at_the_former_primary_does_not_empty_redis(
    house: House, another_history: list[str]
) -> None:
    contact = await house.arrives()
    of = await now(house.node)
    another_history.append(later(of))
    assert await house.node.reconciler.rebuild_if_wiped()
    stands = await house.node.live.call("GET", keys.REBUILT)
    another_history.append(of)
    assert not await house.node.reconciler.rebuild_if_wiped()
    assert await house.node.live.call("GET", keys.REBUILT) == stands
    assert await order(house) == [b"%019d" % contact]


async def test_ids_leap_once_for_each_history(house: House, another_history: list[str]) -> None:
    db = house.node.db
    (first,) = await Ids(db).take(1)
    another_history.append(later(await now(house.node)))
    nodes = [Ids(db), Ids(db)]
    given = sorted([(await ids.take(1))[0] for ids in nodes])
    assert given == [first + (LEAP + 1) * BLOCK, first + (LEAP + 2) * BLOCK]


async def test_who_stands_still_in_a_transaction_keeps_nobody_waiting(house: House) -> None:
    db = house.node.db

    async def stand_still(other: Connection) -> None:
        async with db.transaction() as conn:
            assert await conn.fetchval(HELD) == "5s"
            await conn.execute(LOCKED_SHORTLY)
            await other.execute("SELECT pg_advisory_lock(7)")  # waits until it is free
            await conn.execute("SELECT 1")

    async with db.connection() as other:
        with pytest.raises(TRANSIENT):
            await stand_still(other)
        await other.execute("SELECT pg_advisory_unlock(7)")
    for free in ({"readonly": True}, {"patient": True}):
        async with db.transaction(**free) as conn:
            assert await conn.fetchval(HELD) == "0"


async def test_who_gives_up_does_not_wait_for_a_server_that_stands_still(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.kernel.db.GIVE_UP_S", 0.01)
    db = house.node.db

    async def stand_still(work: AbstractAsyncContextManager[Connection]) -> None:
        async with work as conn:
            still.append(await conn.fetchval("SELECT pg_backend_pid()"))
            os.kill(still[-1], signal.SIGSTOP)
            async with asyncio.timeout(0.01):
                await conn.execute("SELECT 1")

    for work in (db.transaction(), db.connection(), db.keep()):
        still: list[int] = []
        given_up = asyncio.create_task(stand_still(work))
        await asyncio.wait([given_up], timeout=5)
        here = given_up.done()
        os.kill(still[-1], signal.SIGCONT)
        with pytest.raises(TimeoutError):
            await given_up
        assert here
    async with db.connection() as conn:
        assert await conn.fetchval("SELECT 1") == 1


async def test_connections_leave_a_server_that_takes_no_writes(
    backends: Backends, database_url: str
) -> None:
    db = await Database.open(database_url, size=3)
    name = urlsplit(database_url).path.strip("/")
    admin = await asyncpg.connect(backends.postgres)
    try:
        async with db.connection() as one, db.connection() as two:
            old = {await c.fetchval("SELECT pg_backend_pid()") for c in (one, two)}
        await admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        async with db.connection() as conn:
            await conn.execute("SET default_transaction_read_only = on")  # as its reload would
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            async with db.connection() as conn:
                await conn.execute("UPDATE lease SET fence = fence")
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            async with db.connection():
                pass
        with pytest.raises(DatabaseUnavailable):
            await Database.open(database_url)
        await admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        async with db.connection() as one, db.connection() as two:
            new = {await c.fetchval("SELECT pg_backend_pid()") for c in (one, two)}
        assert not old & new
    finally:
        await admin.close()
        await db.close()


async def test_a_host_that_does_not_answer_keeps_us_from_no_other(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.kernel.primary.CONNECT_S", 0.2)
    held: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    primary = Primary(database_url)
    alive = primary._urls[0]
    primary._urls = [f"postgresql://x@127.0.0.1:{port}/x", "postgresql://x@/x?host=/no", alive]
    conn = await primary.connect()
    await conn.close()
    assert primary._urls[0] == alive  # the next one begins there
    silent.close()
    for writer in held:
        writer.transport.abort()
    await silent.wait_closed()


async def test_pages_that_were_shown_what_is_lost_connect_anew(house: House) -> None:
    pages = [Page(), Page(), Page()]
    talks = [await hello(house, page) for page in pages]
    for talk in talks:
        await talk.message("c1", "Hei")
        await talk.message("c2", "Onko siellä ketään?")
    await settle(house)
    assert [page.closed for page in pages] == [None] * 3
    kept, shorter, lost = talks
    # As a standby has it that got neither the second's last message nor the third contact.
    owner = await asyncpg.connect(house.node.db.url)
    await owner.execute("DELETE FROM message WHERE case_id = $1 AND seq = 2", shorter.case)
    await owner.execute("UPDATE cases SET last_seq = 1, last_shown = 1 WHERE id = $1", shorter.case)
    await owner.execute("DELETE FROM chat WHERE contact_id = $1", lost.contact)
    await owner.execute("DELETE FROM contact WHERE id = $1", lost.contact)
    await owner.close()
    house.node.chats._look_at_all()
    await house.node.chats.look_once()
    assert [page.closed for page in pages] == [None, 1012, 1012]
    again = Page()
    await hello(house, again, resume=pages[1].secret, after=2)
    assert again.of("welcome")[0]["seq"] == 1
    assert house.node.chats.talks[kept.contact] is kept
