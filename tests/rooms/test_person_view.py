"""All of a person on one page: for whom, with what left out, and noted."""

from __future__ import annotations

import pytest

from contactcenter.accounts.authorise import Actor
from contactcenter.cases.needed import is_needed
from contactcenter.desk import casework
from contactcenter.errors import Refused
from contactcenter.people import finding, merging, proposing, protecting, viewing
from tests.house import House
from tests.rooms.people import AINO, BJORN, in_hand, people, wrote


@pytest.fixture
async def aino(house: House) -> Actor:
    return await house.actor(AINO)


async def sensitive_queue(house: House) -> str:
    """A queue of the city becomes sensitive; its address."""
    row = await house.row(
        "SELECT a.address, q.id FROM mail_address a JOIN queue q ON q.id = a.queue_id"
        " JOIN organisation o ON o.id = q.organisation_id"
        " WHERE o.key = 'mikkeli' AND q.key <> 'general' ORDER BY q.id LIMIT 1"
    )
    await house.rows("UPDATE queue SET sensitive = true WHERE id = $1 RETURNING 1", row["id"])
    address: str = row["address"]
    return address


async def test_what_is_shown(house: House, aino: Actor) -> None:
    person = await wrote(house, "ville@example.org", subject="Päiväkoti", language="sv")
    await wrote(house, "ville@example.org", subject="Koulu", language="sv")
    first, second = await house.rows("SELECT id, case_id, organisation_id, queue_id FROM contact")
    await house.rows(
        "INSERT INTO feedback (contact_id, case_id, organisation_id, queue_id, channel, language,"
        " handling, text) VALUES ($1, $2, $3, $4, 'mail', 'sv', 4, 'Tack') RETURNING 1",
        *first.values(),
    )
    await house.rows(
        "UPDATE cases SET state = 'resolved', resolved_at = now() WHERE id = $1 RETURNING 1",
        second["case_id"],
    )
    await house.rows(
        "INSERT INTO case_service (case_id, organisation_id, service_id, user_id)"
        " SELECT $1, $2, min(id), $3 FROM service WHERE organisation_id = $2 RETURNING 1",
        first["case_id"],
        first["organisation_id"],
        aino.user_id,
    )
    view = await viewing.view(people(house), aino, person, second["id"])
    assert [
        set(case["service"]["name"]) if case["service"] else None for case in view["cases"]
    ] == [
        {"fi", "sv", "en"},
        None,
    ]
    assert [(case["subject"], case["state"]) for case in view["cases"]] == [
        ("Päiväkoti", "open"),
        ("Koulu", "resolved"),
    ]
    assert (view["name"], view["language"], view["channel"]) == ("Ville Veikkonen", "sv", "mail")
    assert (view["protected"], view["may_reveal"], view["more"]) == (False, False, False)
    (identity,) = view["identities"]
    assert (identity["address"], identity["strength"]) == ("ville@example.org", "asserted")
    assert [(each["handling"], each["text"]) for each in view["feedback"]] == [(4, "Tack")]
    note = await house.row("SELECT * FROM audit WHERE object_kind = 'person'")
    assert (note["verb"], note["user_id"], note["object_id"], note["after"]) == (
        "read",
        aino.user_id,
        str(person),
        f'{{"contact": "{second["id"]}"}}',
    )


async def test_only_the_newest_contacts_are_read(
    house: House, aino: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "MOST", 2)
    for subject in ("1", "2", "3"):
        person = await wrote(house, "ville@example.org", subject=subject)
    view = await viewing.view(people(house), aino, person)
    assert ([case["subject"] for case in view["cases"]], view["more"]) == (["3", "2"], True)


