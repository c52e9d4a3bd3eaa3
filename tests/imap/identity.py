"""A token server: gives out tokens as told, and tells Dovecot whether one is good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class Identity:
    """`asked` are the forms that came for tokens; `answer` replaces the usual one; `good` are the
    tokens that a server may take, and whose they are; `in_pieces`:
    the answer comes byte by byte."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.asked: list[dict[str, str]] = []
        self.answer: web.Response | None = None
        self.expires_in: object = 3600
        self.refresh: str | None = None
        self.good: set[str] = set()
        self.in_pieces = False

    async def token(self, request: web.Request) -> web.StreamResponse:
        """RFC 6749 sections 4.4 and 6."""
        self.asked.append({k: str(v) for k, v in (await request.post()).items()})
        if self.answer is not None:
            return self.answer
        token = f"token-{len(self.asked)}"
        self.good.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        if self.refresh is not None:
            told["refresh_token"] = self.refresh
        return await _piecemeal(request, told) if self.in_pieces else web.json_response(told)

    async def introspect(self, request: web.Request) -> web.Response:
        """What Dovecot asks for each token (RFC 7662)."""
        active = request.query["token"] in self.good
        return web.json_response({"active": str(active).lower(), "email": self.user})


async def _piecemeal(request: web.Request, told: object) -> web.StreamResponse:
    """A byte at a time, each in its turn of the loop."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for byte in json.dumps(told).encode():
        await response.write(bytes([byte]))
        await asyncio.sleep(0)
    await response.write_eof()
    return response


@asynccontextmanager
async def running_identity(user: str, port: int) -> AsyncIterator[Identity]:
    """It, on this port."""
    identity = Identity(user)
    app = web.Application()
    app.router.add_post("/token", identity.token)
    app.router.add_get("/introspect", identity.introspect)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    try:
        yield identity
    finally:
        await runner.cleanup()
