"""How it goes with the mailboxes that mail is fetched from: told by the door, read by admins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.mailbox_settings import Mailbox
from contactcenter.source import Change, Stage, Tries

SQL = load_sql(__file__)
LEASE_S = 12.0  # also how long a mailbox rests after a node died
MAX_DETAIL = 300


def cursor_of(name: str) -> str:
    """The name of a mailbox's cursor."""
    return f"imap:{name}"


def how_far(cursor: str | None) -> tuple[int | None, int | None]:
    """The UIDVALIDITY and the last UID that a mailbox's cursor holds; None before there is one."""
    validity, _, rest = (cursor or "").partition(":")
    uid = rest.partition(":")[0]
    return int(validity) if validity else None, int(uid) if uid else None


async def list_mailboxes(db: Database, actor: Actor, configured: Iterable[Mailbox]) -> list[Row]:
    """The mailboxes of the settings that feed queues of the admin's organisations, or none at all,
    by name: columns as `GET /api/mailboxes` shows them. Raises Refused."""
    require(actor, "configure")
    found = list(configured)
    async with db.connection() as conn:
        return await SQL.listed.all(
            conn,
            names=[mailbox.name for mailbox in found],
            addresses=[mailbox.to for mailbox in found],
            scope=scope_for(actor, "configure"),
        )


async def figures(db: Database, configured: Iterable[Mailbox]) -> list[Row]:
    """Of each mailbox of the settings: name, lag_s, silent_s (since it was looked into with
    success, null: never), failures, error, token_expires_at; for health and metrics."""
    async with db.connection() as conn:
        return await SQL.figures.all(conn, names=[mailbox.name for mailbox in configured])


class MailboxSource:
    """See `contactcenter.source.Source`."""

    def __init__(self, db: Database, name: str, node: str) -> None:
        self._db = db
        self._name = name
        self._lease = Lease(db, f"mailbox:{name}", node, LEASE_S)

    async def alone(self, work: Callable[[int], Awaitable[None]]) -> bool:
        """See `Source.alone`."""
        return await self._lease.alone(work)

    async def first_at(self, *, now: bool = False) -> datetime:
        """See `Source.first_at`."""
        async with self._db.connection() as conn:
            at: datetime = await SQL.first_at.value(conn, name=self._name, anew=now)
        return at

    async def begins(self, fence: int, at: str) -> Tries:
        """See `Source.begins`."""
        async with self._db.connection() as conn:
            row = await SQL.begins.one(conn, name=self._name, fence=fence, at=at)
        return Tries(row["tries"], row["ended_by"]) if row else Tries(1, "")

    async def advance(self, fence: int, value: str) -> None:
        """See `Source.advance`."""
        async with self._db.connection() as conn:
            await SQL.advance.run(conn, source=cursor_of(self._name), value=value, fence=fence)

    async def stage(self, fence: int, stage: Stage) -> None:
        """See `Source.stage`."""
        async with self._db.connection() as conn:
            await SQL.stage.run(conn, name=self._name, fence=fence, stage=stage)

    async def looked(
        self, fence: int, *, waiting: int, oldest: datetime | None, newest: datetime | None
    ) -> None:
        """See `Source.looked`."""
        async with self._db.connection() as conn:
            await SQL.looked.run(
                conn, name=self._name, fence=fence, waiting=waiting, oldest=oldest, newest=newest
            )

    async def failed(self, fence: int, code: str, detail: str) -> None:
        """See `Source.failed`."""
        async with self._db.connection() as conn:
            await SQL.failed.run(
                conn,
                name=self._name,
                fence=fence,
                code=code,
                detail=storable(detail)[:MAX_DETAIL],
            )

    async def renewed(self, fence: int, change: Change) -> None:
        """See `Source.renewed`."""
        async with self._db.connection() as conn:
            await SQL.renewed.run(conn, name=self._name, fence=fence, change=change)

    async def came_again(self, fence: int, known: int, new: int) -> None:
        """See `Source.came_again`."""
        async with self._db.connection() as conn:
            await SQL.came_again.run(conn, name=self._name, fence=fence, known=known, new=new)

    async def token_expires(self, fence: int, at: datetime | None) -> None:
        """See `Source.token_expires`."""
        async with self._db.connection() as conn:
            await SQL.token_expires.run(conn, name=self._name, fence=fence, at=at)

    def temporary(self, error: Exception) -> bool:
        """See `Source.temporary`."""
        return isinstance(error, TRANSIENT)
