"""An agent's connection is lost for good: what was in hand stands in its old place, before what
came meanwhile, and who comes back goes on without it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.flows.conftest import running
from tests.flows.product import Product, letter

AINO, BJORN = "aino@mikkeli.example", "bjorn@mikkeli.example"


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    """An agent counts as lost soon; sockets are pinged every 5 s."""
    async with running(CONTACTCENTER_LOST_AFTER_S="10") as started:
        yield started


async def test_agent_lost_returns_in_place(product: Product) -> None:
    for n in range(3):
        await product.mail(letter(subject=f"Viesti {n}"))
    before = {one["id"]: one["rank"] for one in await product.export("contacts")}
    async with product.agent(AINO) as aino:
        await aino.available()
        held = [(await aino.take())["contact"]["contact"] for _ in range(2)]
        offered = (await aino.of("offer"))["contact"]["contact"]  # not answered
        await aino.send(type="draft", contact=held[0], text="Hyvä Ville", ref=1)
        await aino.wait(lambda frame: frame.get("ref") == 1)
        await aino.vanish()
        await product.mail(letter(subject="Myöhempi"))
        async with product.agent(BJORN) as bjorn:
            await bjorn.available()
            seen = []
            for _ in range(4):  # one after the other: all that wait, in their order
                taken = await bjorn.take()
                seen.append(taken["contact"]["contact"])
                if seen[-1] == held[0]:
                    assert taken["contact"]["draft"] == "Hyvä Ville"
                await bjorn.send(type="wrap_up", contact=seen[-1], disposition="answered")
            waited = [one for one in seen if one in before]
            later = next(one for one in seen if one not in before)
        async with product.agent(AINO) as again:
            assert again.snapshot["state"]["value"] == "available"  # back in time: as it was
            assert again.snapshot["contacts"] == again.snapshot["offers"] == []
    assert sorted(waited) == sorted([*held, offered])
    contacts = {one["id"]: one for one in await product.export("contacts")}
    assert {one: contacts[one]["rank"] for one in before} == before
    # Bjorn was free at once, so the later one may have come before those that Aino still had.
    assert [one for one in seen if one != later] == sorted(waited, key=lambda one: before[one])
    events = await product.export("events")
    lost = [e for e in events if e["kind"] == "left" and e["why"] == "agent_lost"]
    assert sorted(e["contact"] for e in lost) == sorted(held)
    waits = {e["wait_from"] for e in events if e["contact"] == held[0] and "wait_from" in e}
    assert len(waits) == 1  # the wait goes on
    assert (await product.verify())["violations"] == []
