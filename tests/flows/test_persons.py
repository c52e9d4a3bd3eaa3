"""One person by mail, telephone and chat: known as one when an agent says so, and as three again
when that is taken back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import asyncpg

from tests.flows.citizen import open_citizen
from tests.flows.client import Frame
from tests.flows.poll import until
from tests.flows.product import Agent, Product, letter

CALL = {
    "queue": "general",
    "language": "fi",
    "matter": "Soittakaa",
    "number": "040 123 4567",
    "request_id": "p1",
    "email": "maija@example.org",
    "name": "Maija Meri",
}
TABLES = ("person", "identity", "cases", "contact", "message", "callback", "chat", "outbound")


async def asks(product: Product, agent: Agent, path: str, **body: Any) -> tuple[int, Any]:
    """POST as the console does."""
    url = f"{product.url}{path}"
    async with agent.http.post(url, json=body, headers={"Origin": product.url}) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if text else None


async def sees(agent: Agent, person: str) -> dict[str, Any]:
    """The person as the console shows them."""
    status, text = await agent.get(f"/api/persons/{person}")
    assert status == 200, text
    seen: dict[str, Any] = json.loads(text)
    return seen


async def mails(product: Product, address: str, name: str = "Maija Meri") -> None:
    """A mail from this address."""
    mail = letter(subject=address)
    mail.replace_header("From", f"{name} <{address}>")
    await product.mail(mail)


def person(card: Frame) -> str:
    """The id of who it is."""
    return str(card["contact"]["person"]["id"])


async def rows(product: Product, sql: str) -> list[Any]:
    """Behind its back."""
    conn = await asyncpg.connect(product.servers()["database_url"])
    try:
        return [row[0] for row in await conn.fetch(sql)]
    finally:
        await conn.close()


async def hashes(product: Product, sent: int) -> dict[str, str]:
    """Of each table, a hash over all columns of all rows, once so many mails have left: until then
    the house writes by itself."""

    async def at_rest() -> bool:
        states = await rows(product, "SELECT state FROM outbound")
        owed = await rows(product, "SELECT 1 FROM receipt_due")
        return states == ["sent"] * sent and not owed

    await until(at_rest)
    found = {}
    for table in TABLES:
        text = "\n".join(await rows(product, f"SELECT t::text FROM {table} t ORDER BY 1"))
        found[table] = hashlib.sha256(text.encode()).hexdigest()
    return found


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """The tables whose rows are not the same."""
    return {table for table in one if one[table] != other[table]}


async def test_same_person_three_channels(standing: Product) -> None:
    async with standing.agent("aino@mikkeli.example") as aino:
        await mails(standing, "maija@example.org")
        await aino.available()
        mail = person(await aino.take())
        async with open_citizen(standing) as chat:
            await chat.hello(name="Maija Meri")
            await chat.say("Kirjoitin jo, maija@example.org", "c1")
            talk = person(await aino.take())
        async with aino.http.post(f"{standing.url}/api/callbacks", json=CALL) as answer:
            assert answer.status == 201
        _, whose = await asks(standing, aino, "/api/persons/find", address=CALL["number"])
        (call,) = (one["person"] for one in whose["persons"])
        assert len({mail, talk, call}) == 3  # nothing is one by itself
        for other, ground in ((talk, "written"), (call, "given")):
            _, text = await aino.get(f"/api/persons/{other}/proposals")
            found = {one["person"]: one for one in json.loads(text)["proposals"]}[mail]
            assert (found["grounds"], found["enough"]) == ([ground, "name"], False)
            refused = await asks(standing, aino, f"/api/persons/{mail}/merge", other=other)
            assert refused[0] == 409
            done, _ = await asks(
                standing, aino, f"/api/persons/{mail}/merge", other=other, checked="answers"
            )
            assert done == 200
        for each in (mail, talk, call):
            seen = await sees(aino, each)
            ways = {one["channel"] for case in seen["cases"] for one in case["contacts"]}
            assert (seen["person"], ways) == (mail, {"mail", "chat", "callback"})
            assert {one["address"] for one in seen["identities"]} == {
                "maija@example.org",
                "+358401234567",
            }
        persons = {row["person"] for row in await standing.export("contacts")}
        assert persons == {mail}
        for path in (f"/api/persons/{mail}", f"/api/persons/{mail}/proposals"):
            async with standing.agent("kirsi@kela.example") as kirsi:
                assert (await kirsi.get(path))[0] == 404
    assert (await standing.verify())["violations"] == []


async def test_merge_and_undo_exact(product: Product) -> None:
    async with (
        product.agent("aino@mikkeli.example") as aino,
        product.agent("bjorn@mikkeli.example") as bjorn,
    ):
        cards = []
        for agent, address in ((aino, "veli@example.org"), (bjorn, "v@work.example")):
            await mails(product, address, "Veli Virta")
            await agent.available()
            cards.append(await agent.take())
            await agent.send(type="state", value="away")
            await agent.wait(lambda f: f["type"] == "agent" and f["state"]["value"] == "away")
        one, two = map(person, cards)
        before = await hashes(product, sent=2)
        seen = [await sees(aino, each) for each in (one, two)]
        tried = await asyncio.gather(  # both agents at once, each from their side
            asks(product, aino, f"/api/persons/{one}/merge", other=two, checked="document"),
            asks(product, bjorn, f"/api/persons/{two}/merge", other=one, checked="document"),
        )
        assert [status for status, _ in tried] == [200, 200], tried
        (merge,) = {answer["merge"] for _, answer in tried}
        assert differing(before, await hashes(product, sent=2)) == {"person"}
        for agent, card in zip((aino, bjorn), cards, strict=True):
            told = await agent.of("merge", undone=False)
            assert (told["merge"], told["contacts"]) == (merge, [card["contact"]["contact"]])
            await agent.reply(card["contact"]["contact"], "Hei", f"r-{merge}")  # still theirs
        await mails(product, "v@work.example", "Veli Virta")
        between = await hashes(product, sent=5)
        undone = await asyncio.gather(
            *(asks(product, agent, f"/api/merges/{merge}/undo") for agent in (aino, bjorn))
        )
        assert [set(answer["persons"]) for _, answer in undone] == [{one, two}] * 2
        for agent in (aino, bjorn):
            assert (await agent.of("merge", undone=True))["merge"] == merge
        after = await hashes(product, sent=5)
        assert differing(between, after) == {"person"}
        assert differing(before, after) >= {"contact", "message"}
        assert (after["person"], after["identity"] == before["identity"]) == (
            before["person"],
            False,  # the address was heard of again
        )
        persons = [row["person"] for row in await product.export("contacts")]
        assert persons == [one, two, two]
        assert await sees(aino, one) == seen[0]
    assert (await product.verify())["violations"] == []
