"""An independent client of the agent socket, on another library than the server's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
from websockets.asyncio.client import connect
from websockets.typing import Origin


async def sign_in(url: str, email: str, password: str) -> str:
    """The session cookie as a header value. Raises OSError where nothing answers or it says no."""
    async with aiohttp.ClientSession() as session:
        answer = await session.post(
            f"{url}/api/session",
            json={"email": email, "password": password},
            headers={"Origin": url},
        )
        if answer.status != 200:
            raise ConnectionRefusedError((await answer.json())["message"])
        return "; ".join(f"{name}={cookie.value}" for name, cookie in answer.cookies.items())


async def frames(url: str, email: str, password: str) -> AsyncIterator[str]:
    """Every frame the server sends to a new tab of this user."""
    cookie = await sign_in(url, email, password)
    socket = url.replace("http", "ws", 1) + "/ws/agent"
    async with connect(
        socket,
        origin=Origin(url),
        additional_headers={"Cookie": cookie},
        compression=None,
    ) as ws:
        await ws.send(json.dumps({"type": "resume", "after": 0}))
        async for frame in ws:
            yield frame if isinstance(frame, str) else frame.decode()
