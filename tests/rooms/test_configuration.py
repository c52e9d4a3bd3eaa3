"""The whole configuration out of the house and in again: nothing lost, nothing doubled, nobody
else's touched."""

from __future__ import annotations

import asyncio
import tomllib
from typing import Any

import msgspec
import pytest

from contactcenter import demo
from contactcenter.accounts.authorise import Actor
from contactcenter.configuration import actions, filing
from contactcenter.configuration.document import Document
from contactcenter.errors import Refused
from tests.house import House

CITY = """
[[organisation]]
key = "town"
name = { fi = "Kaupunki", sv = "Stad", en = "Town" }

[[queue]]
organisation = "town"
key = "library"
name = { fi = "Kirjasto", sv = "Bibliotek", en = "Library" }
task = "library"
languages = ["fi", "sv"]
addresses = ["Kirjasto@town.example"]
service_level = { seconds = 600, way = "ignored" }
hours = { weekly = { 1 = [["12:00", "16:00"], ["09:00", "11:00"]] }, eves = "open" }

[[disposition]]
organisation = "town"
key = "answered"
name = { fi = "Vastattu", sv = "Besvarad", en = "Answered" }

[[template]]
organisation = "town"
key = "hours"
name = { fi = "Aukiolo", sv = "Öppet", en = "Hours" }
text = { fi = "Kirjasto on auki arkisin." }

[[widget_origin]]
organisation = "town"
origin = "https://www.town.example/"

[[user]]
email = "Aune@town.example"
name = "Aune  Aalto"
organisation = "town"
skills = [{ organisation = "town", task = "library", languages = ["sv", "fi"], level = 2 }]
"""


def _city(**changed: Any) -> Document:
    return filing.load(tomllib.loads(CITY) | changed)


async def _apply(house: House, wanted: Document, **given: Any) -> actions.Applied:
    actor = given.pop("actor", None)
    return await actions.apply(house.node.db, house.node.publisher.publish, actor, wanted, **given)


async def _exported(house: House, email: str | None = None) -> Document:
    actor = None if email is None else await house.actor(email)
    async with house.node.db.transaction() as conn:
        return await actions.export(conn, actor)


async def test_out_and_in_again_changes_nothing(house: House) -> None:
    await _apply(house, _city())
    before = await _exported(house)
    again = filing.read(filing.write(before))
    assert again == before
    assert (await _apply(house, again)).steps == []
    assert filing.write(await _exported(house)) == filing.write(before)


async def test_a_file_becomes_rows_and_a_second_import_changes_nothing(house: House) -> None:
    done = await _apply(house, _city())
    assert [(step.what, step.kind, step.key) for step in done.steps] == [
        ("add", "organisation", "town"),
        ("add", "user", "aune@town.example"),
        ("add", "queue", "library"),
        ("add", "disposition", "town/answered"),
        ("add", "template", "town/hours"),
        ("add", "widget_origin", "https://www.town.example"),
    ]
    queue = await house.row("SELECT * FROM queue WHERE key = 'library'")
    assert queue["service_level_way"] == "ignored"
    assert msgspec.json.decode(queue["hours"])["weekly"]["1"] == [
        ["09:00", "11:00"],
        ["12:00", "16:00"],
    ]
    address = await house.row("SELECT * FROM mail_address WHERE queue_id = $1", queue["id"])
    assert address["address"] == "kirjasto@town.example"
    skills = await house.rows(
        "SELECT s.language, s.level FROM skill s JOIN users u ON u.id = s.user_id"
        " WHERE u.email = 'aune@town.example' ORDER BY 1"
    )
    assert [tuple(row) for row in skills] == [("fi", 2), ("sv", 2)]
    assert (await _apply(house, _city())).steps == []


async def test_the_demo_city_is_such_a_file(house: House) -> None:
    """What `demo` loads is what an import of its file would: nothing is left to change."""
    things = {name: value for name, value in demo.city().items() if isinstance(value, list)}
    wanted = filing.load(things)
    assert (await _apply(house, wanted)).steps == []
    assert await _exported(house) == filing.tidy_all(wanted)


async def test_nothing_secret_leaves(house: House) -> None:
    out = filing.write(await _exported(house)).decode()
    assert "argon2" not in out
    assert "password" not in out
    assert "token" not in out


async def test_a_dry_run_leaves_nothing_behind(house: House) -> None:
    before = filing.write(await _exported(house))
    shown = await _apply(house, _city(), dry_run=True)
    assert len(shown.steps) == 6
    assert filing.write(await _exported(house)) == before


