"""The sender: claims what is due, lets the channel send it, writes down what became of it."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import structlog

from contactcenter.channel import Channel, Outbound, Receipt
from contactcenter.delivery import rules
from contactcenter.delivery.actions import tell_delivery
from contactcenter.delivery.store import SQL
from contactcenter.kernel.db import TRANSIENT, Database
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.sql import Row
from contactcenter.queue.publish import Publisher

_log = structlog.get_logger(__name__)
LEASE_S = 180.0  # longer than any attempt: its time-outs add up to less
ATTEMPT_S = 170.0
AT_ONCE = 8


class Sender:
    """Sends for one channel. Several may run: each message is claimed by one."""

    def __init__(self, db: Database, publisher: Publisher, channel: Channel, node: str) -> None:
        self._db = db
        self._publisher = publisher
        self._channel = channel
        self._node = node
        self._chance = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._under_way: set[asyncio.Task[None]] = set()
        self.woken = asyncio.Event()

    async def run_once(self) -> int:
        """Begin to send what is due now, as far as there is room. Returns how many were begun."""
        await self.mark_lost()
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return 0  # who ends wakes us
        async with self._db.connection() as conn:
            claimed = await SQL.claim.all(
                conn, node=self._node, channel=self._channel.name, most=room, lease_s=LEASE_S
            )
        for row in claimed:
            task = asyncio.create_task(self._send(row))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(claimed)

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

    async def _send(self, row: Row) -> None:
        try:
            async with asyncio.timeout(ATTEMPT_S):
                receipt = await self._channel.send(_outbound(row))
        except TimeoutError:
            receipt = Receipt(outcome="unknown", code="no answer in time")
        except Exception as error:  # a door must not raise; where it does, nobody knows
            receipt = Receipt(outcome="unknown", code=type(error).__name__)
        failpoint("delivery.after_send")
        state = rules.next_state(receipt, (datetime.now(UTC) - row["at"]).total_seconds())
        if await self._write_down(row, state, receipt.code):
            _log.info("delivery", send_id=row["send_id"], state=state, attempt=row["attempts"])
            await tell_delivery(self._db, self._publisher, row["send_id"])

    async def _write_down(self, row: Row, state: str, code: str) -> bool:
        """What became of it; tried for as long as the claim lasts, since a receipt in hand must
        not be lost to a database that restarts."""
        for _ in range(int(LEASE_S - ATTEMPT_S) + 1):
            try:
                async with self._db.connection() as conn:
                    done = await SQL.finish.one(
                        conn,
                        send_id=row["send_id"],
                        fence=row["fence"],
                        state=state,
                        code=code[:500],
                        wait_s=rules.wait_s(row["attempts"], self._chance),
                    )
                return done is not None
            except TRANSIENT:
                await asyncio.sleep(1)
        return False


def _outbound(row: Row) -> Outbound:
    return Outbound(
        send_id=str(row["send_id"]),
        message_id=row["external_id"],
        sender=row["sender"],
        sender_name=row["sender_name"],
        to=row["recipient"],
        subject=row["subject"],
        text=row["text"] or "",
        language=row["language"],
        in_reply_to=row["in_reply_to"],
        references=tuple(row["refs"]),
        automatic=row["automatic"],
    )
