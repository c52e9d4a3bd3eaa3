"""`python -m bench.scaling_writers product|floor WRITERS EACH`: says "ready", and at the word on
its input lets so many writers store so many contacts each, and says "done"."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

import asyncpg
import uvloop

from bench import intake
from bench.stage import Stage
from contactcenter.app import open_node
from contactcenter.config import Settings, load_settings
from contactcenter.kernel import log

Write = Callable[[int], Awaitable[None]]


async def _main(what: str, writers: int, each: int) -> None:
    settings = replace(load_settings(dict(os.environ)), channels=(), offer_s=3600.0, smtp_port=0)
    async with AsyncExitStack() as stack:
        writes = await (_floor if what == "floor" else _product)(stack, settings, writers)
        await asyncio.gather(*(write(20) for write in writes))
        await _say_and_wait("ready")
        await asyncio.gather(*(write(each) for write in writes))
        await _say_and_wait("done")


async def _floor(_: AsyncExitStack, settings: Settings, writers: int) -> list[Write]:
    return [
        partial(intake.write_rows, await asyncpg.connect(settings.database_url))
        for _ in range(writers)
    ]


async def _product(stack: AsyncExitStack, settings: Settings, writers: int) -> list[Write]:
    assert settings.database_url is not None
    assert settings.redis_url is not None
    node = await open_node(stack, settings, settings.database_url, settings.redis_url)
    stage = Stage(node, settings.database_url, settings.redis_url, settings.home)
    return [partial(intake.take_in, stage)] * writers


async def _say_and_wait(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    log.configure("error")
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
