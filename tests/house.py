"""The rooms on real servers, driven by a test: nothing runs by itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.app import Node, open_node
from contactcenter.channel import Attachment, Inbound, Sender
from contactcenter.config import Settings
from contactcenter.kernel import keys
from contactcenter.kernel.sql import Row
from contactcenter.planning.closing import Closing
from contactcenter.queue import agents
from contactcenter.routing.estimating import Estimating

GENERAL = "neuvonta@mikkeli.example"
KELA = "asiakaspalvelu@kela.example"


class House:
    """A node whose loops are run one pass at a time, with the demo city in it."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.estimating = Estimating(node.db, node.live)
        self.closing = Closing(node.db, node.live)
        self._numbers = count(1)

    def mail(self, to: str = GENERAL, **given: Any) -> Inbound:
        """A mail as the e-mail door would hand it over; every one is another."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "fingerprint": f"print-{number}",
            "sender": Sender(kind="email", address="ville@example.org", name="Ville Veikkonen"),
            "external_id": f"<m{number}@example.org>",
            "subject": "Kysymys",
            "text": "Milloin kirjasto on auki?",
            "language": "fi",
            "raw": b"raw source",
        }
        return Inbound(channel="mail", to=(to,), **values | given)

    async def arrives(self, to: str = GENERAL, **given: Any) -> int:
        """Take a mail in, until it stands in the line; its contact's id."""
        accepted = await self.node.reception.receive(self.mail(to, **given))
        await self.node.reception.idle()
        return int(accepted.contacts[0])

    async def actor(self, email: str) -> Actor:
        """A demo user."""
        row = await self.row(
            "SELECT u.*, array_agg(s.organisation_id) AS scope FROM users u"
            " JOIN user_organisation s ON s.user_id = u.id WHERE email = $1 GROUP BY u.id",
            email,
        )
        return Actor(
            user_id=row["id"],
            name=row["name"],
            role=row["role"],
            organisation_id=row["organisation_id"],
            scope=tuple(row["scope"]),
            language=row["language"],
            capacity=row["capacity"],
        )

    async def on_duty(self, email: str, state: str = "available") -> Actor:
        """A demo user who goes to work."""
        actor = await self.actor(email)
        async with self.node.db.transaction() as conn:
            change = await agents.set_state(conn, actor.user_id, state, None)
        assert await self.node.publisher.publish(change)
        return actor

    async def route(self) -> int:
        """One pass of the router."""
        return await self.node.router.run_once()

    async def told(self, actor: Actor, kind: str | None = None) -> list[dict[str, Any]]:
        """The frames told to a user so far, of one type."""
        kept = await self.node.live.call("LRANGE", keys.feed(actor.user_id), 0, -1)
        frames = [json.loads(frame) for frame in kept]
        return [frame for frame in frames if kind in (None, frame["type"])]

    async def offers(self, actor: Actor) -> list[int]:
        """The offers on the agent's screen, oldest first."""
        rows = await self.rows(
            "SELECT offer_id FROM contact WHERE owner = $1 AND state = 'offered' ORDER BY offer_id",
            actor.user_id,
        )
        return [row["offer_id"] for row in rows]

    async def contact(self, contact: int) -> Row:
        """A contact's row."""
        return await self.row("SELECT * FROM contact WHERE id = $1", contact)

    async def kinds(self, contact: int) -> list[str]:
        """What happened to a contact."""
        rows = await self.rows("SELECT kind FROM event WHERE contact_id = $1 ORDER BY id", contact)
        return [row["kind"] for row in rows]

    async def row(self, sql: str, *values: object) -> Row:
        """The only row."""
        (row,) = await self.rows(sql, *values)
        return row

    async def rows(self, sql: str, *values: object) -> list[Row]:
        """Rows of any statement."""
        async with self.node.db.connection() as conn:
            found: list[Row] = await conn.fetch(sql, *values)
        return found

    async def analyse(self, table: str) -> None:
        """Have Postgres plan by how full a table is now."""
        async with self.node.db.connection() as conn:
            await conn.execute(f"SET ROLE NONE; ANALYZE {table}; RESET ROLE")


def file(name: str = "liite.txt", content: bytes = b"sis\xc3\xa4lt\xc3\xb6") -> Attachment:
    """An attachment."""
    return Attachment(name=name, media_type="text/plain", content=content)


@asynccontextmanager
async def open_house(settings: Settings, database_url: str, redis_url: str) -> AsyncIterator[House]:
    """A house on a database with the demo city in it, its line built."""
    async with AsyncExitStack() as stack:
        node = await open_node(stack, settings, database_url, redis_url)
        await node.prepare()
        yield House(node)
