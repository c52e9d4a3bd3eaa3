"""Files for an answer: bounded, for one's own contact, by our own pages, kept with the draft."""

from __future__ import annotations

import io

import aiohttp

from tests.flows.product import Agent, Product, letter


async def taken_mail(agent: Agent) -> str:
    await agent.available()
    contact: str = (await agent.take())["contact"]["contact"]
    return contact


async def upload(
    product: Product, agent: Agent, contact: str, name: str, content: bytes
) -> tuple[int, dict[str, str]]:
    url = f"{product.url}/api/uploads?contact={contact}&name={name}"
    async with agent.http.post(url, data=io.BytesIO(content)) as answer:
        return answer.status, await answer.json()


async def test_an_upload_is_bounded_and_ones_own(product: Product) -> None:
    await product.mail(letter())
    async with (
        product.agent("aino@mikkeli.example") as aino,
        product.agent("bjorn@mikkeli.example") as bjorn,
    ):
        contact = await taken_mail(aino)
        assert (await upload(product, bjorn, contact, "a.pdf", b"%PDF-"))[0] == 403
        assert (await upload(product, aino, contact, "a.pdf", b""))[0] == 400
        assert (await upload(product, aino, contact, "a.pdf", b"x" * 10_000_001))[0] == 413
        for name, content in (("a.exe", b"x"), ("a.txt", b"MZ\0"), ("a.pdf", b"<html>")):
            status, refused = await upload(product, aino, contact, name, content)
            assert (status, refused["field"]) == (400, "name")
        url = f"{product.url}/api/uploads?contact={contact}&name=a.pdf"
        foreign = {"Origin": "https://evil.example"}
        async with aino.http.post(url, data=b"%PDF-", headers=foreign) as answer:
            assert answer.status == 403
        async with aiohttp.ClientSession() as nobody, nobody.post(url, data=b"%PDF-") as answer:
            assert answer.status == 401
        status, file = await upload(product, aino, contact, "a.pdf", b"%PDF-1.7")
        await aino.send(type="draft", contact=contact, text="", attachments=[file["id"]])
        await aino.of("draft")
        await aino.send(type="read", contact=contact)
        card = (await aino.of("contact"))["contact"]
        assert card["draft_mail"]["attachments"][0]["name"] == "a.pdf"
        for _ in range(2):
            async with aino.http.delete(f"{product.url}/api/uploads/{file['id']}") as answer:
                assert answer.status == 204
        status, text = await aino.get(f"/api/contacts/{contact}/reply")
        assert status == 200
        assert "Ystävällisin terveisin" in text
