"""`python -m bench.scaling_writers product|floor WRITERS EACH`: says "ready", and at the word on
its input lets so many writers store so many contacts each, and says "done"."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import replace

import asyncpg
import uvloop

from bench import intake
from bench.stage import Stage
from contactcenter.app import open_node
from contactcenter.config import load_settings
from contactcenter.kernel import log


async def _main(what: str, writers: int, each: int) -> None:
    settings = replace(load_settings(dict(os.environ)), channels=(), offer_s=3600.0, smtp_port=0)
    assert settings.database_url is not None
    assert settings.redis_url is not None
    async with AsyncExitStack() as stack:
        if what == "floor":
            found = [await asyncpg.connect(settings.database_url) for _ in range(writers)]
            work = [lambda count, one=one: intake.write_rows(one, count) for one in found]
        else:
            node = await open_node(stack, settings, settings.database_url, settings.redis_url)
            stage = Stage(node, settings.database_url, settings.redis_url, settings.home)
            work = [lambda count: intake.take_in(stage, count)] * writers
        await asyncio.gather(*(one(20) for one in work))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(one(each) for one in work))
        sys.stdout.write("done\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    log.configure("error")
    uvloop.run(_main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
