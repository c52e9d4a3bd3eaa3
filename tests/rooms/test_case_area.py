"""Which part of the city a case is about: stated by its citizen or an agent, never guessed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import OpenFeedback
from contactcenter.configuration import actions
from contactcenter.configuration.document import Area, Document
from contactcenter.desk import case_area
from contactcenter.errors import Refused
from tests.house import House

AGENT, KELA = "aino@mikkeli.example", "admin@kela.example"
NAMES = {"fi": "Otava", "sv": "Otava", "en": "Otava"}
GIVEN = OpenFeedback(via="form", kind="fault", language="fi")


async def _case(house: House, **given: Any) -> tuple[Actor, int]:
    contact = await house.arrives(**given)
    row = await house.row("SELECT case_id FROM contact WHERE id = $1", contact)
    return await house.actor(AGENT), row["case_id"]


async def _apply(house: House, *areas: Area) -> None:
    publish = house.node.publisher.publish
    await actions.apply(house.node.db, publish, None, Document(area=areas))


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("Raatihuoneenkatu 6, 50100 Mikkeli", "keskusta"),
        ("FI-52100", "anttola"),
        ("50100 tai 50130", "keskusta"),
        ("50100 tai 52100", None),  # one of the two, but which?
        ("99999 Korvatunturi", None),
        ("puh. 0501001234", None),
        ("61.6923, 27.2650", None),
        ("Anttola", None),
    ],
)
async def test_the_postal_code_of_a_place_states_it(
    house: House, place: str, area: str | None
) -> None:
    feedback = msgspec.structs.replace(GIVEN, place=place)
    agent, case = await _case(house, feedback=feedback, raw=None, text="52300 Ristiina")
    told = await case_area.of_case(house.node.db, agent, case)
    assert (told["area"], told["by"]) == (area, None if area is None else "citizen")


async def test_an_agent_says_it_and_a_letter_only_suggests(house: House) -> None:
    db = house.node.db
    agent, case = await _case(house, text="Valo on rikki.\nAatu Aho\nHuhdantie 1, 52300 Ristiina")
    told = await case_area.of_case(db, agent, case)
    assert (told["area"], told["by"], told["suggested"]) == (None, None, "ristiina")
    assert {"key": "ristiina", "name": {"fi": "Ristiina", "sv": "Kristina", "en": "Ristiina"}} in (
        told["areas"]
    )
    said = await case_area.say(db, agent, case, "ristiina")
    assert (said["area"], said["by"], said["suggested"]) == ("ristiina", "agent", None)
    assert await case_area.say(db, agent, case, "ristiina") == said
    assert (await case_area.say(db, agent, case, "otava"))["area"] == "otava"
    await _apply(house, Area(organisation="mikkeli", key="otava", name=NAMES, disabled=True))
    assert (await case_area.of_case(db, agent, case))["area"] == "otava"  # what was said stays
    assert (await case_area.say(db, agent, case, None))["area"] is None
    for gone in ("otava", "atlantis"):
        with pytest.raises(Refused, match="area_gone"):
            await case_area.say(db, agent, case, gone)
    audited = await house.rows("SELECT after FROM audit WHERE verb = 'set_area' ORDER BY id")
    said_so = [msgspec.json.decode(row["after"])["area"] for row in audited]
    assert said_so == ["ristiina", "otava", None]
    kela = await house.actor(KELA)
    for asked in (case_area.of_case(db, kela, case), case_area.say(db, kela, case, None)):
        with pytest.raises(Refused, match="not_found"):
            await asked


async def test_an_organisation_without_areas_tells_none(house: House) -> None:
    other = await house.row("SELECT id FROM organisation WHERE key = 'kela'")
    _, case = await _case(house, text="50100 Mikkeli")
    await house.rows("UPDATE cases SET organisation_id = $1 WHERE id = $2", other["id"], case)
    told = await case_area.of_case(house.node.db, await house.actor(KELA), case)
    assert told == {"area": None, "by": None, "areas": [], "suggested": None}


async def test_of_a_sensitive_queue_only_for_who_has_it_in_hand(house: House) -> None:
    agent, case = await _case(house, text="50100 Mikkeli")
    await house.rows("UPDATE queue SET sensitive = true RETURNING 1")
    for asked in (
        case_area.of_case(house.node.db, agent, case),
        case_area.say(house.node.db, agent, case, "keskusta"),
    ):
        with pytest.raises(Refused, match="not_found"):
            await asked


async def test_a_postal_code_is_of_one_area(house: House) -> None:
    new = Area(organisation="mikkeli", key="new", name=NAMES, postal_codes=("52100", "58900"))
    with pytest.raises(Refused) as refused:
        await _apply(house, new)
    assert (refused.value.detail, refused.value.params) == ("postal_code_shared", {"code": "52100"})
    old = Area(organisation="mikkeli", key="anttola", name=NAMES, postal_codes=("58901",))
    await _apply(house, old, new)  # given up and taken at once
    for wrong in ("5210", "521000", "5210a"):
        with pytest.raises(Refused, match="invalid_postal_code"):
            await _apply(house, msgspec.structs.replace(new, postal_codes=(wrong,)))
