"""What citizens say in their chats: committed together with what others say at that moment."""

from __future__ import annotations

from datetime import datetime
from time import monotonic

import msgspec

from contactcenter.cases.rules import said
from contactcenter.errors import Refused
from contactcenter.kernel.db import ALREADY_THERE, Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.group import Group
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.replicated import require_replicated
from contactcenter.kernel.sql import Row, load_sql
from contactcenter.queue.publish import Change, Publisher

SQL = load_sql(__file__)
MOST = 200
LANES = 3
_BUSY_S = 1.0
_json = msgspec.json.Encoder().encode


class Words(msgspec.Struct, frozen=True):
    """One message to store; `text` is checked and masked."""

    case_id: int
    contact_id: int
    author: str
    client_id: str
    text: str


class Stored(msgspec.Struct, frozen=True):
    """A stored message. `prev` is the number of the one before it that the citizen sees; None: it
    was stored before."""

    seq: int
    prev: int | None
    at: datetime


class Say:
    """One node's way for what citizens say."""

    def __init__(self, db: Database, ids: Ids, publisher: Publisher) -> None:
        self._db = db
        self._free = [db.keep() for _ in range(LANES)]
        self._ids = ids
        self._publisher = publisher
        self._group: Group[Words, Stored | None] = Group(
            self._commit, most=MOST, lanes=LANES, key=lambda words: words.contact_id
        )
        self._heard: list[tuple[Words, Row]] = []
        self._telling = False
        self._last = -_BUSY_S

    async def store(self, words: Words) -> Stored | None:
        """Store it and tell its agent; returns after the commit. None: the chat has ended. Said
        before: the stored message. Raises Refused("client_id_used") for the same id with another
        text."""
        self._last = monotonic()
        try:
            stored = await self._group.add(words)
        except ALREADY_THERE:  # another node was storing it at this moment
            stored = None
        return stored or await self._said_before(words)

    def busy(self) -> bool:
        """Whether somebody wrote a moment ago."""
        return monotonic() - self._last < _BUSY_S

    async def idle(self) -> None:
        """Wait until all that was stored has been told."""
        await self._group.idle()

    async def _commit(self, words: list[Words]) -> list[Stored | None]:
        ids = await self._ids.take(len(words))
        once = {(words[n].contact_id, words[n].client_id): n for n in reversed(range(len(words)))}
        given = [{"n": n, "id": ids[n]} | msgspec.structs.asdict(words[n]) for n in once.values()]
        failpoint("say.before_commit")
        rows = await self._store(_json(given).decode())
        failpoint("say.after_commit")
        found = {row["n"]: row for row in rows}
        heard = [(words[n], found[n]) for n in sorted(found) if found[n]["state"] == "active"]
        self._heard += heard
        if heard and not self._telling:
            self._telling = True
            self._group.keep(self._tell())
        return [
            Stored(found[n]["seq"], found[n]["prev"], found[n]["at"]) if n in found else None
            for n in range(len(words))
        ]

    async def _store(self, said: str) -> list[Row]:
        kept = self._free.pop()
        try:
            async with kept as conn:
                return await SQL.say.all(conn, said=said)
        finally:
            self._free.append(kept)

    async def _tell(self) -> None:
        """In the order of the commits; what is committed while one call runs goes together in the
        next. A case that woke has its card shown too."""
        try:
            while self._heard:
                heard, self._heard = self._heard, []
                await self._publisher.told(
                    [(row["owner"], _frame(words, row)) for words, row in heard],
                    [(words.contact_id, row["version"]) for words, row in heard],
                )
                woke = {words.contact_id: [row["owner"]] for words, row in heard if row["woke"]}
                if woke:
                    await self._publisher.publish(Change(show=woke))
        finally:
            self._telling = False

    async def _said_before(self, words: Words) -> Stored | None:
        async with self._db.connection() as conn:
            row = await SQL.said_before.one(
                conn, contact=words.contact_id, client_id=words.client_id
            )
            if row is not None:
                await require_replicated(conn)
        if row is None:
            return None
        if row["text"] != words.text:
            raise Refused("client_id_used", field="client_id")
        return Stored(row["seq"], None, row["at"])


def own_frame(words: Words, stored: Stored) -> Frame:
    """The `message` frame by which the citizen's page hears that its message is stored."""
    shown = said(stored.seq, "inbound", words.author, words.text, stored.at)
    return {"type": "message", "client_id": words.client_id} | shown


def _frame(words: Words, row: Row) -> Frame:
    """The `message` frame for the contact's agent."""
    return {
        "type": "message",
        "contact": str(words.contact_id),
        "case": str(words.case_id),
        "message": said(row["seq"], "inbound", words.author, words.text, row["at"]),
    }
