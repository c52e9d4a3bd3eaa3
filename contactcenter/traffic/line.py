"""A client's end of one of the product's sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Origin

Frame = dict[str, Any]
# What a lost, busy or stopping server looks like from here.
LOST = (OSError, WebSocketException, InvalidHandshake, TimeoutError)
ANSWER_S = 20.0


class Line:
    """One connection. `hear` is called with each frame, in order."""

    def __init__(self, socket: ClientConnection, hear: Callable[[Frame], None]) -> None:
        self._socket = socket
        self._hear = hear
        self._wanted: list[tuple[Callable[[Frame], bool], asyncio.Future[Frame]]] = []
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls,
        url: str,
        path: str,
        hear: Callable[[Frame], None],
        *,
        cookie: str | None = None,
        source: str | None = None,
    ) -> Line:
        """Connect. `source`: the loopback address to come from. Raises what is in LOST."""
        at_home = urlsplit(url).hostname or ""
        more: dict[str, Any] = {}
        if source is not None and at_home.startswith("127."):
            more["local_addr"] = (source, 0)
        socket = await connect(
            url.replace("http", "ws", 1) + path,
            origin=Origin(url),
            additional_headers={"Cookie": cookie} if cookie else {},
            compression=None,
            proxy=None,
            ping_interval=None,  # the server watches
            **more,
        )
        return cls(socket, hear)

    @property
    def is_open(self) -> bool:
        """Whether frames still come."""
        return not self._reading.done()

    @property
    def closed_with(self) -> int | None:
        """The code with which it was closed; None while it is open."""
        return self._socket.close_code

    async def send(self, **frame: Any) -> None:
        """Send a frame. Raises what is in LOST."""
        await self._socket.send(json.dumps(frame))

    async def ask(self, wanted: Callable[[Frame], bool], **frame: Any) -> Frame:
        """Send a frame and wait for the one that is wanted. Raises what is in LOST."""
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        entry = (wanted, answer)
        self._wanted.append(entry)
        try:
            await self.send(**frame)
            async with asyncio.timeout(ANSWER_S):
                return await answer
        finally:
            if entry in self._wanted:
                self._wanted.remove(entry)

    async def close(self) -> None:
        """Close it; what was waited for is lost."""
        await self._socket.close()
        await self._reading

    def abort(self) -> None:
        """Be gone without a word."""
        self._socket.transport.abort()

    async def ended(self) -> None:
        """Wait until the other side has closed it."""
        await asyncio.wait([self._reading])

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                self._take(json.loads(text))
        except WebSocketException:
            pass
        for _, answer in self._wanted:
            if not answer.done():
                answer.set_exception(ConnectionResetError("the socket was closed"))

    def _take(self, frame: Frame) -> None:
        for entry in list(self._wanted):
            wanted, answer = entry
            if not answer.done() and wanted(frame):
                answer.set_result(frame)
                self._wanted.remove(entry)
        self._hear(frame)
