"""Who waits long may be taken by more agents, step by step; a case that goes on is kept for the
agent who knows it, and never for one who is away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contactcenter.desk import handling, writing
from contactcenter.kernel.sql import Row
from contactcenter.queue import store
from contactcenter.routing import declining
from contactcenter.stats.verify import verify
from tests.house import House
from tests.rooms import calls

AINO, BJORN, CARLA = (f"{name}@mikkeli.example" for name in ("aino", "bjorn", "carla"))
KIRSI = "kirsi@kela.example"
STEPS: list[dict[str, Any]] = [
    {"after_s": 60, "to": "level"},
    {"after_s": 120, "to": "language"},
    {"after_s": 180, "to": "queue", "queue": "daycare"},
]
BUILDING = "rakennusvalvonta@mikkeli.example"


async def steps(house: House, *given: dict[str, Any], level: int = 3) -> None:
    await house.rows(
        "UPDATE queue SET relax = $1::jsonb, level = $2 WHERE key = 'building' RETURNING 1",
        json.dumps(given),
        level,
    )


async def waits(house: House, contact: int, seconds: int) -> int:
    """So long already; how many more agents may take it by then."""
    await house.rows(
        "UPDATE contact SET wait_from = now() - make_interval(secs => $2) WHERE id = $1"
        " RETURNING 1",
        contact,
        seconds,
    )
    return await house.node.relaxing.run_once()


async def sound(house: House) -> None:
    await house.node.publisher.settle()
    found = await verify(house.node.db, house.node.reconciler)
    assert found["violations"] == []


async def test_each_step_opens_one_more_class_and_keeps_the_place(house: House) -> None:
    await steps(house, *STEPS)
    carla = await house.on_duty(CARLA)  # daycare only
    contact = await house.arrives(BUILDING)
    before = await house.contact(contact)
    assert before["requirement"] == "mikkeli/building/fi/3"
    found = []
    for seconds in (59, 60, 61, 120, 179):
        await waits(house, contact, seconds)
        found.append((await house.contact(contact))["also"])
        await sound(house)
    level, language = "mikkeli/building/fi/1", "mikkeli/building/*/1"
    assert found == [[], [level], [level], [level, language], [level, language]]
    assert await house.route() == 0
    assert await waits(house, contact, 180) == 1
    after = await house.contact(contact)
    assert after["also"] == [level, language, "mikkeli/daycare/*/1"]
    assert after["rank"] == before["rank"]
    assert await house.route() == 1
    assert len(await house.offers(carla)) == 1
    rows = await house.rows("SELECT why, rule FROM event WHERE kind = 'relaxed' ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("level", level),
        ("language", language),
        ("queue", "mikkeli/daycare/*/1"),
    ]
    await sound(house)
    assert await waits(house, contact, 999) == 0


async def test_no_step_leads_to_another_organisation(house: House) -> None:
    """Whatever the row says: a case belongs to one organisation, and its agents alone see it."""
    await steps(house, {"after_s": 60, "to": "queue", "queue": "kela-advice"}, level=1)
    kirsi = await house.on_duty(KIRSI)
    contact = await house.arrives(BUILDING)
    assert await waits(house, contact, 60) == 1
    assert (await house.contact(contact))["also"] == ["mikkeli/building/fi/1"]
    assert await house.route() == 0
    assert await house.offers(kirsi) == []
    await sound(house)


async def test_who_could_take_it_before_still_can(house: House) -> None:
    await steps(house, *STEPS)
    contact = await house.arrives(BUILDING)
    await waits(house, contact, 60)
    bjorn = await house.on_duty(BJORN)  # of level 3
    assert await house.route() == 1
    assert len(await house.offers(bjorn)) == 1
    await sound(house)


async def test_the_best_level_comes_before_who_is_idle_longest(house: House) -> None:
    await house.on_duty(AINO)  # of level 2, idle for longer
    bjorn = await house.on_duty(BJORN)
    contact = await house.arrives(BUILDING)
    while (await house.contact(contact))["owner"] is None:  # projected behind its intake's back
        await house.route()
    assert len(await house.offers(bjorn)) == 1


async def known(house: House, prefer_s: int = 600) -> tuple[Any, Row]:
    """A case that Aino closed, whose citizen's further mail comes in; Aino, the new contact."""
    await house.rows("UPDATE queue SET prefer_s = $1 RETURNING 1", prefer_s)
    await house.arrives()
    aino = await house.on_duty(AINO)
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    (contact,) = [row["id"] for row in await house.rows("SELECT id FROM contact")]
    await writing.reply(house.node.desk, aino, contact, "c1", "Hei")
    await handling.wrap_up(house.node.desk, aino, contact, "answered")
    sent = await house.row("SELECT external_id FROM outbound")
    await house.on_duty(BJORN)
    return aino, sent


