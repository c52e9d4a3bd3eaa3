"""A node's life: prepared, its loops and doors started, served until told to stop, drained."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from contactcenter.app import DRAIN_S, Node, Only
from contactcenter.kernel.loop import end


async def serve(
    node: Node,
    web: Callable[[Node], Awaitable[Callable[[], Awaitable[None]]]] | None,
    stop: asyncio.Event,
    *,
    only: Only = None,
    ready: Callable[[Node], None] = lambda node: None,
) -> None:
    """Run a node until `stop`, then drain: doors first, then sockets, then what is being sent."""
    await node.prepare()
    tasks = [asyncio.create_task(loop) for loop in node.loops(only)]
    doors = []
    if only != "web":
        doors = [asyncio.create_task(c.listen(node.reception)) for c in node.channels]
    failed = asyncio.create_task(_first_failure([*tasks, *doors]))
    stopping = asyncio.create_task(stop.wait())
    close_web = None
    try:
        if await _first(node.reception.wait_listening(len(doors)), failed, stopping):
            if web is not None:
                close_web = await web(node)
            ready(node)
            await asyncio.wait({failed, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await end(doors, DRAIN_S)
        try:
            if close_web is not None:
                await close_web()
        finally:
            failed.cancel()
            await end(tasks, DRAIN_S)
            await node.settle_down()
    if not failed.cancelled():
        failed.result()


async def _first(work: Coroutine[None, None, None], *others: asyncio.Task[object]) -> bool:
    """Whether the work was done before any of the others."""
    task = asyncio.create_task(work)
    await asyncio.wait({task, *others}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    return not any(other.done() for other in others)


async def _first_failure(tasks: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()
