"""What a hostile admin may write into agreements and reasons to decline, and what comes of it to
who waits."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import Any

import msgspec
import pytest

from contactcenter.configuration import actions, filing
from contactcenter.configuration.document import Agreement, DeclineReason, Document
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from contactcenter.queue import agents
from contactcenter.routing import declining
from contactcenter.routing.actions import rights_changed
from contactcenter.routing.explain import explain
from tests.house import KELA, House
from tests.rooms import calls

HELENA, KIRSI, KELAS, MIKKELIS = (
    "helena@mikkeli.example",
    "kirsi@kela.example",
    "admin@kela.example",
    "admin@mikkeli.example",
)
SINCE = "SELECT 1 FROM agreement WHERE key = 'second' OR agents_of = organisation_id"
NAMES = {"fi": "Nimi", "sv": "Namn", "en": "Name"}


def agreement(**given: Any) -> Document:
    values: dict[str, Any] = {
        "organisation": "kela",
        "key": "second",
        "agents_of": "mikkeli",
        "tasks": ("benefits",),
        "valid_from": date(2026, 1, 1),
    }
    return Document(agreement=(Agreement(**values | given),))


def reason(**given: Any) -> Document:
    values: dict[str, Any] = {"organisation": "mikkeli", "key": "ill", "name": NAMES}
    return Document(decline_reason=(DeclineReason(**values | given),))


async def apply(house: House, wanted: Document, who: str | None = None) -> actions.Applied:
    actor = None if who is None else await house.actor(who)
    told = partial(rights_changed, house.node.db, house.node.publisher)
    return await actions.apply(house.node.db, told, actor, wanted)


@pytest.mark.parametrize(
    ("who", "given", "detail"),
    [
        (KELAS, {"organisation": "mikkeli", "agents_of": "kela"}, "unknown_organisation"),
        (KELAS, {"agents_of": "kela"}, "agreement_with_oneself"),
        (KELAS, {"agents_of": "nowhere"}, "unknown_organisation"),
        (KELAS, {"agents_of": "x" * 5000}, "unknown_organisation"),
        (KELAS, {"key": "<b>"}, "invalid_key"),
        (KELAS, {"key": "k" * 41}, "invalid_key"),
        (KELAS, {"tasks": ()}, "task_needed"),
        (KELAS, {"tasks": ("benefits'; --",)}, "invalid_key"),
        (KELAS, {"tasks": tuple(f"t{n}" for n in range(201))}, "invalid_field"),
        (KELAS, {"valid_to": date(2025, 12, 31)}, "ends_before_it_begins"),
        (HELENA, {}, None),
    ],
)
async def test_no_agreement_that_makes_no_sense(
    house: House, who: str, given: dict[str, Any], detail: str | None
) -> None:
    with pytest.raises(Refused) as no:
        await apply(house, agreement(**given), who)
    assert no.value.detail == detail
    assert detail or no.value.code == "forbidden"
    assert await house.rows(SINCE) == []


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_the_first_and_the_last_day_there_are(house: House, day: date) -> None:
    await apply(house, agreement(valid_from=day, valid_to=day), KELAS)
    await house.arrives(KELA)
    await house.on_duty(HELENA)
    assert await house.route() == 1  # by the other agreement
    assert await house.node.agreements.run_once() >= 0
    async with house.node.db.transaction() as conn:
        known = await actions.export(conn, None)
    assert filing.read(filing.write(known)).agreement == known.agreement


async def test_agreements_that_overlap_count_once(house: House) -> None:
    for n in range(3):
        await apply(house, agreement(key=f"more-{n}", tasks=("benefits",)), KELAS)
    helena = await house.on_duty(HELENA)
    await house.on_duty(HELENA, "break")
    contact = await house.arrives(KELA)
    known = (await house.node.live.call("HGET", keys.agent(helena.user_id), "classes")).decode()
    assert known.split().count("kela/benefits/fi/1=1") <= 1
    assert len(known.split()) == len(set(known.split()))
    told = (await explain(house.node.db, helena, contact))["waiting"]
    both = await house.rows("SELECT DISTINCT user_id FROM able_in(ARRAY['kela/benefits/fi/1'])")
    assert told["able"] == len(both)
    await house.on_duty(HELENA)
    assert await house.route() == 1
    await calls.sound(house)


async def test_an_agreement_that_ends_leaves_who_waits_in_place(house: House) -> None:
    """Switched off while one contact is in hand, one offered and one waits."""
    helena = await house.on_duty(HELENA)
    contacts = [await house.arrives(KELA) for _ in range(2)]
    while len(offers := await house.offers(helena)) < 2:
        await house.route()
    await handling.accept(house.node.desk, helena, offers[0])
    async with house.node.db.transaction() as conn:
        change = await agents.set_state(conn, helena.user_id, "available", None)
    await house.node.publisher.publish(change)
    before = [await house.contact(one) for one in contacts]
    async with house.node.db.transaction() as conn:
        (old,) = [
            a for a in (await actions.export(conn, None)).agreement if a.organisation == "kela"
        ]
    off = Document(agreement=(msgspec.structs.replace(old, disabled=True),))
    await apply(house, off, KELAS)
    after = [await house.contact(one) for one in contacts]
    states = {row["id"]: row["state"] for row in after}
    assert sorted(states.values()) == ["active", "queued"]
    assert [row["rank"] for row in after] == [row["rank"] for row in before]
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, helena, offers[1])
    assert await house.route() == 0
    (waits,) = [one for one, state in states.items() if state == "queued"]
    told = (await explain(house.node.db, await house.actor(KIRSI), waits))["waiting"]
    assert told["uncovered"] == "nobody_on_duty"  # Kela's own have it still
    kirsi = await house.on_duty(KIRSI)
    assert await house.route() == 1
    assert (await house.contact(waits))["owner"] == kirsi.user_id
    await calls.sound(house)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": {"fi": "Nimi", "sv": "Namn"}}, "name.en"),
        ({"name": NAMES | {"en": "x" * 101}}, "name.en"),
        ({"name": NAMES | {"en": "a\nb"}}, "name.en"),
        ({"name": NAMES | {"en": "a\u202eb"}}, "name.en"),
        ({"name": NAMES | {"en": "\x00"}}, "name.en"),
        ({"name": NAMES | {"__proto__": "x"}}, "name"),
        ({"key": "<img>"}, "key"),
        ({"key": "__proto__"}, "key"),
        ({"key": "k" * 41}, "key"),
        ({"position": 10**30}, "position"),
        ({"position": -1}, "position"),
    ],
)
async def test_no_reason_that_could_not_be_shown(
    house: House, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        await apply(house, reason(**given), MIKKELIS)
    assert no.value.field == f"decline_reason.mikkeli/{given.get('key', 'ill')}.{field}"
    assert await house.rows("SELECT 1 FROM decline_reason") == []


async def test_a_reason_twice_or_of_another_organisation_is_refused(house: House) -> None:
    twice = Document(decline_reason=reason().decline_reason * 2)
    with pytest.raises(Refused, match="said_twice"):
        await apply(house, twice, MIKKELIS)
    with pytest.raises(Refused, match="unknown_organisation"):
        await apply(house, reason(), KELAS)


async def test_a_reason_that_goes_while_it_is_chosen_counts_as_other(house: House) -> None:
    await apply(house, reason(name=NAMES | {"fi": "<script>alert(1)</script>"}), MIKKELIS)
    await house.arrives()
    helena = await house.on_duty(HELENA)
    await house.route()
    (offer,) = await house.offers(helena)
    async with house.node.db.transaction() as conn:
        shown = await declining.choices(conn, [helena.organisation_id])
    assert json.dumps(shown).count("<script>") == 1  # as it is: pages escape it
    await apply(house, reason(disabled=True), MIKKELIS)
    await declining.decline(house.node.db, house.node.publisher, helena, offer, "ill")
    row = await house.row("SELECT reason FROM event WHERE kind = 'offer_ended'")
    assert row["reason"] == "other"
    async with house.node.db.transaction() as conn:
        shown = await declining.choices(conn, [helena.organisation_id])
    assert [one["name"] for one in shown[0]["reasons"]] == [None] * 6  # type: ignore[attr-defined]
