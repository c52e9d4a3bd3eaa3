"""Files that a citizen sends in a chat. The page asks for a place, sends the bytes there once, and
names the file in a message; what no message names goes after a while, with its bytes.

Messages with files take a transaction of their own; those without go by say.py.
"""

from __future__ import annotations

from typing import Any

from contactcenter.accounts.secret import hash_of, new_secret
from contactcenter.cases import files
from contactcenter.cases import store as cases
from contactcenter.cases.rules import check_client_id, said
from contactcenter.chat import rules
from contactcenter.chat.say import Stored, Words
from contactcenter.errors import Refused
from contactcenter.files import OCTETS, is_program, safe_name, safe_type
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.limit import Limits
from contactcenter.kernel.links import key_of
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import store as queue
from contactcenter.queue.citizens import file_shown
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
BEGIN_S = 300  # how long a page may take to begin to send
MOST_IN_MESSAGE = 10
_HOUR_S = 3600.0
_LIVE = sorted(rules.LIVE)


class Filing:
    """One node's way for them. `most_bytes` of a file, 0: none is taken; `most` in a chat;
    `per_hour` from an address."""

    def __init__(
        self,
        db: Database,
        ids: Ids,
        limits: Limits,
        publisher: Publisher,
        *,
        most_bytes: int,
        most: int,
        per_hour: int,
    ) -> None:
        self.db, self._ids, self._limits, self._publisher = db, ids, limits, publisher
        self.most_bytes, self._most, self._per_hour = most_bytes, most, per_hour

    async def ask(self, contact: int, address: str, client_id: str, name: str, size: int) -> Frame:
        """A place for a file of the chat: the `upload` frame, with an address that takes the bytes
        once. Raises Refused: `too_large`, `too_many`, a program by its name, an ended chat."""
        check_client_id(client_id)
        if not self.most_bytes:
            raise Refused("forbidden", "no_files", field="type")
        if not size:
            raise Refused("bad_request", "file_empty", field="size")
        if size > self.most_bytes:
            raise self.too_large()
        name = storable(safe_name(name, 1, OCTETS))
        if is_program(name, b""):
            raise Refused("bad_request", "file_forbidden", field="name")
        await self._limits.take("chat_file", address, self._per_hour, _HOUR_S)
        secret = new_secret()
        id_, blob = await self._ids.take(2)
        async with self.db.transaction() as conn:
            row = await SQL.lock_live.one(conn, contact=contact, live=_LIVE)
            if row is None:
                raise Refused("wrong_state", "chat_over", field="type")
            if await SQL.count.value(conn, contact=contact, begin_s=BEGIN_S) >= self._most:
                raise Refused("too_many", "too_many_files", field="type", most=self._most)
            await SQL.add.run(
                conn,
                id=id_,
                contact=contact,
                organisation_id=row["organisation_id"],
                blob_id=blob,
                name=name,
                size=size,
                token=secret.hash,
            )
        return {
            "type": "upload",
            "client_id": client_id,
            "url": f"/chat/files/{secret.text}",
            "expires_in_s": BEGIN_S,
            "most_bytes": self.most_bytes,
        }

    # ------------------------------------------------------------ its bytes

    async def begin(self, token: str) -> Row:
        """The file whose bytes come now: id, blob_id, name. The token is used up. Raises
        Refused("not_found"): unknown, used, too old, or of a chat that has ended."""
        hashed = hash_of(token)
        async with self.db.connection() as conn:
            row = hashed and await SQL.begin.one(conn, token=hashed, begin_s=BEGIN_S, live=_LIVE)
        if not row:
            raise Refused("not_found", "upload_over")
        return row

    def check(self, coming: Row, declared: str, start: bytes) -> str:
        """The type of a file by its first bytes (4 kB or more, or all). Raises Refused for
        programs."""
        if is_program(coming["name"], start):
            raise Refused("bad_request", "file_forbidden", field="name")
        return safe_type(declared, start)

    async def put(self, coming: Row, n: int, piece: bytes) -> None:
        """Keep the n-th piece of its bytes. Raises Refused where it was given up meanwhile."""
        chunk = self.db.seals.seal(coming["blob_id"], n, piece)
        async with self.db.connection() as conn:
            put = await SQL.put.value(
                conn, id=coming["id"], n=n, data=chunk.data, sealed_by=chunk.sealed_by
            )
            if put is None:
                raise Refused("not_found", "upload_over")

    async def arrived(self, coming: Row, media_type: str, size: int) -> dict[str, Any]:
        """All bytes are here: the file as screens get it. Raises Refused where the chat has ended
        meanwhile."""
        async with self.db.connection() as conn:
            row = await SQL.arrived.one(
                conn, id=coming["id"], media_type=media_type, size=size, live=_LIVE
            )
        if row is None:
            raise Refused("wrong_state", "chat_over")
        return files.shown(row)

    async def drop(self, coming: Row) -> None:
        """It does not come: nothing is left of it."""
        async with self.db.connection() as conn:
            await SQL.drop.run(conn, ids=[coming["id"]])

    def too_large(self) -> Refused:
        """What a file is refused with that is more than one may be."""
        most = self.most_bytes // 1_000_000
        return Refused("too_large", "file_too_large", field="size", megabytes=most)

    # ------------------------------------------------------------ the message

    async def say(self, words: Words, ids: list[int]) -> tuple[Stored, list[dict[str, Any]]] | None:
        """Store a message with these files and tell its agent; returns after the commit. None: the
        chat has ended. Said before: the stored message. Raises Refused: a file that is none of
        this chat's, infected, or sent before; `client_id_used`."""
        if len(ids) > MOST_IN_MESSAGE:
            raise Refused("bad_request", "too_many_files", field="files", most=MOST_IN_MESSAGE)
        message = (await self._ids.take(1))[0]
        async with self.db.transaction() as conn:
            case = await cases.lock(conn, words.case_id)
            key = await key_of(conn, "file")
            before = await SQL.said_before.one(
                conn, contact=words.contact_id, client_id=words.client_id
            )
            if before is not None:
                if before["text"] != words.text:
                    raise Refused("client_id_used", field="client_id")
                sent = await cases.SQL.files.all(conn, messages=[before["id"]])
                stored = Stored(before["seq"], None, before["at"])
                return stored, [file_shown(key, file) for file in sent]
            if await SQL.lock_live.one(conn, contact=words.contact_id, live=_LIVE) is None:
                return None
            row, sent = await self._store(conn, message, words, ids)
            contact = await queue.SQL.touch.row(conn, contact=words.contact_id, unread=1)
            await cases.wake(conn, words.case_id)
            if contact["state"] == "active":
                await queue.put_out(conn, contact, contact["owner"])
        if contact["state"] == "active":
            await self._tell(words, row, contact, [files.shown(file) for file in sent])
            if case["state"] in ("resolved", "waiting"):
                await self._publisher.publish(Change(show={contact["id"]: [contact["owner"]]}))
        stored = Stored(row["seq"], case["last_shown"], row["at"])
        return stored, [file_shown(key, file) for file in sent]

    async def _store(
        self, conn: Connection, id_: int, words: Words, ids: list[int]
    ) -> tuple[Row, list[Row]]:
        row = await cases.add_message(
            conn,
            id=id_,
            case_id=words.case_id,
            contact_id=words.contact_id,
            direction="inbound",
            author=words.author,
            client_id=words.client_id,
            text=words.text,
        )
        sent = await SQL.send.all(conn, contact=words.contact_id, message=id_, ids=ids)
        if len(sent) < len(set(ids)):
            raise Refused("not_found", "unknown_upload", field="files")
        for file in sent:
            if file["scan"] != "waiting":  # who gets it opens it when it has been looked at
                files.require_open(file, "files")
        return row, sent

    async def _tell(
        self, words: Words, row: Row, contact: Row, attached: list[dict[str, Any]]
    ) -> None:
        shown = said(row["seq"], "inbound", words.author, words.text, row["at"])
        frame = {
            "type": "message",
            "contact": str(words.contact_id),
            "case": str(words.case_id),
            "message": shown | {"attachments": attached},
        }
        await self._publisher.told(
            [(contact["owner"], frame)], [(contact["id"], contact["version"])]
        )
