"""The web edge of a node: pages, JSON and sockets on one port, wired to the rooms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from aiohttp import web
from prometheus_client import CollectorRegistry

from contactcenter import demo, mailbox_watch
from contactcenter.accounts import sessions
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.house import Accounts
from contactcenter.accounts.notices import Notice, compose
from contactcenter.accounts.passwords import Passwords
from contactcenter.app import Node
from contactcenter.cases import outbound
from contactcenter.chat import store as chats
from contactcenter.chat.opening import Opening
from contactcenter.configuration.origins import Origins
from contactcenter.intake import mailboxes, quarantine
from contactcenter.intake.retry import retry
from contactcenter.kernel.loop import forever
from contactcenter.kernel.sql import Connection
from contactcenter.mail_figures import MailFigures
from contactcenter.queue.bands import Bands
from contactcenter.queue.outlook import Outlooks
from contactcenter.queue.publish import Change
from contactcenter.routing.actions import rights_changed
from contactcenter.skill_figures import SkillFigures
from contactcenter.stats.board import Board
from contactcenter.web import auth, console
from contactcenter.web import board_socket as boards
from contactcenter.web.agent_socket import AgentDoor, agent_socket
from contactcenter.web.cases_api import CasesApi
from contactcenter.web.chat_socket import ChatDoor, chat_socket
from contactcenter.web.hub import Hub
from contactcenter.web.mail_api import MailApi
from contactcenter.web.server import build_app
from contactcenter.web.services import Check, DemoMail, Services
from contactcenter.web.socket import Heart
from contactcenter.web.turns_api import TurnsApi


class Post:
    """Notices of the accounts, sent as mails of the house."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def add(self, conn: Connection, notice: Notice) -> None:
        """Queue it, in the transaction that made the link."""
        subject, text = compose(self._node.texts, notice)
        (send_id,) = await self._node.ids.take(1)
        await outbound.add_notice(
            conn,
            send_id=send_id,
            organisation_id=notice.organisation_id,
            sender=f"no-reply@{self._node.settings.mail_domain}",
            recipient=notice.to,
            subject=subject,
            text=text,
            language=notice.language,
            domain=self._node.settings.mail_domain,
        )

    def wake(self) -> None:
        """The transaction is committed: send soon."""
        self._node.publisher.wake_sender()


async def start(node: Node, *, demo: bool, reuse_port: bool) -> Callable[[], Awaitable[None]]:
    """Take requests; returns what closes the edge: sockets first, with "come back soon"."""
    services, hub, heart = _services(node, demo), _hub(node), Heart()
    app = build_app(services)
    app.add_routes(CasesApi(node.db, auth.signed_in).routes())
    app.add_routes(MailApi(node.desk, auth.signed_in).routes())
    app.add_routes(TurnsApi(node.desk, auth.signed_in).routes())
    app.add_routes(console.routes)
    door = _agent_door(node, hub, heart)
    app.router.add_get("/ws/agent", lambda request: agent_socket(door, request))
    board = _board_door(node, heart)
    app.router.add_get("/ws/board", partial(boards.board_socket, board))
    chat_doors = _chat_doors(node, heart)
    for chat in chat_doors:
        app.router.add_get(f"/ws/{chat.channel.name}", partial(chat_socket, chat))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    site = web.TCPSite(
        runner, node.settings.host, node.settings.port, reuse_port=reuse_port or None
    )
    await site.start()
    loops = [
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

    return close


def _services(node: Node, with_demo: bool) -> Services:
    settings = node.settings
    post = Post(node)

    async def user_changed(user_id: int) -> None:
        await published(Change(agents=[user_id]))

    async def published(change: Change) -> bool:
        return await rights_changed(node.db, node.publisher, change)

    async def again(actor: Actor, contact: int) -> bool:
        mail = next(channel for channel in node.channels if channel.name == "mail")
        return await retry(node.db, node.ids, node.publisher, mail.reread, actor, contact)

    async def chat_queue(key: str) -> dict[str, str] | None:
        async with node.db.connection() as conn:
            return await chats.queue_names(conn, key)

    registry = CollectorRegistry()
    of_mailboxes, of_mail = mailbox_watch.Figures(node, registry), MailFigures(node.db, registry)
    of_skills = SkillFigures(node.uncovered, registry)

    async def measured() -> None:
        await of_mailboxes.renew()
        await of_mail.renew()
        await of_skills.renew()

    return Services(
        db=node.db,
        metrics=registry,
        measured=measured,
        mailboxes=lambda actor: mailboxes.list_mailboxes(node.db, actor, settings.mailbox),
        limits=node.limits,
        settings=settings,
        catalogue=node.texts,
        accounts=Accounts(node.db, Passwords(), settings.public_url, post),
        checks=_checks(node) | {"skills": Check(of_skills.check)},
        user_changed=user_changed,
        published=published,
        origins=Origins(node.db).of_all,
        quarantine=quarantine,
        retry=again,
        demo=with_demo,
        demo_mail=_demo_mail(node) if with_demo and settings.relay is None else None,
        chat_queue=chat_queue if node.live_channels else None,
        callbacks=node.callbacks,
        calls=node.calls,
    )


def _checks(node: Node) -> dict[str, Check]:
    async def postgres() -> tuple[bool, str]:
        ok = await node.db.alive()
        return ok, "" if ok else "no answer; contacts can't be taken"

    async def redis() -> tuple[bool, str]:
        ok = await node.live.alive()
        return ok, "" if ok else "no answer; contacts are taken, offers wait"

    async def smtp() -> tuple[bool, str]:
        port = node.reception.ports.get("smtp")
        return port is not None, f"port {port[1]}" if port else "closed"

    async def relay() -> tuple[bool, str]:
        for channel in node.channels:
            if channel.name == "mail":
                return await channel.ready()
        return False, "no mail channel"

    async def projection() -> tuple[bool, str]:
        overdue = await node.sweep.overdue()
        return overdue == 0, f"{overdue} contacts not projected" if overdue else ""

    checks = {
        "postgres": Check(postgres, vital=True),
        "redis": Check(redis),
        "relay": Check(relay),
        "projection": Check(projection),
    }
    if node.reception.ports:  # a node that only serves the web takes no mail
        checks["smtp"] = Check(smtp)
    return checks | mailbox_watch.checks(node)


def _demo_mail(node: Node) -> DemoMail:
    async def addresses() -> Sequence[tuple[str, dict[str, str]]]:
        async with node.db.connection() as conn:
            return [
                (queue["address"], queue["name"])
                for queue in await demo.queue_list(conn)
                if queue["address"]
            ]

    port = node.reception.ports.get("smtp", ("", node.settings.smtp_port))[1]
    return DemoMail(node.settings.home / "maildir", node.settings.smtp_host, port, addresses)


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
