"""`contactcenter serve` and `run`: a node until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial

from contactcenter import demo as demo_city
from contactcenter import edge
from contactcenter.app import Node, open_node
from contactcenter.commands import load_demo, welcome
from contactcenter.config import Settings
from contactcenter.errors import ContactCenterError
from contactcenter.kernel import garbage, memory, seal_keys
from contactcenter.kernel.loop import forever
from contactcenter.lifecycle import serve
from contactcenter.servers import Servers, servers
from contactcenter.siblings import Siblings


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Serve; the exit code is 0 after an orderly stop. Raises OSError where a port is taken,
    ContactCenterError."""
    if arguments.only == "workers" and arguments.processes > 1:
        raise ContactCenterError("--processes share the port of the web: not with --only workers")
    if not arguments.reuse_port:
        _check_ports(settings, arguments.only)
    with servers(settings, lasting=True) as found:
        if found.own_database and settings.seal_key_file is None:  # before our siblings look for it
            seal_keys.make(seal_keys.place(settings.home, None))
        _loop_run(_serve(settings, arguments, found))
    return 0


async def _serve(settings: Settings, arguments: argparse.Namespace, found: Servers) -> None:
    memory.give_back_large()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_, stop.set)
    async with AsyncExitStack() as stack:
        siblings = Siblings(arguments, found)
        stack.push_async_callback(siblings.ended)
        stack.callback(siblings.end)
        node = await open_node(stack, settings, found.database_url, found.redis_url)
        described = None
        if arguments.demo:
            await load_demo(node, arguments.history_days)
            described = await demo_city.describe(
                node.db, settings.public_url, (settings.smtp_host, settings.smtp_port)
            )
        shared = arguments.reuse_port or arguments.processes > 1

        def ready(node: Node) -> None:
            if described is not None:
                sys.stdout.write("\nThe contact centre is ready.\n\n" + welcome(described))
            else:
                sys.stdout.write(f"ready: {settings.public_url}\n")
            sys.stdout.flush()
            garbage.put_off()

        reviving = asyncio.create_task(forever("revive", found.revive, every_s=1))
        stack.callback(reviving.cancel)
        keeping = asyncio.create_task(_keep(siblings, stop))
        stack.callback(keeping.cancel)
        searching = asyncio.create_task(forever("garbage", garbage.search, every_s=garbage.EVERY_S))
        stack.callback(searching.cancel)
        await serve(
            node,
            _edge(arguments, shared),
            stop,
            only=arguments.only,
            ready=ready,
        )


def _edge(
    arguments: argparse.Namespace, shared: bool
) -> Callable[[Node], Awaitable[edge.Close]] | None:
    """What this process shows to the world; nothing where it only works."""
    port: int | None = arguments.metrics_port
    if arguments.only != "workers":
        return lambda node: edge.start(
            node, demo=arguments.demo, reuse_port=shared, metrics_port=port
        )
    return None if port is None else partial(edge.start_metrics, metrics_port=port)


async def _keep(siblings: Siblings, stop: asyncio.Event) -> None:
    """The processes beside this one live until it is told to stop, and drain while it does."""
    reviving = asyncio.create_task(forever("siblings", siblings.revive, every_s=1))
    try:
        await stop.wait()
    finally:
        reviving.cancel()
        siblings.end()


def _check_ports(settings: Settings, only: str | None) -> None:
    """Before anything is started or loaded, rather than after it."""
    wanted = [
        ("workers", (settings.host, settings.port)),
        ("web", (settings.smtp_host, settings.smtp_port)),
    ]
    if settings.lmtp_port is not None:
        wanted.append(("web", (settings.smtp_host, settings.lmtp_port)))
    for without, address in wanted:
        if only != without:
            family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
            with socket.socket(family) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)


def _loop_run(work: Coroutine[None, None, None]) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)
