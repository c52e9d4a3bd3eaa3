"""A citizen's page says hello: a new chat, the one it had, or a message left instead."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.cases.rules import check_client_id, check_text
from contactcenter.channel import Connection, Hello, Inbound, Sender
from contactcenter.chat import resuming, rules, store
from contactcenter.chat.house import Chats
from contactcenter.chat.retryable import retryable
from contactcenter.chat.store import SQL, Place
from contactcenter.chat.talk import Talk
from contactcenter.errors import Refused
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import Row

MINUTE_S = 60.0


class Visit(NamedTuple):
    """Who is at the door, and for which queue."""

    hello: Hello
    connection: Connection
    place: Place


class Opening:
    """Implements `channel.LiveDesk`."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    @retryable
    async def open(self, hello: Hello, connection: Connection) -> Talk | None:
        """See `channel.LiveDesk.open`. Raises Refused: `unknown_queue`, `too_many`,
        `resume_unknown`, `resume_expired`, `request_id_used`."""
        visit = Visit(hello, connection, await self._place(hello))
        connection.language = visit.place.language
        if hello.resume is not None:
            return await self._resume(visit, hello.resume)
        limit = self._chats.per_minute
        await self._chats.limits.take("chat", connection.address, limit, MINUTE_S)
        return await self._begin(visit)

    @retryable
    async def leave_message(self, hello: Hello, request_id: str, address: str, text: str) -> str:
        """See `channel.LiveDesk.leave_message`. Raises Refused: `bad_request`, `too_large`,
        `closed` where the queue has no mail address."""
        check_client_id(request_id, "request_id")
        address, text = rules.check_address(address), check_text(text, rules.MAX_TEXT)
        place = await self._place(hello)
        if place.row["address"] is None:
            raise Refused("closed", "no_mail_address")
        accepted = await self._chats.receive(
            Inbound(
                channel="mail",
                to=(place.row["address"],),
                fingerprint=f"chat {request_id}",
                sender=Sender(kind="email", address=address, name=hello.name),
                subject=place.name,
                text=text,
                language=place.language,
            )
        )
        return accepted.contacts[0]

    async def _place(self, hello: Hello) -> Place:
        async with self._chats.db.connection() as conn:
            return await store.find_place(conn, hello.queue, hello.language)

    # ------------------------------------------------------------ a new chat

    async def _begin(self, visit: Visit) -> Talk | None:
        if not await self._is_open(visit.place):
            _say_closed(visit)
            return None
        request = visit.hello.request_id or secrets.token_hex(16)
        check_client_id(request, "request_id")
        secret, socket = new_secret(), new_socket()
        name = storable(visit.hello.name).strip()
        row = await self._insert(visit.place, f"hello {request}", name, secret.hash, socket)
        if row is None:
            return await self._again(visit, f"hello {request}")
        await self._chats.publish_presence(row)
        talk = Talk(
            self._chats,
            visit.connection,
            case=row["case_id"],
            contact=row["id"],
            socket=socket,
            name=name,
            requirement=row["requirement"],
            seq=0,
        )
        return await self._enter(visit, talk, secret.text, seq=0, former=None)

    async def _insert(
        self, place: Place, request_key: str, name: str, secret: bytes, socket: int
    ) -> Row | None:
        contact, case, person = await self._chats.ids.take(3)
        failpoint("chat.before_commit")
        async with self._chats.db.connection() as conn:
            row = await SQL.open.one(
                conn,
                request_key=request_key,
                contact=contact,
                case=case,
                person=person,
                organisation_id=place.row["organisation_id"],
                queue_id=place.row["queue_id"],
                name=name,
                language=place.language,
                requirement=place.requirement,
                target_s=place.row["target_s"],
                secret=secret,
                socket=socket,
            )
        failpoint("chat.after_commit")
        return row

    async def _is_open(self, place: Place) -> bool:
        """Whether chats are taken: always, or while somebody is on duty who can take them."""
        if place.row["always_open"]:
            return True
        return place.requirement in await self._chats.staffed({place.requirement})

    # ------------------------------------------------------------ the chat it had

    async def _again(self, visit: Visit, request_key: str) -> Talk | None:
        """The same request once more: its first answer was lost."""
        async with self._chats.db.connection() as conn:
            case = await SQL.asked_before.value(
                conn, request_key=request_key, queue_id=visit.place.row["queue_id"]
            )
        if case is None:
            raise Refused("request_id_used", field="request_id")
        return await self._go_on(visit, case, None)

    async def _resume(self, visit: Visit, text: str) -> Talk | None:
        secret, case = hash_of(text), None
        if secret is not None:
            async with self._chats.db.connection() as conn:
                case = await SQL.by_secret.value(conn, secret=secret)
        if case is None:
            raise Refused("resume_unknown", field="resume")
        return await self._go_on(visit, case, secret)

    async def _go_on(self, visit: Visit, case: int, shown: bytes | None) -> Talk | None:
        is_open = await self._is_open(visit.place)
        (new,) = await self._chats.ids.take(1)
        secret, socket = new_secret(), new_socket()
        async with self._chats.db.transaction() as conn:
            way = await resuming.lock(conn, case, shown, self._chats.resume_s)
            row = await resuming.go_on(conn, way, visit.place, new, is_open=is_open)
            if row is not None:
                await SQL.renew.run(
                    conn, case=case, secret=shown, next_secret=secret.hash, socket=socket
                )
        if row is None:
            _say_closed(visit)
            return None
        await self._chats.publish_presence(row)
        talk = Talk(
            self._chats,
            visit.connection,
            case=case,
            contact=row["id"],
            socket=socket,
            name=way["name"],
            requirement=row["requirement"],
            seq=max(0, visit.hello.after),
        )
        return await self._enter(
            visit, talk, secret.text, seq=way["last_shown"], former=way["socket"]
        )

    # ------------------------------------------------------------ both

    async def _enter(
        self, visit: Visit, talk: Talk, secret: str, *, seq: int, former: int | None
    ) -> Talk:
        await self._chats.enter(talk, former)
        talk.send(
            {
                "type": "welcome",
                "contact": str(talk.contact),
                "resume": secret,
                "seq": seq,
                "queue": {"key": visit.place.row["key"], "name": visit.place.name},
                "language": visit.place.language,
            }
        )
        await self._chats.look([talk])
        return talk


def new_socket() -> int:
    """A number that no other connection has."""
    return secrets.randbits(62)


def _say_closed(visit: Visit) -> None:
    visit.connection.send(
        rules.encode(rules.queue_closed_frame(visit.place.row["address"] is not None))
    )
