"""What an adviser of another organisation hands over to be decided waits for the organisation's own
staff alone, whatever happens to it on the way."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.configuration import actions
from contactcenter.configuration.document import Queue
from contactcenter.desk import casework, handling, pulling, spam
from contactcenter.errors import Refused
from contactcenter.routing.then import why_not_then
from tests.house import House
from tests.rooms.test_decided_elsewhere import HELENA, KIRSI, in_hand, refusals
from tests.rooms.test_replay import replayed

AINO = "aino@mikkeli.example"
ANYBODY, OWN = "kela/benefits/fi/1", "kela/benefits!/fi/1"


async def adviser(house: House, email: str = AINO) -> Actor:
    """One more of the city at work, trained for Kela."""
    await house.rows(
        "WITH who AS (SELECT u.id, o.id AS kela FROM users u, organisation o"
        "             WHERE u.email = $1 AND o.key = 'kela'),"
        " seen AS (INSERT INTO user_organisation SELECT id, kela FROM who)"
        " INSERT INTO skill (user_id, organisation_id, task, language, level, trained_on)"
        " SELECT id, kela, 'benefits', 'fi', 3, '2026-01-12' FROM who RETURNING 1",
        email,
    )
    return await house.on_duty(email)


async def handed_over(house: House, to: str = "kela-advice") -> tuple[Actor, Actor, int]:
    """Helena advised and handed it to Kela; Aino, who is as able, has room."""
    helena, contact = await in_hand(house, HELENA)
    aino = await adviser(house)
    await handling.transfer_to_queue(house.node.desk, helena, contact, to, "Päätettävä")
    return helena, aino, contact


async def asks(house: House, contact: int) -> str:
    found: str = (await house.contact(contact))["requirement"]
    return found


async def another_queue(house: House, task: str = "housing") -> None:
    """A queue of Kela that decides nothing, for which Aino is trained too."""
    await house.rows(
        "WITH made AS (INSERT INTO queue (organisation_id, key, name, task, languages, channels)"
        " SELECT organisation_id, 'kela-housing', name, $1, languages, channels"
        " FROM queue WHERE key = 'kela-advice' RETURNING organisation_id),"
        " agreed AS (UPDATE agreement g SET tasks = ARRAY['benefits', $1] FROM made m"
        "            WHERE g.organisation_id = m.organisation_id RETURNING g.organisation_id)"
        " INSERT INTO skill (user_id, organisation_id, task, language, level, trained_on)"
        " SELECT u.id, a.organisation_id, $1, 'fi', 3, '2026-01-12' FROM agreed a, users u"
        " WHERE u.email IN ('aino@mikkeli.example', 'kirsi@kela.example') RETURNING 1",
        task,
    )


async def save(house: House, **given: object) -> None:
    """Kela's queue is changed on its page."""
    async with house.node.db.connection() as conn:
        known = await actions.current(conn, None)
    before = actions.find(known.document, "queue", "kela-advice")
    assert isinstance(before, Queue)
    after = msgspec.structs.replace(before, **given)
    kela = await house.row("SELECT id FROM organisation WHERE key = 'kela'")
    admin = replace(await house.actor("admin@mikkeli.example"), scope=(kela["id"],))
    await actions.save(house.node.db, house.node.publisher.publish, admin, "queue", after, before)


async def test_it_is_offered_to_no_other_adviser(house: House) -> None:
    _, aino, contact = await handed_over(house)
    assert await asks(house, contact) == OWN
    assert await house.route() == 0
    with pytest.raises(Refused) as no:
        await pulling.pull(house.node.desk, replace(aino, role="supervisor"), contact)
    assert (no.value.code, no.value.detail) == ("forbidden", "not_able")
    kirsi = await house.on_duty(KIRSI)
    assert await house.route() == 1
    (offer,) = await house.offers(kirsi)
    told = await why_not_then(house.node.db, aino, contact, aino.user_id)
    assert [one["reason"] for one in told["decisions"]][-1] == "unable"
    await handling.accept(house.node.desk, kirsi, offer)
    await handling.wrap_up(house.node.desk, kirsi, contact, "answered")
    assert (await house.contact(contact))["state"] == "closed"
    found = await replayed(house)
    assert found["differences"] == []
    assert found["equal"] == found["decisions"] == 2