async def goes_on(house: House, sent: Row) -> Row:
    contact = await house.arrives(references=(sent["external_id"],))
    return await house.contact(contact)


async def goes_on_elsewhere(house: House, sent: Row) -> Row:
    """As a new contact of the case, though another is open."""
    await house.rows("UPDATE contact SET state = 'closed' WHERE state = 'queued' RETURNING 1")
    return await goes_on(house, sent)


async def full(house: House, agent: int) -> None:
    """The agent has no room."""
    await house.rows(
        "UPDATE agent SET load = 3, version = version + 1 WHERE user_id = $1 RETURNING 1", agent
    )
    async with house.node.db.connection() as conn:
        busy = await store.agents(conn, [agent])
    await house.node.publisher.project([], busy)


async def test_a_case_that_goes_on_is_kept_for_who_knows_it(house: House) -> None:
    aino, sent = await known(house)
    await house.rows(
        "UPDATE agent SET idle_since = now() WHERE user_id = $1 RETURNING 1", aino.user_id
    )
    row = await goes_on(house, sent)
    assert row["preferred"] == aino.user_id
    await house.route()
    assert len(await house.offers(aino)) == 1
    again = await house.contact(row["id"])
    assert (again["owner"], again["preferred"]) == (aino.user_id, None)
    rows = await house.rows("SELECT rule FROM event WHERE kind = 'offered' ORDER BY id")
    assert [r["rule"] for r in rows] == ["rank", "sticky"]
    await sound(house)


async def test_it_waits_for_who_knows_it_and_not_for_ever(house: House) -> None:
    aino, sent = await known(house)
    await full(house, aino.user_id)
    row = await goes_on(house, sent)
    assert await house.route() == 0  # Björn is free, and does not get it yet
    assert await house.node.relaxing.run_once() == 0
    await house.rows(
        "UPDATE contact SET preferred_until = now() WHERE id = $1 RETURNING 1", row["id"]
    )
    assert await house.node.relaxing.run_once() == 1
    assert await house.route() == 1
    assert (await house.contact(row["id"]))["owner"] != aino.user_id
    assert [r["why"] for r in await house.rows("SELECT why FROM event WHERE kind = 'relaxed'")] == [
        "preferred"
    ]


async def test_it_never_waits_for_an_agent_who_is_away(house: House) -> None:
    aino, sent = await known(house)
    row = await goes_on(house, sent)
    assert row["preferred"] == aino.user_id
    await house.on_duty(AINO, "break")
    assert await house.node.relaxing.run_once() == 1
    assert await house.route() == 1
    assert (await house.contact(row["id"]))["owner"] != aino.user_id
    assert (await goes_on(house, sent))["preferred"] is None


async def test_declined_by_who_knows_it_anybody_gets_it(house: House) -> None:
    aino, sent = await known(house)
    await goes_on(house, sent)
    await house.route()
    (offer,) = await house.offers(aino)
    await declining.decline(house.node.db, house.node.publisher, aino, offer, "busy")
    assert await house.route() == 1
    assert await house.offers(aino) == []
    await sound(house)


async def test_a_call_that_is_tried_again_begins_a_wait_without_steps(house: House) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")  # open, whatever the hour
    await house.rows(
        "UPDATE queue SET relax = $1::jsonb WHERE key = 'general' RETURNING 1",
        '[{"after_s": 60, "to": "language"}]',
    )
    contact = (await calls.ask(house)).contact
    assert await waits(house, contact, 60) == 1
    aino, taken = await calls.take(house)
    assert taken == contact
    await calls.attempt(house, aino, contact, "no_answer")
    assert (await house.contact(contact))["also"] == []
    await house.on_duty(AINO, "break")
    assert await calls.due(house) == 1
    await sound(house)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM skill WHERE user_id = $1 RETURNING 1",
        "UPDATE skill SET language = 'so' WHERE user_id = $1 AND language = 'fi' RETURNING 1",
        "DELETE FROM user_organisation WHERE user_id = $1 RETURNING 1",
        "UPDATE users SET disabled_at = now() WHERE id = $1 RETURNING 1",
    ],
)
async def test_it_is_kept_for_nobody_who_may_take_it_no_longer(house: House, change: str) -> None:
    aino, sent = await known(house)
    await full(house, aino.user_id)
    row = await goes_on(house, sent)
    assert row["preferred"] == aino.user_id
    assert await house.node.relaxing.run_once() == 0
    await house.rows(change, aino.user_id)
    assert await house.node.relaxing.run_once() == 1
    assert (await house.contact(row["id"]))["preferred"] is None
    assert (await goes_on_elsewhere(house, sent))["preferred"] is None
