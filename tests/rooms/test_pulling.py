"""A waiting contact is taken out of its turn by who may, who is able and has room, and the log and
the audit say so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import pulling
from contactcenter.errors import Refused
from contactcenter.routing.explain import explain
from tests.house import KELA, House
from tests.rooms.chat import Page, hello
from tests.rooms.test_agreements import HELENA, agreed

AINO, BJORN = "aino@mikkeli.example", "bjorn@mikkeli.example"


async def _boss(house: House, email: str = AINO) -> Actor:
    """An agent at work who is a supervisor today."""
    return replace(await house.on_duty(email, "break"), role="supervisor")


async def _pull(house: House, actor: Actor, contact: int) -> None:
    await pulling.pull(house.node.desk, actor, contact)


async def test_a_supervisor_takes_what_waits_behind_others(house: House) -> None:
    first, second = await house.arrives(), await house.arrives()
    boss = await _boss(house)
    await _pull(house, boss, second)
    row = await house.contact(second)
    assert (row["state"], row["owner"], row["units"]) == ("active", boss.user_id, 1)
    event = await house.row(
        "SELECT why, wait_from, offer, agent FROM event"
        " WHERE kind = 'accepted' AND contact_id = $1",
        second,
    )
    assert tuple(event) == ("pulled", row["wait_from"], None, boss.user_id)
    audited = await house.row("SELECT user_id, object_id FROM audit WHERE verb = 'pull'")
    assert tuple(audited) == (boss.user_id, str(second))
    (frame,) = await house.told(boss, "contact")
    assert frame["messages"][0]["text"] == "Milloin kirjasto on auki?"
    assert (await explain(house.node.db, boss, second))["taken"] == "pulled"
    await _pull(house, boss, second)  # a repeat is answered like the first
    assert len(await house.told(boss, "contact")) == 2
    assert (await house.row("SELECT load FROM agent"))["load"] == 1
    await house.on_duty(BJORN)
    await house.route()
    assert (await house.contact(first))["state"] == "offered"  # the line is as it was


async def test_an_agent_only_where_the_organisation_lets_agents(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty(AINO, "break")
    with pytest.raises(Refused, match="forbidden"):
        await _pull(house, aino, contact)
    with pytest.raises(Refused, match="forbidden"):
        await pulling.waiting(house.node.desk, aino)
    let = replace(aino, pulls=(aino.organisation_id,))
    (one,) = await pulling.waiting(house.node.desk, let)
    assert (one["contact"], "subject" in one, "person" in one) == (str(contact), False, False)
    await _pull(house, let, contact)
    assert (await house.contact(contact))["owner"] == aino.user_id
    with pytest.raises(Refused, match="forbidden"):  # but gives it to nobody else
        await pulling.assign(house.node.desk, let, contact, aino.user_id)


async def test_out_of_scope_it_is_not_there(house: House) -> None:
    contact = await house.arrives(KELA)
    boss = await _boss(house)
    assert await pulling.waiting(house.node.desk, boss) == []
    with pytest.raises(Refused, match="not_found"):
        await _pull(house, boss, contact)


async def test_not_without_the_skill(house: House) -> None:
    contact = await house.arrives()
    boss = await _boss(house)
    await house.rows("DELETE FROM skill WHERE user_id = $1 RETURNING user_id", boss.user_id)
    assert await pulling.waiting(house.node.desk, boss) == []
    with pytest.raises(Refused, match="not_able"):
        await _pull(house, boss, contact)
    assert (await house.contact(contact))["state"] == "queued"


async def test_not_without_room_and_not_off_duty(house: House) -> None:
    boss = await _boss(house)
    for _ in range(boss.capacity):
        await _pull(house, boss, await house.arrives())
    contact = await house.arrives()
    with pytest.raises(Refused, match="no_room"):
        await _pull(house, boss, contact)
    other = replace(await house.actor(BJORN), role="supervisor")
    with pytest.raises(Refused, match="off_duty"):
        await _pull(house, other, contact)


async def test_two_who_take_the_same_at_once_have_one_winner(house: House) -> None:
    contact = await house.arrives()
    one, other = await _boss(house), await _boss(house, BJORN)
    done = await asyncio.gather(
        *(_pull(house, who, contact) for who in (one, other) * 5), return_exceptions=True
    )
    assert {str(no) for no in done if no is not None} == {"wrong_state: waits_no_more"}
    assert (await house.kinds(contact)).count("accepted") == 1
    loads = await house.rows("SELECT load FROM agent ORDER BY load")
    assert [row["load"] for row in loads] == [0, 1]


async def test_not_a_chat_whose_citizen_is_away(house: House) -> None:
    await hello(house, Page())
    await house.rows("UPDATE contact SET away_from = now() RETURNING id")
    boss = await _boss(house)
    contact = (await house.row("SELECT id FROM contact"))["id"]
    with pytest.raises(Refused, match="citizen_away"):
        await _pull(house, boss, contact)


async def test_a_supervisor_has_it_offered_to_an_agent(house: House) -> None:
    _, second = await house.arrives(), await house.arrives()
    boss = await _boss(house)
    bjorn = await house.actor(BJORN)
    with pytest.raises(Refused, match="agent_busy"):  # not at work
        await pulling.assign(house.node.desk, boss, second, bjorn.user_id)
    await house.on_duty(BJORN)
    await pulling.assign(house.node.desk, boss, second, bjorn.user_id)
    row = await house.contact(second)
    assert (row["state"], row["owner"]) == ("offered", bjorn.user_id)
    assert (await house.told(bjorn, "offer"))[-1]["contact"]["contact"] == str(second)
    event = await house.row(
        "SELECT rule, agent FROM event WHERE kind = 'offered' AND contact_id = $1", second
    )
    assert tuple(event) == ("pulled", bjorn.user_id)
    kirsi = await house.actor("kirsi@kela.example")
    with pytest.raises(Refused, match="not_found"):
        await pulling.assign(house.node.desk, boss, second, kirsi.user_id)


async def test_the_day_after_an_agreement_ended_nobody_takes_by_hand(house: House) -> None:
    contact = await house.arrives(KELA)
    helena = await house.on_duty(HELENA, "break")
    boss = replace(helena, role="supervisor")
    await agreed(house, -9, -1)
    with pytest.raises(Refused, match="not_able"):
        await _pull(house, boss, contact)
    assert await pulling.waiting(house.node.desk, boss) == []
    await agreed(house, -9, 0)
    await _pull(house, boss, contact)
    assert (await house.contact(contact))["owner"] == helena.user_id
