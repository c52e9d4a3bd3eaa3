"""The limits of the agents' socket, from outside."""

from __future__ import annotations

import asyncio
import json

from websockets.asyncio.client import ClientConnection, connect

from contactcenter.frames import MAX_FRAME
from contactcenter.web.agent.agent_socket import SOCKETS_A_USER
from tests.flows.product import Agent, Product, letter


async def _tab(product: Product, agent: Agent) -> ClientConnection:
    return await connect(
        product.url.replace("http", "ws") + "/ws/agent",
        origin=product.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": agent.cookie},
        compression=None,
    )


async def _answers(tab: ClientConnection) -> bool:
    """Whether a tab is served once it has said `resume`."""
    await tab.send('{"type":"resume","after":0}')
    try:
        return b"snapshot" in (await tab.recv(decode=False))
    except Exception:
        return False


async def test_tabs_that_open_together_are_counted_too(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        tabs = await asyncio.gather(*(_tab(product, aino) for _ in range(2 * SOCKETS_A_USER)))
        served = await asyncio.gather(*(_answers(tab) for tab in tabs))
        await asyncio.gather(*(tab.close() for tab in tabs))
    assert sum(served) <= SOCKETS_A_USER


async def test_a_frame_is_measured_in_bytes(product: Product) -> None:
    async with product.agent("aino@mikkeli.example") as aino:
        await aino.available()
        await product.mail(letter())
        card = (await aino.take())["contact"]
        frame = {"type": "note", "contact": card["contact"], "client_id": "n1"}
        text = json.dumps(frame | {"text": "€" * (MAX_FRAME // 2)}, ensure_ascii=False)
        assert len(text) < MAX_FRAME < len(text.encode())
        await aino.send_text(text)
        answer = await aino.wait(lambda f: f["type"] in ("message", "error"))
    assert answer.get("code") == "too_large"
