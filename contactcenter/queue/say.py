"""What citizens say in their chats: committed together with what others say at that moment."""

from __future__ import annotations

from datetime import datetime

import msgspec

from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.kernel.db import ALREADY_THERE, Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.group import Group
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue.publish import Publisher

SQL = load_sql(__file__)
MOST = 200
_json = msgspec.json.Encoder().encode


class Words(msgspec.Struct, frozen=True):
    """One message to store; `text` is checked and masked."""

    case_id: int
    contact_id: int
    author: str
    client_id: str
    text: str


class Said(msgspec.Struct, frozen=True):
    """A stored message. `prev` is the number of the one before it that the citizen sees; None: it
    was stored before."""

    seq: int
    prev: int | None
    at: datetime


class Say:
    """One node's way for what citizens say."""

    def __init__(self, db: Database, ids: Ids, publisher: Publisher) -> None:
        self._db = db
        self._ids = ids
        self._publisher = publisher
        self._group: Group[Words, Said | None] = Group(self._commit, most=MOST)

    async def store(self, words: Words) -> Said | None:
        """Store it and tell its agent; returns after the commit. None: the chat has ended. Said
        before: the stored message. Raises Refused("client_id_used") for the same id with another
        text."""
        try:
            said = await self._group.add(words)
        except ALREADY_THERE:  # another node was storing it at this moment
            said = None
        return said or await self._said_before(words)

    async def _commit(self, words: list[Words]) -> list[Said | None]:
        ids = await self._ids.take(len(words))
        given = [
            {"n": n, "id": ids[n]} | msgspec.structs.asdict(said) for n, said in enumerate(words)
        ]
        failpoint("say.before_commit")
        async with self._db.connection() as conn:
            rows = await SQL.say.all(conn, said=_json(given).decode())
        failpoint("say.after_commit")
        found = {row["n"]: row for row in rows}
        heard = [(words[n], found[n]) for n in sorted(found) if found[n]["state"] == "active"]
        if heard:
            self._group.keep(self._tell(heard))
        return [
            Said(found[n]["seq"], found[n]["prev"], found[n]["at"]) if n in found else None
            for n in range(len(words))
        ]

    async def _tell(self, heard: list[tuple[Words, Row]]) -> None:
        await self._publisher.told(
            [(row["owner"], _frame(words, row)) for words, row in heard],
            {words.contact_id: row["version"] for words, row in heard},
        )

    async def _said_before(self, words: Words) -> Said | None:
        async with self._db.connection() as conn:
            row = await SQL.said_before.one(
                conn, contact=words.contact_id, client_id=words.client_id
            )
        if row is None:
            return None
        if row["text"] != words.text:
            raise Refused("client_id_used", field="client_id")
        return Said(row["seq"], None, row["at"])


def own_frame(words: Words, said: Said) -> Frame:
    """The `message` frame by which the citizen's page hears that its message is stored."""
    return {"type": "message", "client_id": words.client_id} | _message(words, said.seq, said.at)


def _frame(words: Words, row: Row) -> Frame:
    """The `message` frame for the contact's agent."""
    return {
        "type": "message",
        "contact": str(words.contact_id),
        "case": str(words.case_id),
        "message": _message(words, row["seq"], row["at"]),
    }


def _message(words: Words, seq: int, at: datetime) -> Frame:
    return {
        "seq": seq,
        "direction": "inbound",
        "from": words.author,
        "text": words.text,
        "at": stamp(at),
    }
