"""A citizen's page says hello: a new chat, the one it had, or a message left instead."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.cases import written
from contactcenter.cases.rules import check_client_id, one_line
from contactcenter.cases.written import Written
from contactcenter.channel import Connection, Hello
from contactcenter.chat import resuming, rules, store
from contactcenter.chat.chats import Chats
from contactcenter.chat.retryable import retryable
from contactcenter.chat.store import SQL, ChatQueue
from contactcenter.chat.talk import FIRST_SOCKET, Talk
from contactcenter.errors import Refused
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.sql import Row

MINUTE_S = 60.0


class Arrival(NamedTuple):
    """Who is at the door, and for which queue."""

    hello: Hello
    connection: Connection
    queue: ChatQueue

    @property
    def page_language(self) -> str | None:
        """The one that the page is read in, where it is one of ours."""
        return self.hello.page_language if self.hello.page_language in LANGUAGES else None


class Closed(NamedTuple):
    """A queue that takes no chats now, and when it will; None: as soon as somebody is on duty."""

    opens_at: datetime | None


class Opening:
    """Implements `channel.LiveDesk`."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    @retryable
    async def open(self, hello: Hello, connection: Connection) -> Talk | None:
        """See `channel.LiveDesk.open`. Raises Refused: `unknown_queue`, `too_many`,
        `resume_unknown`, `resume_expired`, `request_id_used`."""
        await self._chats.ends.run_once()
        case = await self._case_of(hello)  # a chat goes on, whatever became of its queue
        arrival = Arrival(hello, connection, await self._queue(hello, closed_too=case is not None))
        connection.language = arrival.page_language or arrival.queue.language
        if case is not None:
            return await self._resume(arrival, case)
        await self._take(connection)
        return await self._begin(arrival)

    @retryable
    async def leave_message(
        self, hello: Hello, connection: Connection, request_id: str, address: str, text: str
    ) -> str:
        """See `channel.LiveDesk.leave_message`. Raises Refused: `bad_request`, `too_large`,
        `too_many`, `closed` where the queue has no mail address."""
        await self._take(connection)
        if not address:
            raise Refused("bad_request", "invalid_email", field="address")
        queue = await self._queue(hello)
        if queue.row["address"] is None:
            raise Refused("closed", "no_mail_address")
        taken = await written.take_in(
            self._chats.db,
            self._chats.receive,
            Written(
                form="chat",
                request_id=request_id,
                to=queue.row["address"],
                subject=queue.subject(connection.language) or queue.name,
                text=text,
                language=queue.language,
                name=hello.name,
                address=address,
            ),
        )
        return taken.contact

    async def _queue(self, hello: Hello, *, closed_too: bool = False) -> ChatQueue:
        """Of the topic, where one was chosen; a chat that goes on needs none."""
        async with self._chats.db.connection() as conn:
            if hello.topic and not closed_too:
                return await store.find_topic(conn, hello.topic, hello.language)
            return await store.find_queue(conn, hello.queue, hello.language, closed_too=closed_too)

    async def _take(self, connection: Connection) -> None:
        """One more contact from this address. Raises Refused("too_many")."""
        limit = self._chats.per_minute
        await self._chats.limits.take("chat", connection.address, limit, MINUTE_S)

    # ------------------------------------------------------------ a new chat

    async def _begin(self, arrival: Arrival) -> Talk | None:
        request = arrival.hello.request_id or secrets.token_hex(16)
        check_client_id(request, "request_id")
        secret, name = new_secret(), one_line(arrival.hello.name)
        closed = await self._closed(arrival.queue)
        row = None
        if closed is None:
            row = await self._insert(arrival, f"hello {request}", name, secret.hash)
        if row is None:
            return await self._begun_before(arrival, f"hello {request}", closed)
        await self._chats.publish_presence(row)
        talk = Talk(
            self._chats,
            arrival.connection,
            row,
            FIRST_SOCKET,
            way=(secret.hash, None),
            name=name,
            seq=0,
        )
        return await self._enter(talk, self._welcome(row["id"], secret.text, 0, arrival.queue))

    async def _begun_before(
        self, arrival: Arrival, request_key: str, closed: Closed | None
    ) -> Talk | None:
        """The chat whose welcome was lost, asked for with the same request once more. A queue that
        has closed meanwhile goes on with it, and says to others that it is closed."""
        case = await self._asked_before(arrival, request_key)
        if case is not None:
            return await self._go_on(arrival, case, None)
        if closed is None:
            raise Refused("request_id_used", field="request_id")
        _say_closed(arrival, closed)
        return None

    async def _insert(
        self, arrival: Arrival, request_key: str, name: str, secret: bytes
    ) -> Row | None:
        queue = arrival.queue
        contact, case, person = await self._chats.ids.take(3)
        failpoint("chat.before_commit")
        async with self._chats.db.connection() as conn:
            row = await SQL.open.one(
                conn,
                request_key=request_key,
                contact=contact,
                case=case,
                person=person,
                organisation_id=queue.row["organisation_id"],
                queue_id=queue.row["queue_id"],
                name=name,
                subject=queue.subject(arrival.connection.language),
                language=queue.language,
                page_language=arrival.page_language,
                requirement=queue.requirement,
                target_s=queue.row["target_s"],
                secret=secret,
                socket=FIRST_SOCKET,
            )
        failpoint("chat.after_commit")
        return row

    async def _closed(self, queue: ChatQueue) -> Closed | None:
        """None where chats are taken: always, or within the hours while somebody is on duty who
        can take them. A queue that is out of use takes none."""
        now, calendar = queue.row["now"], queue.calendar
        if not queue.row["in_use"]:
            return Closed(None)
        if queue.row["always_open"]:
            return None
        if not calendar.is_open(now):
            return Closed(calendar.opens_at(now))
        staffed = await self._chats.staffed.of({queue.requirement})
        return None if queue.requirement in staffed else Closed(None)

    # ------------------------------------------------------------ the chat it had

    async def _asked_before(self, arrival: Arrival, request_key: str) -> int | None:
        """The case of the chat that this request opened."""
        async with self._chats.db.connection() as conn:
            case: int | None = await SQL.asked_before.value(
                conn, request_key=request_key, queue_id=arrival.queue.row["queue_id"]
            )
        return case

    async def _case_of(self, hello: Hello) -> Row | None:
        """The chat whose secret the page shows. Raises Refused("resume_unknown")."""
        if hello.resume is None:
            return None
        secret = hash_of(hello.resume)
        async with self._chats.db.connection() as conn:
            found = None if secret is None else await SQL.by_secret.one(conn, secret=secret)
        if found is None:
            raise Refused("resume_unknown", field="resume")
        return found

    async def _resume(self, arrival: Arrival, case: Row) -> Talk | None:
        if case["told"]:  # it ended: a new contact begins
            await self._take(arrival.connection)
        return await self._go_on(arrival, case["case_id"], hash_of(arrival.hello.resume or ""))

    async def _go_on(self, arrival: Arrival, case: int, shown: bytes | None) -> Talk | None:
        closed = await self._closed(arrival.queue)
        (new,) = await self._chats.ids.take(1)
        secret = new_secret()
        async with self._chats.db.transaction() as conn:
            way = await resuming.lock(conn, case, shown, self._chats.resume_s)
            row = await resuming.go_on(conn, way, arrival.queue, new, is_open=closed is None)
            if row is not None:
                socket = await SQL.renew.value(
                    conn,
                    case=case,
                    secret=shown,
                    next_secret=secret.hash,
                    page_language=arrival.page_language,
                )
        if row is None:
            _say_closed(arrival, closed or Closed(None))
            return None
        await self._chats.publish_presence(row)
        after = min(arrival.hello.after, way["last_shown"])
        talk = Talk(
            self._chats,
            arrival.connection,
            row,
            socket,
            way=(secret.hash, shown),
            name=way["name"],
            seq=after,
        )
        queue = arrival.queue if row["id"] == new else await self._stays(way)
        welcome = self._welcome(row["id"], secret.text, way["last_shown"], queue)
        return await self._enter(talk, welcome)

    async def _stays(self, way: Row) -> ChatQueue:
        """Where the chat is: perhaps not where the page thinks, after a transfer."""
        async with self._chats.db.connection() as conn:
            return await store.find_queue(conn, way["queue"], way["language"], closed_too=True)

    # ------------------------------------------------------------ both

    async def _enter(self, talk: Talk, welcome: Frame) -> Talk:
        """Welcome comes first; what happens from here on is heard, what happened is looked up.
        Nothing after the welcome may fail: the page would not know that it is here."""
        talk.answer(welcome)
        await self._chats.enter(talk)
        self._chats.look_soon(talk)
        return talk

    def _welcome(self, contact: int, secret: str, seq: int, queue: ChatQueue) -> Frame:
        welcome = rules.welcome_frame(
            contact, secret, seq, queue.row["key"], queue.name, queue.language, queue.offers
        )
        most_bytes = self._chats.filing.most_bytes
        return welcome | {"files": {"most_bytes": most_bytes}} if most_bytes else welcome


def _say_closed(arrival: Arrival, closed: Closed) -> None:
    queue = arrival.queue
    frame = rules.queue_closed_frame(closed.opens_at, queue.offers, queue.row["phone"])
    ref = arrival.connection.ref
    arrival.connection.send(rules.encode(frame if ref is None else frame | {"ref": ref}))
