"""One person over every channel: merged for a reason by somebody who may, taken back to the row."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Introduced, Sender
from contactcenter.desk import persons
from contactcenter.errors import Refused
from contactcenter.people import finding, merging, proposing, viewing
from contactcenter.stats import verify
from tests.house import KELA, House
from tests.rooms.people import AINO, BJORN, hashes, in_hand, people, wrote
from tests.rooms.test_by_hand import start

PHONE = Sender(kind="phone", address="+358401234567")


@pytest.fixture
async def aino(house: House) -> Actor:
    return await house.actor(AINO)


async def known(house: House, *ids: int) -> list[int]:
    """Who these are known to be."""
    rows = await house.rows(
        "SELECT known_person(x) AS id FROM unnest($1::bigint[]) WITH ORDINALITY AS t (x, n)"
        " ORDER BY n",
        list(ids),
    )
    return [row["id"] for row in rows]


async def violations(house: House) -> list[str]:
    """What `verify` says of persons."""
    async with house.node.db.connection() as conn:
        return [row["detail"] for row in await verify.SQL.person_differs.all(conn)]


async def merged(house: House, actor: Actor, one: int, other: int) -> int:
    """The id of a merge whose agent saw a document."""
    made = await merging.merge(people(house), actor, one, other, "document")
    return int(made["merge"])


async def test_a_merge_is_undone_to_the_row_whatever_came_meanwhile(
    house: House, aino: Actor
) -> None:
    one, two = await wrote(house, "ville@example.org"), await wrote(house, "v@work.example")
    before = await hashes(house)
    merge = await merged(house, aino, one, two)
    assert await known(house, one, two) == [one, one]
    view = await viewing.view(people(house), aino, two)
    assert (view["person"], len(view["cases"])) == (str(one), 2)
    assert await merging.undo(people(house), aino, merge) == {"persons": [str(one), str(two)]}
    assert await hashes(house) == before
    # What comes while they are one stays with whom it came to.
    merge = await merged(house, aino, one, two)
    assert await wrote(house, "v@work.example") == two
    between = await hashes(house)
    await merging.undo(people(house), aino, merge)
    after = await hashes(house)
    assert {table for table in after if after[table] != between[table]} == {"person"}
    assert [len((await viewing.view(people(house), aino, who))["cases"]) for who in (one, two)] == [
        1,
        2,
    ]
    notes = await house.rows(
        "SELECT verb, object_id FROM audit WHERE verb LIKE '%merge' ORDER BY id"
    )
    assert [tuple(note) for note in notes] == [
        (verb, str(one)) for verb in ("merge", "undo_merge") * 2
    ]


async def test_weak_grounds_are_proposed_and_not_enough(house: House, aino: Actor) -> None:
    one = await wrote(house, "ville@example.org")
    two = await wrote(
        house,
        "v@work.example",
        name="Veikkonen, Ville",
        text="Vastatkaa osoitteeseen Ville@example.org, 040 123 4567.",
    )
    (found,) = await proposing.proposals(people(house), aino, two)
    assert found == {
        "person": str(one),
        "name": "Ville Veikkonen",
        "addresses": [{"kind": "email", "address": "ville@example.org"}],
        "grounds": ["written", "name"],
        "enough": False,
    }
    with pytest.raises(Refused, match="weak_identity"):
        await merging.merge(people(house), aino, one, two, None)
    assert await house.rows("TABLE person_merge") == []
    await merging.merge(people(house), aino, one, two, "answers")
    row = await house.row("SELECT grounds, checked FROM person_merge")
    assert tuple(row) == (["written", "name"], "answers")
    assert await proposing.proposals(people(house), aino, two) == []


async def test_a_proven_address_is_enough(house: House, aino: Actor) -> None:
    one, two = await wrote(house, "ville@example.org"), await wrote(house, "v@work.example")
    await house.rows(
        "INSERT INTO transcript (id, case_id, organisation_id, request_id, address, language,"
        " token_hash, expires_at, proven_at) SELECT 1, k.id, k.organisation_id, 'r',"
        " 'ville@example.org', 'fi', 'x', now(), now() FROM cases k WHERE person_id = $1"
        " RETURNING 1",
        two,
    )
    (found,) = await proposing.proposals(people(house), aino, two)
    assert (found["grounds"], found["enough"]) == (["proven", "name"], True)
    await merging.merge(people(house), aino, two, one, None)
    assert await known(house, one, two) == [two, two]


async def test_a_repeat_is_one_merge_and_one_undo(house: House, aino: Actor) -> None:
    one, two = await wrote(house, "a@example.org"), await wrote(house, "b@example.org")
    made = [await merged(house, aino, *pair) for pair in ((one, two), (one, two), (two, one))]
    assert len(set(made)) == 1
    for _ in range(2):
        await merging.undo(people(house), aino, made[0])
    assert len(await house.rows("SELECT FROM audit WHERE verb LIKE '%merge'")) == 2


@pytest.mark.parametrize(
    ("order", "after"),
    [
        ((0, 2, 1), ["cbcc", "abcc", "abcd"]),
        ((2, 0, 1), ["aacc", "abcc", "abcd"]),
        ((1, 2, 0), ["cccd", "aacd", "abcd"]),
    ],
)
async def test_merges_are_undone_in_any_order(
    house: House, aino: Actor, order: tuple[int, ...], after: list[str]
) -> None:
    ids = [await wrote(house, f"p{n}@example.org") for n in range(4)]
    a, b, c, d = ids
    before = await hashes(house)
    merges = [
        await merged(house, aino, a, b),
        await merged(house, aino, c, d),
        await merged(house, aino, d, b),  # each by a part of it: c takes in a and b
    ]
    assert await known(house, *ids) == [c, c, c, c]
    for merge, leads in zip((merges[n] for n in order), after, strict=True):
        await merging.undo(people(house), aino, merge)
        assert await known(house, *ids) == [ids["abcd".index(lead)] for lead in leads]
        assert await violations(house) == []
    assert await hashes(house) == before


async def test_who_are_one_are_so_by_one_merge(house: House, aino: Actor) -> None:
    a, b, c, d = [await wrote(house, f"p{n}@example.org") for n in range(4)]
    first = await merged(house, aino, a, b)
    await merged(house, aino, c, d)
    third = await merged(house, aino, d, b)
    assert await merged(house, aino, a, d) == await merged(house, aino, b, c) == third
    assert await merged(house, aino, a, b) == first
    with pytest.raises(Refused, match="invalid_field"):
        await merged(house, aino, a, a)
    await house.rows("UPDATE person SET merged_into = $1 WHERE id = $2 RETURNING 1", d, a)
    assert await violations(house) == [f"person {a} is known as {d}"]


async def test_both_agents_learn_of_it_and_keep_their_contacts(house: House) -> None:
    aino, mine, one = await in_hand(house, AINO, "ville@example.org")
    await house.on_duty(AINO, "away")
    bjorn, theirs, two = await in_hand(house, BJORN, "v@work.example")
    rows = await house.rows("SELECT * FROM contact ORDER BY id")
    assert [row["owner"] for row in rows] == [aino.user_id, bjorn.user_id]
    merge = await merged(house, aino, one, two)
    for undone in (False, True):
        told = [(await house.told(who, "merge"))[-1] for who in (aino, bjorn)]
        assert [frame["contacts"] for frame in told] == [[str(mine)], [str(theirs)]]
        assert {(frame["merge"], frame["undone"], frame["by"]) for frame in told} == {
            (str(merge), undone, (bjorn if undone else aino).name)
        }
        assert await house.rows("SELECT * FROM contact ORDER BY id") == rows
        if not undone:
            await merging.undo(people(house), bjorn, merge)


async def test_no_merge_across_organisations(house: House, aino: Actor) -> None:
    one, kela = await wrote(house, "a@example.org"), await wrote(house, "a@example.org", to=KELA)
    assert one != kela
    seen = {row["organisation_id"] for row in await house.rows("SELECT * FROM person")}
    both = Actor(aino.user_id, aino.name, "admin", aino.organisation_id, tuple(seen))
    with pytest.raises(Refused, match="other_organisation"):
        await merged(house, both, one, kela)
    kirsi = await house.actor("kirsi@kela.example")
    for tried in (
        merged(house, kirsi, one, kela),
        merged(house, kirsi, kela, one),
        viewing.view(people(house), kirsi, one),
        proposing.proposals(people(house), kirsi, one),
    ):
        with pytest.raises(Refused, match="not_found"):
            await tried
    found = await finding.by_address(people(house), kirsi, " A@example.org")
    assert [one["person"] for one in found] == [str(kela)]
    two = await wrote(house, "b@example.org")
    merge = await merged(house, aino, one, two)
    with pytest.raises(Refused, match="not_found"):
        await merging.undo(people(house), kirsi, merge)


async def test_merges_at_once_make_one_person_and_no_ring(house: House, aino: Actor) -> None:
    ids = [await wrote(house, f"p{n}@example.org") for n in range(4)]
    before = await hashes(house)
    pairs = [(one, two) for one in ids for two in ids if one != two]
    done = await asyncio.gather(*(merged(house, aino, *pair) for pair in pairs))
    assert len(set(done)) == 3
    assert len(set(await known(house, *ids))) == 1
    stand = await house.rows("SELECT id FROM person_merge WHERE undone_at IS NULL ORDER BY id")
    assert len(stand) == 3
    assert await violations(house) == []
    # Undo them all at once, twice each, while a contact of each arrives.
    await asyncio.gather(
        *(merging.undo(people(house), aino, row["id"]) for row in stand for _ in range(2)),
        *(wrote(house, f"p{n}@example.org") for n in range(4)),
    )
    assert await known(house, *ids) == ids
    assert await violations(house) == []
    counts = await house.rows("SELECT count(*) AS n FROM contact GROUP BY person_id")
    assert [row["n"] for row in counts] == [2] * 4
    after = await hashes(house)
    assert after["person"] == before["person"]


async def test_a_merge_and_its_undoing_at_once(house: House, aino: Actor) -> None:
    one, two, three = [await wrote(house, f"p{n}@example.org") for n in range(3)]
    merge = await merged(house, aino, one, two)
    await asyncio.gather(merging.undo(people(house), aino, merge), merged(house, aino, three, one))
    assert await known(house, one, two, three) == [three, two, three]


async def test_who_is_introduced_while_merged_stays_who_they_are(house: House, aino: Actor) -> None:
    agent = await house.on_duty(AINO)
    one = await wrote(house, "ville@example.org")
    call = await start(house, agent)
    two = (await house.contact(call))["person_id"]
    merge = await merged(house, aino, one, two)
    told = Introduced(contact=str(call), name="Ville", senders=(PHONE,))
    await persons.introduce(house.node.desk, agent, told)
    await merging.undo(people(house), aino, merge)
    assert await known(house, one, two) == [one, two]
    row = await house.row("SELECT person_id FROM identity WHERE kind = 'phone'")
    assert row["person_id"] == (await house.contact(call))["person_id"] == two
