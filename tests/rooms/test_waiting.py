"""The list of who waits, and why: the same as the line decides by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contactcenter.errors import Refused
from contactcenter.routing import declining
from contactcenter.routing.explain import explain
from contactcenter.routing.waiting import After, waiting
from tests.house import House
from tests.rooms import chat
from tests.rooms.test_relaxing import goes_on, known, steps, waits

AINO, BJORN, CARLA, KIRSI, JOHANNA = (
    "aino@mikkeli.example",
    "bjorn@mikkeli.example",
    "carla@mikkeli.example",
    "kirsi@kela.example",
    "johanna@mikkeli.example",
)
BUILDING = "rakennusvalvonta@mikkeli.example"


async def listed(house: House, queue: str | None = None, most: int = 50) -> list[dict[str, Any]]:
    actor = await house.actor(JOHANNA)
    found = await waiting(house.node.db, actor, queue, After(), most)
    contacts: list[dict[str, Any]] = found["contacts"]
    return contacts


async def why(house: House) -> dict[str, Any]:
    """Of the only one who waits."""
    (one,) = await listed(house)
    told: dict[str, Any] = one["why"]
    return told


async def test_each_reason_is_told(house: House) -> None:
    await house.arrives(BUILDING)
    assert (await why(house))["reason"] == "nobody"
    await house.on_duty(CARLA)  # has no skill for it
    assert (await why(house))["reason"] == "nobody"
    bjorn = await house.on_duty(BJORN, "break")
    assert (await why(house))["reason"] == "out"
    await house.on_duty(BJORN)
    told = await why(house)
    assert (told["reason"], told["able"], told["free"]) == ("free", 1, 1)
    while not await house.offers(bjorn):
        await house.route()
    told = await why(house)
    assert (told["reason"], told["agent"]) == ("offered", bjorn.name)
    assert 0 < told["seconds"] <= 60
    (offer,) = await house.offers(bjorn)
    await declining.decline(house.node.db, house.node.publisher, bjorn, offer, None)
    assert (await why(house))["reason"] == "declined"
    await house.on_duty(AINO, "break")
    told = await why(house)
    assert (told["reason"], told["able"]) == ("mixed", 2)
    assert told["counts"] == {"out": 1, "full": 0, "declined": 1, "busy": 0}


async def test_who_is_full_and_whose_page_is_gone(house: House) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    await house.rows("UPDATE users SET capacity = 1 RETURNING 1")
    bjorn = await house.on_duty(BJORN)
    await house.arrives(BUILDING)
    while not await house.offers(bjorn):
        await house.route()
    await house.arrives(BUILDING)
    waits_ = [one for one in await listed(house) if one["state"] == "queued"]
    assert [one["why"]["reason"] for one in waits_] == ["full"]
    assert await house.offers(bjorn)
    page = chat.Page()
    await chat.hello(house, page)
    await house.rows("UPDATE contact SET away_from = now() WHERE channel = 'chat' RETURNING 1")
    (gone,) = [one for one in await listed(house) if one["channel"] == "chat"]
    assert gone["why"]["reason"] == "citizen_away"


async def test_who_is_kept_for_whom_and_for_how_long(house: House) -> None:
    aino, sent = await known(house)
    await house.rows("UPDATE agent SET load = 3 WHERE user_id = $1 RETURNING 1", aino.user_id)
    await goes_on(house, sent)
    (one,) = [one for one in await listed(house) if one["state"] == "queued"]
    told = one["why"]
    assert (told["reason"], told["agent"], told["able"]) == ("kept", aino.name, 1)
    assert told["counts"]["full"] == 1
    assert 590 < told["seconds"] <= 600


@pytest.mark.parametrize("who", [AINO, BJORN, JOHANNA])
async def test_whom_it_is_kept_for_is_told_to_oneself_and_to_who_may_watch(
    house: House, who: str
) -> None:
    aino, sent = await known(house)
    row = await goes_on(house, sent)
    told = (await explain(house.node.db, await house.actor(who), row["id"]))["waiting"]
    assert told["kept_for"] == (None if who == BJORN else aino.name)
    assert told["kept_until"] is not None


async def test_steps_and_targets(house: House) -> None:
    await steps(house, {"after_s": 60, "to": "level"}, {"after_s": 120, "to": "language"})
    await house.rows("UPDATE queue SET service_level_s = 30 WHERE key = 'building' RETURNING 1")
    contact = await house.arrives(BUILDING)
    (one,) = await listed(house)
    assert (one["over"], one["steps"], one["next_step"]["to"]) == (False, [], "level")
    assert 50 < one["next_step"]["in_s"] <= 60
    assert await waits(house, contact, 60) == 1
    (one,) = await listed(house)
    assert (one["over"], one["target_s"], one["steps"]) == (True, 30, ["level"])
    assert one["next_step"]["to"] == "language"
    assert await waits(house, contact, 120) == 1
    (one,) = await listed(house)
    assert (one["steps"], one["next_step"]) == (["level", "language"], None)


async def test_pages_follow_the_line_and_miss_nobody(house: House) -> None:
    for n in range(5):
        await house.arrives(BUILDING if n % 2 else "neuvonta@mikkeli.example")
    bjorn = await house.on_duty(BJORN)
    while not await house.offers(bjorn):
        await house.route()
    actor = await house.actor(JOHANNA)
    rows = await house.rows("SELECT id FROM contact ORDER BY rank, id")
    seen: list[str] = []
    after: str | None = None
    while True:
        start = After() if after is None else After.read(after)
        found = await waiting(house.node.db, actor, None, start, 2)
        seen += [one["contact"] for one in found["contacts"]]
        after = found["next"]
        if after is None:
            break
    assert seen == [str(row["id"]) for row in rows]
    waiting_in = {one["queue"]: one["waiting"] for one in found["queues"]}
    assert waiting_in["general"] + waiting_in["building"] == 5 - len(await house.offers(bjorn))
    assert len(await listed(house, "building")) == 2


async def test_nobody_sees_another_organisations_line_nor_a_person(house: House) -> None:
    await house.arrives("asiakaspalvelu@kela.example")
    await house.arrives(subject="Salainen asia", text="Hetu on salainen")
    actor = await house.actor(JOHANNA)
    found = await waiting(house.node.db, actor, None, After(), 50)
    scope = [one["queue"] for one in found["queues"]]
    rows = await house.rows(
        "SELECT key FROM queue WHERE organisation_id = ANY($1) ORDER BY id", list(actor.scope)
    )
    assert scope == [row["key"] for row in rows]
    assert {one["queue"] for one in found["contacts"]} <= set(scope)
    text = json.dumps(found)
    for word in ("Salainen", "salainen", "Ville", "ville@"):
        assert word not in text
    with pytest.raises(Refused, match="forbidden"):
        await waiting(house.node.db, await house.actor(AINO), None, After(), 50)
    with pytest.raises(Refused, match="unknown_queue"):
        await waiting(house.node.db, actor, "nowhere", After(), 50)


@pytest.mark.parametrize("text", ["", "x", "1", "1.x", "9" * 80, "1.2.x"])
def test_where_a_page_begins_is_checked(text: str) -> None:
    with pytest.raises(Refused, match="bad_request"):
        After.read(text)


def test_where_a_page_begins_can_be_said() -> None:
    assert After.read("-5.7") == After(-5, 7)
    with pytest.raises(Refused, match="bad_request"):
        After.read(f"{2**64}.1")
