"""After a contact: citizens of every channel say how it went and have what was said by mail, with
the product as a process."""

from __future__ import annotations

import json
import re

import aiohttp
import asyncpg

from tests.flows.citizen import open_citizen
from tests.flows.product import Agent, Product, Relay, letter
from tests.flows.test_callbacks import ask, state

AINO, SEPPO, KELA_ADMIN = "aino@mikkeli.example", "seppo@mikkeli.example", "admin@kela.example"
CANARY = "kanarialintu"
HOSTILE = f"{CANARY} <script>alert(1)</script> 131052-308T"
HEAD = {"Accept": "text/html", "Origin": "https://evil.example"}


async def ask_at_once(product: Product) -> None:
    """The demo city's general queue asks by mail as soon as a contact is closed."""
    city = json.loads(await product.command("config", "export"))
    general = next(one for one in city["queue"] if one["key"] == "general")
    general |= {"feedback_after_s": 0, "hours": {}}
    file = product.home.parent / "queue.json"
    file.write_text(json.dumps({"queue": [general]}), encoding="utf-8")
    await product.command("config", "import", str(file))


async def finish(agent: Agent, contact: str) -> None:
    await agent.send(type="wrap_up", contact=contact, disposition="answered", ref=contact)
    await agent.of("contact", ref=contact)


async def get(url: str, status: int = 200) -> str:
    async with aiohttp.ClientSession() as http, http.get(url, headers=HEAD) as answer:
        assert answer.status == status, await answer.text()
        assert "Set-Cookie" not in answer.headers
        return await answer.text()


async def post(url: str, status: int = 200, head: dict[str, str] = HEAD, **fields: str) -> str:
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data=fields, headers=head) as answer,
    ):
        assert answer.status == status, await answer.text()
        return await answer.text()


async def give(url: str, handling: str, text: str = "") -> None:
    """Give feedback on the page, and see it there."""
    assert "Miten asiointi sujui?" in await get(url)
    after = await post(url, handling=handling, service="3", text=text)
    assert "Kiitos palautteesta!" in after
    assert f'value="{handling}"' in after


def link(text: str, kind: str) -> str:
    found = re.search(rf"http://[^\s\"]+/{kind}/[A-Za-z0-9_-]{{43}}", text)
    assert found is not None, text
    return found[0]


async def test_after_every_channel(product: Product, relay: Relay) -> None:
    await ask_at_once(product)
    async with product.agent(AINO) as aino, open_citizen(product) as ulla:
        await aino.available()
        # A chat: the link stands at its end.
        await ulla.hello(name="Ulla")
        await ulla.say("Milloin haku alkaa?", "u1")
        card = (await aino.take())["contact"]
        await aino.reply(card["contact"], "Maanantaina.", "a1")
        await aino.send(type="close", contact=card["contact"])
        end = await ulla.of("closed")
        await give(end["feedback_url"], "5", HOSTILE)
        await finish(aino, card["contact"])
        # A callback without an address: the link stands on its page.
        asked = await ask(product)
        called = (await aino.take())["contact"]["contact"]
        assert (await state(asked["status_url"]))["feedback_url"] is None
        await finish(aino, called)
        over = await state(asked["status_url"])
        await give(over["feedback_url"], "4")
        # A mail: the link comes by mail.
        await product.mail(letter(text=f"Kysyn tätä: {CANARY}"))
        mail = (await aino.take())["contact"]["contact"]
        await finish(aino, mail)
        (request,) = await relay.received(1)
        assert request["Auto-Submitted"] == "auto-generated"
        assert request["To"] == "ville@example.org"
        assert CANARY not in request.get_content()
        url = link(request.get_content(), "feedback")
        await give(url, "2")
        await give(url, "1", "Ei ratkennut")
        # Whoever answers it goes on with the case.
        again = letter(text="Vielä yksi asia", In_Reply_To=str(request["Message-ID"]))
        await product.mail(again)
        reopened = (await aino.take())["contact"]
        assert reopened["contact"] != mail
        await finish(aino, reopened["contact"])
        # The form: no address, so the page of the case alone has it.
        page = await get(f"{product.url}/message?topic=mikkeli/moving")
        form_id = re.search(r'name="request_id" value="([^"]+)"', page)
        assert form_id is not None
        sent = {"topic": "mikkeli/moving", "text": "Asunto?", "request_id": str(form_id[1])}
        form = f"{product.url}/message?topic=mikkeli/moving"
        written = await post(form, 200, {"Accept": "text/html"}, **sent, name="", email="")
        assert "/feedback/" not in written
        await finish(aino, (await aino.take())["contact"]["contact"])
        await give(link(await get(link(written, "case")), "feedback"), "3")
        # Writing again reopens a chat's case, and its feedback stays.
        await ulla.close()
        await ulla.connect()
        await ulla.hello()
        more = (await aino.take())["contact"]
        assert more["case"] == card["case"]
        await finish(aino, more["contact"])
    await _read_by_supervisors_alone(product)
    events = [one for one in await product.export("events") if one["kind"] == "feedback"]
    assert [(one["channel"], one["why"], one["handling"]) for one in events] == [
        ("chat", "given", 5),
        ("callback", "given", 4),
        ("mail", "given", 2),
        ("mail", "changed", 1),
        ("mail", "given", 3),
    ]
    assert CANARY not in json.dumps(events)
    kinds = [one["kind"] for one in await product.export("outbound")]
    assert kinds.count("feedback") == 1  # once in thirty days, whatever Ville writes
    assert (await product.verify())["violations"] == []
    for one in (end["feedback_url"], url):
        assert one.rpartition("/")[2] not in product.log()
    assert "308T" not in product.log()


