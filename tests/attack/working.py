"""What agents write of contacts, and what citizens say after them, with each payload."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence

import aiohttp

from tests.attack.planting import HEAD, Planted
from tests.flows.product import Agent, Product

HELENA = "helena@mikkeli.example"


async def work(
    product: Product, http: aiohttp.ClientSession, planted: Sequence[Planted], texts: Sequence[str]
) -> list[Planted]:
    """An agent ends as many contacts as there are texts, and writes each text as a note of one
    more, which then waits for a colleague; the feedback that was given on the others."""
    links: list[str] = []
    async with product.agent(HELENA) as helena:
        await helena.available()
        while len(links) < len(texts):
            for _ in range(len(texts) - len(links)):
                await _end(helena, (await helena.take())["contact"]["contact"])
            links = [link async for link in _links(http, planted)]
        await _note(helena, (await helena.take())["contact"]["contact"], texts)
    return [await _feedback(http, *one) for one in zip(links, texts, strict=False)]


async def _end(agent: Agent, contact: str) -> None:
    await agent.send(type="wrap_up", contact=contact, disposition="answered", ref=contact)
    await agent.of("contact", ref=contact)


async def _note(agent: Agent, contact: str, texts: Sequence[str]) -> None:
    for n, text in enumerate(texts):
        await agent.send(type="note", contact=contact, client_id=f"n{n}", text=text)
    await agent.send(type="state", value="away")
    await agent.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "away")
    note = f"Katso muistiot: {texts[0]}"
    await agent.send(type="hand_back", contact=contact, note=note, ref="back")
    await agent.of("contact", ref="back")


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
