"""Redis can be thrown away at any moment; nothing that was committed stays untold."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from contactcenter.app import RECONCILE_S
from contactcenter.kernel.keys import agent, line, waiting, whole
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.queue import agents, store
from contactcenter.queue.debts import Debts
from contactcenter.queue.publish import Change
from tests.house import House

CLASS = "mikkeli/general/fi/1"
PLANNED = """
SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE '/* agents */%classes_of%'
"""


async def order(house: House) -> list[bytes]:
    """The line as Redis has it."""
    found: list[bytes] = await house.node.live.call("ZRANGE", line(CLASS), 0, -1)
    return found


async def test_a_wiped_line_is_rebuilt_in_the_same_order(house: House) -> None:
    for _ in range(30):
        await house.arrives()
    before = await order(house)
    assert len(before) == 30
    await house.node.live.call("FLUSHALL")
    await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 0  # before the line is known again nothing is decided
    assert await house.node.reconciler.rebuild_if_wiped()
    assert await order(house) == before
    assert await house.route() == 3


async def test_a_line_that_is_wiped_while_it_is_written_does_not_stand(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await house.arrives()
    before, line = await order(house), house.node.publisher.line
    write = line.project_all

    async def wiped(*given: Any, **how: Any) -> Any:
        found = await write(*given, **how)
        await house.node.live.call("FLUSHALL")
        return found

    await house.node.live.call("FLUSHALL")
    with monkeypatch.context() as again:
        again.setattr(line, "project_all", wiped)
        assert not await house.node.reconciler.rebuild_if_wiped()
    await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 0
    assert await house.node.reconciler.rebuild_if_wiped()
    assert await order(house) == before


async def test_what_a_dead_node_committed_is_swept(house: House) -> None:
    contact = await house.arrives()
    await house.node.live.call("ZREM", line(CLASS), f"{contact:019}")
    house.node.publisher._debts = Debts(house.node.db)  # as if it had died before projecting
    house.node.publisher.settle = house.node.publisher._debts.settle
    await house.rows("UPDATE outbox SET at = now() - interval '5 s' RETURNING contact_id")
    assert await house.node.sweep.run_once() == 1
    assert await order(house) == [b"%019d" % contact]
    assert await house.rows("SELECT 1 FROM outbox") == []


async def test_what_was_committed_as_the_database_went_is_swept_as_soon_as_it_is_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await house.arrives()
    await house.node.live.call("ZREM", line(CLASS), f"{contact:019}")
    house.node.publisher._debts = Debts(house.node.db)
    house.node.publisher.settle = house.node.publisher._debts.settle
    assert await house.node.sweep.run_once() == 0  # a moment ago: it may be on its way
    with monkeypatch.context() as away:
        away.setattr(house.node.db, "transaction", Mock(side_effect=ConnectionResetError))
        with pytest.raises(ConnectionResetError):
            await house.node.sweep.run_once()
    assert await house.node.sweep.run_once() == 1
    assert await order(house) == [b"%019d" % contact]
    assert await house.node.sweep.run_once() == 0


async def test_the_reconciler_mends_and_counts(house: House) -> None:
    house.node.reconciler.settle_s = 0
    contact = await house.arrives()
    assert await house.node.reconciler.run_once() == 0
    await house.node.live.call("ZREM", line(CLASS), f"{contact:019}")
    await house.node.live.call("ZADD", line(CLASS), 1, f"{424242:019}")
    assert await house.node.reconciler.run_once() == 2
    assert await order(house) == [b"%019d" % contact]
    assert tuple(await house.row("SELECT name, n FROM repair")) == ("reconciled", 2)


async def test_an_older_projection_does_not_bring_a_contact_back(house: House) -> None:
    contact = await house.arrives()
    async with house.node.db.connection() as conn:
        (old,) = await store.cards(conn, [contact])
    await house.on_duty("aino@mikkeli.example")
    await house.route()
    await house.node.publisher.line.project_all([old], [])
    assert await order(house) == []


async def test_one_offer_of_an_agent_is_decided_before_the_next(house: House) -> None:
    """Else the agent may have no room left for the first, which comes back behind the second."""
    _, second, third = [await house.arrives() for _ in range(3)]
    line, woken = house.node.publisher.line, house.node.router.woken
    aino = await house.on_duty("aino@mikkeli.example")
    async with house.node.db.connection() as conn:
        (older,) = await store.agents(conn, [aino.user_id])
    newer: Any = dict(older) | {"version": older["version"] + 1}
    assert woken.is_set()  # the first is being offered
    assert await line.project_all([], [newer]) == []
    assert [pair.contact for pair in await line.project_all([], [newer], settles=True)] == [second]
    assert await line.project_all([], [newer]) == []
    assert [pair.contact for pair in await line.project_all([], [older], settles=True)] == [third]
    assert await order(house) == []


async def test_the_sweep_gives_nothing_to_whom_a_router_is_just_offering_something(
    house: House,
) -> None:
    """Else the second pair fails at its commit, and others overtake its contact meanwhile."""
    _, second = [await house.arrives() for _ in range(2)]
    aino = await house.on_duty("aino@mikkeli.example")
    assert await order(house) == [b"%019d" % second]  # the first is in the router's hand
    house.node.publisher._debts = Debts(house.node.db)
    house.node.publisher.settle = house.node.publisher._debts.settle
    await house.rows(
        "INSERT INTO outbox (contact_id, version, since, tell, at) "
        "VALUES ($1, 1, 1, $2, now() - interval '5 s') ON CONFLICT (contact_id) "
        "DO UPDATE SET tell = excluded.tell, at = excluded.at RETURNING 1",
        second,
        [aino.user_id],
    )
    assert await house.node.sweep.run_once() == 1
    assert await order(house) == [b"%019d" % second]
    assert await house.route() == 2


async def test_what_a_node_took_and_never_offered_is_offered_by_another_in_its_place(
    house: House,
) -> None:
    first, second = [await house.arrives() for _ in range(2)]
    aino, line = await house.on_duty("aino@mikkeli.example"), house.node.publisher.line
    house.node.router._pairs.clear()  # as if the node that decided had stopped
    house.node.router._classes.clear()
    assert await order(house) == [b"%019d" % second]
    assert await house.node.undecided.run_once() == 0  # a moment ago: it may be committing
    assert await line.undecided(0) == ({first}, {aino.user_id})
    async with house.node.db.connection() as conn:  # the agent alone becomes known, with more room
        (agent,) = await store.agents(conn, [aino.user_id])
    assert [pair.contact for pair in await line.project_all([], [agent], settles=True)] == [second]
    for undecided in ("undecided:agents", "undecided:contacts"):
        for one in await house.node.live.call("ZRANGE", undecided, 0, -1):
            await house.node.live.call("ZADD", undecided, 1, one)
    assert await house.node.undecided.run_once() == 2
    assert await house.route() == 2
    assert (await house.rows("SELECT contact_id FROM event WHERE kind = 'offered' ORDER BY id"))[0][
        "contact_id"
    ] == first
    assert await line.undecided(0) == (set(), set())
    assert tuple(await house.row("SELECT name, n FROM repair")) == ("undecided", 2)


async def test_a_slow_commit_of_ones_own_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    offer, found = store.offer, []

    async def late(*given: Any) -> Any:
        await house.node.live.call("ZADD", "undecided:agents", 1, aino.user_id)
        await house.node.live.call("ZADD", "undecided:contacts", 1, contact)
        found.append(await house.node.undecided.run_once())
        later = 2**53  # not due by far: it is said all the same that it is being decided
        await house.node.live.call("ZADD", "undecided:contacts", later, contact)
        found.append(await house.node.undecided.run_once())
        score = await house.node.live.call("ZSCORE", "undecided:contacts", contact)
        assert float(score) < later
        return await offer(*given)

    monkeypatch.setattr(store, "offer", late)
    assert await house.route() == 1
    assert (found, house.node.router.deciding()) == ([0, 0], set())


async def older_contact(house: House, contact: int) -> None:
    """As a release before the levels projects it."""
    live = house.node.live
    assert await order(house) == [b"%019d" % contact]
    await live.call("HDEL", waiting(contact), "classes")
    await live.call("HSET", waiting(contact), "requirement", CLASS)


async def test_a_contact_that_an_older_node_projected_is_offered(house: House) -> None:
    """Nodes are replaced one after the other, on one Redis."""
    contact = await house.arrives()
    await older_contact(house, contact)
    aino = await house.on_duty("aino@mikkeli.example")
    assert await house.route() == 1
    assert (await house.contact(contact))["owner"] == aino.user_id
    assert await order(house) == []


async def test_a_contact_that_an_older_node_projected_leaves_the_line(house: House) -> None:
    contact = await house.arrives()
    await older_contact(house, contact)
    await house.rows(
        "UPDATE contact SET state = 'abandoned', version = version + 1 WHERE id = $1 RETURNING 1",
        contact,
    )
    await house.node.publisher.publish(Change(contacts=[contact]))
    assert await order(house) == []


async def test_what_nobody_knows_stands_in_nobodys_way(house: House) -> None:
    contact = await house.arrives()
    await house.node.live.call("ZADD", whole(CLASS), 1, f"{424242:019}")
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    assert (await house.contact(contact))["owner"] == aino.user_id


async def test_an_agent_whom_an_older_node_projected_has_work_and_is_made_new(house: House) -> None:
    house.node.reconciler.settle_s = 0
    live, aino = house.node.live, await house.on_duty("aino@mikkeli.example")
    await live.call("HSET", agent(aino.user_id), "classes", f"{CLASS} mikkeli/general/sv/1")
    assert await house.node.reconciler.run_once() == 1
    assert await house.node.reconciler.run_once() == 0
    await live.call("HSET", agent(aino.user_id), "classes", f"{CLASS} mikkeli/general/sv/1")
    contact = await house.arrives()
    assert await order(house) == []  # decided on as it arrived
    await house.route()
    assert (await house.contact(contact))["owner"] == aino.user_id


async def test_what_was_given_is_offered_though_citizens_can_not_be_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is out of the line by then: nobody else would offer it."""

    async def unavailable(contacts: object) -> None:
        raise LiveUnavailable

    contact = await house.arrives()
    monkeypatch.setattr(house.node.publisher.citizens, "look", unavailable)
    aino = await house.actor("aino@mikkeli.example")
    async with house.node.db.transaction() as conn:
        change = await agents.set_state(conn, aino.user_id, "available", None)
    assert not await house.node.publisher.publish(change)
    assert await order(house) == []
    await house.route()
    assert (await house.contact(contact))["owner"] == aino.user_id