async def test_a_sensitive_case_is_seen_by_who_needs_it(house: House) -> None:
    address = await sensitive_queue(house)
    bjorn, _, person = await in_hand(house, BJORN, "ville@example.org", subject="Kirjasto")
    await house.on_duty(BJORN, "away")
    await wrote(house, "ville@example.org", to=address, subject="Toimeentulo")
    case = (await house.row("SELECT id FROM cases WHERE subject = 'Toimeentulo'"))["id"]
    admin = await house.actor("admin@mikkeli.example")

    async def subjects(actor: Actor, whose: int = person) -> set[str]:
        view = await viewing.view(people(house), actor, whose)
        return {each["subject"] for each in view["cases"]}

    async def sees(actor: Actor) -> bool:
        async with house.node.db.connection() as conn:
            return await is_needed(conn, actor, case)

    for actor in (bjorn, admin):
        assert await subjects(actor) == {"Kirjasto"}
        assert not await sees(actor)
        assert "Toimeentulo" not in str(await proposing.proposals(people(house), actor, person))
    for act in (casework.reopen, casework.resolve):  # nor by taking it up, or settling it
        for one in (case, 999_999_999_999):
            with pytest.raises(Refused, match="not_found") as no:
                await act(house.node.desk, bjorn, one)
            assert no.value.field == "case"
    # It is in hand: seen, with what else there is of the person in the same queue.
    await house.rows(
        "UPDATE contact SET state = 'active', owner = $1 WHERE case_id = $2 RETURNING 1",
        admin.user_id,
        case,
    )
    assert await subjects(admin) == {"Kirjasto", "Toimeentulo"}
    assert await sees(admin)
    # Of another person of that queue it is not needed, until an agent says they are one.
    other = await wrote(house, "v@work.example", to=address, subject="Asumistuki")
    assert await subjects(admin, other) == set()
    made = await merging.merge(people(house), admin, person, other, "document")
    assert await subjects(admin) == {"Kirjasto", "Toimeentulo", "Asumistuki"}
    await merging.undo(people(house), admin, int(made["merge"]))
    assert await subjects(admin, other) == set()
    # Closed, it is hidden from its agent too, who may take it up again.
    await house.rows("UPDATE contact SET state = 'closed' WHERE case_id = $1 RETURNING 1", case)
    assert await subjects(admin) == {"Kirjasto"}
    await house.on_duty("admin@mikkeli.example")
    await casework.reopen(house.node.desk, admin, case)
    assert await sees(admin)


async def test_a_protected_persons_addresses_are_nowhere(house: House) -> None:
    aino, contact, person = await in_hand(house, AINO, "ville@example.org")
    admin = await house.actor("admin@mikkeli.example")
    await protecting.protect(people(house), aino, person, protected=True)
    card = (await house.told(aino, "contact"))[-1]["contact"]
    assert (card["contact"], card["person"]["address"], card["person"]["protected"]) == (
        str(contact),
        None,
        True,
    )
    for actor in (aino, admin):
        view = await viewing.view(people(house), actor, person)
        assert "ville@example.org" not in str(view)
        assert [each["kind"] for each in view["identities"]] == ["email"]
        assert (view["protected"], view["may_reveal"]) == (True, actor is admin)
        assert await finding.by_address(people(house), actor, "ville@example.org") == []
    other = await wrote(house, "v@work.example", text="Olen myös ville@example.org")
    assert await proposing.proposals(people(house), admin, other) == []
    for refused in (
        merging.merge(people(house), aino, other, person, "document"),
        protecting.reveal(people(house), aino, person, "Soitto"),
        protecting.protect(people(house), aino, person, protected=False),
    ):
        with pytest.raises(Refused, match="forbidden"):
            await refused
    with pytest.raises(Refused, match="required"):
        await protecting.reveal(people(house), admin, person, "  ")
    shown = await protecting.reveal(people(house), admin, person, "Kotikäynti sovittu")
    assert [each["address"] for each in shown] == ["ville@example.org"]
    note = await house.row("SELECT after FROM audit WHERE verb = 'reveal'")
    assert note["after"] == '{"reason": "Kotikäynti sovittu"}'
    # Who is merged with them is protected too, and no more after the undoing.
    merge = int((await merging.merge(people(house), admin, other, person, "document"))["merge"])
    assert (await viewing.view(people(house), admin, other))["protected"]
    await merging.undo(people(house), admin, merge)
    assert not (await viewing.view(people(house), admin, other))["protected"]
    await protecting.protect(people(house), admin, person, protected=False)
    card = (await house.told(aino, "contact"))[-1]["contact"]
    assert card["person"]["address"] == "ville@example.org"


async def test_protection_set_while_merged_stays_with_both(house: House, aino: Actor) -> None:
    one, two = await wrote(house, "a@example.org"), await wrote(house, "b@example.org")
    merge = await merging.merge(people(house), aino, one, two, "document")
    await protecting.protect(people(house), aino, two, protected=True)
    await merging.undo(people(house), aino, int(merge["merge"]))
    assert [(await viewing.view(people(house), aino, who))["protected"] for who in (one, two)] == [
        True,
        True,
    ]
