"""An agent loses what an offer on the screen needed, or all who could take a contact lose it: the
contact keeps its place, waits, and is offered to whoever may take it."""

from __future__ import annotations

import pytest

from contactcenter.accounts.staff import set_disabled
from contactcenter.accounts.store import set_skills
from contactcenter.channel import Hello
from contactcenter.chat.opening import Opening
from contactcenter.desk import handling
from contactcenter.errors import Refused
from contactcenter.queue.publish import Change
from contactcenter.routing import actions
from contactcenter.routing.explain import explain
from contactcenter.stats.verify import verify
from tests.house import House
from tests.rooms.chat import Page, hello

AINO, BJORN, ADMIN = (f"{name}@mikkeli.example" for name in ("aino", "bjorn", "admin"))
BUILDING = "rakennusvalvonta@mikkeli.example"


async def disabled(house: House, email: str) -> None:
    """An admin takes a user out of use, as the page does."""
    admin, user = await house.actor(ADMIN), await house.actor(email)
    async with house.node.db.transaction() as conn:
        await set_disabled(conn, admin, user.user_id, disabled=True)
    await told(house, user.user_id)


async def unskilled(house: House, email: str) -> None:
    """An admin takes a user's skills away."""
    user = await house.actor(email)
    async with house.node.db.transaction() as conn:
        await set_skills(conn, user.user_id, [])
        await conn.execute(
            "UPDATE agent SET version = version + 1 WHERE user_id = $1", user.user_id
        )
    await told(house, user.user_id)


async def told(house: House, user: int) -> None:
    """What the edge does after a user was changed."""
    assert await actions.rights_changed(house.node.db, house.node.publisher, Change(agents=[user]))


@pytest.mark.parametrize("lose", [disabled, unskilled])
async def test_an_offer_ends_with_the_right_to_it(house: House, lose: object) -> None:
    contact = await house.arrives(BUILDING)
    bjorn = await house.on_duty(BJORN)
    assert await house.route() == 1
    (offer,) = await house.offers(bjorn)
    rank = (await house.contact(contact))["rank"]
    await lose(house, BJORN)  # type: ignore[operator]
    row = await house.contact(contact)
    assert (row["state"], row["owner"], row["rank"]) == ("queued", None, rank)
    assert (await house.told(bjorn, "offer_ended"))[-1]["why"] == "withdrawn"
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, bjorn, offer)
    assert await house.route() == 0
    aino = await house.on_duty(AINO)
    assert await house.route() == 1
    assert len(await house.offers(aino)) == 1
    await house.node.publisher.settle()
    assert (await verify(house.node.db, house.node.reconciler))["violations"] == []


async def test_a_disabled_agent_accepts_nothing_meanwhile(house: House) -> None:
    """Before anybody was told."""
    await house.arrives(BUILDING)
    bjorn = await house.on_duty(BJORN)
    await house.route()
    (offer,) = await house.offers(bjorn)
    await house.rows("UPDATE users SET disabled_at = now() WHERE email = $1 RETURNING 1", BJORN)
    with pytest.raises(Refused, match="offer_ended"):
        await handling.accept(house.node.desk, bjorn, offer)


async def test_what_a_colleague_gave_by_name_stays(house: House) -> None:
    contact = await house.arrives(BUILDING)
    bjorn = await house.on_duty(BJORN)
    await house.route()
    (offer,) = await house.offers(bjorn)
    await handling.accept(house.node.desk, bjorn, offer)
    carla = await house.on_duty("carla@mikkeli.example")  # without the skill
    await handling.transfer_to_agent(house.node.desk, bjorn, contact, carla.user_id, None)
    await told(house, carla.user_id)
    (offer,) = await house.offers(carla)
    await handling.accept(house.node.desk, carla, offer)


async def test_who_waits_for_a_skill_that_was_taken_away_is_seen(house: House) -> None:
    gaps = house.node.uncovered
    contact = await house.arrives(BUILDING)
    assert [(gap.queue, gap.why) for gap in await gaps.gaps()] == [("building", "nobody_on_duty")]
    for email in (AINO, BJORN):
        await unskilled(house, email)
    gaps.forget()
    (gap,) = await gaps.gaps()
    assert (gap.queue, gap.wants, gap.why, gap.waiting) == (
        "building", "mikkeli/building/fi/1", "nobody_able", 1,
    )  # fmt: skip
    seen = await explain(house.node.db, await house.actor(ADMIN), contact)
    assert (seen["waiting"]["able"], seen["waiting"]["uncovered"]) == (0, "nobody_able")
    await house.on_duty(AINO)
    assert await house.route() == 0
    await house.rows(  # a step that opened another class covers it
        "UPDATE contact SET also = '{mikkeli/general/*/1}' WHERE id = $1 RETURNING 1", contact
    )
    gaps.forget()
    assert [gap.why for gap in await gaps.gaps()] == ["nobody_on_duty"]
    await house.on_duty("carla@mikkeli.example")
    gaps.forget()
    assert await gaps.gaps() == []


async def test_who_waits_when_the_hours_end_is_served(house: House) -> None:
    """Hours decide who may come, not who is served."""
    chat = (await hello(house, Page())).contact
    mail = await house.arrives()
    await house.rows(
        "UPDATE queue SET always_open = false, hours = $1::jsonb WHERE key = 'general' RETURNING 1",
        '{"weekly": {}, "exceptions": {"2020-01-01": [["09:00", "10:00"]]}}',
    )
    late = Page()
    asked = Hello(queue="general", language="fi")
    assert await Opening(house.node.chats).open(asked, late) is None
    assert late.frames[0]["reason"] == "queue_closed"
    aino = await house.on_duty(AINO)
    while await house.route():
        pass
    rows = await house.rows("SELECT id, owner FROM contact ORDER BY id")
    assert {row["id"]: row["owner"] for row in rows} == dict.fromkeys((chat, mail), aino.user_id)
