"""Repeats find themselves, and why people turned to the city stays as it was said."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.cases.reasons import HOUSE, NOTHING, Said
from contactcenter.desk import case_service, casework, contact_reason, handling, writing
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row
from contactcenter.people import merging
from contactcenter.stats import answering, requests
from tests.house import House
from tests.rooms.people import AINO, people, wrote
from tests.services.histories import MONDAY, histories

NEWEST = """SELECT kind, reason, reason_version, mark, service_id, request FROM event
    WHERE contact_id = $1 AND kind IN ('closed', 'classified') ORDER BY id DESC LIMIT 1"""


async def _service(house: House, key: str) -> int:
    row = await house.row(
        "SELECT s.id FROM service s JOIN organisation o ON o.id = s.organisation_id"
        " WHERE o.key = 'mikkeli' AND s.external_id = $1",
        key,
    )
    return int(row["id"])


async def _mail(house: House, address: str, service: int | None = None) -> tuple[Actor, int, int]:
    """In hand, its service said: the agent, the contact, the person."""
    agent = await house.on_duty(AINO)
    person = await wrote(house, address)
    await house.route()
    for offer in await house.offers(agent):
        await handling.accept(house.node.desk, agent, offer)
    row = await house.row("SELECT id, case_id FROM contact ORDER BY id DESC LIMIT 1")
    if service is not None:
        await case_service.say(house.node.db, agent, row["case_id"], service)
    return agent, row["id"], person


async def _end(house: House, agent: Actor, contact: int, said: Said = NOTHING) -> Row:
    await handling.wrap_up(house.node.desk, agent, contact, "answered", said)
    return await house.row(NEWEST, contact)


async def test_what_is_said_is_told_with_the_version_that_was_valid(house: House) -> None:
    service = await _service(house, "library-card")
    agent, contact, _ = await _mail(house, "ville@example.org", service)
    async with house.node.db.connection() as conn:  # as in a house that has no list of its own
        await conn.execute(
            "SET ROLE NONE; DELETE FROM contact_reason;"
            " DELETE FROM contact_reason_version; RESET ROLE"
        )
    with pytest.raises(Refused) as refused:
        await _end(house, agent, contact, Said("nonsense", "value"))
    assert (refused.value.detail, refused.value.field) == ("unknown_reason", "reason")
    told = await _end(house, agent, contact, Said("status", "chasing"))
    assert dict(told) == {
        "kind": "closed",
        "reason": "status",
        "reason_version": 1,
        "mark": "chasing",
        "service_id": service,
        "request": contact,
    }
    version = await house.row(
        "SELECT reasons -> 'status' -> 'name' ->> 'sv' AS sv FROM contact_reason_version"
    )
    assert version["sv"] == HOUSE["status"]["sv"]


async def test_a_repeat_finds_itself_whenever_its_service_becomes_known(house: House) -> None:
    service = await _service(house, "library-card")
    agent, first, _ = await _mail(house, "ville@example.org", service)
    await _end(house, agent, first)
    _, second, _ = await _mail(house, "ville@example.org")
    told = await _end(house, agent, second)
    assert (told["service_id"], told["request"]) == (None, second)
    case = (await house.contact(second))["case_id"]
    await case_service.say(house.node.db, agent, case, service)
    told = await house.row(NEWEST, second)
    assert (told["kind"], told["service_id"], told["request"]) == ("classified", service, first)
    await case_service.say(house.node.db, agent, case, None)
    assert (await house.row(NEWEST, second))["request"] == second
    assert (await house.row(NEWEST, first))["kind"] == "closed"  # told once, and nothing changed


async def test_persons_that_are_one_have_one_request_and_two_again(house: House) -> None:
    service = await _service(house, "library-card")
    agent, first, one = await _mail(house, "ville@example.org", service)
    await _end(house, agent, first)
    _, second, other = await _mail(house, "ville.veikkonen@example.com", service)
    assert (await _end(house, agent, second))["request"] == second
    made = await merging.merge(people(house), agent, one, other, "document")
    assert (await house.row(NEWEST, second))["request"] == first
    await merging.undo(people(house), agent, int(made["merge"]))
    assert (await house.row(NEWEST, second))["request"] == second


async def test_without_a_service_all_of_one_case_is_one_request(house: House) -> None:
    agent, first, _ = await _mail(house, "ville@example.org")
    await _end(house, agent, first)
    _, second, _ = await _mail(house, "vaimo@example.org")
    case = (await house.contact(first))["case_id"]
    await house.rows("UPDATE contact SET case_id = $1 WHERE id = $2 RETURNING 1", case, second)
    assert (await _end(house, agent, second))["request"] == first
    await case_service.say(house.node.db, agent, case, await _service(house, "library-card"))
    assert (await house.row(NEWEST, second))["request"] == second
    assert (await house.row(NEWEST, first))["request"] == first


async def test_while_the_first_is_open_the_second_is_a_repeat_already(house: House) -> None:
    service = await _service(house, "library-card")
    agent, first, _ = await _mail(house, "ville@example.org", service)
    _, second, _ = await _mail(house, "ville@example.org", service)
    assert (await _end(house, agent, second))["request"] == first


async def test_what_is_proposed_follows_what_was_said_before(house: House) -> None:
    db, service = house.node.db, await _service(house, "library-card")
    agent, first, _ = await _mail(house, "ville@example.org", service)
    told = await contact_reason.proposed(db, agent, first)
    assert told == {"reason": None, "mark": "value", "repeat": False}
    _, second, _ = await _mail(house, "ville@example.org", service)
    told = await contact_reason.proposed(db, agent, second)
    assert told == {"reason": None, "mark": "chasing", "repeat": True}
    await _end(house, agent, first, Said("fault", "missing"))
    told = await contact_reason.proposed(db, agent, second)
    assert told == {"reason": "fault", "mark": "unsolved", "repeat": True}
    with pytest.raises(Refused, match="not_found"):
        await contact_reason.proposed(db, await house.actor("kirsi@kela.example"), second)


async def test_no_repeat_is_hinted_at_by_what_is_hidden(house: House) -> None:
    db, service = house.node.db, await _service(house, "library-card")
    agent, first, _ = await _mail(house, "ville@example.org", service)
    await _end(house, agent, first)
    _, second, _ = await _mail(house, "ville@example.org", service)
    other = await house.row(
        "UPDATE contact c SET queue_id = q.id FROM queue q"
        " WHERE c.id = $1 AND q.organisation_id = c.organisation_id AND q.id <> c.queue_id"
        " AND q.key = 'streets' RETURNING q.id",
        first,
    )
    assert (await contact_reason.proposed(db, agent, second))["repeat"] is True
    await house.rows("UPDATE queue SET sensitive = true WHERE id = $1 RETURNING 1", other["id"])
    told = await contact_reason.proposed(db, agent, second)
    assert told == {"reason": None, "mark": "value", "repeat": False}
    assert (await _end(house, agent, second))["request"] == first  # figures know it


async def test_times_of_a_case(house: House) -> None:
    agent, contact, _ = await _mail(house, "ville@example.org")
    case = (await house.contact(contact))["case_id"]
    assert await answering.of_case(house.node.db, agent, case) == (None, None)
    await writing.reply(house.node.desk, agent, contact, "r1", "Kirjasto on auki.")
    told = await answering.of_case(house.node.db, agent, case)
    assert told.reaction is not None
    assert told.reaction.calendar_s > 0
    assert told.answer is None
    await casework.resolve(house.node.desk, agent, case)
    assert (await answering.of_case(house.node.db, agent, case)).answer == told.reaction


CONTACTS = """
    WITH made AS (
        SELECT * FROM jsonb_to_recordset($1::jsonb) AS m (
            id int, at timestamptz, closed timestamptz, person int, service int, case_id int,
            resolved boolean)
    ), home AS (
        SELECT id, organisation_id FROM queue WHERE key = 'general'
    ), persons AS (
        INSERT INTO person (id, organisation_id)
        SELECT DISTINCT m.person, h.organisation_id FROM made m, home h WHERE m.person IS NOT NULL
    ), matters AS (
        INSERT INTO cases (id, organisation_id, state)
        SELECT DISTINCT m.case_id, h.organisation_id,
                        CASE WHEN m.resolved THEN 'resolved' ELSE 'open' END
        FROM made m, home h
    ), about AS (
        INSERT INTO case_service (case_id, organisation_id, service_id, user_id)
        SELECT DISTINCT m.case_id, h.organisation_id, m.service, 1 FROM made m, home h
        WHERE m.service IS NOT NULL
    )
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,
                         requirement, rank, state, owner, first_arrival, wait_from, first_accepted,
                         closed_at)
    SELECT m.id, m.case_id, m.person, h.organisation_id, h.id, 'mail', 'fi', 'x', 1,
           CASE WHEN m.closed IS NULL THEN 'active' ELSE 'closed' END, 1, m.at, m.at, m.at, m.closed
    FROM made m, home h RETURNING 1
