"""The floor's second process: what is published on Redis goes to every socket, nothing else."""

from __future__ import annotations

import sys

import redis.asyncio as redis
import uvloop
from aiohttp import web


async def main(redis_url: str) -> None:
    """Serve on a port that is printed, until killed."""
    sockets: set[web.WebSocketResponse] = set()

    async def handler(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        sockets.add(ws)
        async for _ in ws:
            pass
        return ws

    app = web.Application()
    app.router.add_get("/", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    pubsub = redis.Redis.from_url(redis_url, protocol=2).pubsub(ignore_subscribe_messages=True)
    await pubsub.subscribe("bench")
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    async for message in pubsub.listen():
        for ws in sockets:
            await ws.send_str(message["data"].decode())


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
