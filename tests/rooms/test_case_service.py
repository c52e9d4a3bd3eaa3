"""Which service a case is about: suggested by what was written, said by an agent, kept when the
catalogue has it no more."""

from __future__ import annotations

import json
import tomllib

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.demo_history.load import TOPICS
from contactcenter.desk import case_service, contact_reason, handling, suggesting
from contactcenter.errors import Refused
from contactcenter.services.importing import bring_in
from contactcenter.stats import answering
from tests.house import House

AGENT, KELA = "aino@mikkeli.example", "admin@kela.example"


async def _case(house: House, text: str, subject: str = "Kysymys") -> tuple[Actor, int]:
    contact = await house.arrives(text=text, subject=subject)
    row = await house.row("SELECT case_id FROM contact WHERE id = $1", contact)
    return await house.actor(AGENT), row["case_id"]


@pytest.mark.parametrize(
    ("said", "service"),
    [
        ("Hei! Katuvalot ovat pimeänä meidän kadulla jo toista viikkoa.", "Katuvalot"),
        ("Haluaisin hakea tyttärellemme paikkaa päiväkodista elokuusta alkaen.", "Varhaiskasvatus"),
        ("Miten saan uuden kirjastokortin, kun vanha katosi?", "Kirjastokortti"),
        ("När töms soptunnan på vår gata i julveckan?", "Jäteastian"),
        ("I got a parking ticket although I had paid.", "Pysäköinti"),
        ("Vesimittarini on rikki, kenelle siitä ilmoitetaan?", "Vesisopimus"),
    ],
)
async def test_what_was_written_suggests_the_service(house: House, said: str, service: str) -> None:
    actor, case = await _case(house, said)
    told = await case_service.of_case(house.node.db, actor, case)
    assert told["service"] is None
    names = [one["name"]["fi"] for one in told["suggested"]]
    assert len(names) <= suggesting.FIRST
    assert [name for name in names if name.startswith(service)], names


async def test_of_the_demos_questions_most_find_their_service(house: House) -> None:
    """With no past case to go by, 22 of 28 (docs/insight.md)."""
    rows = await house.rows(
        "SELECT s.external_id, s.id, s.organisation_id FROM service s"
        " JOIN organisation o ON o.id = s.organisation_id WHERE o.key = 'mikkeli'"
    )
    services = {row["external_id"]: row for row in rows}
    topics = tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]
    asked = [one for one in topics if one.get("service") in services]
    among = 0
    async with house.node.db.connection() as conn:
        for one in asked:
            about = services[one["service"]]
            said = f"{one['subject']} {one['question']}"
            case = suggesting.Written(about["organisation_id"], one["language"], said)
            among += about["id"] in {s["id"] for s in await suggesting.first(conn, case)}
    assert (among, len(asked)) == (22, 28)


async def test_said_once_it_stays_though_the_catalogue_has_it_no_more(house: House) -> None:
    db = house.node.db
    berths, snow = [
        {"service_code": name, "service_name": name} for name in ("Vierasvenepaikat", "Lumi")
    ]
    await bring_in(db, None, "mikkeli", "open311", [json.dumps([berths, snow]).encode()])
    actor, case = await _case(house, "Onko vierasvenepaikkoja vapaana?")
    (first, *_) = (await case_service.of_case(db, actor, case))["suggested"]
    told = await case_service.say(db, actor, case, first["id"])
    assert told["service"] == {**first, "removed": False}
    assert await case_service.say(db, actor, case, first["id"]) == told
    audited = "SELECT before, after FROM audit WHERE verb = 'set_service'"
    assert len(await house.rows(audited)) == 1
    await bring_in(db, None, "mikkeli", "open311", [json.dumps([snow]).encode()])
    told = await case_service.of_case(db, actor, case)
    assert told["service"] == {**first, "removed": True}
    assert first not in told["suggested"]
    _, other = await _case(house, "Venepaikka")
    with pytest.raises(Refused) as refused:
        await case_service.say(db, actor, other, first["id"])
    assert refused.value.detail == "service_gone"
    assert (await case_service.say(db, actor, case, None))["service"] is None


