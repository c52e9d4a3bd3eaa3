"""The house's side of the doors: what `channel.Desk` promises to them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import structlog

from contactcenter.channel import Accepted, Inbound
from contactcenter.errors import Refused
from contactcenter.intake import join, quarantine, reports, rules, store, threads
from contactcenter.intake.batch import Batch, Parcel
from contactcenter.intake.mailboxes import MailboxSource
from contactcenter.intake.rules import Entry, Target
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.ids import Ids
from contactcenter.kernel.mask import LONG
from contactcenter.kernel.sql import Row
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
_TARGETS_KEPT_S = 2.0


class Reception:
    """Takes Inbounds in. Returns to a door only after the commit."""

    def __init__(
        self, db: Database, ids: Ids, publisher: Publisher, node: str, *, keeps_raw: bool = True
    ) -> None:
        self._db = db
        self._keeps_raw = keeps_raw
        self._node = node
        self._ids = ids
        self._publisher = publisher
        # Whether somebody chats here now: who waits for an answer goes before mail that comes in.
        self.gives_way: Callable[[], bool] = lambda: False
        self._batch = Batch(db, self._arrived, lambda: self.gives_way())
        self._targets: dict[str, Target] = {}
        self._targets_at = -_TARGETS_KEPT_S
        self.ports: dict[str, tuple[str, int]] = {}
        self._listening = asyncio.Semaphore(0)

    async def receive(self, inbound: Inbound) -> Accepted:
        """See `channel.Desk.receive`."""
        targets = await self._find(inbound.to)
        if inbound.unreadable is not None:
            return await quarantine.keep(self._db, self._ids, inbound, targets)
        if inbound.raw and not self._keeps_raw:  # that it came as a mail still counts
            inbound = msgspec.structs.replace(inbound, raw=b"")
        inbound = reports.as_report(inbound)
        if not threads.may_join(inbound):
            return await self._new(inbound, targets)
        joined = await join.to_case(self._db, self._ids, self._publisher, inbound, targets)
        if not joined.rest:
            return Accepted(contacts=joined.contacts, known=joined.known)
        new = await self._new(inbound, joined.rest)
        return Accepted(contacts=joined.contacts + new.contacts, known=joined.known and new.known)

    async def idle(self) -> None:
        """Wait until all that was taken in stands in the line."""
        await self._batch.idle()

    async def knows(self, address: str) -> bool:
        """See `channel.Desk.knows`."""
        return address.lower() in await self._addresses()

    async def cursor(self, source: str) -> str | None:
        """See `channel.Desk.cursor`."""
        async with self._db.connection() as conn:
            value: str | None = await store.SQL.cursor.value(conn, source=source)
        return value

    def source(self, name: str) -> MailboxSource:
        """See `channel.Desk.source`."""
        return MailboxSource(self._db, name, self._node)

    def listening(self, name: str, host: str, port: int) -> None:
        """See `channel.Desk.listening`."""
        self.ports[name] = (host, port)
        self._listening.release()

    async def wait_listening(self, doors: int) -> None:
        """Wait until so many doors have said that they listen."""
        for _ in range(doors):
            await self._listening.acquire()

    async def _new(self, inbound: Inbound, targets: Sequence[tuple[str, Target]]) -> Accepted:
        ids = iter(await self._ids.take(rules.ids_needed(inbound, [t for _, t in targets])))
        entries = await _entries(inbound, targets, ids)
        files = rules.files(inbound.attachments, entries[0].contact_id, ids)
        chunks, seals = [], self._db.seals
        for file, attachment in zip(files, inbound.attachments, strict=True):
            chunks += await blobs.chunks(seals, file.blob_id, attachment.content)
        if inbound.raw and entries[0].raw_blob is not None:
            chunks += await blobs.chunks(seals, entries[0].raw_blob, inbound.raw)
        parcel = Parcel(entries, files, chunks, inbound.cursor, inbound.feedback)
        new = await self._batch.store(parcel)
        if len(new) == len(entries):
            return Accepted(contacts=tuple(str(row["id"]) for row in new))
        keys = [entry.key for entry in entries]
        async with self._db.connection() as conn:
            known = await store.known(conn, inbound.channel, keys)
        return Accepted(contacts=tuple(str(known[key]) for key in keys), known=not new)

    async def _arrived(self, rows: list[Row]) -> None:
        waiting = [row for row in rows if row["state"] == "queued"]
        if waiting:
            await self._publisher.arrived(waiting)

    async def _find(self, addresses: Sequence[str]) -> list[tuple[str, Target]]:
        known = await self._addresses()
        found: dict[int, tuple[str, Target]] = {}
        for address in map(str.lower, addresses):
            if address in known:
                found.setdefault(known[address].queue_id, (address, known[address]))
        if not found:
            raise Refused("unknown_queue", field="to")
        return list(found.values())

    async def _addresses(self) -> dict[str, Target]:
        if time.monotonic() - self._targets_at > _TARGETS_KEPT_S:
            async with self._db.connection() as conn:
                self._targets = await store.targets(conn)
            self._targets_at = time.monotonic()
        return self._targets


async def _entries(
    inbound: Inbound, targets: Sequence[tuple[str, Target]], ids: Iterator[int]
) -> list[Entry]:
    """The rows; those of a long mail hold up nobody while they are masked."""
    if len(inbound.text) + len(inbound.html or "") + len(inbound.rest) < LONG:
        return rules.entries(inbound, targets, ids)
    return await asyncio.to_thread(rules.entries, inbound, targets, ids)
