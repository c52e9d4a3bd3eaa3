"""Why an offer went to its agent: who else could have had it, and why the others could not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from contactcenter.desk import handling, pulling, shift
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.routing import declining
from contactcenter.routing.explain import explain
from tests.house import House
from tests.rooms import calls

AINO, BJORN, CARLA, KIRSI = (
    "aino@mikkeli.example",
    "bjorn@mikkeli.example",
    "carla@mikkeli.example",
    "kirsi@kela.example",
)
BUILDING = "rakennusvalvonta@mikkeli.example"


async def decided(house: House, contact: int) -> list[dict[str, Any]]:
    rows = await house.rows("SELECT * FROM decision WHERE contact_id = $1 ORDER BY offer", contact)
    return [dict(row) | json.loads(row["why"]) for row in rows]


async def offered(house: House, contact: int) -> int:
    while (owner := (await house.contact(contact))["owner"]) is None:
        await house.route()
    return int(owner)


async def test_a_decision_tells_who_else_and_why_not(house: House) -> None:
    aino, bjorn = await house.on_duty(AINO), await house.on_duty(BJORN)
    await house.on_duty(CARLA)  # no skill for it
    await house.on_duty(KIRSI)  # of another organisation: not counted
    helena = await house.on_duty("helena@mikkeli.example", "break")
    contact = await house.arrives(BUILDING)
    assert await offered(house, contact) == bjorn.user_id  # the best level
    (first,) = await decided(house, contact)
    assert (first["agent"], first["rule"]) == (bjorn.user_id, "3")
    assert first["class"] == "mikkeli/building/fi/1"
    assert first["runners"] == [str(aino.user_id)]
    assert first["counts"] == {"unable": 2, "out": 0, "full": 0, "busy": 0, "declined": 0}

    (offer,) = await house.offers(bjorn)
    await declining.decline(house.node.db, house.node.publisher, bjorn, offer, "busy")
    assert await offered(house, contact) == aino.user_id
    second = (await decided(house, contact))[1]
    assert second["counts"] == {"unable": 2, "out": 0, "full": 0, "busy": 0, "declined": 1}
    assert list(second["runners"]) == []

    general = await house.arrives()
    await offered(house, general)
    counts = (await decided(house, general))[0]["counts"]
    assert (counts["out"], counts["unable"]) == (1, 0)  # Helena has a break
    assert helena.user_id not in (await decided(house, general))[0]["runners"]


async def test_who_is_full_or_has_something_in_hand_is_counted(house: House) -> None:
    await house.rows(
        "UPDATE users SET capacity = 1 WHERE email = $1 RETURNING 1", "bjorn@mikkeli.example"
    )
    aino, _ = await house.on_duty(AINO), await house.on_duty(BJORN)
    await offered(house, await house.arrives(BUILDING))
    contact = await house.arrives(BUILDING)
    assert await offered(house, contact) == aino.user_id
    assert (await decided(house, contact))[0]["counts"]["full"] == 1
    asked = await calls.ask(house)
    carla = await house.on_duty(CARLA)
    assert await offered(house, asked.contact) == carla.user_id
    counts = (await decided(house, asked.contact))[0]["counts"]
    assert (counts["busy"], counts["full"]) == (1, 1)


async def why(house: House, email: str, contact: int) -> dict[str, Any]:
    return await explain(house.node.db, await house.actor(email), contact)


async def test_why_this_one_waits_is_told_by_the_same_rules(house: House) -> None:
    await house.rows(
        "UPDATE users SET capacity = 1 WHERE email = $1 RETURNING 1", "bjorn@mikkeli.example"
    )
    await house.rows(
        "UPDATE queue SET relax = $1::jsonb WHERE key = 'building' RETURNING 1",
        '[{"after_s": 600, "to": "queue", "queue": "daycare"}]',
    )
    bjorn = await house.on_duty(BJORN)
    await house.on_duty(CARLA)
    await offered(house, await house.arrives(BUILDING))
    waits = await house.arrives(BUILDING)
    told = await why(house, BJORN, waits)
    assert (told["state"], told["decisions"], told["steps"]) == ("queued", [], [])
    now = told["waiting"]
    assert now["counts"] == {"unable": 1, "out": 0, "full": 1, "declined": 0, "busy": 0}
    assert (now["on_duty"], now["free"], now["me"]) == (2, 0, "full")
    assert (now["able"], now["uncovered"]) == (2, None)  # Aino is at home
    await house.on_duty(KIRSI)  # of another organisation: not counted
    assert (await why(house, BJORN, waits))["waiting"]["on_duty"] == 2
    assert now["next_step"] == {"to": "queue", "after_s": 600}
    assert (await why(house, "seppo@mikkeli.example", waits))["waiting"]["me"] == "off_duty"
    (offer,) = await house.offers(bjorn)
    await declining.decline(house.node.db, house.node.publisher, bjorn, offer, "busy")
    await house.on_duty(BJORN, "break")
    assert (await why(house, BJORN, waits))["waiting"]["me"] == "out"


async def test_names_of_others_are_for_who_watches(house: House) -> None:
    aino, bjorn = await house.on_duty(AINO), await house.on_duty(BJORN)
    contact = await house.arrives(BUILDING)
    await offered(house, contact)
    (decision,) = (await why(house, AINO, contact))["decisions"]
    assert (decision["others"], decision["runners"]) == (1, None)
    assert decision["agent"] is None  # who declined what is no colleague's business
    (decision,) = (await why(house, BJORN, contact))["decisions"]
    assert decision["agent"] == bjorn.name
    (decision,) = (await why(house, "johanna@mikkeli.example", contact))["decisions"]
    assert (decision["agent"], decision["runners"]) == (bjorn.name, [aino.name])
    with pytest.raises(Refused, match="not_found"):
        await why(house, KIRSI, contact)


async def test_how_it_came_back_is_told_and_names_are_for_who_watches(house: House) -> None:
    """Declined, missed, the agent lost, handed back, offered and taken out of its turn."""
    aino, boss = await house.on_duty(AINO), await house.actor("seppo@mikkeli.example")
    contact = await house.arrives()
    await offered(house, contact)
    (offer,) = await house.offers(aino)
    await declining.decline(house.node.db, house.node.publisher, aino, offer, "busy")
    await pulling.assign(house.node.desk, boss, contact, aino.user_id)
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    async with house.node.db.transaction() as conn:
        change = await agents.lose(conn, aino.user_id)
    assert change is not None
    await house.node.publisher.publish(change)
    await house.on_duty(AINO)
    await pulling.pull(house.node.desk, replace(aino, pulls=(aino.organisation_id,)), contact)
    await house.on_duty(AINO, "break")
    await shift.hand_back(house.node.desk, aino, contact, None)

    told = (await explain(house.node.db, boss, contact))["history"]
    assert [(one["what"], one["agent"], one["by"]) for one in told] == [
        ("declined", aino.name, None),
        ("pulled_for", aino.name, boss.name),
        ("agent_lost", aino.name, None),
        ("pulled", aino.name, None),
        ("handed_back", aino.name, None),
    ]
    assert [one["reason"] for one in told][:2] == [{"key": "busy", "name": None}, None]
    assert not any(one["me"] for one in told)
    mine = (await explain(house.node.db, aino, contact))["history"]
    assert all(one["me"] and one["agent"] == aino.name for one in mine)
    assert {one["by"] for one in mine} == {None}
    others = (await explain(house.node.db, await house.actor(BJORN), contact))["history"]
    assert {(one["agent"], one["by"], one["me"]) for one in others} == {(None, None, False)}
    assert [one["what"] for one in others] == [one["what"] for one in told]
