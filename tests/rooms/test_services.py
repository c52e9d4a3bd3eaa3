"""The city's services: brought in from a catalogue, again, changed, and without some."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.errors import Refused
from contactcenter.services import showing
from contactcenter.services.imported import Imported
from contactcenter.services.importing import bring_in
from contactcenter.services.showing import Asked, Listed, Shown
from tests.house import House
from tests.services.read import PARTS, documents

NAMES = """SELECT c.name ->> 'fi' AS name FROM service_channel c
JOIN organisation o ON o.id = c.organisation_id WHERE o.key = 'harbour' ORDER BY 1"""


@pytest.fixture(autouse=True)
async def _organisations(house: House) -> None:
    """Two without services."""
    await house.rows(
        "INSERT INTO organisation (key, name) VALUES ('harbour', '{}'), ('parks', '{}')"
    )


async def _admin(house: House) -> Actor:
    """One who sees these two, and nothing that the demo city knows."""
    keys = ["harbour", "parks"]
    rows = await house.rows("SELECT id FROM organisation WHERE key = ANY($1)", keys)
    actor = await house.actor("admin@mikkeli.example")
    return replace(actor, scope=tuple(row["id"] for row in rows))


async def _bring_in(house: House, name: str, *data: bytes, **more: Any) -> Imported:
    given = list(data) or documents(name)
    return await bring_in(house.node.db, None, "harbour", name, given, **more)


async def _listed(house: House, **asked: Any) -> Listed:
    actor = await _admin(house)
    async with house.node.db.connection() as conn:
        return await showing.listed(conn, actor, Asked(organisation="harbour", **asked), "fi")


async def _names(house: House, **asked: Any) -> list[str]:
    found = await _listed(house, **asked)
    return [next(iter(one["name"].values())) for one in found.services]


async def _one(house: House, **asked: Any) -> Shown:
    (found,) = (await _listed(house, **asked)).services
    async with house.node.db.connection() as conn:
        return await showing.one(conn, await _admin(house), found["id"])


def _open311(**names: str) -> bytes:
    return json.dumps(
        [{"service_code": code, "service_name": name} for code, name in names.items()]
    ).encode()


@pytest.mark.parametrize("name", PARTS)
async def test_the_same_again_changes_nothing(house: House, name: str) -> None:
    before = await house.rows("SELECT count(*) FROM service")
    tried = await _bring_in(house, name, dry_run=True)
    assert await house.rows("SELECT count(*) FROM service") == before
    first = await _bring_in(house, name)
    assert (first.services, first.channels, first.terms) == (
        tried.services,
        tried.channels,
        tried.terms,
    )
    assert first.services.added >= 1
    rows = await house.rows("SELECT xmin, * FROM service ORDER BY id")
    again = await _bring_in(house, name)
    assert again.differences == 0
    assert again.services.unchanged == first.services.added
    assert await house.rows("SELECT xmin, * FROM service ORDER BY id") == rows


async def test_a_service_is_found_and_shown_with_all_that_belongs_to_it(house: House) -> None:
    done = await _bring_in(house, "ptv")
    assert done.left_out == {"not_offered": 1}
    shown = await _one(house, find="PÄIVÄHO lap")  # another name of it, and one of its terms
    assert shown.service["name"]["sv"] == "Småbarnspedagogik"
    assert shown.service["given"]["somethingNew"]["of"] == "version 12"
    assert set(shown.terms) == {"class", "ontology", "target", "life_event"}
    assert [one["name"]["fi"] for one in shown.channels] == [
        "Päiväkotihakemus verkossa",
        "Varhaiskasvatuksen neuvonta",
    ]
    assert await _names(house, find="100%") == []


async def test_channels_that_services_only_name_are_kept_until_more_is_known(house: House) -> None:
    services, channels = documents("ptv")
    await _bring_in(house, "ptv", services)
    assert [row["name"] for row in await house.rows(NAMES)] == [
        "Päiväkotihakemus",
        "Varhaiskasvatuksen neuvonta",
    ]
    await _bring_in(house, "ptv", channels)
    assert (await _bring_in(house, "ptv", services)).differences == 0
    assert "Päiväkotihakemus verkossa" in [row["name"] for row in await house.rows(NAMES)]


async def test_what_is_removed_keeps_its_name_and_comes_back(house: House) -> None:
    await _bring_in(house, "open311", _open311(a="Snow", b="Lamps", c="Parks"))
    changed = await _bring_in(house, "open311", _open311(a="Snow", b="Street lamps"))
    counts = changed.services
    assert (counts.changed, counts.removed, counts.unchanged) == (1, 1, 1)
    assert await _names(house) == ["Snow", "Street lamps"]
    assert await _names(house, state="removed") == ["Parks"]
    back = await _bring_in(house, "open311", _open311(a="Snow", b="Street lamps", c="Parks"))
    assert (back.services.changed, back.services.removed) == (1, 0)
    assert await _names(house, state="removed") == []


async def test_catalogues_and_organisations_do_not_touch_each_other(house: House) -> None:
    await _bring_in(house, "ptv")
    await bring_in(house.node.db, None, "parks", "ptv", documents("ptv"))
    await _bring_in(house, "open311")
    done = await _bring_in(house, "ptv")
    assert done.differences == 0
    assert (await _listed(house)).found == 5


async def test_the_same_id_twice_is_told_and_changes_nothing_again(house: House) -> None:
    one, other = _open311(a="Snow"), _open311(a="Ice")
    twice = one[:-1] + b"," + other[1:]
    done = await _bring_in(house, "open311", twice)
    assert (done.left_out, done.named["doubled"]) == ({"doubled": 1}, ["a"])
    assert await _names(house) == ["Snow"]
    assert (await _bring_in(house, "open311", twice)).differences == 0


async def test_a_service_that_lost_its_name_is_not_removed(house: House) -> None:
    await _bring_in(house, "open311", _open311(a="Snow", b="Parks"))
    done = await _bring_in(house, "open311", _open311(a="Snow", b=""))
    assert (done.services.removed, done.left_out) == (0, {"no_name": 1})
    assert await _names(house) == ["Parks", "Snow"]


async def test_a_class_above_itself_is_told_and_loses_its_parent(house: House) -> None:
    done = await _bring_in(house, "hsds")
    assert done.cycles == ["tax-1"]
    shown = await _one(house, find="debt")
    assert {one["code"]: one["parent"] for one in shown.terms["class"]} == {
        "tax-1": None,
        "tax-2": "tax-1",
    }
    assert (await _bring_in(house, "hsds")).differences == 0


@pytest.mark.parametrize(
    ("name", "data", "detail"),
    [
        ("open311", b"[]", "catalogue_empty"),
        ("ptv", b'{"itemList": [{"id": "1", "name": "only a name"}]}', "catalogue_empty"),
        ("ptv", b'{"pageNumber": 2, "pageCount": 2, "itemList": []}', "catalogue_pages"),
        ("ptv", b"Not found", "catalogue_form"),
    ],
)
async def test_what_is_no_whole_catalogue_changes_nothing(
    house: House, name: str, data: bytes, detail: str
) -> None:
    await _bring_in(house, name)
    before = (await _listed(house)).found
    with pytest.raises(Refused) as refused:
        await _bring_in(house, name, data)
    assert refused.value.detail == detail
    assert (await _listed(house)).found == before


async def test_only_admins_within_their_sight(house: House) -> None:
    agent, kela = await house.actor("aino@mikkeli.example"), await house.actor("admin@kela.example")
    with pytest.raises(Refused, match="forbidden"):
        await bring_in(house.node.db, agent, "mikkeli", "ptv", documents("ptv"))
    with pytest.raises(Refused, match="catalogue_organisation"):
        await bring_in(house.node.db, kela, "mikkeli", "ptv", documents("ptv"))
    await _bring_in(house, "ptv")
    async with house.node.db.connection() as conn:
        assert (await showing.listed(conn, kela, Asked(organisation="harbour"), "fi")).found == 0
        (row, *_) = (await showing.listed(conn, await _admin(house), Asked(), "fi")).services
        with pytest.raises(Refused, match="not_found"):
            await showing.one(conn, kela, row["id"])
