"""What the windows of tests keep from one to the next: files, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from tests.windows import Windows, origin, served

pytestmark = pytest.mark.needs_package("chromium")
SIZE = (320, 200)
KEEPS = """document.cookie = 'a=b; path=/'; localStorage.a = sessionStorage.a = 'b';
  indexedDB.open('a'); caches.open('a')"""
KEPT = """(async () => [document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length])()"""


async def test_a_window_forgets_all_but_the_files(windows: Windows) -> None:
    asked: list[str] = []

    async def page(request: web.Request) -> web.Response:
        html = '<!doctype html><link rel="icon" href="data:"><script src="/file.js"></script>'
        return web.Response(text=html, content_type="text/html")

    async def file(request: web.Request) -> web.FileResponse:
        asked.append(request.path)
        return web.FileResponse(Path(__file__).parents[2] / "agent_ui/static/common/theme.js")

    url = origin("windows")
    for clock in (False, True, False):
        app = web.Application()
        app.add_routes([web.get("/", page), web.get("/file.js", file)])
        async with served(app, "windows"), windows.open(SIZE, url) as shown:
            if clock:
                await shown.clock.install(time=0)
            await shown.goto(url)
            assert await shown.evaluate(KEPT) == ["", 0, 0, 0, 0]
            assert (await shown.evaluate("Date.now()") < 1e9) == clock
            await shown.evaluate(KEEPS)
    assert len(asked) == 2  # the clock's context is gone with its files
