"""Chats through the public sockets, with the product as a process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from contactcenter.config import Settings
from tests.flows.citizen import Citizen, open_citizen
from tests.flows.conftest import running
from tests.flows.poll import until
from tests.flows.product import Agent, Product

AINO, CARLA = "aino@mikkeli.example", "carla@mikkeli.example"


def said(agent: Agent, contact: str) -> list[str]:
    """What the agent's screen was told of a contact's messages so far."""
    return [f["message"]["text"] for f in agent.frames if f["type"] == "message"]


async def test_a_chat_is_answered(product: Product) -> None:
    async with open_citizen(product) as ville, product.agent(AINO) as aino:
        await ville.hello(name="Ville")
        assert (await ville.of("waiting"))["place"] == 1
        await ville.say("Milloin kirjasto on auki?", "v1")
        await aino.available()
        card = await aino.take()
        assert card["contact"]["channel"] == "chat"
        assert card["contact"]["here"] is True
        assert [m["text"] for m in card["messages"]] == ["Milloin kirjasto on auki?"]
        assert (await ville.of("joined"))["agent"] == "Aino"
        contact = card["contact"]["contact"]
        await aino.send(type="typing", contact=contact)
        await ville.of("typing")
        await aino.reply(contact, "Kello 9-20.", "a1")
        assert (await ville.of("message", direction="outbound"))["text"] == "Kello 9-20."
        await ville.send(type="typing")
        await aino.of("typing", contact=contact)
        await ville.send(type="read", seq=2)
        await aino.of("read", contact=contact, seq=2)
        await ville.say("Kiitos!", "v2")
        heard = await aino.of("message", contact=contact)
        assert (heard["message"]["seq"], heard["message"]["text"]) == (3, "Kiitos!")
        await aino.send(type="read", contact=contact)
        assert (await ville.of("read", seq=3))["seq"] == 3
        await aino.send(type="wrap_up", contact=contact, disposition="answered")
        assert (await ville.of("closed"))["reason"] == "agent"
    verified = await product.verify()
    assert verified["violations"] == []
    assert verified["states"] == {"closed": 1}
    messages = await product.export("messages")
    assert [m["seq"] for m in messages] == [1, 2, 3]
    assert await product.export("outbound") == []


async def test_a_chat_resumes_after_everything(product: Product) -> None:
    """Reload, a lost network, kill -9 and a restart in mid-talk: both sides end with the same."""
    ville = Citizen(product)
    await ville.connect()
    await ville.hello()
    async with product.agent(AINO) as aino:
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        await ville.say("yksi", "v1")
        await ville.close()  # a reload
        await aino.wait(lambda f: f["type"] == "contact" and f["contact"].get("here") is False)
        await aino.reply(contact, "kaksi", "a1")
        await ville.connect()
        await ville.hello(after=1)
        await ville.of("message", text="kaksi")
        await aino.wait(lambda f: f["type"] == "contact" and f["contact"].get("here") is True)
        await ville.vanish()  # the network
        await ville.connect()
        await ville.hello(after=2)
        await ville.say("kolme", "v2")
        await product.kill()
        await aino.closed()
        await ville.closed()
        await product.start()
        await ville.connect()
        assert (await ville.hello(after=3))["contact"] == contact
        await aino.open()
        await ville.say("neljä", "v3")
        await aino.reply(contact, "viisi", "a2")
        await ville.of("message", text="viisi")
        await product.stop()  # an orderly restart
        assert await ville.closed() == 1012
        await product.start()
        await ville.connect()
        await ville.hello(after=0)
        await ville.say("kuusi", "v4")
        await aino.open()
        (card,) = aino.snapshot["contacts"]
        stored = [(m["seq"], m["direction"], m["text"]) for m in card["messages"]]
        texts = ["yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi"]
        assert [text for _, _, text in stored] == texts
        assert ville.story() == stored
    await ville.close()
    assert (await product.verify())["violations"] == []


@pytest.mark.parametrize("point", ["say.before_commit", "say.after_commit"])
async def test_what_was_echoed_is_there_once(product: Product, point: str) -> None:
    await product.stop()
    await product.start(CONTACTCENTER_FAIL=f"{point}:2")  # the first alone, then several together
    ville = Citizen(product)
    await ville.connect()
    await ville.hello()
    sent = {f"v{n}": f"viesti {n}" for n in range(10)}
    for client_id, text in sent.items():
        try:
            await ville.send(type="message", client_id=client_id, text=text)
        except ConnectionClosed:
            break
    await ville.closed()
    await product.ended()
    await product.start()
    await ville.connect()
    await ville.hello(after=0)
    for client_id, text in sent.items():
        await ville.say(text, client_id)
    await ville.close()
    messages = await product.export("messages")
    assert sorted(m["text"] for m in messages) == sorted(sent.values())
    assert [m["seq"] for m in messages] == list(range(1, 11))


async def test_an_agent_lost_in_mid_chat_is_followed_by_another_in_place(
    product: Product,
) -> None:
    async with (
        open_citizen(product) as ville,
        open_citizen(product) as later,
        product.agent(CARLA) as carla,
    ):
        async with product.agent(AINO) as aino:
            await ville.hello()
            await aino.available()
            contact = (await aino.take())["contact"]["contact"]
            await ville.say("Hei", "v1")
            await aino.reply(contact, "Hei!", "a1")
            await aino.send(type="state", value="break")
            await later.hello()
            await aino.vanish()
        await ville.of("waiting", place=1)
        await later.of("waiting", place=2)
        await carla.available()
        card = await carla.take()
        assert card["contact"]["contact"] == contact
        assert [m["text"] for m in card["messages"]] == ["Hei", "Hei!"]
        assert (await ville.of("joined", agent="Carla"))["agent"] == "Carla"


async def test_a_closed_queue_takes_a_message(product: Product) -> None:
    async with open_citizen(product, "daycare", "sv") as asa:
        await asa.send(type="hello", queue="daycare", language="sv", name="Åsa")
        closed = await asa.of("closed")
        assert (closed["reason"], closed["offers"][0]) == ("queue_closed", "leave_message")
        await asa.send(type="leave_message", request_id="m1", address="asa", text="Hej", ref=7)
        error = await asa.of("error")
        assert (error["code"], error["field"], error["ref"]) == ("bad_request", "address", 7)
        assert "e-post" in error["message"].lower()
        for _ in range(2):
            await asa.send(
                type="leave_message", request_id="m1", address="asa@example.org", text="Hej"
            )
            contact = (await asa.of("left_message"))["contact"]
    (row,) = await product.export("contacts")
    assert (row["id"], row["channel"], row["language"]) == (contact, "mail", "sv")


async def test_two_nodes_share_a_chat(product: Product, tmp_path: Path) -> None:
    """The citizen on one process, the agent on another, and the citizen moves over."""
    other = product.sibling(tmp_path / "other")
    await other.start_serving()
    try:
        ville = Citizen(product)
        await ville.connect()
        await ville.hello()
        async with other.agent(AINO) as aino:
            await aino.available()
            contact = (await aino.take())["contact"]["contact"]
            await ville.of("joined")
            await ville.say("Kuuluuko?", "v1")
            await aino.of("message", contact=contact)
            await aino.reply(contact, "Kuuluu.", "a1")
            await ville.of("message", text="Kuuluu.")
            moved = Citizen(other)
            moved.secret = ville.secret
            await moved.connect()
            await moved.hello(after=0)
            assert await ville.closed() == 4409
            await moved.of("message", text="Kuuluu.")
            assert [text for _, _, text in moved.story()] == ["Kuuluuko?", "Kuuluu."]
            await aino.send(type="close", contact=contact)
            await moved.of("closed")
            await moved.close()
    finally:
        await other.stop()


async def test_bad_input_is_refused_with_a_reason_and_harms_nobody(product: Product) -> None:
    async with open_citizen(product, language="sv") as asa, open_citizen(product) as ville:
        await ville.hello()
        await asa.send(type="hello", queue="nowhere", language="sv")
        error = await asa.of("error")
        assert error["code"] == "unknown_queue"
        await asa.send(type="message", client_id="x", text="hej")
        assert (await asa.of("error"))["code"] == "wrong_state"
        await asa.hello()
        script = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        assert (await asa.say(script, "s1"))["text"] == script
        await asa.send(type="message", client_id="big", text="x" * 100_000)
        error = await asa.of("error")
        assert (error["code"], error["client_id"]) == ("too_large", "big")
        for frame in (
            '{"type": 1}',
            "[]",
            "{",
            '{"type": "fly"}',
            '{"type":"message","client_id":"a b","text":"x"}',
            '{"type":"message","client_id":"e","text":"  "}',
            '{"type":"read","seq":-1}',
            '{"type":"message","client_id":5,"text":[]}',
            '{"type":"hello","queue":"general","resume":"' + "A" * 43 + '"}',
        ):
            await asa.send_text(frame)
            await asa.of("error")
        await ville.say("Ohi kulkee", "v1")
    with pytest.raises(InvalidStatus, match="403"):
        await Citizen(product).connect(origin="https://evil.example")
    flood = Citizen(product)
    await flood.connect()
    await flood.hello()
    for n in range(1000):
        try:
            await flood.send(type="message", client_id=f"f{n}", text="spam")
        except ConnectionClosed:
            break
    assert await flood.closed() == 4429
    assert [f["code"] for f in flood.frames if f["type"] == "error"] == ["too_many"]


async def test_sockets_from_one_address_are_bounded() -> None:
    assert Settings().chat_sockets_per_address < 1000  # where nothing else is set
    async with running(CONTACTCENTER_CHAT_SOCKETS_PER_ADDRESS="20") as product:
        pages = [Citizen(product) for _ in range(20)]
        for page in pages:
            await page.connect()
            await page.hello()  # who says nothing for some seconds is sent away, and makes room
        refused = set[int]()
        for _ in range(10):
            with pytest.raises(InvalidStatus) as error:
                await Citizen(product).connect()
            refused.add(error.value.response.status_code)
        assert refused == {429}
        await pages[0].close()
        ville = Citizen(product)

        async def connects() -> bool:
            try:
                await ville.connect()
            except InvalidStatus:  # the server has yet to hear that there is room
                return False
            return True

        await until(connects)
        await ville.hello()
        await asyncio.gather(*(page.close() for page in (*pages[1:], ville)))
