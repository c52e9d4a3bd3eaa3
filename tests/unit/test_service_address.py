"""A catalogue fetched from an address, from a small server of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from contactcenter.service_address import NotFetched, fetched, paged

PAGES = 3


async def _page(request: web.Request) -> web.Response:
    page = int(request.query.get("page", "1"))
    return web.json_response({"pageNumber": page, "pageCount": PAGES, "itemList": [{"id": page}]})


async def _elsewhere(_: web.Request) -> web.Response:
    raise web.HTTPFound("http://169.254.169.254/latest")


async def _long(_: web.Request) -> web.Response:
    return web.Response(body=b" " * 100_000)


async def _pages(_: web.Request) -> web.Response:
    return web.json_response({"pageCount": 1_000_000, "itemList": []})


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """The server's address."""
    app = web.Application()
    app.router.add_get("/list", _page)
    app.router.add_get("/elsewhere", _elsewhere)
    app.router.add_get("/long", _long)
    app.router.add_get("/pages", _pages)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_all_pages_are_fetched_and_told(url: str) -> None:
    told: list[tuple[int, int]] = []
    found = await fetched(f"{url}/list?code=491", 10_000, lambda n, of: told.append((n, of)))
    assert [b'"id": %d' % n in data for n, data in enumerate(found, 1)] == [True] * PAGES
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert paged("https://x.example/a?page=1&b=%C3%A4", 7) == "https://x.example/a?b=%C3%A4&page=7"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/missing", "answers 404"),
        ("/elsewhere", "leads on to http://169.254.169.254/latest"),
        ("/long", "more than can be imported"),
        ("/pages", "pages are more than"),
    ],
)
async def test_what_is_wrong_is_said(url: str, place: str, said: str) -> None:
    with pytest.raises(NotFetched, match=said):
        await fetched(url + place, 10_000, lambda n, of: None)


@pytest.mark.parametrize(
    "address", ["http://www.example.org/x", "ftp://x", "https://", "https://["]
)
async def test_only_https(address: str) -> None:
    with pytest.raises(NotFetched, match="must begin with https://"):
        await fetched(address, 10_000, lambda n, of: None)


async def test_no_answer_is_said_without_a_traceback() -> None:
    with pytest.raises(NotFetched, match="no answer"):
        await fetched("http://127.0.0.1:1/x", 10_000, lambda n, of: None)
