"""Signing in: one answer for every No, limits, sessions that end when they must."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from contactcenter.accounts import sessions
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.web.throttle import Turns
from tests.web.edge import ADMIN, AGENT, DISABLED, PASSWORD, Edge


async def test_right_password(edge: Edge) -> None:
    browser = await edge.browser()
    answer = await browser.sign_in()
    assert answer.status == 200
    assert answer.json == {
        "user": {
            "id": str(edge.users[AGENT]),
            "name": "Aino Testaaja",
            "role": "agent",
            "organisation": "city",
            "language": "fi",
        }
    }
    cookie = answer.response.cookies["contactcenter"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert cookie.value not in answer.text
    me = await browser.get("/api/session")
    assert me.json == answer.json
    (row,) = await edge.audited("sign_in")
    assert (row["user_id"], row["address"]) == (edge.users[AGENT], "127.0.0.1")


async def test_unknown_wrong_disabled_and_invited_get_one_answer(edge: Edge) -> None:
    await edge.rows(
        "UPDATE users SET password_hash = NULL WHERE id = $1", edge.users["seppo@city.example"]
    )
    answers = []
    for email in ("nobody@city.example", AGENT, DISABLED, "seppo@city.example", "", "a\u0000b"):
        browser = await edge.browser()
        password = "not the password" if email == AGENT else PASSWORD
        answers.append(await browser.sign_in(email, password))
    assert {(a.status, a.text) for a in answers[:5]} == {(401, answers[0].text)}
    assert answers[0].error["code"] == "bad_login"
    assert answers[5].status == 400
    assert all(not a.response.cookies for a in answers)


BAD_BODIES: list[Any] = [
    {"email": AGENT, "password": True},
    {"email": AGENT, "password": []},
    {"email": AGENT, "password": None},
    {"email": AGENT, "password": {"$ne": 1}},
    {"email": AGENT, "password": 0},
    {"email": {"$ne": 1}, "password": PASSWORD},
    {"email": [AGENT], "password": PASSWORD},
    {"email": AGENT},
    {"email": AGENT, "password": PASSWORD, "role": "admin"},
    {"email": AGENT, "password": "x" * 1025},
    [AGENT, PASSWORD],
    "text",
    None,
]


async def test_wrong_types_and_unknown_fields_are_refused(edge: Edge) -> None:
    browser = await edge.browser()
    for body in BAD_BODIES:
        answer = await browser.json("POST", "/api/session", body)
        assert (answer.status, answer.error["code"]) == (400, "bad_request"), body
        assert not answer.response.cookies


async def test_hash_is_no_password(edge: Edge) -> None:
    (row,) = await edge.rows("SELECT password_hash FROM users WHERE email = $1", AGENT)
    assert (await (await edge.browser()).sign_in(AGENT, row["password_hash"])).status == 401


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


@pytest.mark.parametrize("chunked", [False, True])
async def test_ten_megabytes_of_password_are_refused(edge: Edge, chunked: bool) -> None:
    """A proxy or client that hangs up while we refuse counts as refused too."""
    body = b'{"email": "aino@city.example", "password": "' + b"x" * 10_000_000 + b'"}'
    headers = {"Content-Type": "application/json", "Accept": "application/json"}

    async def one() -> int:
        browser = await edge.browser()
        data: Any = _pieces(body) if chunked else io.BytesIO(body)
        try:
            return (await browser.ask("POST", "/api/session", data=data, headers=headers)).status
        except aiohttp.ClientConnectionError:
            return 413

    assert set(await asyncio.gather(*(one() for _ in range(20)))) == {413}
    assert await edge.audited("sign_in_failed") == []


async def test_a_form_of_another_type_is_refused(edge: Edge) -> None:
    browser = await edge.browser()
    body = f'{{"email": "{AGENT}", "password": "{PASSWORD}"}}'
    headers = {"Content-Type": "text/plain", "Accept": "application/json"}
    answer = await browser.ask("POST", "/api/session", data=body, headers=headers)
    assert answer.status == 400
    assert not answer.response.cookies


async def test_a_new_session_at_sign_in_and_the_old_one_is_dead(edge: Edge) -> None:
    browser, other = await edge.signed_in(), await edge.browser()
    old = browser.cookie
    await browser.sign_in()
    assert browser.cookie != old
    answer = await other.get("/api/session", headers={"Cookie": f"contactcenter={old}"})
    assert answer.status == 401


async def test_a_planted_cookie_is_not_taken_over(edge: Edge) -> None:
    browser = await edge.browser()
    planted = "A" * 43
    answer = await browser.json(
        "POST",
        "/api/session",
        {"email": AGENT, "password": PASSWORD},
        headers={"Cookie": f"contactcenter={planted}"},
    )
    assert answer.response.cookies["contactcenter"].value != planted


async def test_sign_out_ends_the_session(edge: Edge) -> None:
    browser, thief = await edge.signed_in(), await edge.browser()
    stolen = {"Cookie": f"contactcenter={browser.cookie}"}
    assert (await thief.get("/api/session", headers=stolen)).status == 200
    assert (await browser.json("DELETE", "/api/session", None)).status == 204
    assert browser.cookie == ""
    assert (await thief.get("/api/session", headers=stolen)).status == 401
    assert (await browser.json("DELETE", "/api/session", None)).status == 204


async def test_only_the_hash_of_a_session_is_stored(edge: Edge) -> None:
    browser = await edge.signed_in()
    (row,) = await edge.rows("SELECT * FROM session")
    assert browser.cookie.encode() not in row["token_hash"]
    assert len(row["token_hash"]) == 32


async def test_nonsense_cookies_sign_nobody_in(edge: Edge) -> None:
    browser = await edge.browser()
    for value in ("", " ", "null", "0", "A" * 43, "A" * 5000, "../..", "%00"):
        headers = {"Cookie": f"contactcenter={value}"}
        assert (await browser.get("/api/session", headers=headers)).status == 401


async def test_expired_and_disabled_sessions_are_none(edge: Edge) -> None:
    browser = await edge.signed_in()
    await edge.rows("UPDATE users SET disabled_at = now() WHERE email = $1", AGENT)
    assert (await browser.get("/api/session")).status == 401
    await edge.rows("UPDATE users SET disabled_at = NULL WHERE email = $1", AGENT)
    assert (await browser.get("/api/session")).status == 200
    await edge.rows("UPDATE session SET expires_at = now()")
    assert (await browser.get("/api/session")).status == 401


async def test_guessing_is_throttled_and_the_user_is_not_locked_out_elsewhere(edge: Edge) -> None:
    browser = await edge.browser()
    tries = [browser.sign_in(AGENT, "wrong password") for _ in range(50)]
    answers = await asyncio.gather(*tries)
    assert sum(a.status == 401 for a in answers) == 10
    refused = next(a for a in answers if a.status == 429)
    assert refused.error["code"] == "too_many"
    assert 0 < refused.error["retry_after_s"] <= 60
    assert int(refused.header("Retry-After")) >= refused.error["retry_after_s"]
    assert (await browser.sign_in(AGENT)).status == 429
    assert (await browser.sign_in(ADMIN)).status == 200


async def test_one_password_for_many_users_is_throttled(edge: Edge) -> None:
    browser = await edge.browser()
    answers = [await browser.sign_in(f"user{n}@city.example", "wrong") for n in range(80)]
    assert [a.status for a in answers[:60]] == [401] * 60
    assert answers[-1].status == 429


async def test_many_at_once_are_counted_too(edge: Edge) -> None:
    async def one(n: int) -> int:
        return (await (await edge.browser()).sign_in(f"user{n}@city.example", "wrong")).status

    statuses = await asyncio.gather(*(one(n) for n in range(150)))
    assert set(statuses) == {401, 429}
    assert 60 <= statuses.count(401) <= 60 + Turns.AT_ONCE


async def test_a_whole_office_signs_in_at_once(edge: Edge) -> None:
    assert edge.services.settings.logins_per_minute_per_address < 100
    await edge.rows(
        "INSERT INTO users (organisation_id, email, name, role, password_hash)"
        " SELECT organisation_id, 'u' || n || '@city.example', name, role, password_hash"
        " FROM users, generate_series(1, 100) AS n WHERE email = $1",
        AGENT,
    )

    async def one(n: int) -> int:
        return (await (await edge.browser()).sign_in(f"u{n}@city.example")).status

    assert set(await asyncio.gather(*(one(n) for n in range(1, 101)))) == {200}


async def test_a_sign_in_during_a_password_change_does_not_outlive_it(edge: Edge) -> None:
    """The session waits for the change, and is then refused."""
    (row,) = await edge.rows("SELECT id, password_hash FROM users WHERE email = $1", AGENT)

    async def late() -> object:
        async with edge.services.db.transaction() as conn:
            return await sessions.create(conn, row["id"], row["password_hash"])

    async with edge.services.db.transaction() as conn:
        await conn.execute("UPDATE users SET password_hash = 'x' WHERE id = $1", row["id"])
        await sessions.end_all(conn, row["id"])
        task = asyncio.create_task(late())
        while not await edge.rows("SELECT FROM pg_locks WHERE NOT granted"):
            pass
    assert await task is None
    assert await edge.rows("SELECT FROM session") == []


async def test_right_passwords_use_nothing_up(edge: Edge) -> None:
    async def one() -> int:
        return (await (await edge.browser()).sign_in()).status

    for _ in range(4):
        assert set(await asyncio.gather(*(one() for _ in range(8)))) == {200}


async def test_forwarding_headers_of_strangers_change_nothing(edge: Edge) -> None:
    browser = await edge.browser()
    for n in range(12):
        names = ("X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "Forwarded")
        headers = dict.fromkeys(names, f"10.1.2.{n}")
        body = {"email": AGENT, "password": "wrong password"}
        answer = await browser.json("POST", "/api/session", body, headers=headers)
    assert answer.status == 429
    assert {row["address"] for row in await edge.audited("sign_in_failed")} == {"127.0.0.1"}


async def test_without_redis_nobody_may_try(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object) -> int:
        raise LiveUnavailable("gone")

    monkeypatch.setattr(edge.services.limits, "_script", lost)
    answer = await (await edge.browser()).sign_in()
    assert answer.status == 503
    assert answer.error["code"] == "unavailable"


async def test_redis_and_log_hold_no_address(edge: Edge) -> None:
    from contactcenter.kernel.live import Live

    browser = await edge.browser()
    await browser.sign_in(AGENT, "wrong password")
    script = edge.services.limits._script
    live: Live = script._live
    keys = b" ".join(await live.call("KEYS", "*"))
    assert keys
    assert b"aino" not in keys
    assert b"127.0.0.1" not in keys
