"""Why an agent did not get a contact, recomputed from the log: it agrees with what was stored."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contactcenter.accounts import staff, store
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.rules import Skill
from contactcenter.errors import Refused
from contactcenter.queue.publish import Change
from contactcenter.routing.past import Hands, Known, Setting, There, passed, taken_back
from contactcenter.routing.then import why_not_then
from tests.house import House
from tests.rooms import calls
from tests.rooms.test_pausing import ACTS, step

AINO, BJORN, CARLA, HELENA, JOHANNA, KIRSI = (
    "aino@mikkeli.example",
    "bjorn@mikkeli.example",
    "carla@mikkeli.example",
    "helena@mikkeli.example",
    "johanna@mikkeli.example",
    "kirsi@kela.example",
)
BUILDING = "rakennusvalvonta@mikkeli.example"
WEIGHTS = (6, 2, 1, 9, 3, 4, 2)


async def of(house: House, contact: int, agent: Actor, asker: str = JOHANNA) -> list[Any]:
    actor = await house.actor(asker)
    told = await why_not_then(house.node.db, actor, contact, agent.user_id)
    decisions: list[Any] = told["decisions"]
    return decisions


async def _settings_change(house: House, chance: random.Random, agent: Actor) -> None:
    """An admin changes what the agent can, or at once."""
    (admin,) = await house.rows("SELECT email FROM users WHERE role = 'admin' LIMIT 1")
    actor = await house.actor(admin["email"])
    actor = replace(actor, scope=agent.scope)
    async with house.node.db.transaction() as conn:
        row = await store.SQL.lock_user.row(conn, user_id=agent.user_id)
        old = store.profile(row, await store.skills_of(conn, agent.user_id))
        city = agent.organisation_id
        skills = [
            Skill(city, task, language, chance.randint(1, 3))
            for task in ("general", "building")
            for language in ("fi", "sv")
            if chance.random() < 0.8
        ]
        new = replace(old, skills=tuple(skills), capacity=chance.choice((1, 2, 3)))
        await staff.change(conn, actor, agent.user_id, new)
    await house.node.publisher.publish(Change(agents=[agent.user_id]))


@pytest.mark.parametrize("seed", [1, 2])
async def test_it_agrees_with_what_was_stored(house: House, seed: int) -> None:
    chance, compared = random.Random(seed), 0
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    people = [await house.on_duty(one) for one in (AINO, BJORN, CARLA, HELENA)]
    for n in range(450):
        if chance.random() < 0.07:
            await _settings_change(house, chance, chance.choice(people))
        elif chance.random() < 0.3:
            await house.arrives(BUILDING)
        else:
            await step(house, chance, people, n, WEIGHTS)
        while await house.route():
            pass
    stored = await house.rows("SELECT * FROM decision ORDER BY offer")
    seen: Counter[str] = Counter()
    for row in chance.sample(stored, min(60, len(stored))):
        kept = json.loads(row["why"])
        reasons: Counter[str] = Counter()
        for agent in people:
            (told,) = [
                one
                for one in await of(house, row["contact_id"], agent)
                if one["offer"] == str(row["offer"])
            ]
            assert told["missing"] == [], told
            assert (told["reason"] == "got") == (agent.user_id == row["agent"])
            reasons[told["reason"]] += 1
            if told["place"] is not None:
                assert kept["runners"][told["place"] - 1] == str(agent.user_id)
        assert reasons["free"] == len(kept["runners"])
        told_of = sum(kept["counts"].values()) + len(kept["runners"]) + 1
        if told_of < reasons.total() - reasons["off_duty"]:
            continue  # somebody was being offered something else, and is in no count
        compared += len(people)
        for one in ("free", "got", "off_duty"):
            del reasons[one]
        assert reasons == Counter({k: n for k, n in kept["counts"].items() if n}), (kept, reasons)
        seen += reasons
    assert compared >= 100
    assert {"unable", "full", "out"} <= seen.keys()


async def test_the_level_or_the_longer_idle_time_came_first(house: House) -> None:
    aino, bjorn = await house.on_duty(AINO), await house.on_duty(BJORN)
    contact = await house.arrives(BUILDING)
    while not await house.offers(bjorn):
        await house.route()
    (told,) = await of(house, contact, aino)
    assert (told["reason"], told["place"], told["by"]) == ("free", 1, "level")
    assert told["chosen"] == bjorn.name
    (mine,) = await of(house, contact, bjorn)
    assert mine["reason"] == "got"
    await house.rows("UPDATE skill SET level = 3 RETURNING 1")  # behind the audit's back
    (told,) = await of(house, contact, aino)
    assert told["by"] == "idle"


async def test_an_agent_asks_of_nobody_else(house: House) -> None:
    aino, bjorn = await house.on_duty(AINO), await house.on_duty(BJORN)
    contact = await house.arrives(BUILDING)
    while not await house.offers(bjorn):
        await house.route()
    told = await why_not_then(house.node.db, aino, contact, None)
    assert told["agent"]["id"] == str(aino.user_id)
    assert told["decisions"][0]["chosen"] is None  # whom else it went to is no colleague's business
    with pytest.raises(Refused, match="forbidden"):
        await why_not_then(house.node.db, aino, contact, bjorn.user_id)
    kirsi = await house.actor(KIRSI)
    with pytest.raises(Refused, match="not_found"):
        await why_not_then(house.node.db, kirsi, contact, None)
    with pytest.raises(Refused, match="not_found"):
        await of(house, contact, replace(aino, user_id=10**9))


async def test_what_the_log_can_not_know_is_named(house: House) -> None:
    aino, bjorn = await house.on_duty(AINO), await house.on_duty(BJORN)
    contact = await house.arrives(BUILDING)
    while not await house.offers(bjorn):
        await house.route()
    row = await house.row("SELECT * FROM decision")
    await house.rows(
        "INSERT INTO decision (offer, organisation_id, contact_id, agent, rule, why)"
        " SELECT offer + 1, organisation_id, contact_id, agent, rule,"
        " jsonb_set(why, '{runners}', '[]') FROM decision RETURNING 1"
    )
    await house.rows(
        "INSERT INTO event (kind, organisation_id, contact_id, agent, offer, rule)"
        " VALUES ('offered', $1, $2, $3, $4, 'rank'), ('offered', $1, $2, $3, $5, 'rank'),"
        " ('offered', $1, $2, $3, $6, 'transfer') RETURNING 1",
        row["organisation_id"],
        contact,
        bjorn.user_id,
        row["offer"] + 1,
        row["offer"] + 2,
        row["offer"] + 3,
    )
    first, other, old, given = await of(house, contact, aino)
    assert (first["reason"], first["missing"]) == ("free", [])
    # Recomputed Aino could have had it, and was not among those who could: so it was not known.
    assert (other["reason"], other["missing"]) == ("unknown", ["moment"])
    assert (old["reason"], old["missing"]) == ("unknown", ["decision"])
    assert (given["reason"], given["missing"]) == ("given", [])


async def test_pausing_and_calls_are_reckoned(house: House) -> None:
    await house.rows("UPDATE queue SET hours = '{}' RETURNING 1")
    await house.arrives()
    aino, _ = await calls.take(house)
    bjorn = await house.on_duty(BJORN)
    asked = await calls.ask(house)
    while not await house.offers(bjorn):
        await house.route()
    (told,) = await of(house, asked.contact, aino)
    assert (told["reason"], told["by"]) == ("free", "pauses")
    assert (told["then"]["load"], told["then"]["mails"]) == (1, 1)


def test_changes_are_taken_back() -> None:
    now = Setting(1, 3, True, frozenset({1}), {(1, "general", "fi"): Known(2)})
    day = date(2026, 11, 26)
    a, b = {"a": There(1, day)}, {"b": There(2, day, frozenset({"tax"}))}
    changes = [
        ("change_user", {"capacity": 2, "skills": ["1/general/sv/3", "2/tax/sv/2 2026-11-26"]}),
        ("disable_user", None),
        ("change_user", {"capacity": 1, "scope": [1, 2], "name": "X", "pauses_mail": False}),
    ]
    then = taken_back(now, changes)
    assert (then.capacity, then.scope, then.enabled) == (1, frozenset({1, 2}), True)
    assert not then.pauses_mail
    assert then.level("a/general/sv/3", a) == 3
    assert then.level("a/general/*/1", a) == 3
    assert then.level("a/general/fi/1", a) == 0
    assert then.level("b/general/sv/1", a) == 0
    assert then.level("b/tax/sv/1", b) == 2  # by an agreement, on the day of training
    assert then.level("b/tax/sv/1", {"b": There(2, day)}) == 0
    early = There(2, date(2026, 11, 25), frozenset({"tax"}))
    assert then.level("b/tax/sv/1", {"b": early}) == 0
    assert now.level("a/general/fi/3", a) == 0


def test_hands_and_passing_are_folded() -> None:
    hands = Hands()
    for event in (
        (1, "mail", "offered", None),
        (1, "mail", "offer_ended", "accepted"),
        (1, "mail", "accepted", None),
        (2, "callback", "offered", None),
        (1, "mail", "paused", None),
        (3, "chat", "offered", None),
        (3, "chat", "offer_ended", "declined"),
    ):
        hands.apply(*event)
    assert (hands.load(3), hands.mails()) == (3, 0)
    hands.apply(2, "callback", "closed", None)
    hands.apply(1, "mail", "resumed", None)
    assert (hands.load(3), hands.mails()) == (1, 1)
    entered = ("entered", "new", None)
    assert not passed(7, [entered, ("offer_ended", "declined", 8)])
    assert passed(7, [entered, ("offer_ended", "declined", 7)])
    assert not passed(7, [entered, ("offer_ended", "declined", 7), ("entered", "transfer", None)])
    assert passed(7, [entered, ("left", "transfer", 7), ("entered", "transfer", None)])


def test_every_act_has_its_weight() -> None:
    assert len(WEIGHTS) == len(ACTS)
