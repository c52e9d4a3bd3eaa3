"""Supervisors and turns, by public doors: what waits is taken or given, a shift is ended."""

from __future__ import annotations

from typing import Any

from tests.flows.product import Agent, Product, letter

AINO, SEPPO, KELA = "aino@mikkeli.example", "seppo@mikkeli.example", "admin@kela.example"


async def _post(who: Agent, product: Product, path: str, body: Any = None) -> tuple[int, Any]:
    async with who.http.post(product.url + path, json=body or {}) as answer:
        text = await answer.text()
        return answer.status, await answer.json() if text else None


async def test_turns(product: Product) -> None:
    await product.mail(letter())
    (contact,) = [one["id"] for one in await product.export("contacts")]
    pull = f"/api/contacts/{contact}/pull"
    async with product.agent(SEPPO) as seppo, product.agent(AINO) as aino:
        agent = aino.user["id"]
        for path in (pull, f"/api/agents/{agent}/end-shift"):
            assert (await _post(aino, product, path))[0] == 403
        assert (await aino.get("/api/waiting/mine"))[0] == 403
        async with product.agent(KELA) as kela:
            assert (await _post(kela, product, pull))[0] == 404
            assert (await _post(kela, product, f"/api/agents/{agent}/end-shift"))[0] == 404
        status, error = await _post(seppo, product, pull, {"agent": agent})
        assert (status, error["code"]) == (503, "unavailable")  # not at work yet
        await aino.available()
        offer = await aino.of("offer")
        await aino.send(type="decline", offer=offer["offer"], reason="busy")
        await aino.of("offer_ended", why="declined")
        page = f"{product.url}/waiting/{contact}/pull"  # as the form on the page does
        async with seppo.http.post(page, data={"agent": agent}, allow_redirects=False) as answer:
            assert (answer.status, "done=offered" in answer.headers["Location"]) == (303, True)
        async with aino.http.post(page, data={}, allow_redirects=False) as answer:
            assert answer.status in (400, 403)
        await aino.take()
        assert (await _post(seppo, product, pull))[1]["code"] in ("wrong_state", "forbidden")
        await aino.send(type="end_shift", ref=7)
        said = await aino.of("shift")
        assert (said["ended"], said["open"], said["ref"]) == (False, [contact], 7)
        assert (await _post(seppo, product, f"/api/agents/{agent}/end-shift"))[0] == 204
        ended = await aino.wait(
            lambda f: f["type"] == "agent" and f["state"]["reason"] == "ended_by_supervisor"
        )
        assert ended["state"]["value"] == "offline"
    events = await product.export("events")
    told = [(e["kind"], e.get("rule") or e.get("why"), e.get("reason")) for e in events]
    assert ("offer_ended", "declined", "busy") in told
    assert ("offered", "pulled", None) in told
    assert [one for one in told if one[1] == "handed_back"] == [
        ("left", "handed_back", None),
        ("entered", "handed_back", None),
    ]
    assert (await product.verify())["violations"] == []
