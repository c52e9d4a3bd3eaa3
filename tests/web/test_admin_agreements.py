"""Agreements on their page, and the day of training on a user's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.edge import ADMIN, AGENT, PARTNER_ADMIN, Edge
from tests.web.test_admin_queues import seen

NEW = "/admin/new/agreement"
ONE = "/admin/agreements/city/kela"
FORM = {
    "organisation": "city",
    "key": "kela",
    "agents_of": "kela",
    "tasks": ["library", "general"],
    "valid_from": "2026-01-01",
    "valid_to": "",
    "seen": "",
}


async def test_an_agreement_is_made_changed_ended_and_audited(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    assert (await admin.post(NEW, FORM)).status == 303
    (row,) = await edge.rows("SELECT tasks, valid_from::text, valid_to FROM agreement")
    assert tuple(row) == (["general", "library"], "2026-01-01", None)
    assert (await admin.post(NEW, FORM)).status == 400  # the key is taken
    change = FORM | {"valid_to": "2026-06-30", "seen": seen(await admin.get(ONE))}
    assert (await admin.post(ONE, change)).status == 303
    assert (await admin.post(ONE, change)).status == 409  # changed meanwhile
    for language, first, last in (
        ("en", "1 January 2026", "30 June 2026"),
        ("fi", "1.1.2026", "30.6.2026"),
    ):
        page = (await admin.get(f"/admin/agreements?lang={language}")).text
        assert f"{first}\N{EN DASH}{last}" in page
    assert (await admin.post(f"{ONE}/disable", {"seen": seen(await admin.get(ONE))})).status == 303
    assert "Out of use" in (await admin.get("/admin/agreements?lang=en")).text
    (added,) = await edge.audited("add_agreement")
    assert json.loads(added["after"])["agents_of"] == "kela"
    (changed,) = await edge.audited("change_agreement")
    assert json.loads(changed["before"]) == {"valid_to": None}
    assert json.loads(changed["after"]) == {"valid_to": "2026-06-30"}
    assert len(await edge.audited("disable_agreement")) == 1


async def test_the_other_side_sees_it_and_changes_nothing(edge: Edge) -> None:
    admin, partner = await edge.signed_in(ADMIN), await edge.signed_in(PARTNER_ADMIN)
    assert (await admin.post(NEW, FORM)).status == 303
    page = await partner.get("/admin/agreements?lang=en")
    assert "Yleinen, library</span>" in page.text
    assert "from 1 January 2026" in page.text
    assert ONE not in page.text
    assert (await partner.get(ONE)).status == 404
    assert (await partner.post(ONE, FORM)).status == 404
    assert (await partner.post(NEW, FORM | {"key": "other"})).status == 400
    assert (await (await edge.signed_in(AGENT)).post(NEW, FORM)).status == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"key": "Kela"}, "key"),
        ({"agents_of": "city"}, "agents_of"),
        ({"agents_of": "nobody"}, "agents_of"),
        ({"tasks": []}, "tasks"),
        ({"tasks": ["gen/eral"]}, "tasks"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "1.1.2026"}, "valid_from"),
        ({"valid_to": "2025-12-31"}, "valid_to"),
    ],
)
async def test_what_can_be_none_is_shown_again(edge: Edge, given: Any, field: str) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post(NEW, FORM | given)
    assert page.status == 400
    assert f'id="{field}-error"' in page.text
    assert await edge.rows("SELECT FROM agreement") == []


async def test_the_day_of_training_is_set_on_the_users_page(edge: Edge) -> None:
    """Of a task of another organisation, which the admin sees too."""
    city, kela = edge.organisations["city"], edge.organisations["kela"]
    for user in (ADMIN, AGENT):
        await edge.rows(
            "INSERT INTO user_organisation VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
            edge.users[user],
            kela,
        )
    admin = await edge.signed_in(ADMIN)
    place = f"/admin/users/{edge.users[AGENT]}"
    form = {
        "email": AGENT, "name": "Aino", "role": "agent", "language": "fi", "capacity": "3",
        "scope": [str(city), str(kela)],
        "skills": [f"{kela}/benefits/fi/2", f"{city}/general/fi/1"],
        "trained_for": [f"{kela}/benefits"], "trained": ["2026-02-30"],
    }  # fmt: skip
    no = await admin.post(place, form)
    assert no.status == 400
    assert 'id="skills-error"' in no.text
    assert (await admin.post(place, form | {"trained": ["2026-02-28"]})).status == 303
    rows = await edge.rows("SELECT task, trained_on::text FROM skill ORDER BY task")
    assert [tuple(row) for row in rows] == [("benefits", "2026-02-28"), ("general", None)]
    page = (await admin.get(place)).text
    assert 'name="trained" value="2026-02-28"' in page
    assert page.count('name="trained"') == 1  # none for the own organisation's
    (changed,) = await edge.audited("change_user")
    assert f"{kela}/benefits/fi/2 2026-02-28" in json.loads(changed["after"])["skills"]