"""


async def test_forty_histories_counted_in_the_database(house: House) -> None:
    """As the pure function counts them, all at once, since they share no person and no case."""
    rows = await house.rows(
        "SELECT min(id) + n AS id FROM service, generate_series(0, 2) n GROUP BY n"
    )
    services = dict(zip(("lib", "tax", "bus"), (row["id"] for row in rows), strict=True))
    made = [
        {
            "id": 1000 * n + 500 + at,
            "case_id": 1000 * n + int(one.case),
            "person": None if one.person == "-" else 1000 * n + ord(one.person),
            "service": services.get(one.service),
            "at": one.arrived.isoformat(),
            "closed": one.closed and one.closed.isoformat(),
            "resolved": one.resolved,
        }
        for n, history in enumerate(histories(), start=1)
        for at, one in enumerate(history.made, start=1)
    ]
    await house.rows(CONTACTS, json.dumps(made))
    scope = list((await house.actor(AINO)).scope)
    since, until = MONDAY, MONDAY + timedelta(days=365)
    async with house.node.db.connection() as conn:
        found = await requests.read(conn, scope, since, until)
        assert found == (85, 51)
        assert await requests.read(conn, [], since, until) == (0, 0)
        assert (await requests.read(conn, scope, until, until)).contacts_per_request is None