async def test_words_find_others_and_nothing_is_found_for_nothing(house: House) -> None:
    actor, case = await _case(house, "???", subject="")
    assert (await case_service.of_case(house.node.db, actor, case))["suggested"] == []
    found = await case_service.of_case(house.node.db, actor, case, "uimaran")
    assert found["suggested"][0]["name"]["en"] == "Beaches and boating"


async def test_of_the_cases_own_organisation_and_within_sight(house: House) -> None:
    actor, case = await _case(house, "Passi vanhenee, mistä uusi passi?")
    told = await case_service.of_case(house.node.db, actor, case)
    assert "Passi" not in [one["name"]["fi"] for one in told["suggested"]]
    police = await house.row("SELECT id FROM service WHERE name ->> 'fi' = 'Passi'")
    with pytest.raises(Refused, match="service_gone"):
        await case_service.say(house.node.db, actor, case, police["id"])
    kela = await house.actor(KELA)
    with pytest.raises(Refused, match="not_found"):
        await case_service.of_case(house.node.db, kela, case)
    with pytest.raises(Refused, match="not_found"):
        await case_service.say(house.node.db, kela, case, None)


async def test_of_a_sensitive_queue_only_for_who_has_it_in_hand(house: House) -> None:
    actor, case = await _case(house, "Haen toimeentulotukea ja asuntoa.")
    await house.rows("UPDATE queue SET sensitive = true RETURNING 1")
    contact = await house.row("SELECT id FROM contact WHERE case_id = $1", case)
    for asked in (
        case_service.of_case(house.node.db, actor, case),
        case_service.say(house.node.db, actor, case, None),
        contact_reason.proposed(house.node.db, actor, contact["id"]),
        answering.of_case(house.node.db, actor, case),
    ):
        with pytest.raises(Refused, match="not_found"):
            await asked
    agent = await house.on_duty(AGENT)
    await house.route()
    (offer,) = await house.offers(agent)
    await handling.accept(house.node.desk, agent, offer)
    assert (await case_service.of_case(house.node.db, agent, case))["service"] is None


async def _resolved_as(house: House, said: str, word: str) -> None:
    """Resolved as what an agent found by a word of their own, after saying another."""
    actor, case = await _case(house, said)
    db = house.node.db
    first = (await case_service.of_case(db, actor, case))["suggested"][0]["id"]
    await case_service.say(db, actor, case, first)
    found = (await case_service.of_case(db, actor, case, word))["suggested"][0]["id"]
    await case_service.say(db, actor, case, found)
    await house.rows("UPDATE cases SET state = 'resolved', resolved_at = now() WHERE id = $1", case)


async def test_who_resolved_without_saying_the_service_is_counted(house: House) -> None:
    db = house.node.db
    for said in ("Katuvalot rikki", "Katuvalo pimeä", "Jotain muuta"):
        actor, case = await _case(house, said)
        await house.rows(
            "UPDATE cases SET state = 'resolved', resolved_at = now() WHERE id = $1", case
        )
        suggested = (await case_service.of_case(db, actor, case))["suggested"]
        if said != "Jotain muuta":
            await case_service.say(db, actor, case, suggested[0]["id"])
    await _resolved_as(house, "Katuvalot rikki", "uimaranta")
    await _case(house, "Kesken")
    admin = await house.actor("admin@mikkeli.example")
    async with db.connection() as conn:
        (row,) = await case_service.unclassified(conn, admin, 30)
    assert (row["resolved"], row["unclassified"]) == (4, 1)
    assert (row["said"], row["first"]) == (3, 2)
    nths = await house.rows("SELECT suggested FROM case_service ORDER BY case_id")
    assert [row["suggested"] for row in nths] == [1, 1, 0]
