"""Agents serve another organisation by an agreement, while it is valid and after their training:
asked of the line, of an offer on the screen, and of whoever asks for an agent by name."""

from __future__ import annotations

from typing import Any

import pytest

from contactcenter.desk import handling, pulling
from contactcenter.errors import Refused
from contactcenter.kernel import keys
from contactcenter.queue.publish import Change
from contactcenter.routing import actions
from tests.house import KELA, House

AINO, HELENA, KIRSI = "aino@mikkeli.example", "helena@mikkeli.example", "kirsi@kela.example"
PAIR = "kela/benefits/fi/1"


async def agreed(house: House, begins: int, ends: int | None) -> None:
    """Kela's agreement begins so many days from today, and its last day is so many from today."""
    await house.rows(
        "UPDATE agreement g SET valid_from = d.day + $1::int, valid_to = d.day + $2::int"
        " FROM (SELECT (now() AT TIME ZONE 'Europe/Helsinki')::date AS day) AS d, organisation o"
        " WHERE o.key = 'kela' AND g.organisation_id = o.id RETURNING 1",
        begins,
        ends,
    )


async def trained(house: House, days: int | None) -> None:
    """Helena was trained for Kela so many days from today; None: never."""
    await house.rows(
        "UPDATE skill s SET trained_on = (now() AT TIME ZONE 'Europe/Helsinki')::date + $1::int"
        " FROM users u WHERE u.id = s.user_id AND u.email = $2 AND s.task = 'benefits' RETURNING 1",
        days,
        HELENA,
    )


async def a_day_passes(house: House) -> int:
    """What the line knows is of yesterday; how many agents stand in it anew after a look."""
    await house.rows("UPDATE agreement_day SET day = day - 1 RETURNING 1")
    return await house.node.agreements.run_once()


async def stands(house: House, agent: int) -> bool:
    """Whether the line has the agent among those for Kela's contacts."""
    known = await house.node.live.call("HGET", keys.agent(agent), "classes")
    return PAIR in known.decode()


@pytest.mark.parametrize(
    ("begins", "ends", "since", "offered"),
    [
        (0, 0, 0, 1),
        (-9, None, -9, 1),
        (-9, -1, -9, 0),
        (1, None, -9, 0),
        (-9, 9, 1, 0),
        (-9, 9, None, 0),
    ],
    ids=["its only day", "open", "ended", "to begin", "training to come", "untrained"],
)
async def test_an_agreement_and_training_give_what_no_skill_gives(
    house: House, begins: int, ends: int | None, since: int | None, offered: int
) -> None:
    await agreed(house, begins, ends)
    await trained(house, since)
    await house.arrives(KELA)
    own = await house.arrives()
    helena = await house.on_duty(HELENA)
    assert await house.route() == offered + 1  # the own city's, as ever
    assert (await house.contact(own))["owner"] == helena.user_id
    assert await stands(house, helena.user_id) == bool(offered)


async def test_what_is_not_in_the_agreement_is_not_served(house: House) -> None:
    await house.rows("UPDATE agreement SET tasks = '{housing}' RETURNING 1")
    await house.arrives(KELA)
    await house.on_duty(HELENA)
    assert await house.route() == 0


async def test_the_line_changes_by_itself_at_midnight(house: House) -> None:
    await house.node.agreements.run_once()
    assert await house.node.agreements.run_once() == 0
    await agreed(house, -9, 0)
    contact = await house.arrives(KELA)
    aino = await house.on_duty(AINO)
    helena = await house.on_duty(HELENA)
    assert await house.route() == 1
    (offer,) = await house.offers(helena)
    await agreed(house, -9, -1)
    assert await a_day_passes(house) == 1  # whoever is at work and has skills elsewhere
    assert await house.offers(helena) == []
    assert (await house.contact(contact))["state"] == "queued"
    frames = await house.told(helena, "offer_ended")
    assert [(frame["offer"], frame["why"]) for frame in frames] == [(str(offer), "withdrawn")]
    assert not await stands(house, helena.user_id)
    assert await house.route() == 0
    await agreed(house, 0, None)
    assert await a_day_passes(house) == 1
    assert await house.route() == 1
    assert len(await house.offers(helena)) == 1
    assert await house.offers(aino) == []


async def test_the_day_is_known_after_redis_was_lost(house: House) -> None:
    await agreed(house, -9, -1)
    contact = await house.arrives(KELA)
    helena = await house.on_duty(HELENA)
    await house.node.live.call("FLUSHALL")
    await house.node.reconciler.rebuild_if_wiped()
    assert await house.route() == 0
    assert not await stands(house, helena.user_id)
    assert await house.node.reconciler.lasting_differences() == {}
    assert (await house.contact(contact))["state"] == "queued"


async def test_what_ended_meanwhile_is_neither_offered_nor_accepted(house: House) -> None:
    """Between midnight and the clock's look."""
    contact = await house.arrives(KELA)
    helena = await house.on_duty(HELENA)
    await agreed(house, -9, -1)
    assert await house.route() == 0
    assert not await stands(house, helena.user_id)  # the refusal told the line
    await agreed(house, -9, None)
    await actions.rights_changed(house.node.db, house.node.publisher, _of(helena.user_id))
    assert await house.route() == 1
    (offer,) = await house.offers(helena)
    await agreed(house, -9, -1)
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, helena, offer)
    assert (await house.contact(contact))["state"] == "offered"


async def test_nobody_passes_on_to_who_may_not_serve(house: House) -> None:
    contact = await house.arrives(KELA)
    kirsi = await house.on_duty(KIRSI)
    await house.route()
    (offer,) = await house.offers(kirsi)
    await handling.accept(house.node.desk, kirsi, offer)
    helena = await house.on_duty(HELENA)
    await agreed(house, -9, -1)
    pass_on = (house.node.desk, kirsi, contact, helena.user_id, None)
    with pytest.raises(Refused, match="unavailable"):
        await handling.transfer_to_agent(*pass_on)
    await agreed(house, -9, 0)
    await handling.transfer_to_agent(*pass_on)
    assert len(await house.offers(helena)) == 1


async def test_a_colleague_of_the_same_organisation_needs_no_skill_to_be_asked(
    house: House,
) -> None:
    await house.arrives(KELA)
    kirsi = await house.on_duty(KIRSI)
    await house.route()
    (offer,) = await house.offers(kirsi)
    await house.rows("DELETE FROM skill WHERE user_id = $1 RETURNING 1", kirsi.user_id)
    await handling.accept(house.node.desk, kirsi, offer)


def _of(*agents: int) -> Any:
    return Change(agents=list(agents))


async def test_nobody_takes_by_hand_what_is_served_no_more(house: House) -> None:
    """JSP-2: the day after the last one nothing is offered, and a pick-up by hand is refused."""
    await house.rows("UPDATE users SET role = 'supervisor' WHERE email = $1 RETURNING 1", HELENA)
    contact = await house.arrives(KELA)
    helena, johanna = await house.on_duty(HELENA), await house.actor("johanna@mikkeli.example")
    await agreed(house, -9, -1)
    await a_day_passes(house)
    assert await house.route() == 0
    desk = house.node.desk
    with pytest.raises(Refused, match="forbidden"):
        await pulling.pull(desk, helena, contact)
    with pytest.raises(Refused, match="forbidden"):
        await pulling.assign(desk, johanna, contact, helena.user_id)
    assert (await house.contact(contact))["state"] == "queued"
    await agreed(house, -9, 0)
    await pulling.pull(house.node.desk, helena, contact)
    assert (await house.contact(contact))["owner"] == helena.user_id
