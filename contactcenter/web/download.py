"""Files as answers: always a download, of no type, whoever asks. A browser draws an image of it
where a page of ours says so, and runs nothing of it anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

from aiohttp import web

_SANDBOX = "default-src 'none'; sandbox"


def headers(name: str, size: int, kind: str = "application/octet-stream") -> dict[str, str]:
    """What a download says to the browser (RFC 6266); `name` is a safe one, `size` in bytes. Only
    what the house made itself has a type."""
    return {
        "Content-Type": kind,
        "Content-Length": str(size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }


async def send(
    request: web.Request, name: str, size: int, pieces: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Answer with a file."""
    response = web.StreamResponse(headers=headers(name, size))
    await response.prepare(request)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
