"""Before the first word: the topic that leads to a queue, what a closed one offers, and the page's
language, which an agent sees and which changes no queue."""

from __future__ import annotations

import aiohttp

from tests.flows.citizen import Citizen, open_citizen
from tests.flows.product import Product

AINO = "aino@mikkeli.example"
MOVING, DAYCARE = "mikkeli/moving", "mikkeli/daycare"


async def test_a_topic_leads_to_its_queue_in_any_language(product: Product) -> None:
    async with (
        aiohttp.ClientSession() as http,
        open_citizen(product) as asa,
        open_citizen(product, "daycare") as later,
    ):
        await _pages(product, http)
        await _refused(later)
        await _closed_topic(later)
        async with product.agent(AINO) as aino:
            welcome = await asa.hello(
                queue="daycare", topic=MOVING, language="sv", page_language="en"
            )
            assert (welcome["queue"]["key"], welcome["language"]) == ("general", "sv")
            await aino.available()
            card = (await aino.take())["contact"]
            while card["channel"] != "chat":  # the message that was left
                card = (await aino.take())["contact"]
            assert (card["subject"], card["page_language"]) == (
                "Moving to Mikkeli",
                "en",
            )
            await asa.send(type="language", language="fi")
            now = await aino.wait(
                lambda f: (
                    f["type"] == "contact"
                    and f["contact"]["contact"] == card["contact"]
                    and f["contact"].get("page_language") == "fi"
                )
            )
            assert (now["contact"]["language"], now["contact"]["queue"]) == ("sv", "general")
            await asa.send(type="change", to="callback", number="1", request_id="c1", ref=1)
            error = await asa.of("error", ref=1)
            assert error["message"] == error["messages"]["fi"] != error["messages"]["sv"]
            for wrong in ("xx", "FI", "", 7):
                await asa.send(type="language", language=wrong, ref=f"no {wrong}")
                no = await asa.of("error", ref=f"no {wrong}")
                assert (no["code"], no["field"]) == ("bad_request", "language")
    assert (await product.verify())["violations"] == []


async def _pages(product: Product, http: aiohttp.ClientSession) -> None:
    """What the page before the chat is made of."""
    async with http.get(f"{product.url}/chat/topics?organisation=mikkeli&lang=sv") as answer:
        found = {one["topic"]: one for one in await answer.json()}
    assert found[DAYCARE]["stands"] in ("away", "closed")
    assert found[DAYCARE]["offers"] == ["leave_message", "callback"]
    assert (found[MOVING]["queue"], found[MOVING]["stands"]) == ("general", "quiet")
    async with http.get(f"{product.url}/chat/hours?topic={DAYCARE}&lang=en") as answer:
        assert (await answer.json())[0][0].startswith("Mon")
    async with http.get(f"{product.url}/chat?topic={MOVING}") as answer:
        assert "Muutto Mikkeliin" in await answer.text()


async def _refused(citizen: Citizen) -> None:
    for topic in ("mikkeli/nothing", "nobody/daycare", "mikkeli/"):
        await citizen.send(type="hello", queue="general", topic=topic, ref=topic)
        no = await citizen.of("error", ref=topic)
        assert no["field"] == "topic"
        assert no["code"] == ("bad_request" if topic.endswith("/") else "unknown_queue")


async def _closed_topic(citizen: Citizen) -> None:
    """Nobody is on duty yet, so there is no chat, at any hour; a message can be left."""
    await citizen.send(
        type="hello", queue="general", topic=DAYCARE, language="sv", page_language="sv"
    )
    closed = await citizen.of("closed")
    assert (closed["reason"], closed["offers"]) == ("queue_closed", ["leave_message", "callback"])
    await citizen.send(
        type="leave_message", request_id="m1", address="asa@example.org", text="Hej", ref=2
    )
    assert (await citizen.of("left_message", ref=2))["contact"]
