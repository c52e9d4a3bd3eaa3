"""Setting, changing and recovering a password: links work once, old sessions end."""

from __future__ import annotations

import asyncio
import time

import pytest

from contactcenter.accounts import actions, sessions, tokens
from contactcenter.accounts.first_admin import create_admin
from contactcenter.accounts.notices import compose
from contactcenter.errors import Refused
from tests.web.edge import ADMIN, AGENT, DISABLED, PASSWORD, Edge

NEW = "seitseman keltaista koiraa"


async def _ask(edge: Edge, email: str = AGENT) -> str:
    browser = await edge.browser()
    answer = await browser.post("/forgot", {"email": email})
    assert answer.status == 200
    return edge.token()


async def test_reset_by_mail(edge: Edge) -> None:
    before = await edge.signed_in()
    token = await _ask(edge)
    notice = edge.mailbox.notices[-1]
    assert (notice.kind, notice.to) == ("reset", AGENT)
    assert edge.mailbox.woken == 1
    subject, text = compose(edge.services.catalogue, notice)
    assert notice.link in text
    assert "{" not in subject + text

    browser = await edge.browser()
    form = await browser.get(f"/set-password/{token}")
    assert form.status == 200
    assert AGENT in form.text
    assert form.header("Referrer-Policy") == "strict-origin"
    assert form.header("Cache-Control") == "no-store"
    answer = await browser.post(f"/set-password/{token}", {"password": NEW, "again": NEW})
    assert (answer.status, answer.header("Location")) == (303, "/login?done=password")
    assert (await before.get("/api/session")).status == 401
    assert (await browser.sign_in(AGENT, PASSWORD)).status == 401
    assert (await browser.sign_in(AGENT, NEW)).status == 200
    again = await browser.post(f"/set-password/{token}", {"password": NEW, "again": NEW})
    assert again.status == 404


