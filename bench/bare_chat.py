"""The chat's floor: in one process a citizen's socket, an insert with its commit and a PUBLISH; in
another what is published goes to the agent's socket. Nothing else."""

from __future__ import annotations

import asyncio
import sys

import asyncpg
import redis.asyncio as redis
import uvloop
from aiohttp import web

CONNECTIONS = 8
INSERT = "INSERT INTO floor_message (contact, body) VALUES ($1, $2)"


async def main(role: str, database_url: str, redis_url: str) -> None:
    """Serve `citizens` or `agents` on a port that is printed, until killed."""
    client = redis.Redis.from_url(redis_url, protocol=2)
    if role == "citizens":
        await _serve(await _citizens(database_url, client))
        await asyncio.Event().wait()
    sockets: dict[bytes, web.WebSocketResponse] = {}
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    await pubsub.subscribe("bench_chat")
    await _serve(_agents(sockets))
    async for message in pubsub.listen():
        number, _, text = message["data"].partition(b" ")
        await sockets[number].send_str(text.decode())


async def _serve(app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()


async def _citizens(database_url: str, client: redis.Redis) -> web.Application:
    free: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncpg.connect(database_url))

    async def handler(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        number = request.match_info["number"]
        async for message in ws:
            conn = await free.get()
            await conn.execute(INSERT, int(number), message.data)
            free.put_nowait(conn)
            await client.publish("bench_chat", f"{number} {message.data}")
        return ws

    app = web.Application()
    app.router.add_get("/{number}", handler)
    return app


def _agents(sockets: dict[bytes, web.WebSocketResponse]) -> web.Application:
    async def handler(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        sockets[request.match_info["number"].encode()] = ws
        async for _ in ws:
            pass
        return ws

    app = web.Application()
    app.router.add_get("/{number}", handler)
    return app


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
