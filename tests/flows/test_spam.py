"""Spam and blocked senders through the doors, and the parts of a mail that are read on demand."""

from __future__ import annotations

import json

from tests.flows.client import Frame
from tests.flows.product import Agent, Product, letter

SPAMMER = "Best Offers <offers@example.net>"


async def test_a_sender_is_blocked_and_unblocked(product: Product) -> None:
    async with (
        product.agent("aino@mikkeli.example") as aino,
        product.agent("seppo@mikkeli.example") as seppo,
    ):
        await aino.available()
        contact = (await _spam(product, aino))["contact"]["contact"]
        await aino.send(type="block_sender", contact=contact, ref="b")
        blocked = await aino.of("sender", ref="b")
        assert (blocked["address"], blocked["blocked"]) == ("offers@example.net", True)
        for ref in ("s1", "s2"):
            await aino.send(type="spam", contact=contact, ref=ref)
            closed = (await aino.of("contact", ref=ref))["contact"]
            assert (closed["state"], closed["aside"]) == ("closed", "spam")
        again = letter(subject="Vielä halvempaa")
        again.replace_header("From", SPAMMER)
        await product.mail(again)
        assert (await aino.get("/api/aside"))[0] == 403
        (kept,) = (await _json(seppo, "/api/aside?why=blocked"))["contacts"]
        assert (kept["address"], kept["subject"]) == ("offers@example.net", "Vielä halvempaa")
        (spam,) = (await _json(seppo, "/api/aside?why=spam"))["contacts"]
        assert (spam["contact"], spam["by"]) == (contact, "Aino Virtanen")
        (sender,) = (await _json(seppo, "/api/blocked-senders"))["senders"]
        assert (sender["by"], sender["mails"]) == ("Aino Virtanen", 1)
        url = f"{product.url}/api"
        async with seppo.http.post(f"{url}/aside/{kept['contact']}/release") as answer:
            assert (answer.status, await answer.json()) == (200, {"contact": kept["contact"]})
        assert (await aino.take())["contact"]["contact"] == kept["contact"]
        await aino.send(type="not_spam", contact=contact)
        assert (await aino.take())["contact"]["contact"] == contact
        where = {"organisation": "mikkeli", "address": "offers@example.net"}
        for _ in range(2):
            async with seppo.http.delete(f"{url}/blocked-senders", params=where) as answer:
                assert answer.status == 204
        assert (await _json(seppo, "/api/blocked-senders")) == {"senders": []}
        await _spam(product, aino)
        status, figures = await aino.get("/metrics")
        assert status == 200
        assert "contactcenter_receipts_last_day" in figures
        assert "contactcenter_undelivered 0.0" in figures
    assert (await product.verify())["violations"] == []


async def test_the_rest_and_the_source_of_a_mail(product: Product) -> None:
    text = "Kyllä sopii.\n\n> Sopiiko maanantai?\n> Aune\n\n-- \nVille Veikkonen\nPuh. 050"
    mail = letter(subject="Re: Aika", text=text, In_Reply_To="<1@example.org>")
    await product.mail(mail)
    async with (
        product.agent("aino@mikkeli.example") as aino,
        product.agent("seppo@mikkeli.example") as seppo,
        product.agent("admin@kela.example") as kalle,
    ):
        await aino.available()
        taken = await aino.take()
        message = taken["messages"][0]
        assert message["text"].strip() == "Kyllä sopii."
        assert message["rest"] is True
        place = f"/api/messages/{taken['contact']['case']}/1"
        rest = await _json(aino, f"{place}/rest")
        assert "Sopiiko maanantai?" in rest["rest"]
        assert (await kalle.get(f"{place}/rest"))[0] == 404
        assert (await kalle.get(f"{place}/raw"))[0] == 404
        assert (await aino.get(f"{place}/raw"))[0] == 403
        async with seppo.http.get(product.url + f"{place}/raw") as answer:
            source = (await answer.read()).decode()
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment")
        assert str(mail["Message-ID"]) in source
        assert (await seppo.get(f"{place[:-1]}9/raw"))[0] == 404
        assert (await aino.get(f"{place[:-1]}9/rest"))[0] == 404


async def _spam(product: Product, agent: Agent) -> Frame:
    mail = letter(subject="Halpaa!")
    mail.replace_header("From", SPAMMER)
    await product.mail(mail)
    return await agent.take()


async def _json(agent: Agent, path: str) -> Frame:
    status, text = await agent.get(path)
    assert status == 200, text
    found: Frame = json.loads(text)
    return found