async def test_what_was_shown_is_what_is_applied_or_nothing(house: House) -> None:
    await _apply(house, _city())
    wanted = _city(disposition=[])
    changed = msgspec.structs.replace(wanted.queue[0], target_s=1)
    wanted = msgspec.structs.replace(wanted, queue=(changed,))
    shown = await _apply(house, wanted, dry_run=True)
    await house.rows("UPDATE queue SET target_s = 7 WHERE key = 'library'")
    with pytest.raises(Refused, match="stale"):
        await _apply(house, wanted, seal=shown.seal)
    again = await _apply(house, wanted, dry_run=True)
    assert (await _apply(house, wanted, seal=again.seal)).seal == again.seal


async def test_what_a_file_does_not_name_stays_unless_asked(house: House) -> None:
    await _apply(house, _city())
    less = _city(queue=[], template=[], widget_origin=[])
    assert (await _apply(house, less)).steps == []
    admin = await _admin(house, "town")
    done = await _apply(house, less, actor=admin, prune=True)
    assert [(step.what, step.kind) for step in done.steps] == [
        ("disable", "queue"),
        ("disable", "template"),
        ("remove", "widget_origin"),
    ]


async def _admin(house: House, organisation: str) -> Actor:
    row = await house.row("SELECT id FROM organisation WHERE key = $1", organisation)
    return Actor(
        user_id=999_999, name="A", role="admin", organisation_id=row["id"], scope=(row["id"],)
    )


@pytest.mark.parametrize(
    ("given", "field", "detail"),
    [
        ({"key": "X"}, "queue.X.key", "invalid_key"),
        ({"name": {"fi": "Vain suomi"}}, "queue.library.name.sv", "required"),
        ({"name": dict.fromkeys(("fi", "sv", "en"), "a\x00")}, "queue.library.name.sv", "invalid_name"),  # noqa: E501
        ({"task": "a/b"}, "queue.library.task", "invalid_key"),
        ({"languages": []}, "queue.library.languages", "language_needed"),
        ({"channels": ["fax"]}, "queue.library.channels", "invalid_field"),
        ({"addresses": ["x@y.example\nz"]}, "queue.library.addresses", "invalid_address"),
        ({"offer_s": 0}, "queue.library.offer_s", "out_of_range"),
        ({"hours": {"weekly": {"1": [["12:00", "11:00"]]}}}, "queue.library.hours.weekly.1", "hours_reversed"),  # noqa: E501
        ({"hours": {"exceptions": {"2026-02-30": []}}}, "queue.library.hours.exceptions", "hours_day"),  # noqa: E501
        ({"service_level": {"way": "guessed"}}, "queue.library.service_level.way", "invalid_field"),
        ({"addresses": ["neuvonta@mikkeli.example"]}, "queue.library.addresses", "address_taken_by"),  # noqa: E501  # noqa: E501
    ],
)  # fmt: skip
async def test_every_problem_names_its_place(
    house: House, given: dict[str, Any], field: str, detail: str
) -> None:
    plain = tomllib.loads(CITY)
    plain["queue"][0] |= given
    with pytest.raises(Refused) as no:
        await _apply(house, filing.load(plain))
    assert (field, detail) in [(one.field, one.detail) for one in no.value.errors]
    assert await house.rows("SELECT FROM queue WHERE key = 'library'") == []


async def test_a_step_leads_to_a_queue_of_the_own_organisation(house: House) -> None:
    library: dict[str, Any] = tomllib.loads(CITY)["queue"][0]

    def named(key: str) -> dict[str, Any]:
        return library | {"relax": [{"after_s": 60, "to": "queue", "queue": key}]}

    for key in ("kela-advice", "nowhere"):
        with pytest.raises(Refused) as no:
            await _apply(house, _city(queue=[named(key)]))
        (error,) = no.value.errors
        assert (error.field, error.detail) == ("queue.library.relax", "step_queue")
    archive = library | {"key": "archive", "addresses": []}
    await _apply(house, _city(queue=[named("archive"), archive]))
    later = [named("archive") | {"target_s": 60}]
    assert len((await _apply(house, _city(queue=later))).steps) == 1


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example;script-src *",
        "https://a.example https://b.example",
        "https://*.example",
        "https://a.example/path",
        "https://user@a.example",
        "https://a.example:99999",
        "javascript:alert(1)",
        "https://a.example\r\nX: y",
        "*",
    ],
)
async def test_an_origin_is_nothing_but_an_origin(house: House, origin: str) -> None:
    wanted = _city(widget_origin=[{"organisation": "town", "origin": origin}])
    with pytest.raises(Refused) as no:
        await _apply(house, wanted)
    assert no.value.detail == "invalid_origin"