async def test_offers_of_one_commit_are_written_down_in_the_order_of_the_line(house: House) -> None:
    """Whoever reads the events sees nobody overtaken."""
    contacts = [await house.arrives() for _ in range(2)]
    emails = ("aino@mikkeli.example", "bjorn@mikkeli.example")
    crew = [await house.on_duty(email) for email in emails]
    offers = [
        store.Offer(offer, actor.user_id, contact, "rank")
        for offer, actor, contact in zip((901, 900), crew, contacts, strict=True)
    ]
    async with house.node.db.connection() as conn:
        assert len(await store.offer(conn, offers, 30)) == 2
    rows = await house.rows("SELECT contact_id FROM event WHERE kind = 'offered' ORDER BY id")
    assert [row["contact_id"] for row in rows] == contacts


async def test_an_agents_row_is_not_planned_anew_each_time(house: House) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    async with house.node.db.connection() as conn:
        for _ in range(7):
            (row,) = await store.agents(conn, [aino.user_id])
        planned = await conn.fetchval(PLANNED)
    assert row["user_id"] == aino.user_id
    assert planned == 5


class Looks:
    """Stands in for the reconciler, and counts."""

    def __init__(self) -> None:
        self.n = 0
        self.redis_away = False

    async def run_once(self) -> int:
        self.n += 1
        if self.redis_away:
            raise LiveUnavailable
        return 0


