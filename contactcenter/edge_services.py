"""What the web edge may ask of a node: its rooms, its health, its figures."""

from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from contactcenter import demo, mailbox_watch
from contactcenter.accounts.authorise import Actor
from contactcenter.accounts.house import Accounts
from contactcenter.accounts.notices import Notice, compose
from contactcenter.accounts.passwords import Passwords
from contactcenter.app import Node
from contactcenter.cases import outbound
from contactcenter.configuration.origins import Origins
from contactcenter.configuration.themes import Dresses
from contactcenter.house_figures import HouseFigures
from contactcenter.intake import mailboxes, quarantine
from contactcenter.intake.retry import retry
from contactcenter.kernel.sql import Connection
from contactcenter.mail_figures import MailFigures
from contactcenter.people.persons import People
from contactcenter.queue.publish import Change
from contactcenter.routing.actions import rights_changed
from contactcenter.scan_figures import ScanFigures
from contactcenter.skill_figures import SkillFigures
from contactcenter.web.citizen.chat_matters import ChatMatters
from contactcenter.web.services import Check, DemoMail, Services


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


def services_for(node: Node, with_demo: bool) -> Services:
    """The node's rooms, as pages and JSON reach them."""
    settings = node.settings
    post = Post(node)

    async def user_changed(user_id: int) -> None:
        await published(Change(agents=[user_id]))

    async def published(change: Change) -> bool:
        return await rights_changed(node.db, node.publisher, change)

    async def again(actor: Actor, contact: int) -> bool:
        mail = next(channel for channel in node.channels if channel.name == "mail")
        return await retry(node.db, node.ids, node.publisher, mail.reread, actor, contact)

    registry = CollectorRegistry()
    of_mailboxes, of_mail = mailbox_watch.Figures(node, registry), MailFigures(node.db, registry)
    of_skills = SkillFigures(node.uncovered, registry)
    of_files, of_house = ScanFigures(node.db, registry), HouseFigures(node.db, registry)

    async def measured() -> None:
        await of_mailboxes.renew()
        await of_mail.renew()
        await of_skills.renew()
        await of_files.renew()
        await of_house.renew()

    return Services(
        db=node.db,
        metrics=registry,
        measured=measured,
        mailboxes=lambda actor: mailboxes.list_mailboxes(node.db, actor, settings.mailbox),
        limits=node.limits,
        settings=settings,
        catalogue=node.texts.on_pages(),
        accounts=Accounts(node.db, Passwords(), settings.public_url, post),
        checks=_checks(node) | {"skills": Check(of_skills.check)},
        user_changed=user_changed,
        published=published,
        origins=Origins(node.db).of_all,
        quarantine=quarantine,
        retry=again,
        demo=with_demo,
        demo_mail=_demo_mail(node) if with_demo and settings.relay is None else None,
        chat_matters=_chat_matters(node) if node.live_channels else None,
        callbacks=node.callbacks,
        calls=node.calls,
        receive=node.reception.receive,
        staffed=node.chats.staffed.of,
        bands=node.bands,
        cases=node.case_pages,
        pages=node.pages,
        feedback_links=node.feedback_links,
        dresses=Dresses(node.db),
        people=People(node.db, node.ids, node.publisher),
    )


def _chat_matters(node: Node) -> ChatMatters:
    calls = node.calls is not None
    return ChatMatters(node.db, node.chats.staffed.of, node.bands, callbacks=calls)


def _checks(node: Node) -> dict[str, Check]:
    async def postgres() -> tuple[bool, str]:
        ok = await node.db.alive()
        return ok, "" if ok else "no answer; contacts can't be taken"

    async def disk() -> tuple[bool, str]:
        ok = node.db.has_room()
        return ok, "" if ok else "PostgreSQL's is full; what needs room is refused"

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
        "disk": Check(disk),
        "redis": Check(redis),
        "relay": Check(relay),
        "projection": Check(projection),
    }
    if node.scanning is not None:
        checks["scanner"] = Check(node.scanning.ready)
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
