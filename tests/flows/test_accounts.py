"""Accounts from outside: an invitation that arrives by mail, and rights that end at once."""

from __future__ import annotations

import json
import re
from typing import Any

import aiohttp

from tests.flows.product import Agent, Product, Relay

PASSWORD = "seitseman keltaista koiraa"
ADMIN, AGENT = "admin@mikkeli.example", "aino@mikkeli.example"
CARLA = "carla@mikkeli.example"


async def _post(http: aiohttp.ClientSession, url: str, **form: str) -> tuple[int, str]:
    async with http.post(url, data=form, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def _user(product: Product, email: str) -> Any:
    users = [row for row in (await _demo(product))["users"] if row["email"] == email]
    return users[0]


async def _demo(product: Product) -> Any:
    return json.loads(await product.command("demo", "--json"))


async def test_an_invitation_comes_by_mail_and_works(product: Product, relay: Relay) -> None:
    async with product.agent(ADMIN) as admin:
        status, page = await _post(
            admin.http,
            f"{product.url}/admin/users",
            email="uusi@mikkeli.example",
            name="Uuno Uusi",
            role="agent",
            language="sv",
            organisation="1",
            capacity="2",
        )
        assert status == 200
    (mail,) = await relay.received(1)
    assert mail["To"] == "uusi@mikkeli.example"
    assert mail["Auto-Submitted"]
    found = re.search(r"http://\S+/set-password/[\w-]{43}", mail.get_content())
    assert found is not None
    assert found[0] in page
    async with aiohttp.ClientSession(headers={"Origin": product.url}) as guest:
        form = {"password": PASSWORD, "again": PASSWORD}
        assert (await _post(guest, found[0], **form))[0] == 303
        assert (await _post(guest, found[0], **form))[0] == 404
    async with product.agent("uusi@mikkeli.example", PASSWORD) as agent:
        assert agent.snapshot["agent"]["capacity"] == 2
    assert "set-password/" + found[0].rpartition("/")[2] not in product.log()


async def _signed_out(agent: Agent) -> None:
    assert await agent.closed() == 4401
    status, _ = await agent.get("/api/session")
    assert status == 401


async def test_sockets_close_when_the_session_ends(standing: Product) -> None:
    async with standing.agent(AGENT) as agent, standing.agent(AGENT) as other:
        async with agent.http.delete(f"{standing.url}/api/session") as answer:
            assert answer.status == 204
        await _signed_out(agent)
        assert (await other.get("/api/session"))[0] == 200
        status, _ = await _post(
            other.http,
            f"{standing.url}/account/password",
            current="mikkeli-demo",
            password=PASSWORD,
            again=PASSWORD,
        )
        assert status == 303
        assert await other.closed() == 4401
        assert (await other.get("/api/session"))[0] == 200


async def test_a_disabled_user_is_out_at_once(standing: Product) -> None:
    me = await _user(standing, CARLA)
    async with standing.agent(ADMIN) as admin, standing.agent(CARLA) as agent:
        await agent.available()
        place = f"{standing.url}/admin/users/{me['id']}/disable"
        assert (await _post(admin.http, place))[0] == 303
        await _signed_out(agent)
        body = {"email": CARLA, "password": "mikkeli-demo"}
        async with agent.http.post(f"{standing.url}/api/session", json=body) as answer:
            assert answer.status == 401
