"""Declining: for a coded reason that the figures count, with a note that only the case has."""

from __future__ import annotations

import json

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.errors import Refused
from contactcenter.routing import declining
from contactcenter.routing.declining import HOUSE_REASONS, reason_of
from contactcenter.routing.explain import explain
from contactcenter.stats.report import Asked, report
from tests.house import KELA, House

BJORN = "bjorn@mikkeli.example"


async def _offered(
    house: House, to: str | None = None, email: str = "aino@mikkeli.example"
) -> Actor:
    await (house.arrives(to) if to else house.arrives())
    agent = await house.on_duty(email)
    await house.route()
    return agent


async def _decline(
    house: House, agent: Actor, reason: str | None, note: tuple[int, str] | None = None
) -> None:
    (offer,) = await house.offers(agent)
    await declining.decline(house.node.db, house.node.publisher, agent, offer, reason, note)


async def _ended(house: House) -> list[tuple[str, str | None]]:
    rows = await house.rows("SELECT why, reason FROM event WHERE kind = 'offer_ended' ORDER BY id")
    return [(row["why"], row["reason"]) for row in rows]


async def _organisation(house: House, column: str, value: object, key: str = "mikkeli") -> None:
    await house.rows(
        f"UPDATE organisation SET {column} = $1 WHERE key = $2 RETURNING id", value, key
    )


@pytest.mark.parametrize(("given", "kept"), [("busy", "busy"), ("lunch-42", "other"), (None, None)])
async def test_the_event_carries_a_code_of_the_list_or_none(
    house: House, given: str | None, kept: str | None
) -> None:
    await _decline(house, await _offered(house), given)
    assert await _ended(house) == [("declined", kept)]


async def test_where_the_organisation_wants_a_reason_none_is_refused(house: House) -> None:
    aino = await _offered(house)
    await _organisation(house, "decline_without_reason", False)
    with pytest.raises(Refused, match="decline_reason_needed"):
        await _decline(house, aino, None)
    assert len(await house.offers(aino)) == 1
    await _decline(house, aino, "technical")
    assert await _ended(house) == [("declined", "technical")]


async def test_an_organisations_own_list_takes_the_place_of_the_houses(house: House) -> None:
    async with house.node.db.transaction() as conn:
        choices = await declining.choices(conn, [1])
        assert [one["key"] for one in choices[0]["reasons"]] == list(HOUSE_REASONS)  # type: ignore[attr-defined]
    for key, gone in (("ill", False), ("old", True)):
        await house.rows(
            "INSERT INTO decline_reason SELECT id, $1, $2, 0, CASE WHEN $3 THEN now() END"
            " FROM organisation WHERE key = 'mikkeli' RETURNING key",
            key,
            json.dumps({"fi": "Sairas"}),
            gone,
        )
    async with house.node.db.transaction() as conn:
        (ours, *_) = [
            one for one in await declining.choices(conn, [1, 2]) if one["organisation"] == "mikkeli"
        ]
    assert ours["reasons"] == [{"key": "ill", "name": {"fi": "Sairas"}}]
    await _decline(house, await _offered(house), "busy")  # one of the house's, not of this list
    await house.arrives()
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await house.route()
    (offer, *_) = await house.offers(bjorn)
    await declining.decline(house.node.db, house.node.publisher, bjorn, offer, "ill")
    assert await _ended(house) == [("declined", "other"), ("declined", "ill")]


async def test_the_note_is_the_cases_and_in_no_event_or_audit(house: House) -> None:
    aino = await _offered(house)
    await _decline(house, aino, "conflict", (10**12, "Serkkuni, tunnus 131052-308T"))
    note = await house.row("SELECT text, author_id FROM message WHERE direction = 'note'")
    assert (note["author_id"], "308T" in note["text"]) == (aino.user_id, False)
    for table in ("event", "audit", "decision"):
        assert "Serkkuni" not in str(await house.rows(f"SELECT t::text FROM {table} t"))
    assert (await house.row("SELECT count(*) AS n FROM message"))["n"] == 2


async def test_declines_are_counted_by_reason(house: House) -> None:
    for reason in ("busy", "busy", None):
        aino = await _offered(house)
        for offer in await house.offers(aino):
            await declining.decline(house.node.db, house.node.publisher, aino, offer, reason)
    kirsi = await _offered(house, KELA, "kirsi@kela.example")
    await _decline(house, kirsi, "technical")
    counted = {
        (one["queue"], one["channel"], one["reason"]): one["n"]
        for one in (await report(house.node.db, Asked()))["declined"]
    }
    assert counted == {
        ("general", "mail", "busy"): 2,
        ("general", "mail", None): 1,
        ("kela-advice", "mail", "technical"): 1,
    }


async def test_where_everybody_declines_it_waits_and_says_so(house: House) -> None:
    contact = await house.arrives()
    agents = [await _offered_to(house, email) for email in ("aino@mikkeli.example", BJORN)]
    assert await house.route() == 0
    row = await house.contact(contact)
    assert (row["state"], sorted(row["passed"])) == ("queued", sorted(a.user_id for a in agents))
    told = await explain(house.node.db, agents[0], contact)
    assert (told["waiting"]["counts"]["declined"], told["waiting"]["me"]) == (2, "declined")
    assert told["waiting"]["free"] == 0
    carla = await house.on_duty("carla@mikkeli.example")  # who comes to work has not declined it
    await house.route()
    assert (await house.contact(contact))["owner"] == carla.user_id


async def _offered_to(house: House, email: str) -> Actor:
    agent = await house.on_duty(email)
    await house.route()
    await _decline(house, agent, "busy")
    return agent


def test_a_reason_is_asked_for_only_where_one_is_needed() -> None:
    assert reason_of("", HOUSE_REASONS, free=True) is None
    assert reason_of("break", HOUSE_REASONS, free=False) == "break"
    with pytest.raises(Refused):
        reason_of(None, HOUSE_REASONS, free=False)