async def _read_by_supervisors_alone(product: Product) -> None:
    async with product.agent(SEPPO) as seppo:
        status, page = await seppo.get("/feedback")
        assert (status, CANARY in page, "<script>alert" in page) == (200, True, False)
        assert "308T" not in page
    async with product.agent(KELA_ADMIN) as kalle:
        status, page = await kalle.get("/feedback?queue=general")
        assert (status, CANARY in page) == (200, False)
    async with product.agent(AINO) as aino:
        assert (await aino.get("/feedback"))[0] == 403


async def test_what_was_said_by_mail(product: Product, relay: Relay) -> None:
    async with product.agent(AINO) as aino, open_citizen(product) as ulla:
        await ulla.hello(name="Ulla")
        await ulla.say(f"Milloin haku alkaa? {CANARY}", "u1")
        await aino.available()
        card = (await aino.take())["contact"]
        note = {"contact": card["contact"], "client_id": "n1", "text": "SALAINEN muistio"}
        await aino.send(type="note", **note)
        await aino.reply(card["contact"], "Maanantaina.", "a1")
        await aino.send(type="draft", contact=card["contact"], text="SALAINEN luonnos")
        await finish(aino, card["contact"])
        case = (await ulla.of("closed"))["case_url"]
    await _wish(case, "ulla@example.org")
    (first,) = await relay.received(1)
    assert (first["To"], CANARY in first.get_content()) == ("ulla@example.org", False)
    proof = link(first.get_content(), "transcript")
    await get(proof)
    assert len(relay.mails) == 1  # looking sends nothing
    assert "Keskustelu on lähetetty" in await post(proof)
    sent = (await relay.received(2))[1]
    text = sent.get_content()
    assert (sent["To"], sent["Auto-Submitted"]) == ("ulla@example.org", "auto-generated")
    assert CANARY in text
    assert "Maanantaina." in text
    for hidden in ("SALAINEN", "Virtanen", "aino@"):
        assert hidden not in text
    for wrong, status in ((proof, 410), (proof[:-1], 404), (proof[:-4] + "AAAA", 404)):
        await get(wrong, status)
        await post(wrong, status)
    await get(case.replace("/case/", "/transcript/"), 404)
    again = await _wish(case, "ulla@example.org")
    assert again == await _wish(case, "aune@example.org")  # it tells nothing of addresses
    stored = json.dumps([one["external_id"] for one in await product.export("outbound")])
    assert proof.rpartition("/")[2] not in stored + product.log()
    await relay.received(4)
    conn = await asyncpg.connect(product.servers()["database_url"])
    rows = await conn.fetch(
        "SELECT text FROM outbound WHERE kind = 'transcript' AND state = 'sent'"
    )
    await conn.close()
    assert rows
    assert {row["text"] for row in rows} == {None}  # gone when it was sent
    assert (await product.verify())["violations"] == []


async def _wish(case: str, address: str) -> str:
    """Ask for what was said on the page of the case; what it answers, without its own ids."""
    found = re.search(r'name="request_id" value="([^"]+)"', await get(case))
    assert found is not None
    page = await post(f"{case}/transcript", request_id=found[1], transcript=address)
    assert "Tarkista sähköpostisi." in page
    return re.sub(r'"form-[^"]+"|data-tag="[^"]+"', "", page)