@pytest.fixture
def looks(house: House, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """How often the node compares."""
    found = Looks()
    monkeypatch.setattr(house.node, "reconciler", found)
    return found


async def test_who_starts_compares_once(house: House, looks: Looks) -> None:
    await house.node.prepare()
    assert looks.n == 1
    await house.node._reconcile()
    await house.node._reconcile()
    assert looks.n == 1  # held often, looked at seldom


async def test_who_starts_while_redis_is_away_compares_when_it_is_back(
    house: House, looks: Looks
) -> None:
    house.node._reconciled = -RECONCILE_S
    looks.redis_away = True
    await house.node.prepare()
    with pytest.raises(LiveUnavailable):
        await house.node._reconcile()
    looks.redis_away = False
    await house.node._reconcile()
    assert looks.n == 3


async def test_who_takes_over_from_a_dead_node_compares_at_once(house: House, looks: Looks) -> None:
    node = house.node
    other = Lease(node.db, "reconciler", "other")
    assert await other.hold() is not None
    await node._reconcile()
    assert looks.n == 0
    await house.rows("UPDATE lease SET until = now() WHERE owner = 'other' RETURNING 1")
    await node._reconcile()
    await node._reconcile()
    assert looks.n == 1


async def test_who_starts_puts_back_what_a_killed_node_had_decided(house: House) -> None:
    contact = await house.arrives()
    aino = await house.actor("aino@mikkeli.example")
    async with house.node.db.transaction() as conn:
        change = await agents.set_state(conn, aino.user_id, "available", None)
    assert await house.node.publisher.publish(change)
    house.node.router._pairs.clear()  # it was killed before it offered what was decided
    assert await house.route() == 0
    await house.node.prepare()
    await house.route()
    assert (await house.contact(contact))["owner"] == aino.user_id


async def test_what_could_not_be_written_is_overtaken_by_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = await house.on_duty("aino@mikkeli.example")
    await house.rows("UPDATE users SET capacity = 1 WHERE id = $1 RETURNING 1", aino.user_id)

    async def refuses(*_: object) -> None:
        raise LiveUnavailable("OOM command not allowed")

    with monkeypatch.context() as patch:
        patch.setattr(house.node.publisher.line, "_move", refuses)
        first = await house.arrives()
    await house.arrives()
    assert await house.route() == 0
    assert await house.node.reconciler.rebuild_if_wiped()
    assert await house.route() == 1
    assert (await house.contact(first))["state"] == "offered"
