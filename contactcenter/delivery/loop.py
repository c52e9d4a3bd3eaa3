"""The sender: claims what is due, lets the channel send it, writes down what became of it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from time import monotonic

import structlog

from contactcenter.cases import store as cases
from contactcenter.cases import undelivered
from contactcenter.channel import Attachment, Channel, Outbound, Receipt
from contactcenter.delivery import rules
from contactcenter.delivery.actions import tell_delivery
from contactcenter.delivery.store import SQL, columns, post_of
from contactcenter.kernel import blobs
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.lease import Lease
from contactcenter.kernel.sql import Row
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
LEASE_S = 300.0  # longer than any attempt: its time-outs add up to less
ATTEMPT_S = 280.0
AT_ONCE = 8
UNHEARD_S = 30.0  # a statement whose connection broke may still commit, but not so late
NOT_READ = "not sent: the database was away"


class Sender:
    """Sends for one channel. Several may run: each message is claimed by one. `alive` is the node's
    own lease: when it lapses, others take what the node was sending for lost."""

    def __init__(self, db: Database, publisher: Publisher, channel: Channel, alive: Lease) -> None:
        self._db = db
        self._publisher = publisher
        self._channel = channel
        self._alive = alive
        self._chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._under_way: set[asyncio.Task[None]] = set()
        self._ours: set[int] = set()  # begun here, and not written down yet what became of it
        self._unheard_until = -UNHEARD_S  # by time.monotonic
        self.results: Counter[str] = Counter()  # attempts that ended here, by state; for metrics
        self.woken = asyncio.Event()

    async def run_once(self) -> int:
        """Begin to send what is due now, as far as there is room. Returns how many were begun."""
        await self.mark_lost()
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return 0  # who ends wakes us
        if monotonic() < self._unheard_until:
            await self._take_back()
        asked = monotonic()
        for row in (claimed := await self._claim(room)):
            self._ours.add(row["send_id"])
            task = asyncio.create_task(self._send(row, asked))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(claimed)

    async def _claim(self, room: int) -> list[Row]:
        try:
            async with self._db.connection() as conn:
                return await SQL.claim.all(
                    conn,
                    node=self._alive.owner,
                    channel=self._channel.name,
                    most=room,
                    lease_s=LEASE_S,
                )
        except TRANSIENT:
            self._unheard_until = monotonic() + UNHEARD_S
            raise

    async def _take_back(self) -> None:
        """Put back what was claimed by a query whose answer was lost with its connection: no byte
        of it left, and but for this it would wait until the claim lapses, and then for a person to
        decide."""
        async with self._db.connection() as conn:
            await SQL.take_back.run(
                conn, node=self._alive.owner, channel=self._channel.name, ours=[*self._ours]
            )

    async def finish(self, within_s: float) -> None:
        """Let what is under way end, so that an orderly stop leaves nothing unknown."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=within_s)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.woken.set()

    async def mark_lost(self) -> None:
        """Mark what a dead sender left in `sending` as not known."""
        async with self._db.connection() as conn:
            rows = await SQL.lost.all(conn)
        for row in rows:
            await tell_delivery(self._db, self._publisher, row["send_id"])

    async def _send(self, row: Row, asked: float) -> None:
        receipt = await self._attempt(row, asked)
        failpoint("delivery.after_send")
        result = rules.result(receipt, post_of(row), row["age_s"])
        told = await self._write_down(row, result)
        if told is not None:
            self.results[result.state] += 1
            _log.info(
                "delivery", send_id=row["send_id"], state=result.state, attempt=row["attempts"]
            )
            await tell_delivery(self._db, self._publisher, row["send_id"], told)

    async def _attempt(self, row: Row, asked: float) -> Receipt:
        """One attempt at what was claimed by a query begun at `asked`, of time.monotonic."""
        until = asked + ATTEMPT_S

        def is_ours() -> bool:
            return monotonic() < until and self._alive.held_since(asked)

        try:
            outbound = await self._outbound(row, is_ours)
        except TRANSIENT:
            return Receipt(outcome="retry", code=NOT_READ)
        try:
            async with asyncio.timeout(ATTEMPT_S):
                return await self._channel.send(outbound)
        except TimeoutError:
            return Receipt(outcome="unknown", code="no answer in time")
        except Exception as error:  # a door must not raise; where it does, nobody knows
            return Receipt(outcome="unknown", code=type(error).__name__)

    async def _write_down(self, row: Row, result: rules.Result) -> list[tuple[int, Frame]] | None:
        """What became of it; tried for as long as the claim lasts, since a receipt in hand must
        not be lost to a database that restarts. What is to be told beside; None where the message
        is no longer ours."""
        lost = result.state == "failed" or (result.state == "sent" and bool(result.post.refused))
        for attempt in range(int(LEASE_S - ATTEMPT_S) + 1):
            try:
                async with self._db.transaction() as conn:
                    if lost and row["case_id"] is not None:
                        await cases.lock(conn, row["case_id"])  # first, as elsewhere
                    done = await SQL.finish.one(
                        conn,
                        send_id=row["send_id"],
                        fence=row["fence"],
                        state=result.state,
                        code=result.code[:500],
                        wait_s=rules.wait_s(row["attempts"], self._chance),
                        **columns(result.post),
                    )
                    marked = (
                        await undelivered.mark(conn, row["send_id"])
                        if done is not None and lost
                        else []
                    )
            except TRANSIENT:
                await asyncio.sleep(1)
                continue
            self._ours.discard(row["send_id"])
            if done is None and not attempt:
                return None  # another's; after a try it may be what committed with its answer lost
            return marked
        return None

    async def _outbound(self, row: Row, is_ours: Callable[[], bool]) -> Outbound:
        return Outbound(
            send_id=str(row["send_id"]),
            message_id=row["external_id"],
            sender=row["sender"],
            sender_name=row["sender_name"],
            to=row["recipient"],
            also_to=tuple(row["also_to"]),
            cc=tuple(row["cc"]),
            bcc=tuple(row["bcc"]),
            envelope=post_of(row).pending,
            reply_to=row["reply_to"],
            subject=row["subject"],
            text=row["text"] or "",
            language=row["language"],
            in_reply_to=row["in_reply_to"],
            references=tuple(row["refs"]),
            automatic=row["automatic"],
            attachments=await self._files(row),
            is_ours=is_ours,
        )

    async def _files(self, row: Row) -> tuple[Attachment, ...]:
        if row["message_id"] is None:
            return ()
        async with self._db.connection() as conn:
            files = await SQL.files.all(conn, message=row["message_id"])
        return tuple(
            [
                Attachment(
                    name=file["name"],
                    media_type=file["media_type"],
                    content=b"".join(
                        [piece async for piece in blobs.get(self._db, file["blob_id"])]
                    ),
                )
                for file in files
            ]
        )
