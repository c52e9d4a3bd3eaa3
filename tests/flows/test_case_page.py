"""A case by its own page, with the product as a process: from the acknowledgement to the end."""

from __future__ import annotations

import re

import aiohttp

from tests.flows.product import Product, Relay, letter

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
KELA = "asiakaspalvelu@kela.example"
CANARY = "kanarialintu"


class Page:
    """A citizen's browser without script, cookies and memory, on the page of a link."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def look(self, more: str = "", status: int = 200) -> str:
        async with self._http.get(self.url + more, headers={"Accept": "text/html"}) as answer:
            assert answer.status == status, await answer.text()
            assert "Set-Cookie" not in answer.headers
            return await answer.text()

    async def send(self, form: str, **fields: str) -> str:
        """Send a form; the page after it."""
        found = re.search(r'name="request_id" value="([^"]+)"', await self.look())
        assert found is not None
        data = {"request_id": found[1], **fields}
        headers = {"Accept": "text/html", "Origin": "https://evil.example"}
        async with self._http.post(f"{self.url}/{form}", data=data, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()


def link(text: str) -> str:
    """The link in an acknowledgement."""
    (found,) = re.findall(r"http://\S+/case/[A-Za-z0-9_-]{43}", text)
    return str(found)


async def test_case_page(product: Product, relay: Relay) -> None:
    await product.mail(letter(subject=HOSTILE, text=f"Milloin haku päättyy? {HOSTILE}"))
    (receipt,) = await relay.acknowledged(1)
    async with aiohttp.ClientSession() as http, product.agent("aino@mikkeli.example") as aino:
        page = Page(http, link(receipt.get_content()))
        first = await page.look()
        assert "Asiasi odottaa vuoroaan" in first
        assert "Paikkasi jonossa on 1." in first
        assert "<script>alert" not in first
        assert "<img src=x" not in first
        await aino.available()
        card = (await aino.take())["contact"]
        contact = card["contact"]
        assert card["page"]["seen_at"] is not None
        assert "Asiasi on otettu käsittelyyn" in await page.look()
        await page.send("message", text="Tunnukseni on 131052-308T")
        told = await aino.wait(
            lambda f: f["type"] == "message" and f["message"]["direction"] == "inbound"
        )
        assert (told["contact"], told["message"]["seq"]) == (contact, 2)
        assert "308T" not in told["message"]["text"]
        await aino.send(type="note", contact=contact, client_id="n1", text="SALAINEN muistio")
        await aino.of("message")
        await aino.reply(contact, "Hei Ville, haku päättyy 31.3.", "r1")
        shown = await page.look()
        assert "Hei Ville, haku päättyy 31.3." in shown
        for hidden in ("SALAINEN", "Virtanen", "aino@", "308T"):
            assert hidden not in shown
        await page.send("cancel")
        said = await aino.wait(lambda f: f["type"] == "message" and f["message"]["seq"] == 5)
        assert "tarvitse" in said["message"]["text"]
        await aino.send(type="wrap_up", contact=contact, disposition="answered", ref="w")
        await aino.of("contact", ref="w")
        await aino.send(type="state", value="away")
        after = await page.send("message", text="Vielä yksi asia")
        assert "Asiasi odottaa vuoroaan" in after
        assert "Vielä yksi asia" in after
        assert "Asia on peruttu" in await page.send("cancel")
        await page.look("x", 404)
        await Page(http, page.url[:-1]).look(status=404)
    contacts = await product.export("contacts")
    assert [one["state"] for one in contacts] == ["closed", "abandoned"]
    assert len({one["case"] for one in contacts}) == 1
    assert (await product.verify())["violations"] == []
    assert page.url.rpartition("/")[2] not in product.log()


async def test_files_on_the_page(product: Product, relay: Relay) -> None:
    """Out by the page's form, in by the console, and back."""
    await product.mail(letter())
    (receipt,) = await relay.acknowledged(1)
    async with aiohttp.ClientSession() as http, product.agent("aino@mikkeli.example") as aino:
        page = Page(http, link(receipt.get_content()))
        await aino.available()
        contact = (await aino.take())["contact"]["contact"]
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("request_id", "form-1")
        form.add_field("text", "Kuva liitteenä")
        form.add_field("files", b"%PDF-1.7", filename="../kuva ä.pdf", content_type="image/png")
        async with http.post(f"{page.url}/message", data=form) as answer:
            assert answer.status == 200, await answer.text()
        told = await aino.wait(lambda f: f["type"] == "message" and f["contact"] == contact)
        (file,) = told["message"]["attachments"]
        assert (file["name"], file["media_type"]) == ("kuva ä.pdf", "application/pdf")
        assert (await aino.get(f"/api/attachments/{file['id']}"))[0] == 200
        (shown,) = re.findall(r'href="(/file/[^"]+)"', await page.look())
        async with http.get(product.url + shown) as answer:
            assert (answer.status, await answer.read()) == (200, b"%PDF-1.7")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.rpartition("/")[2] not in product.log()


async def test_case_pages_of_two_organisations(product: Product, relay: Relay) -> None:
    """What is in one organisation's case is on no page of the other's."""
    await product.mail(letter(subject=CANARY, text=CANARY, to=KELA))
    await product.mail(letter(subject="Oma asia", text="Oma asia"))
    receipts = await relay.acknowledged(2)
    urls = {str(one["To"]) + str(one["From"]): link(one.get_content()) for one in receipts}
    theirs = next(url for who, url in urls.items() if "kela.example" in who)
    ours = next(url for url in urls.values() if url != theirs)
    async with aiohttp.ClientSession() as http:
        assert CANARY in await Page(http, theirs).look()
        page = Page(http, ours)
        assert CANARY not in await page.look()
        await page.send("message", text="Vain kaupungille")
        assert "Vain kaupungille" not in await Page(http, theirs).look()
        mixed = theirs[: len(theirs) - 32] + ours[len(ours) - 32 :]  # one's name, the other's proof
        await Page(http, mixed).look(status=404)
    async with product.agent("aino@mikkeli.example") as aino:
        case = {one["organisation"]: one["case"] for one in await product.export("contacts")}
        status, _ = await aino.get(f"/api/cases/{case['kela']}/messages")
        assert status == 404
