"""Admins and users: invitations, rights that can't be exceeded, what the audit says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from contactcenter.accounts import staff, store
from contactcenter.accounts.rules import Profile, Skill
from tests.web.edge import ADMIN, AGENT, PARTNER, PARTNER_ADMIN, SUPERVISOR, Edge

NEW = "seitseman keltaista koiraa"
LINK = re.compile(r'value="(http://[^"]+/set-password/[\w-]{43})"')


def _invitation(edge: Edge, **given: Any) -> dict[str, Any]:
    form = {
        "email": "uusi@city.example",
        "name": "Uuno Uusi",
        "role": "agent",
        "language": "sv",
        "organisation": str(edge.organisations["city"]),
        "capacity": "2",
    }
    return form | given


def _edit(edge: Edge, **given: Any) -> dict[str, Any]:
    form = {
        "email": AGENT,
        "name": "Aino Testaaja",
        "role": "agent",
        "language": "fi",
        "capacity": "3",
        "scope": [str(edge.organisations["city"])],
    }
    return form | given


async def test_invitation(edge: Edge) -> None:
    admin, guest = await edge.signed_in(ADMIN), await edge.browser()
    page = await admin.post("/admin/users", _invitation(edge))
    assert page.status == 200
    link = LINK.search(page.text)
    assert link is not None
    assert link[1] == edge.mailbox.notices[-1].link
    path = link[1].removeprefix(edge.url)
    form = await guest.get(path)
    assert '<html lang="sv">' in form.text
    assert (await guest.sign_in("uusi@city.example", NEW)).status == 401
    assert (await guest.post(path, {"password": NEW, "again": NEW})).status == 303
    user = (await guest.sign_in("uusi@city.example", NEW)).json["user"]
    assert (user["role"], user["organisation"]) == ("agent", "city")
    (row,) = await edge.audited("invite")
    assert row["user_id"] == edge.users[ADMIN]
    assert json.loads(row["after"])["role"] == "agent"
    listed = await admin.get(f"/admin/users/{user['id']}")
    assert LINK.search(listed.text) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": AGENT}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"role": "root"}, "role"),
        ({"language": "xx"}, "language"),
        ({"capacity": "0"}, "capacity"),
        ({"capacity": "many"}, "capacity"),
        ({"capacity": ""}, "capacity"),
    ],
)
async def test_bad_invitations_are_shown_again(edge: Edge, given: Any, field: str) -> None:
    admin = await edge.signed_in(ADMIN)
    page = await admin.post("/admin/users", _invitation(edge, **given))
    assert page.status == 400
    assert f'id="{field}-error"' in page.text
    assert edge.mailbox.notices == []
    assert await edge.audited("invite") == []


async def test_fields_that_were_not_asked_for_are_refused(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    for name in ("is_admin", "id", "password_hash", "disabled_at", "created_at"):
        form = _invitation(edge) | {name: "1"}
        assert (await admin.post("/admin/users", form)).status == 400, name
    assert len(await edge.rows("SELECT FROM users")) == len(edge.users)


async def test_an_admin_stays_in_the_own_organisation(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    kela, partner = str(edge.organisations["kela"]), edge.users[PARTNER]
    foreign = _invitation(edge, organisation=kela)
    assert (await admin.post("/admin/users", foreign)).status == 404
    assert (await admin.get(f"/admin/users/{partner}")).status == 404
    for verb in ("", "/disable", "/enable", "/invite"):
        form = _edit(edge, email=PARTNER) if not verb else None
        assert (await admin.post(f"/admin/users/{partner}{verb}", form)).status == 404
    both = _edit(edge, scope=[str(edge.organisations["city"]), kela])
    page = await admin.post(f"/admin/users/{edge.users[AGENT]}", both)
    assert page.status == 403
    assert 'id="scope-error"' in page.text
    assert PARTNER not in (await admin.get("/admin/users")).text
    assert await edge.audited("change_user") == []


async def test_who_sees_more_can_not_be_managed(edge: Edge) -> None:
    """A new link for a colleague with a wider sight would be a way to that sight."""
    agent = edge.users[AGENT]
    async with edge.services.db.transaction() as conn:
        await store.set_scope(conn, agent, edge.organisations.values())
    admin = await edge.signed_in(ADMIN)
    assert (await admin.get(f"/admin/users/{agent}")).status == 200
    assert (await admin.post(f"/admin/users/{agent}/invite")).status == 403
    assert (await admin.post(f"/admin/users/{agent}", _edit(edge))).status == 403
    assert edge.mailbox.notices == []


@pytest.mark.parametrize("email", [AGENT, SUPERVISOR])
async def test_others_can_do_nothing_of_it(edge: Edge, email: str) -> None:
    browser, me = await edge.signed_in(email), edge.users[email]
    for path in ("/admin/users", f"/admin/users/{me}", "/admin/audit"):
        assert (await browser.get(path)).status == 403
    assert (await browser.post("/admin/users", _invitation(edge))).status == 403
    mine = _edit(edge, email=email, role="admin")
    assert (await browser.post(f"/admin/users/{me}", mine)).status == 403
    for verb in ("disable", "enable", "invite"):
        assert (await browser.post(f"/admin/users/{edge.users[ADMIN]}/{verb}")).status == 403
    assert (await edge.rows("SELECT role FROM users WHERE id = $1", me))[0]["role"] != "admin"
    assert edge.mailbox.notices == []


async def test_changing_a_user(edge: Edge) -> None:
    changed: list[int] = []

    async def user_changed(user_id: int) -> None:
        changed.append(user_id)

    edge.services.user_changed = user_changed
    admin, agent = await edge.signed_in(ADMIN), await edge.signed_in(AGENT)
    me, city = edge.users[AGENT], edge.organisations["city"]
    await edge.rows("INSERT INTO agent (user_id) VALUES ($1)", me)
    form = _edit(edge, capacity="5", skills=["", f"{city}/general/fi/2", f"{city}/general/sv/1"])
    answer = await admin.post(f"/admin/users/{me}", form)
    assert (answer.status, answer.header("Location")) == (303, f"/admin/users/{me}?done=saved")
    assert changed == [me]
    assert (await agent.get("/api/session")).status == 200
    (row,) = await edge.audited("change_user")
    assert json.loads(row["before"]) == {"capacity": 3, "skills": []}
    skills = [f"{city}/general/fi/2", f"{city}/general/sv/1"]
    assert json.loads(row["after"]) == {"capacity": 5, "skills": skills}
    assert (await edge.rows("SELECT version FROM agent"))[0]["version"] == 2
    page = await admin.get(f"/admin/users/{me}")
    assert f'value="{city}/general/fi/2" selected' in page.text
    audit = await admin.get(f"/admin/audit?kind=user&object={me}")
    assert f"<ins>{skills[0]}, {skills[1]}</ins>" in audit.text


@pytest.mark.parametrize(
    "given", [{"role": "supervisor"}, {"email": "aino2@city.example"}, {"scope": "both"}]
)
async def test_other_rights_end_the_users_sessions(edge: Edge, given: dict[str, Any]) -> None:
    async with edge.services.db.transaction() as conn:
        await store.set_scope(conn, edge.users[ADMIN], edge.organisations.values())
    admin, agent = await edge.signed_in(ADMIN), await edge.signed_in(AGENT)
    if "scope" in given:
        given = {"scope": [str(one) for one in edge.organisations.values()]}
    answer = await admin.post(f"/admin/users/{edge.users[AGENT]}", _edit(edge, **given))
    assert answer.status == 303
    assert (await agent.get("/api/session")).status == 401


async def test_bad_skills_are_refused(edge: Edge) -> None:
    admin, kela = await edge.signed_in(ADMIN), edge.organisations["kela"]
    bad = ["x", "1/general/fi", "1/general/fi/9", "1/../fi/1", "1/general/<b>/1", "1/general/fi/1;"]
    for skill in [*bad, f"{kela}/general/fi/1", "99999999999/general/fi/1"]:
        form = _edit(edge, skills=[skill])
        assert (await admin.post(f"/admin/users/{edge.users[AGENT]}", form)).status == 400, skill
    assert await edge.rows("SELECT FROM skill") == []


async def test_disabling_and_enabling(edge: Edge) -> None:
    admin, agent = await edge.signed_in(ADMIN), await edge.signed_in(AGENT)
    me = edge.users[AGENT]
    for _ in range(2):
        assert (await admin.post(f"/admin/users/{me}/disable")).status == 303
    assert (await agent.get("/api/session")).status == 401
    assert (await agent.sign_in()).status == 401
    assert (await admin.post(f"/admin/users/{me}/invite")).status == 409
    assert (await admin.post(f"/admin/users/{me}/enable")).status == 303
    assert (await agent.sign_in()).status == 200
    assert len(await edge.audited("disable_user")) == 1
    assert len(await edge.audited("enable_user")) == 1


async def test_an_admin_can_not_change_the_own_rights(edge: Edge) -> None:
    admin, me = await edge.signed_in(ADMIN), edge.users[ADMIN]
    form = _edit(edge, email=ADMIN, name="Anna Testaaja", role="agent")
    assert (await admin.post(f"/admin/users/{me}", form)).status == 403
    assert (await admin.post(f"/admin/users/{me}/disable")).status == 403
    form = _edit(edge, email=ADMIN, name="Anna Uusinimi", role="admin")
    assert (await admin.post(f"/admin/users/{me}", form)).status == 303


async def test_the_audit_shows_the_own_organisation_only_and_its_own_readers(edge: Edge) -> None:
    await (await edge.browser()).sign_in(PARTNER, "wrong password")
    await edge.signed_in(PARTNER)
    admin = await edge.signed_in(ADMIN)
    page = await admin.get("/admin/audit")
    assert page.status == 200
    assert "Anna Testaaja" in page.text
    assert "Kirsi" not in page.text
    (row,) = await edge.audited("read_audit")
    assert row["user_id"] == edge.users[ADMIN]
    partner = await edge.signed_in(PARTNER_ADMIN)
    assert "Kirsi" in (await partner.get("/admin/audit")).text


async def test_unusable_filters_are_refused(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    for query in ("user=x", "user=-1", "before='%20OR%20pg_sleep(3)--", "sort=id", "user=1&user=2"):
        assert (await admin.get(f"/admin/audit?{query}")).status == 400, query


async def test_filters_are_values_never_sql(edge: Edge) -> None:
    admin = await edge.signed_in(ADMIN)
    for name in ("verb", "kind", "object"):
        page = await admin.get("/admin/audit", params={name: "x' OR 1=1 --"})
        assert page.status == 200
        assert "<tbody>" not in page.text


async def test_two_admins_one_after_the_other(edge: Edge) -> None:
    """Each change's `before` is what the change before left."""
    accounts, city = edge.services.accounts, edge.organisations["city"]
    row, actor = await _actor(edge, ADMIN)
    for capacity in (4, 5, 6):
        new = Profile(
            AGENT, "Aino Testaaja", "agent", "fi", capacity, (city,), (Skill(city, "x", "fi", 1),)
        )
        await staff.update(accounts, actor, edge.users[AGENT], new)
    pairs = [
        (json.loads(r["before"])["capacity"], json.loads(r["after"])["capacity"])
        for r in await edge.audited("change_user")
    ]
    assert pairs == [(3, 4), (4, 5), (5, 6)]
    assert row["role"] == "admin"


async def _actor(edge: Edge, email: str) -> tuple[Any, Any]:
    from contactcenter.accounts.authorise import Actor

    (row,) = await edge.rows("SELECT * FROM users WHERE email = $1", email)
    scope = (row["organisation_id"],)
    return row, Actor(row["id"], row["name"], row["role"], row["organisation_id"], scope)
