"""The end of a shift: nothing new, and what is open is finished or goes back to its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling, shift
from contactcenter.errors import Refused
from contactcenter.queue import agents
from contactcenter.routing.relaxing import Relaxing
from contactcenter.stats.report import Asked, report
from tests.house import House
from tests.rooms.chat import Page, hello, taken
from tests.rooms.test_by_hand import start

AINO, BJORN = "aino@mikkeli.example", "bjorn@mikkeli.example"
HELENA, KIRSI = "helena@mikkeli.example", "kirsi@kela.example"


async def _state(house: House, agent: Actor) -> tuple[str, str | None, int]:
    row = await house.row("SELECT state, reason, load FROM agent WHERE user_id = $1", agent.user_id)
    return row["state"], row["reason"], row["load"]


async def test_with_nothing_open_it_ends(house: House) -> None:
    aino = await house.on_duty(AINO)
    assert await shift.end(house.node.desk, aino) == []
    assert await _state(house, aino) == ("offline", "shift_ended", 0)
    event = await house.row("SELECT to_state, reason FROM event WHERE to_state = 'offline'")
    assert tuple(event) == ("offline", "shift_ended")
    await house.arrives()
    assert await house.route() == 0


async def test_with_contacts_open_nothing_new_comes_and_each_is_settled(house: House) -> None:
    first, second, third = [await house.arrives() for _ in range(3)]
    aino = await house.on_duty(AINO)
    await house.route()
    offers = await house.offers(aino)
    for offer in offers[:2]:
        await handling.accept(house.node.desk, aino, offer)
    before = await house.contact(first)
    assert await shift.end(house.node.desk, aino) == [str(first), str(second)]
    assert await _state(house, aino) == ("away", "shift_ending", 2)
    assert (await house.contact(third))["state"] == "queued"  # the offer went back
    assert await house.route() == 0
    await shift.hand_back(house.node.desk, aino, first, "Odottaa asemakaavaotetta.")
    await shift.hand_back(house.node.desk, aino, first, "Odottaa asemakaavaotetta.")  # a repeat
    await handling.wrap_up(house.node.desk, aino, second, "answered")
    assert await shift.end(house.node.desk, aino) == []
    assert await _state(house, aino) == ("offline", "shift_ended", 0)
    after = await house.contact(first)
    assert (after["state"], after["owner"], after["passed"]) == ("queued", None, [])
    assert [after[name] for name in ("rank", "first_arrival", "requirement")] == [
        before[name] for name in ("rank", "first_arrival", "requirement")
    ]
    assert after["wait_from"] > before["wait_from"]
    kinds = await house.rows(
        "SELECT kind, why FROM event WHERE contact_id = $1 ORDER BY id DESC LIMIT 2", first
    )
    assert [tuple(row) for row in kinds] == [("entered", "handed_back"), ("left", "handed_back")]
    notes = await house.rows("SELECT text FROM message WHERE direction = 'note'")
    assert [row["text"] for row in notes] == ["Odottaa asemakaavaotetta."]
    bjorn = await house.on_duty(BJORN)
    await house.route()
    shown = [one["contact"]["contact"] for one in await house.told(bjorn, "offer")]
    assert shown == [str(first), str(third)]  # by its rank, not behind who came later


async def test_the_figures_end_the_interaction_and_begin_a_wait(house: House) -> None:
    contact = await house.arrives()
    aino = await taken(house)
    await shift.end(house.node.desk, aino)
    await shift.hand_back(house.node.desk, aino, contact, None)
    total = (await report(house.node.db, Asked()))["total"]
    assert [total[name] for name in ("entered", "accepted", "handled")] == [2, 1, 1]
    await taken(house, BJORN)
    assert (await report(house.node.db, Asked()))["total"]["accepted"] == 2


async def test_who_comes_back_in_the_morning_may_get_it_again(house: House) -> None:
    contact = await house.arrives()
    aino = await taken(house)
    await shift.end(house.node.desk, aino)
    await shift.hand_back(house.node.desk, aino, contact, None)
    await house.on_duty(AINO)
    await house.route()
    assert (await house.contact(contact))["owner"] == aino.user_id


async def test_it_is_kept_for_nobody_and_waits_without_steps(house: House) -> None:
    contact = await house.arrives()
    aino = await taken(house)
    await house.rows("UPDATE contact SET also = '{mikkeli/general/*/1}' RETURNING id")
    await shift.end(house.node.desk, aino)
    await shift.hand_back(house.node.desk, aino, contact, None)
    row = await house.contact(contact)
    assert (row["preferred"], row["preferred_until"], row["also"]) == (None, None, [])
    assert await Relaxing(house.node.db, house.node.publisher, "n").run_once() == 0


async def test_whoever_is_available_hands_nothing_back(house: House) -> None:
    contact = await house.arrives()
    aino = await taken(house)
    with pytest.raises(Refused, match="still_available"):
        await shift.hand_back(house.node.desk, aino, contact, None)


async def test_a_person_who_is_there_is_not_handed_back(house: House) -> None:
    await hello(house, Page())
    aino = await taken(house)
    contact = (await house.row("SELECT id FROM contact"))["id"]
    assert await shift.end(house.node.desk, aino) == [str(contact)]
    boss = replace(await house.actor(BJORN), role="supervisor")
    with pytest.raises(Refused, match="live_contact"):
        await shift.hand_back(house.node.desk, aino, contact, None)
    with pytest.raises(Refused, match="live_contact"):
        await shift.end_for(house.node.desk, boss, aino.user_id)
    assert await _state(house, aino) == ("away", "shift_ending", 1)  # nothing was changed
    await house.rows("UPDATE contact SET away_from = now() RETURNING id")
    await shift.hand_back(house.node.desk, aino, contact, None)
    assert (await house.contact(contact))["state"] == "queued"


async def test_a_visit_is_finished_and_not_handed_back(house: House) -> None:
    aino = await house.on_duty(AINO)
    contact = await start(house, aino)
    assert await shift.end(house.node.desk, aino) == [str(contact)]
    with pytest.raises(Refused, match="live_contact"):
        await shift.hand_back(house.node.desk, aino, contact, None)


async def test_a_letter_has_no_other_way_than_to_be_finished(house: House) -> None:
    aino = await house.on_duty(AINO)
    contact = await start(house, aino, channel="letter")
    await shift.end(house.node.desk, aino)
    with pytest.raises(Refused, match="only_here"):
        await shift.hand_back(house.node.desk, aino, contact, None)
    boss = replace(await house.actor(BJORN), role="supervisor")
    await shift.end_for(house.node.desk, boss, aino.user_id)
    assert (await house.contact(contact))["state"] == "closed"


async def test_a_supervisor_ends_the_shift_of_who_forgot(house: House) -> None:
    first, second, third = [await house.arrives() for _ in range(3)]
    aino = await house.on_duty(AINO)
    await house.route()
    for offer in (await house.offers(aino))[:2]:
        await handling.accept(house.node.desk, aino, offer)
    await handling.close(house.node.desk, aino, second)
    bjorn = await house.actor(BJORN)
    with pytest.raises(Refused, match="forbidden"):
        await shift.end_for(house.node.desk, bjorn, aino.user_id)
    boss = replace(bjorn, role="supervisor")
    await shift.end_for(house.node.desk, boss, aino.user_id)
    assert await _state(house, aino) == ("offline", "ended_by_supervisor", 0)
    states = await house.rows("SELECT id, state FROM contact ORDER BY id")
    assert [tuple(row) for row in states] == [
        (first, "queued"), (second, "closed"), (third, "queued"),
    ]  # fmt: skip
    assert (await house.told(aino, "agent"))[-1]["state"]["reason"] == "ended_by_supervisor"
    audited = await house.row("SELECT user_id, object_id FROM audit WHERE verb = 'end_shift'")
    assert tuple(audited) == (boss.user_id, str(aino.user_id))


@pytest.mark.parametrize(
    ("role", "sees", "said"),
    [
        ("supervisor", False, "not_found"),
        ("supervisor", True, "forbidden"),  # sees its contacts, and is nobody's superior there
        ("admin", False, "not_found"),
        ("admin", True, ""),
    ],
)
async def test_of_another_organisations_staff_only_its_admins_end_shifts(
    house: House, role: str, sees: bool, said: str
) -> None:
    aino = await house.on_duty(AINO)
    kirsi = await house.actor(KIRSI)
    scope = (kirsi.organisation_id, *([aino.organisation_id] if sees else []))
    boss = replace(kirsi, role=role, scope=scope)
    if said:
        with pytest.raises(Refused, match=said):
            await shift.end_for(house.node.desk, boss, aino.user_id)
    else:
        await shift.end_for(house.node.desk, boss, aino.user_id)
    assert (await _state(house, aino))[0] == ("available" if said else "offline")
    with pytest.raises(Refused, match="not_found"):
        await shift.end_for(house.node.desk, boss, 2**61)


@pytest.mark.parametrize("who", [HELENA, KIRSI])  # an adviser, and who may decide
@pytest.mark.parametrize("lost", [False, True])
async def test_a_letter_to_be_decided_is_never_over_for_an_end_of_shift(
    house: House, who: str, lost: bool
) -> None:
    await house.rows("UPDATE queue SET decision = true WHERE key = 'kela-advice' RETURNING 1")
    agent = await house.on_duty(who)
    contact = await start(house, agent, channel="letter", queue="kela-advice")
    before = await house.contact(contact)
    if lost:
        async with house.node.db.transaction() as conn:
            assert await agents.lose(conn, agent.user_id) is not None
        await house.rows("UPDATE agent SET lost_at = now() - interval '1 h' RETURNING 1")
        await house.node.clock.run_once()
    else:
        boss = replace(agent, user_id=(await house.actor(AINO)).user_id, role="supervisor")
        await shift.end_for(house.node.desk, boss, agent.user_id)
    after = await house.contact(contact)
    assert (after["state"], after["owner"], after["rank"]) == ("queued", None, before["rank"])
    assert (await _state(house, agent))[2] == 0
    assert "closed" not in await house.kinds(contact)
    other = await house.on_duty(KIRSI if who == HELENA else HELENA)
    await house.node.publisher.settle()
    await house.node.reconciler.run_once()
    await house.route()
    assert (await house.contact(contact))["owner"] == other.user_id
