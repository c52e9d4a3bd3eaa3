"""What agents write of contacts, and what citizens say after them, with each payload."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp

from tests.attack.planting import HEAD, Planted
from tests.flows.product import Agent, Product

HELENA = "helena@mikkeli.example"


@asynccontextmanager
async def working(
    product: Product, http: aiohttp.ClientSession, planted: Sequence[Planted], texts: Sequence[str]
) -> AsyncIterator[Planted]:
    """An agent ends a contact, on which feedback is given with all of the texts in it, and writes
    each text as a note of another one, which stays in hand while the block runs."""
    links: list[str] = []
    async with product.agent(HELENA) as helena:
        await helena.available()
        while not links:
            await _end(helena, (await helena.take())["contact"]["contact"])
            links = [link async for link in _links(http, planted)]
        while (card := (await helena.take())["contact"])["channel"] == "callback":
            await _end(helena, card["contact"])  # who has one in hand is offered nothing else
        await _note(helena, card["contact"], texts)
        yield await _feedback(http, links[0], "\n".join(texts))


async def _end(agent: Agent, contact: str) -> None:
    await agent.send(type="wrap_up", contact=contact, disposition="answered", ref=contact)
    await agent.of("contact", ref=contact)


async def _note(agent: Agent, contact: str, texts: Sequence[str]) -> None:
    for n, text in enumerate(texts):
        await agent.send(type="note", contact=contact, client_id=f"n{n}", text=text)
        await agent.of("message")
    await agent.send(type="state", value="away")
    await agent.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "away")


async def _links(http: aiohttp.ClientSession, planted: Sequence[Planted]) -> AsyncIterator[str]:
    """Of the cases that are over: their pages lead to feedback."""
    for one in planted:
        if one.pages and one.door != "chat":  # those were left before anybody had them
            async with http.get(one.pages[0], headers=HEAD) as answer:
                found = re.search(r'id="feedback"[^>]*href="([^"]+)"', await answer.text())
            if found is not None:
                yield found[1]


async def _feedback(http: aiohttp.ClientSession, link: str, text: str) -> Planted:
    async with http.post(link, data={"handling": "1", "text": text}, headers=HEAD) as answer:
        assert answer.status == 200, await answer.text()
    return Planted("feedback", text, [link])
