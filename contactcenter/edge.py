"""The web edge of a node: pages, JSON and sockets on one port, wired to the rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from contactcenter.accounts import sessions
from contactcenter.app import Node
from contactcenter.chat.opening import Opening
from contactcenter.edge_services import services_for
from contactcenter.kernel.loop import forever
from contactcenter.node_figures import NodeFigures
from contactcenter.queue.bands import Bands
from contactcenter.queue.outlook import Outlooks
from contactcenter.stats.board import Board
from contactcenter.web import auth
from contactcenter.web.agent import console
from contactcenter.web.agent.agent_socket import AgentDoor, agent_socket
from contactcenter.web.agent.cases_api import CasesApi
from contactcenter.web.agent.hub import Hub
from contactcenter.web.agent.mail_api import MailApi
from contactcenter.web.agent.turns_api import TurnsApi
from contactcenter.web.citizen.chat_files import ChatFiles
from contactcenter.web.citizen.chat_socket import ChatDoor, chat_socket
from contactcenter.web.server import build_app, build_metrics_app
from contactcenter.web.services import Services
from contactcenter.web.socket import Heart
from contactcenter.web.supervisor import board_socket as boards

Close = Callable[[], Awaitable[None]]


async def start(
    node: Node, *, demo: bool, reuse_port: bool, metrics_port: int | None = None
) -> Close:
    """Take requests; returns what closes the edge: sockets first, with "come back soon"."""
    services, hub, heart = services_for(node, demo), _hub(node), Heart()
    app = build_app(services)
    app.add_routes(CasesApi(node.db, auth.signed_in).routes())
    app.add_routes(MailApi(node.desk, auth.signed_in).routes())
    app.add_routes(ChatFiles(node.chats.filing).routes())
    app.add_routes(TurnsApi(node.desk, auth.signed_in).routes())
    app.add_routes(console.routes)
    door = _agent_door(node, hub, heart)
    app.router.add_get("/ws/agent", lambda request: agent_socket(door, request))
    board = _board_door(node, heart)
    app.router.add_get("/ws/board", partial(boards.board_socket, board))
    chat_doors = _chat_doors(node, heart)
    for chat in chat_doors:
        app.router.add_get(f"/ws/{chat.channel.name}", partial(chat_socket, chat))
    figures = NodeFigures(
        node,
        services.metrics,
        lambda: {
            "agent": hub.addresses.total(),
            "board": board.addresses.total(),
            "chat": sum(chat.addresses.total() for chat in chat_doors),
        },
    )
    close_metrics = await _show_metrics(node, services, metrics_port)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    site = web.TCPSite(
        runner, node.settings.host, node.settings.port, reuse_port=reuse_port or None
    )
    await site.start()
    loops = [
        asyncio.create_task(figures.watch()),
        asyncio.create_task(hub.listener.run()),
        asyncio.create_task(forever("beat", hub.beat, every_s=2)),
        asyncio.create_task(forever("signed_out", hub.drop_signed_out, every_s=1)),
        asyncio.create_task(forever("heart", heart.run_once, every_s=1)),
        asyncio.create_task(
            forever("board", board.run_once, every_s=boards.EVERY_S, wake=board.woken)
        ),
        asyncio.create_task(forever("watchers", board.renew, every_s=1)),
        *(asyncio.create_task(loop) for loop in node.chats.loops()),
    ]

    async def close() -> None:
        await site.stop()
        await node.chats.close()
        await asyncio.gather(
            hub.close_all(), board.close_all(), *(chat.close_all() for chat in chat_doors)
        )
        await runner.cleanup()  # sockets' last words may still need the loops
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops, timeout=5)
        services.accounts.passwords.close()
        await close_metrics()

    return close


async def start_metrics(node: Node, metrics_port: int) -> Close:
    """Of a node that serves no pages: its health and its figures alone."""
    services = services_for(node, with_demo=False)
    figures = NodeFigures(node, services.metrics, dict)
    watching = asyncio.create_task(figures.watch())
    close_metrics = await _show_metrics(node, services, metrics_port)

    async def close() -> None:
        watching.cancel()
        await asyncio.wait({watching})
        services.accounts.passwords.close()
        await close_metrics()

    return close


async def _show_metrics(node: Node, services: Services, port: int | None) -> Close:
    """On a port of this process alone, where several share that of the pages."""
    if port is None:
        return _nothing_to_close
    runner = web.AppRunner(build_metrics_app(services), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, node.settings.host, port).start()
    return runner.cleanup


async def _nothing_to_close() -> None:
    pass


def _hub(node: Node) -> Hub:
    async def valid(hashes: list[bytes]) -> set[bytes]:
        async with node.db.connection() as conn:
            return await sessions.valid_sessions(conn, hashes)

    return Hub(node.live, node.feed, valid)


def _chat_doors(node: Node, heart: Heart) -> list[ChatDoor]:
    return [
        ChatDoor(
            channel=channel,
            desk=Opening(node.chats),
            heart=heart,
            text=node.texts.refusal,
            limits=node.limits,
            sockets_per_address=node.settings.chat_sockets_per_address,
            openings_per_minute=2 * node.settings.chats_per_minute_per_address,
            frames=node.settings.chat_frames_per_10_s,
        )
        for channel in node.live_channels
    ]


def _agent_door(node: Node, hub: Hub, heart: Heart) -> AgentDoor:
    return AgentDoor(
        desk=node.desk,
        hub=hub,
        heart=heart,
        feed=node.feed,
        db=node.db,
        text=node.texts.refusal,
        return_state_s=node.settings.return_state_s,
        sockets_per_address=node.settings.sockets_per_address,
    )


def _board_door(node: Node, heart: Heart) -> boards.BoardDoor:
    return boards.BoardDoor(
        board=Board(node.db, Bands(node.live), node.uncovered, Outlooks(node.live)),
        heart=heart,
        db=node.db,
        text=node.texts.refusal,
        sockets_per_address=node.settings.sockets_per_address,
    )