async def test_an_admin_neither_sees_nor_touches_another_organisations(house: House) -> None:
    mine = await _exported(house, "admin@kela.example")
    assert [one.key for one in mine.organisation] == ["kela"]
    assert [one.key for one in mine.queue] == ["kela-advice"]
    actor = await house.actor("admin@kela.example")
    every = await _exported(house)
    foreign = next(one for one in every.queue if one.organisation == "mikkeli")
    stolen = msgspec.structs.replace(foreign, organisation="kela", addresses=())
    moved = msgspec.structs.replace(mine.queue[0], addresses=("neuvonta@mikkeli.example",))
    aino = next(one for one in every.user if one.email == "aino@mikkeli.example")
    takes = msgspec.structs.replace(aino, organisation="kela", organisations=("kela",), skills=())
    theirs = next(one for one in every.disposition if one.organisation == "mikkeli")
    for wanted, detail in [
        (Document(queue=(msgspec.structs.replace(foreign, target_s=1),)), "unknown_organisation"),
        (Document(queue=(stolen,)), "key_taken"),
        (Document(queue=(moved,)), "address_taken"),
        (Document(user=(takes,)), "email_taken"),
        (Document(organisation=(_city().organisation[0],)), "organisation_by_operator"),
        (Document(disposition=(theirs,)), "unknown_organisation"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as no:
            await _apply(house, wanted, actor=actor)
        assert no.value.detail == detail
    kept = await _exported(house)
    assert kept == every


async def test_an_agent_configures_nothing(house: House) -> None:
    agent = await house.actor("aino@mikkeli.example")
    with pytest.raises(Refused, match="forbidden"):
        await _apply(house, Document(), actor=agent)
    with pytest.raises(Refused, match="forbidden"):
        await _exported(house, "seppo@mikkeli.example")


async def test_nobody_gives_more_rights_than_their_own(house: House) -> None:
    actor = await house.actor("admin@kela.example")
    mine = await _exported(house, "admin@kela.example")
    kirsi = next(one for one in mine.user if one.email == "kirsi@kela.example")
    wider = msgspec.structs.replace(kirsi, organisations=("kela", "mikkeli"))
    with pytest.raises(Refused) as no:
        await _apply(house, Document(user=(wider,)), actor=actor)
    assert no.value.detail == "beyond_own_scope"


async def test_everything_is_in_the_audit_with_before_and_after(house: House) -> None:
    await _apply(house, _city())
    queue = msgspec.structs.replace(_city().queue[0], target_s=60)
    await _apply(house, Document(queue=(queue,)))
    row = await house.row("SELECT * FROM audit WHERE verb = 'change_queue'")
    assert (row["object_kind"], row["object_id"], row["user_id"]) == ("queue", "library", None)
    assert (row["before"], row["after"]) == ('{"target_s": 3600}', '{"target_s": 60}')


async def test_an_address_moves_between_own_queues_in_one_file(house: House) -> None:
    every = await _exported(house)
    one, two = [q for q in every.queue if q.organisation == "mikkeli"][:2]
    swapped = (
        msgspec.structs.replace(one, addresses=two.addresses),
        msgspec.structs.replace(two, addresses=one.addresses),
    )
    assert len((await _apply(house, Document(queue=swapped))).steps) == 2
    after = {q.key: q.addresses for q in (await _exported(house)).queue}
    assert after[one.key] == two.addresses


async def test_two_imports_at_once_take_turns(house: House) -> None:
    done = await asyncio.gather(*(_apply(house, _city()) for _ in range(4)))
    assert sorted(len(one.steps) for one in done) == [0, 0, 0, 6]


async def test_what_is_no_file_is_refused(house: House) -> None:
    for data in (b"\xff\xfe", b"[[queue]", b'{"queue": {}}', b'{"queues": []}', b"[" * 100_000):
        with pytest.raises(Refused) as no:
            filing.read(data)
        assert no.value.detail == "file_form"
    with pytest.raises(Refused, match="too_large"):
        filing.read(b" " * (filing.MAX_BYTES + 1))