async def test_by_name_it_is_kelas_whatever_becomes_of_the_offer(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    aino, kirsi = await adviser(house), await house.on_duty(KIRSI)
    await handling.transfer_to_agent(house.node.desk, helena, contact, kirsi.user_id, None)
    await house.rows(
        "UPDATE contact SET offered_until = now(), offered_at = now() WHERE id = $1 RETURNING 1",
        contact,
    )
    await house.rows(
        "UPDATE agent SET state = 'away' WHERE user_id = $1 RETURNING 1", kirsi.user_id
    )
    assert await house.node.clock.run_once()
    assert (await house.contact(contact))["state"] == "queued"
    assert await house.route() == 0
    assert await house.offers(aino) == []


async def test_a_colleague_may_be_asked_for_advice(house: House) -> None:
    """From adviser to adviser by name: nothing was handed over yet."""
    helena, contact = await in_hand(house, HELENA)
    aino = await adviser(house)
    await handling.transfer_to_agent(house.node.desk, helena, contact, aino.user_id, None)
    assert await asks(house, contact) == ANYBODY
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)


async def test_kela_may_ask_an_adviser_by_name_and_keeps_it(house: House) -> None:
    _, aino, contact = await handed_over(house)
    kirsi = await house.on_duty(KIRSI)
    await house.route()
    (offer,) = await house.offers(kirsi)
    await handling.accept(house.node.desk, kirsi, offer)
    await handling.transfer_to_agent(house.node.desk, kirsi, contact, aino.user_id, "Kysy vielä")
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    with pytest.raises(Refused, match="forbidden"):
        await handling.wrap_up(house.node.desk, aino, contact, "answered")
    assert await asks(house, contact) == OWN


async def test_no_way_round_by_a_queue_that_decides_nothing(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    aino = await adviser(house)
    await another_queue(house)
    await house.on_duty(AINO, "break")
    await house.on_duty(AINO)
    await handling.transfer_to_queue(house.node.desk, helena, contact, "kela-housing", None)
    assert await asks(house, contact) == "kela/housing!/fi/1"
    assert await house.route() == 0
    kirsi = await house.on_duty(KIRSI)
    assert await house.route() == 1
    (offer,) = await house.offers(kirsi)
    await handling.accept(house.node.desk, kirsi, offer)
    # Kela itself may give it to whom it likes.
    await handling.transfer_to_queue(house.node.desk, kirsi, contact, "kela-housing", None)
    assert await asks(house, contact) == "kela/housing/fi/1"
    assert await house.route() == 1
    assert len(await house.offers(aino)) == 1


async def test_steps_for_who_waits_long_open_it_to_own_staff_only(house: House) -> None:
    _, aino, contact = await handed_over(house)
    await house.rows(
        "UPDATE queue SET relax = $1::jsonb WHERE key = 'kela-advice' RETURNING 1",
        json.dumps([{"after_s": 60, "to": "level"}, {"after_s": 90, "to": "language"}]),
    )
    for step in (1, 2):
        await house.rows(
            "UPDATE contact SET wait_from = now() - interval '2 min' WHERE id = $1 RETURNING 1",
            contact,
        )
        assert await house.node.relaxing.run_once() == 1
        assert len((await house.contact(contact))["also"]) == step
    assert await house.route() == 0
    assert await house.offers(aino) == []


async def test_it_stays_so_when_the_queue_is_changed_and_while_kela_decides(house: House) -> None:
    _, aino, contact = await handed_over(house)
    kirsi = await house.on_duty(KIRSI, "break")
    await save(house, level=2)
    assert await asks(house, contact) == "kela/benefits!/fi/2"
    assert await house.node.alignment.run_once() == 0
    await save(house, decision=False)  # it is no decision any more: anybody's, and nobody's alone
    assert await asks(house, contact) == "kela/benefits/fi/2"
    assert await house.route() == 1
    assert len(await house.offers(aino)) == 1
    await save(house, decision=True)
    classes = await house.node.live.call("HGET", f"agent:{kirsi.user_id}", "classes")
    assert b"kela/benefits!/fi/1=3" in classes  # the line knows of her at once


async def test_junk_and_cases_are_no_way_round_either(house: House) -> None:
    helena, contact = await in_hand(house, HELENA)
    case = (await house.contact(contact))["case_id"]
    with pytest.raises(Refused, match="forbidden"):
        await spam.spam(house.node.desk, helena, contact)
    await another_queue(house)
    await house.rows(  # a newer contact of the same case, in a queue that decides nothing
        "INSERT INTO contact (id, case_id, organisation_id, queue_id, channel, direction, language,"
        " requirement, rank, state, first_arrival, wait_from, owner, closed_at)"
        " SELECT id + 1, case_id, organisation_id,"
        " (SELECT id FROM queue WHERE key = 'kela-housing'), channel, direction, language,"
        " requirement, rank, 'closed', first_arrival, wait_from, owner, now()"
        " FROM contact WHERE id = $1 RETURNING 1",
        contact,
    )
    with pytest.raises(Refused, match="forbidden"):
        await casework.resolve(house.node.desk, helena, case)
    assert await refusals(house) == [("contact", str(contact)), ("case", str(case))]
