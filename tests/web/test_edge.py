"""What stands before every handler: origins, headers, sizes, files, health."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import ip_network

import pytest
from yarl import URL

from contactcenter.web.address import client
from contactcenter.web.health import Health
from contactcenter.web.services import Check
from contactcenter.web.vendor import IMPORT_MAP_HASH
from tests.web.edge import ADMIN, AGENT, PASSWORD, Edge

FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "http://127.0.0.1",
    "http://127.0.0.1:1.evil.example",
]


@pytest.mark.parametrize("origin", [*FOREIGN, None])
async def test_a_foreign_or_missing_origin_changes_nothing(edge: Edge, origin: str | None) -> None:
    admin = await edge.signed_in(ADMIN)
    requests = [
        await admin.post(f"/admin/users/{edge.users[AGENT]}/disable", origin=origin),
        await admin.post("/account/language", {"language": "sv"}, origin=origin),
        await admin.post("/logout", origin=origin),
        await admin.json("DELETE", "/api/session", None, origin=origin),
    ]
    assert [answer.status for answer in requests] == [403] * 4
    assert (await admin.get("/api/session")).json["user"]["language"] == "fi"
    assert (
        await edge.rows("SELECT FROM users WHERE disabled_at IS NOT NULL AND email = $1", AGENT)
        == []
    )


@pytest.mark.parametrize("origin", FOREIGN)
async def test_nobody_is_signed_in_from_another_site(edge: Edge, origin: str) -> None:
    browser = await edge.browser()
    body = {"email": AGENT, "password": PASSWORD}
    answer = await browser.json("POST", "/api/session", body, origin=origin)
    assert answer.status == 403
    assert answer.error["code"] == "forbidden"
    assert edge.url in answer.error["message"]
    assert (await browser.post("/login", body, origin=origin)).status == 403
    assert await edge.rows("SELECT FROM session") == []


async def test_a_program_may_sign_in_without_an_origin(edge: Edge) -> None:
    browser = await edge.browser()
    body = {"email": AGENT, "password": PASSWORD}
    for _ in range(2):  # the second time with the first one's cookie
        assert (await browser.json("POST", "/api/session", body, origin=None)).status == 200


async def test_nothing_is_changed_by_get(edge: Edge) -> None:
    admin, agent = await edge.signed_in(ADMIN), edge.users[AGENT]
    before = await edge.rows("SELECT * FROM users ORDER BY id")
    for verb in ("disable", "enable", "invite"):
        assert (await admin.get(f"/admin/users/{agent}/{verb}")).status in (404, 405)
    for path in ("/logout", "/account/password", "/account/language"):
        assert (await admin.get(path)).status == 405
    assert await edge.rows("SELECT * FROM users ORDER BY id") == before


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/api/session", "/health/live", "/"])
async def test_headers_stand_on_every_answer(edge: Edge, path: str) -> None:
    answer = await (await edge.browser()).get(path)
    policy = answer.header("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert answer.header("X-Frame-Options") == "DENY"
    assert "unsafe" not in policy
    assert f"'{IMPORT_MAP_HASH}'" in policy
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Referrer-Policy") == "same-origin"
    assert answer.header("Cross-Origin-Opener-Policy") == "same-origin"
    assert answer.header("Cache-Control") == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.response.headers
    assert answer.header("Server") == "contactcenter"


async def test_under_https_the_cookie_is_bound_to_the_host(edge: Edge) -> None:
    edge.services.settings = replace(edge.services.settings, public_url="https://cc.example")
    browser = await edge.browser()
    body = {"email": AGENT, "password": PASSWORD}
    answer = await browser.json("POST", "/api/session", body, origin="https://cc.example")
    cookie = answer.response.cookies["__Host-contactcenter"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert "max-age" in answer.header("Strict-Transport-Security")
    headers = {"Cookie": f"contactcenter={cookie.value}"}
    assert (await browser.get("/api/session", headers=headers)).status == 401
    headers = {"Cookie": f"__Host-contactcenter={cookie.value}"}
    assert (await browser.get("/api/session", headers=headers)).status == 200


async def test_another_name_of_this_machine_leads_to_the_right_one(edge: Edge) -> None:
    browser, port = await edge.browser(), edge.url.rpartition(":")[2]
    path = "/login?next=/account"
    answer = await browser.get(path, headers={"Host": f"localhost:{port}"})
    assert (answer.status, answer.header("Location")) == (307, edge.url + path)
    for host in ("evil.example", f"evil.example:{port}", "localhost:1", "localhost", "[::1", ""):
        assert (await browser.get("/login", headers={"Host": host})).status in (200, 400)


async def test_links_never_follow_the_host_header(edge: Edge) -> None:
    browser = await edge.browser()
    answer = await browser.post("/forgot", {"email": AGENT}, headers={"Host": "evil.example"})
    assert answer.status == 200
    assert edge.mailbox.notices[-1].link.startswith(edge.url)


FILES = {
    "/static/common/theme.js": 200,
    "/vendor/preact/dist/preact.mjs": 200,
    "/vendor/preact/package.json": 404,
    "/vendor/typescript/lib/typescript.js": 404,
    "/vendor/hds-core/lib/../../preact/package.json": 404,
    "/static/../templates/login.html": 404,
    "/static/%2e%2e/templates/login.html": 404,
    "/static/..%2f..%2fschema.sql": 404,
    "/static//etc/passwd": 404,
    "/static/.hidden.js": 404,
    "/static/": 404,
    "/static/css": 404,
    "/static/%00.js": 404,
    "/api/locales/en.json": 200,
    "/api/locales/..%2fen.json": 404,
    "/api/locales/de.json": 404,
}


async def test_only_our_files_are_served(edge: Edge) -> None:
    browser = await edge.browser()
    for path, status in FILES.items():
        url, etag = URL(edge.url + path, encoded=True), ""
        async with browser.http.get(url, allow_redirects=False) as answer:
            assert answer.status == status, path
            if status == 404:
                continue
            assert answer.headers["Cache-Control"] == "no-cache"
            etag = answer.headers["ETag"]
        async with browser.http.get(url, headers={"If-None-Match": etag}) as again:
            assert again.status == 304


async def test_health(edge: Edge) -> None:
    state = {"postgres": True, "redis": True}

    def check(name: str, vital: bool) -> Check:
        async def probe() -> tuple[bool, str]:
            if name == "redis" and not state["redis"]:
                raise ConnectionError("secret://password@host")
            return state[name], "word"

        return Check(probe, vital)

    edge.services.checks = {"postgres": check("postgres", True), "redis": check("redis", False)}
    browser = await edge.browser()
    assert (await browser.get("/health/live")).json == {"status": "ok"}
    health, found = Health(edge.services), []
    for postgres, redis in ((True, True), (True, False), (False, True), (True, True)):
        state.update(postgres=postgres, redis=redis)
        health._kept = None
        found.append(await health.report())
    assert [report["status"] for report in found] == ["ok", "degraded", "down", "ok"]
    assert found[1]["checks"]["redis"]["detail"] == "ConnectionError"
    assert found[0]["checks"]["postgres"]["since"] < found[3]["checks"]["postgres"]["since"]
    state["postgres"] = False
    answer = await browser.get("/health/ready")
    assert answer.status == 503
    assert re.fullmatch(r"[\d-]+T[\d:.]+\+00:00", answer.json["checks"]["postgres"]["since"])


async def test_others_learn_from_health_only_whether_it_is_well(edge: Edge) -> None:
    async def probe() -> tuple[bool, str]:
        return False, "Connect call failed ('10.1.2.3', 25)"

    edge.services.checks = {"relay": Check(probe), "mailbox kirjaamo": Check(probe)}
    browser = await edge.browser()
    inside = await browser.get("/health/ready")
    assert set(inside.json["checks"]) == {"relay", "mailbox kirjaamo"}
    assert "10.1.2.3" in inside.text
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        answer = await browser.get("/health/ready", headers={name: "127.0.0.1"})
        assert answer.json["status"] == "degraded"
        (check,) = answer.json["checks"].values()
        assert (check["ok"], check["detail"]) == (False, "")
        assert "kirjaamo" not in answer.text


async def test_metrics_are_for_inside_only(edge: Edge) -> None:
    browser = await edge.browser()
    await browser.get("/set-password/" + "A" * 43)
    answer = await browser.get("/metrics")
    assert answer.status == 200
    assert 'route="/set-password/{token}"' in answer.text
    assert "AAAA" not in answer.text
    outside = await browser.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"})
    assert outside.status == 404
    near = await browser.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert near.status == 404
    trusted = (ip_network("127.0.0.0/8"),)
    edge.services.settings = replace(edge.services.settings, trusted_proxies=trusted)
    outside = await browser.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"})
    assert outside.status == 404


async def test_a_trusted_proxy_is_believed(edge: Edge) -> None:
    trusted = (ip_network("127.0.0.0/8"),)
    edge.services.settings = replace(edge.services.settings, trusted_proxies=trusted)
    browser = await edge.browser()
    body = {"email": AGENT, "password": PASSWORD}
    headers = {"X-Forwarded-For": "6.6.6.6, 203.0.113.5, 127.0.0.9"}
    assert (await browser.json("POST", "/api/session", body, headers=headers)).status == 200
    (row,) = await edge.audited("sign_in")
    assert row["address"] == "203.0.113.5"
    assert client("127.0.0.1", ["6.6.6.6"], ()) == "127.0.0.1"


async def test_the_log_has_ids_and_no_secrets(
    edge: Edge, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = await edge.signed_in()
    await browser.get("/set-password/" + "B" * 43 + "?x=canary")
    await browser.sign_in(AGENT, "canary password")
    said = capsys.readouterr()
    text = said.out + said.err
    assert "/set-password/{token}" in text
    for word in ("BBBB", "canary", "aino@", "Aino", "127.0.0.1", browser.cookie):
        assert word not in text


async def test_failures_tell_nothing_inside(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("canary of a citizen")

    monkeypatch.setattr("contactcenter.accounts.sessions.find", broken)
    browser = await edge.browser()
    headers = {"Cookie": "contactcenter=" + "A" * 43, "Accept": "application/json"}
    answer = await browser.get("/api/session", headers=headers)
    assert (answer.status, answer.error["code"]) == (500, "internal")
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text


async def test_without_the_database_the_answer_is_unavailable(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("contactcenter.accounts.sessions.find", broken)
    browser = await edge.browser()
    cookie = {"Cookie": "contactcenter=" + "A" * 43}
    answer = await browser.get("/api/session", headers=cookie | {"Accept": "application/json"})
    assert (answer.status, answer.error["code"]) == (503, "unavailable")
    assert (await browser.get("/account", headers=cookie)).status == 503


async def test_broken_json_is_refused(edge: Edge) -> None:
    browser = await edge.browser()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    for body in ("{", "[" * 100_000, '{"email": NaN}', '"\ud800"', "\x00"):
        data = body.encode("utf-8", "surrogatepass")[:60_000]
        answer = await browser.ask("POST", "/api/session", data=data, headers=headers)
        assert (answer.status, answer.error["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"email=%ff", b"email=a&email=b&password=c&next="])
async def test_broken_forms_are_refused(edge: Edge, body: bytes) -> None:
    browser = await edge.browser()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await browser.ask("POST", "/login", data=body, headers=headers)
    assert answer.status == 400
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await browser.ask("POST", "/login", data=b"--x--", headers=headers)).status == 400


async def test_errors_have_one_form(edge: Edge) -> None:
    browser = await edge.browser()
    for method, path, status in (
        ("GET", "/api/nowhere", 404),
        ("PUT", "/api/session", 405),
        ("GET", "/api/session", 401),
    ):
        answer = await browser.json(method, path, None)
        assert answer.status == status
        assert {"code", "message"} <= set(answer.error)
