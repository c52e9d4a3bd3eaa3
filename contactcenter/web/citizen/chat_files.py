"""Files of citizens: where a chat's page sends their bytes, and where a citizen gets them.

Who sends shows a token that the chat's socket gave, good once; who reads, the file's signed link,
as the chat and the case's own page show it. Neither is a cookie, so an agent's session in the same
browser plays no part.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from aiohttp import web

from contactcenter.chat.filing import Filing
from contactcenter.errors import Refused
from contactcenter.kernel import blobs
from contactcenter.kernel.sql import Row
from contactcenter.web import download
from contactcenter.web.address import client_of, limit_key
from contactcenter.web.allowance import one_of
from contactcenter.web.bodies import json_answer
from contactcenter.web.citizen.case_pages import room_of
from contactcenter.web.citizen.private_link import counted
from contactcenter.web.security import takes

MOST_BODY = 50_000_001  # the most that the setting may say, and one
AT_ONCE = 20  # from one address
IDLE_S, WHOLE_S = 20.0, 600.0


class ChatFiles:
    """Handlers."""

    def __init__(self, filing: Filing) -> None:
        self._filing = filing
        self._coming: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        """Where they answer."""
        return [
            web.post("/chat/files/{token}", self.upload),
            web.get("/file/{token}", self.file),
        ]

    @takes(MOST_BODY)
    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file: the body, as it is. Nothing is left of one that breaks off, is
        refused, or takes too long."""
        if (request.content_length or 0) > self._filing.most_bytes:
            raise self._filing.too_large()
        address = limit_key(client_of(request))
        with one_of(AT_ONCE, self._coming, address):
            coming = await self._filing.begin(request.match_info["token"])
            try:
                async with asyncio.timeout(WHOLE_S):
                    made = await self._take(request, coming)
            except TimeoutError:
                await self._filing.drop(coming)
                raise Refused("unavailable", "upload_slow", retry_after_s=1) from None
            except BaseException:
                await asyncio.shield(self._filing.drop(coming))
                raise
        return json_answer(made, status=201)

    async def _take(self, request: web.Request, coming: Row) -> dict[str, object]:
        filing, piece = self._filing, bytearray()
        media_type, n, size = "", 0, 0
        ended = False
        while not ended:
            async with asyncio.timeout(IDLE_S):
                got = await request.content.readany()
            ended = not got
            piece += got
            size += len(got)
            if size > filing.most_bytes:
                raise filing.too_large()
            if ended and not size:
                raise Refused("bad_request", "file_empty", field="file")
            while len(piece) >= blobs.CHUNK or (ended and piece):
                if not n:
                    media_type = filing.check(coming, request.content_type, bytes(piece))
                await filing.put(coming, n, bytes(piece[: blobs.CHUNK]))
                del piece[: blobs.CHUNK]
                n += 1
        return await filing.arrived(coming, media_type, size)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file for a citizen, always as a download."""
        row = await counted(request, room_of(request).file(request.match_info["token"]))
        pieces = blobs.get(self._filing.db, row["blob_id"])
        return await download.send(request, row["name"], row["size"], pieces)
