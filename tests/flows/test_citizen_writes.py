"""A citizen finds the matter on the contact page, writes without a name, and an agent gets it."""

from __future__ import annotations

import re

import aiohttp

from tests.flows.product import Product


async def test_from_the_contact_page_to_an_agent(product: Product) -> None:
    async with aiohttp.ClientSession(product.url) as http:
        pages = {}
        for path in (
            "/contact?organisation=mikkeli&lang=sv",
            "/message?topic=mikkeli/moving&lang=sv",
            "/privacy?organisation=mikkeli&lang=sv",
            "/accessibility?organisation=mikkeli&lang=sv",
        ):
            async with http.get(path) as answer:
                assert answer.status == 200
                assert "Set-Cookie" not in answer.headers
                pages[path] = await answer.text()
        assert all("--brand:light-dark(#0b4f4a,#0d3a37)" in page for page in pages.values())
        async with http.get(
            re.findall(r'src="(/theme/[^"]+)"', next(iter(pages.values())))[0]
        ) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
        async with http.get("/widget.js") as answer:
            assert "#0b4f4a" in await answer.text()
        contact, form, _, statement = pages.values()
        assert "Flytt till S:t Michel" in contact
        assert "/message?topic=mikkeli%2Fmoving&amp;lang=sv" in contact
        sent = {"topic": "mikkeli/moving", "text": "Var får jag en lägenhet?"}
        case = await _post(http, "/message?topic=mikkeli/moving&lang=sv", form, sent)
        assert case == await _post(http, "/message?topic=mikkeli/moving&lang=sv", form, sent)
        async with http.get(case) as answer:
            assert answer.status == 200
            assert "Var får jag en lägenhet?" in await answer.text()
        path = "/accessibility?organisation=mikkeli&lang=sv"
        await _post(http, path, statement, {"text": "Jag ser inget fokus."})
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        taken = [await aino.take() for _ in range(2)]
    cards = {one["contact"]["subject"]: one["contact"] for one in taken}
    moving, feedback = cards["Flytt till S:t Michel"], cards["Respons om tillgänglighet"]
    assert (moving["channel"], moving["language"], moving["person"]["name"]) == ("mail", "sv", "")
    assert {one["messages"][0]["text"] for one in taken} == {sent["text"], "Jag ser inget fokus."}
    assert "answer_by" not in moving
    assert feedback["answer_by"] > feedback["first_arrival"]


async def _post(http: aiohttp.ClientSession, path: str, page: str, typed: dict[str, str]) -> str:
    """Send what was typed into the form of a page; where it leads to."""
    found = re.search(r'name="request_id" value="([^"]+)"', page)
    assert found is not None
    form = typed | {"request_id": found[1], "name": "", "email": ""}
    async with http.post(path, data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        place = answer.headers["Location"]
    assert re.fullmatch(r"/case/[\w-]{43}\?new=1&lang=sv", place)
    return place
