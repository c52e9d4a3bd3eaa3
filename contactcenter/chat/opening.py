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
from contactcenter.kernel.feed import Frame
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
        await self._take(connection)
        return await self._begin(visit)

    @retryable
    async def leave_message(
        self, hello: Hello, connection: Connection, request_id: str, address: str, text: str
    ) -> str:
        """See `channel.LiveDesk.leave_message`. Raises Refused: `bad_request`, `too_large`,
        `too_many`, `closed` where the queue has no mail address."""
        await self._take(connection)
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

    async def _take(self, connection: Connection) -> None:
        """One more contact from this address. Raises Refused("too_many")."""
        limit = self._chats.per_minute
        await self._chats.limits.take("chat", connection.address, limit, MINUTE_S)

    # ------------------------------------------------------------ a new chat

    async def _begin(self, visit: Visit) -> Talk | None:
        request = visit.hello.request_id or secrets.token_hex(16)
        check_client_id(request, "request_id")
        if not await self._is_open(visit.place):
            case = await self._asked_before(visit, f"hello {request}")
            return _say_closed(visit) if case is None else await self._go_on(visit, case, None)
        secret, socket = new_secret(), new_socket()
        name = storable(visit.hello.name).strip()
        row = await self._insert(visit.place, f"hello {request}", name, secret.hash, socket)
        if row is None:
            case = await self._asked_before(visit, f"hello {request}")
            if case is None:
                raise Refused("request_id_used", field="request_id")
            return await self._go_on(visit, case, None)
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
        return await self._enter(talk, _welcome(row["id"], secret.text, 0, visit.place))

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

    async def _asked_before(self, visit: Visit, request_key: str) -> int | None:
        """The case of a chat whose welcome was lost, asked for with the same request once more."""
        async with self._chats.db.connection() as conn:
            case: int | None = await SQL.asked_before.value(
                conn, request_key=request_key, queue_id=visit.place.row["queue_id"]
            )
        return case

    async def _resume(self, visit: Visit, text: str) -> Talk | None:
        secret, found = hash_of(text), None
        if secret is not None:
            async with self._chats.db.connection() as conn:
                found = await SQL.by_secret.one(conn, secret=secret)
        if found is None:
            raise Refused("resume_unknown", field="resume")
        if found["told"]:  # it ended: a new contact begins
            await self._take(visit.connection)
        return await self._go_on(visit, found["case_id"], secret)

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
            return _say_closed(visit)
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
        place = visit.place if row["id"] == new else await self._stays(way)
        welcome = _welcome(row["id"], secret.text, way["last_shown"], place)
        return await self._enter(talk, welcome, former=way["socket"])

    async def _stays(self, way: Row) -> Place:
        """Where the chat is: perhaps not where the page thinks, after a transfer."""
        async with self._chats.db.connection() as conn:
            return await store.place_of(conn, way["queue"], way["language"])

    # ------------------------------------------------------------ both

    async def _enter(self, talk: Talk, welcome: Frame, *, former: int | None = None) -> Talk:
        """Welcome comes first; what happens from here on is heard, what happened is looked up."""
        talk.answer(welcome)
        await self._chats.enter(talk, former)
        await self._chats.look([talk])
        return talk


def new_socket() -> int:
    """A number that no other connection has."""
    return secrets.randbits(62)


def _welcome(contact: int, secret: str, seq: int, place: Place) -> Frame:
    return rules.welcome_frame(contact, secret, seq, place.row["key"], place.name, place.language)


def _say_closed(visit: Visit) -> Talk | None:
    frame = rules.queue_closed_frame(visit.place.row["address"] is not None)
    ref = visit.connection.ref
    visit.connection.send(rules.encode(frame if ref is None else frame | {"ref": ref}))
    return None
