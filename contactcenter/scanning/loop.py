"""Gives what waits to the scanner, writes down what it said, and tells the screens."""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic

import structlog

from contactcenter.cases import files
from contactcenter.kernel import blobs
from contactcenter.kernel.db import Database
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.links import Links
from contactcenter.kernel.live import LiveUnavailable
from contactcenter.kernel.loop import end
from contactcenter.kernel.mask import storable
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue import store as queue
from contactcenter.queue.citizens import file_shown
from contactcenter.queue.publish import Change, Publisher
from contactcenter.scanning import clamd, rules
from contactcenter.scanning.clamd import Away, Broken, Verdict
from contactcenter.setting_hosts import Scanner

SQL = load_sql(__file__)
_log = structlog.get_logger(__name__)
AT_ONCE = 4
LEASE_S = 2 * clamd.SCAN_S  # longer than any scan


class Scanning:
    """One node's scans; several nodes share the work, each file claimed by one."""

    def __init__(self, db: Database, publisher: Publisher, links: Links, scanner: Scanner) -> None:
        self._db = db
        self._publisher = publisher
        self._links = links
        self.scanner = scanner
        self._under_way: set[asyncio.Task[None]] = set()
        self._away = 0
        self._away_until = 0.0
        self.woken = asyncio.Event()

    async def run_once(self) -> int:
        """Begin to scan what waits, as far as there is room. Returns how many were begun."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0 or monotonic() < self._away_until:
            return 0
        async with self._db.connection() as conn:
            claimed = await SQL.claim.all(conn, most=room, lease_s=LEASE_S, given_up=rules.GIVEN_UP)
        for row in claimed:
            task = asyncio.create_task(self._scan(row))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(claimed)

    async def finish(self, within_s: float) -> None:
        """Let what is under way end; what takes longer is scanned again later."""
        if self._under_way:
            _, left = await asyncio.wait(self._under_way, timeout=within_s)
            await end(left, within_s)

    async def ready(self) -> tuple[bool, str]:
        """For the health page."""
        async with self._db.connection() as conn:
            if not await SQL.marks.value(conn):
                return False, "a pooler drops contactcenter.scan; files come in unscanned"
        try:
            ok = await clamd.ping(self.scanner)
        except Away:
            ok = False
        return ok, "" if ok else "no answer; files are taken in, and nobody can open new ones"

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The claim lapses, and the file is given to the scanner again.
            _log.warning("scan_failed", error=type(error).__name__)

    async def _scan(self, row: Row) -> None:
        try:
            said = await clamd.scan(self.scanner, blobs.get(self._db, row["blob_id"]))
        except Away as error:
            self._away += 1
            wait_s = rules.away_s(self._away)
            self._away_until = monotonic() + wait_s
            _log.warning("scanner_away", error=str(error), again_in_s=wait_s)
            return await self._put_off(row, wait_s, 1)
        except Broken as error:
            if row["scan_tries"] < rules.MOST_TRIES:
                return await self._put_off(row, rules.pause_s(row["scan_tries"]), 0)
            said = Verdict("failed", str(error))
        self._away = 0
        await self._settle(row["id"], said)

    async def _put_off(self, row: Row, wait_s: float, back: int) -> None:
        async with self._db.connection() as conn:
            for put_off in (SQL.put_off_upload, SQL.put_off_file):
                await put_off.run(conn, id=row["id"], wait_s=wait_s, back=back)

    async def _settle(self, id_: int, said: Verdict) -> None:
        """A file that is sent in this moment is an upload no more and no attachment yet: looked for
        once more."""
        name = None if said.name is None else storable(said.name)
        key = await self._links.key()
        for _ in range(2):
            change = Change()
            async with self._db.transaction() as conn:
                given = {"id": id_, "scan": said.scan, "name": name, "again_s": rules.AGAIN_S}
                upload = await SQL.settle_upload.one(conn, **given)
                held = await SQL.hold.all(conn, id=id_)
                file = await SQL.settle_file.one(conn, **given)
                if upload is not None:
                    await _of_upload(conn, upload, change)
                elif file is not None:
                    await _of_file(conn, file, held, change)
            if upload is not None or file is not None:
                break
        else:
            return
        _log.info("scanned", file=id_, scan=said.scan)
        await self._publisher.publish(change)
        if file is not None and file["chat"] is not None:
            frame = {"type": "file", "message": file["seq"], "file": file_shown(key, file)}
            with contextlib.suppress(LiveUnavailable):  # the page's next hello shows it
                await self._publisher.citizens.file(file["chat"], frame)


async def _of_upload(conn: Connection, upload: Row, change: Change) -> None:
    """Who adds it to an answer is told."""
    owner = await SQL.owner_of.value(conn, contact=upload["contact_id"])
    if owner is not None and upload["user_id"] is not None:
        change.tell.append((owner, _frame(upload["contact_id"], upload)))


async def _of_file(conn: Connection, file: Row, held: list[Row], change: Change) -> None:
    """Whose screens show the message are told, by the sweep where this node dies before."""
    for contact in held:
        if contact["state"] not in ("active", "wrap_up"):
            continue
        row = await queue.SQL.touch.row(conn, contact=contact["id"], unread=0)
        await queue.put_out(conn, row, contact["owner"])
        place = {"case": str(file["case_id"]), "message": file["seq"]}
        change.tell.append((contact["owner"], _frame(contact["id"], file) | place))
        change.contacts.append(contact["id"])
        change.show[contact["id"]] = [contact["owner"]]


def _frame(contact: int, file: Row) -> Frame:
    return {"type": "file", "contact": str(contact), "file": files.shown(file)}