async def test_of_parallel_uses_one_succeeds(edge: Edge) -> None:
    token = await _ask(edge)
    accounts = edge.services.accounts
    results = await asyncio.gather(
        *(actions.set_password(accounts, token, f"{NEW} {n}") for n in range(6)),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    refused = [result for result in results if isinstance(result, Refused)]
    assert [no.code for no in refused] == ["not_found"] * 5
    assert len(await edge.audited("set_password")) == 1


async def test_a_bad_password_does_not_use_the_link_up(edge: Edge) -> None:
    token, browser = await _ask(edge), await edge.browser()
    for password, words in (
        ("lyhyt", "vähintään 10"),
        ("salasana123", "yleinen"),
        ("aino on paras agentti", "nimesi"),
        ("", "vähintään 10"),
    ):
        answer = await browser.post(
            f"/set-password/{token}", {"password": password, "again": password}
        )
        assert answer.status == 400
        assert words in answer.text
        assert 'aria-invalid="true"' in answer.text
    differ = await browser.post(f"/set-password/{token}", {"password": NEW, "again": "x" + NEW})
    assert (differ.status, "ole samat" in differ.text) == (400, True)
    done = await browser.post(f"/set-password/{token}", {"password": NEW, "again": NEW})
    assert done.status == 303


async def test_the_answer_and_its_time_do_not_tell_who_is_known(edge: Edge) -> None:
    taken: list[tuple[int, str]] = []
    for email in (AGENT, "nobody@city.example", DISABLED, "no address"):
        browser, started = await edge.browser(), time.monotonic()
        answer = await browser.post("/forgot", {"email": email})
        taken.append((answer.status, answer.text))
        assert time.monotonic() - started >= 0.3
    assert set(taken) == {taken[0]}
    assert [notice.to for notice in edge.mailbox.notices] == [AGENT]


async def test_a_flood_of_requests_is_stopped(edge: Edge) -> None:
    browser = await edge.browser()
    answers = await asyncio.gather(*(browser.post("/forgot", {"email": AGENT}) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [200] * 3 + [429] * 7
    assert len(edge.mailbox.notices) == 3


async def test_made_up_links_are_none(edge: Edge) -> None:
    browser = await edge.browser()
    for token in ("%20", "null", "[]", "A" * 43, "A" * 5000, "%00", "..%2f"):
        assert (await browser.get(f"/set-password/{token}")).status == 404
        answer = await browser.post(f"/set-password/{token}", {"password": NEW, "again": NEW})
        assert answer.status == 404


async def test_a_link_ends_with_time_address_and_a_newer_link(edge: Edge) -> None:
    first = await _ask(edge)
    second = await _ask(edge)
    browser = await edge.browser()
    assert (await browser.get(f"/set-password/{first}")).status == 404
    assert (await browser.get(f"/set-password/{second}")).status == 200
    await edge.rows("UPDATE users SET email = 'new@city.example' WHERE email = $1", AGENT)
    assert (await browser.get(f"/set-password/{second}")).status == 404
    third = await _ask(edge, "new@city.example")
    await edge.rows("UPDATE token SET expires_at = now()")
    assert (await browser.get(f"/set-password/{third}")).status == 404


async def test_links_live_as_long_as_they_should(edge: Edge) -> None:
    async with edge.services.db.transaction() as conn:
        await tokens.issue(conn, edge.users[AGENT], "invite")
        await tokens.issue(conn, edge.users[AGENT], "reset")
    rows = await edge.rows(
        "SELECT purpose, round(extract(epoch FROM expires_at - now()) / 60) AS minutes FROM token"
    )
    assert {row["purpose"]: int(row["minutes"]) for row in rows} == {"invite": 4320, "reset": 60}
    assert all(len(row["token_hash"]) == 32 for row in await edge.rows("SELECT * FROM token"))


async def test_changing_the_password_signs_out_everywhere_else(edge: Edge) -> None:
    here, there = await edge.signed_in(), await edge.signed_in()
    form = {"current": PASSWORD, "password": NEW, "again": NEW}
    answer = await here.post("/account/password", form)
    assert (answer.status, answer.header("Location")) == (303, "/account?done=password")
    assert (await here.get("/api/session")).status == 200
    assert (await there.get("/api/session")).status == 401
    async with edge.services.db.connection() as conn:
        hashes = [row["token_hash"] for row in await edge.rows("SELECT token_hash FROM session")]
        assert await sessions.valid_sessions(conn, [*hashes, b"x" * 32]) == set(hashes)
    assert len(hashes) == 1


async def test_changing_needs_the_current_password(edge: Edge) -> None:
    browser = await edge.signed_in()
    form = {"current": "wrong", "password": NEW, "again": NEW}
    answer = await browser.post("/account/password", form)
    assert answer.status == 401
    assert 'id="current-error"' in answer.text
    answers = [await browser.post("/account/password", form) for _ in range(12)]
    assert answers[-1].status == 429
    assert (await browser.sign_in(AGENT, PASSWORD)).status == 200


async def test_the_first_admin(edge: Edge) -> None:
    db = edge.services.db
    token = await create_admin(db, "Chief@New.Example", "Päivi  Pää", "newtown")
    browser = await edge.browser()
    form = {"password": NEW, "again": NEW}
    assert (await browser.post(f"/set-password/{token}", form)).status == 303
    user = (await browser.sign_in("chief@new.example", NEW)).json["user"]
    assert (user["name"], user["role"], user["organisation"]) == ("Päivi Pää", "admin", "newtown")
    again = await create_admin(db, "chief@new.example", "anybody", "newtown")
    assert (await browser.get(f"/set-password/{again}")).status == 200
    for email, organisation in ((AGENT, "city"), (ADMIN, "kela"), ("x", "city"), ("a@b.c", "No!")):
        with pytest.raises(Refused):
            await create_admin(db, email, "Name", organisation)
