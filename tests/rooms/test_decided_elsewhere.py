"""A decision is its organisation's own: who serves it by an agreement hands over, and completes
nothing; and takes nothing up by hand without an agreement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Begun
from contactcenter.desk import by_hand, casework, handling
from contactcenter.errors import Refused
from tests.house import KELA, House

HELENA, KIRSI = "helena@mikkeli.example", "kirsi@kela.example"
Act = Callable[[], Awaitable[object]]


async def in_hand(house: House, email: str) -> tuple[Actor, int]:
    """An agent with a contact of Kela, whose matters are decisions."""
    await house.rows("UPDATE queue SET decision = true WHERE key = 'kela-advice' RETURNING 1")
    contact = await house.arrives(KELA)
    agent = await house.on_duty(email)
    await house.route()
    (offer,) = await house.offers(agent)
    await handling.accept(house.node.desk, agent, offer)
    return agent, contact


async def refusals(house: House) -> list[tuple[str, str]]:
    """What the audit knows of them: kind and id."""
    rows = await house.rows(
        "SELECT a.object_kind, a.object_id, o.key FROM audit a"
        " JOIN organisation o ON o.id = a.organisation_id"
        " WHERE a.verb = 'refused_decision' ORDER BY a.id"
    )
    assert all(row["key"] == "kela" for row in rows)
    return [(row["object_kind"], row["object_id"]) for row in rows]


async def test_who_serves_by_an_agreement_hands_over_and_completes_nothing(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    case = (await house.contact(contact))["case_id"]
    desk = house.node.desk
    completing: list[Act] = [
        lambda: handling.close(desk, helena, contact),
        lambda: handling.wrap_up(desk, helena, contact, "answered"),
        lambda: casework.resolve(desk, helena, case),
    ]
    for complete in completing:
        with pytest.raises(Refused) as no:
            await complete()
        assert (no.value.code, no.value.detail) == ("forbidden", "decided_elsewhere")
    assert (await house.contact(contact))["state"] == "active"
    assert await refusals(house) == [
        ("contact", str(contact)),
        ("contact", str(contact)),
        ("case", str(case)),
    ]
    kirsi = await house.on_duty(KIRSI)
    await handling.transfer_to_agent(desk, helena, contact, kirsi.user_id, None)
    (offer,) = await house.offers(kirsi)
    await handling.accept(desk, kirsi, offer)
    await handling.wrap_up(desk, kirsi, contact, "answered")
    assert (await house.contact(contact))["state"] == "closed"
    await casework.resolve(desk, kirsi, case)
    assert len(await refusals(house)) == 3


async def test_what_ended_by_itself_is_wrapped_up(house: House) -> None:
    """Its person went: nothing is decided any more."""
    helena, contact = await in_hand(house, HELENA)
    await house.rows(
        "UPDATE contact SET state = 'wrap_up', wrap_up_at = now() WHERE id = $1 RETURNING 1",
        contact,
    )
    await handling.wrap_up(house.node.desk, helena, contact, "answered")
    assert await refusals(house) == []


async def test_what_is_no_decision_is_completed(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    await house.rows("UPDATE queue SET decision = false RETURNING 1")
    await handling.wrap_up(house.node.desk, helena, contact, "answered")
    assert (await house.contact(contact))["state"] == "closed"


async def test_nothing_is_taken_up_by_hand_without_an_agreement(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    await house.rows("UPDATE queue SET decision = false RETURNING 1")
    await handling.wrap_up(house.node.desk, helena, contact, "answered")
    case = (await house.contact(contact))["case_id"]
    await casework.resolve(house.node.desk, helena, case)
    visit = Begun(channel="letter", queue="kela-advice", language="fi", request_id="r1")
    await house.rows("UPDATE agreement SET disabled_at = now() RETURNING 1")
    taking: list[Act] = [
        lambda: casework.reopen(house.node.desk, helena, case),
        lambda: by_hand.start(house.node.desk, helena, visit),
    ]
    for take_up in taking:
        with pytest.raises(Refused) as no:
            await take_up()
        assert (no.value.code, no.value.detail) == ("forbidden", "no_agreement")
    await house.rows("UPDATE agreement SET disabled_at = NULL RETURNING 1")
    await by_hand.start(house.node.desk, helena, visit)
