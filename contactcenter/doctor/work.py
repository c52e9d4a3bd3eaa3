"""The work under way: who does it, and what is left lying."""

from __future__ import annotations

from typing import Any

from contactcenter.config import Settings
from contactcenter.doctor.finding import Facts, Finding, fine, note, size, span, wrong
from contactcenter.intake import mailboxes
from contactcenter.kernel.db import Database
from contactcenter.kernel.sql import Connection, load_sql
from contactcenter.mailbox_watch import judged
from contactcenter.scanning.loop import SQL as SCANNING

SQL = load_sql(__file__)
# What exactly one node does at a time, and how long nobody may do it.
SINGLE = (
    "agreements",
    "callback_clock",
    "chat_clock",
    "clock",
    "feedback",
    "receipts",
    "reconciler",
    "relaxing",
)
MOST_REST_S = 60.0
LATE_EVENTS = 10_000
A_DAY_S = 86_400.0


async def nodes(conn: Connection) -> int:
    """How many nodes are at work."""
    return int(await SQL.nodes.value(conn))


async def look(conn: Connection, running: int) -> list[Finding]:
    """What the database tells of the work; `running`: how many nodes are at work."""
    found = of_leases([dict(row) for row in await SQL.leases.all(conn)], running)
    found += of_backlog(await SQL.backlog.row(conn), running)
    found += of_outbound(
        await SQL.outbound.row(conn), await SQL.undelivered.value(conn), bool(running)
    )
    found.append(of_quarantine(await SQL.quarantined.row(conn)))
    found.append(of_files(await SQL.lost_files.row(conn), await SQL.blob_bytes.value(conn)))
    found.append(of_backup(await SQL.backed_up_s.value(conn)))
    return found


async def scans(conn: Connection, settings: Settings) -> list[Finding]:
    """Files that nobody may open."""
    return of_scans(await SCANNING.figures.row(conn), settings.scanner is not None)


async def fetched(db: Database, settings: Settings) -> list[Finding]:
    """The mailboxes of the settings."""
    found = []
    for row in await mailboxes.figures(db, settings.mailbox):
        well, detail = judged(row)
        name = f"mailbox.{row['name']}"
        ago = "" if row["silent_s"] is None else f"last success {span(row['silent_s'])} ago"
        if well:
            found.append(fine(name, detail or ago))
        else:
            do = (
                "see Settings, Mailboxes for the server's word, and docs/email.md, State and faults"
            )
            found.append(wrong(name, ", ".join(filter(None, (detail, ago))), do))
    return found


def of_leases(leases: list[dict[str, Any]], running: int) -> list[Finding]:
    """Who does what only one may do. Pure."""
    if not running:
        do = "start one: contactcenter serve"
        return [note("nodes", "no node is running", do)]
    held = {lease["name"] for lease in leases if lease["held"]}
    # A node that has just started may not have begun everything; the clock begins at once.
    rested = {"clock": MOST_REST_S} | {lease["name"]: lease["beat_s"] for lease in leases}
    idle = [name for name in SINGLE if name not in held and rested.get(name, 0.0) >= MOST_REST_S]
    if idle:
        do = "run at least one node without --only web; if one runs, look into its log"
        return [wrong("nodes", f"{running} run, and nobody does: {', '.join(idle)}", do)]
    owners = {lease["owner"] for lease in leases if lease["held"]}
    return [fine("nodes", f"{running} run; {len(held)} single tasks are held by {len(owners)}")]


def of_backlog(facts: Facts, running: int) -> list[Finding]:
    """What is committed and not told, or not counted. Pure."""
    found = []
    if facts["outbox"] and running:
        do = "is Redis well? A node tells them as soon as it answers"
        found.append(wrong("work.projection", f"{facts['outbox']} changes not in Redis", do))
    if facts["events"] > LATE_EVENTS and running:
        do = "run a node without --only web; figures are late until it has caught up"
        found.append(wrong("work.figures", f"{facts['events']:,} events not counted yet", do))
    if facts["repairs"]:
        do = "each is a loss in Redis that was mended; if it grows without a cause, tell us"
        found.append(note("work.repairs", f"{facts['repairs']} so far", do))
    return found or [fine("work.projection", "nothing waits")]


def of_outbound(facts: Facts, undelivered: int, running: bool) -> list[Finding]:
    """What leaves the house, and does not. Pure."""
    found = []
    if facts["stuck"] and running:
        do = "run a node without --only web, and look for sender in its log"
        found.append(wrong("outbound.stuck", f"{facts['stuck']} should have been sent", do))
    if facts["tried"]:
        do = "look at the finding relay, and at the codes: contactcenter export outbound"
        found.append(wrong("outbound.tried", f"{facts['tried']} tried more than twice", do))
    if facts["unknown"]:
        do = 'agents decide in their cases: "send again" or "it arrived"'
        found.append(note("outbound.unknown", f"{facts['unknown']} may or may not be sent", do))
    if facts["failed"]:
        do = "agents see them in their cases; codes: contactcenter export outbound"
        found.append(note("outbound.failed", f"{facts['failed']} of the last 30 days", do))
    if undelivered:
        do = "supervisors see them at /cases/undelivered"
        found.append(note("outbound.undelivered", f"{undelivered} did not arrive", do))
    return found or [fine("outbound", "nothing is stuck, failed or unknown")]


def of_quarantine(facts: Facts) -> Finding:
    """Contacts that could not be read are citizens who wait. Pure."""
    if not facts["n"]:
        return fine("quarantine", "empty")
    said = f"{facts['n']} contacts, the oldest of {span(facts['oldest_s'])} ago"
    level = wrong if facts["oldest_s"] > A_DAY_S else note
    return level("quarantine", said, "an admin reads them at /admin/quarantine, and tries again")


def of_backup(ago_s: float | None) -> Finding:
    """Pure."""
    do = "contactcenter backup FILE each night (deploy/systemd), and the files to another machine"
    if ago_s is None:
        return note("backup", "none was ever made by this command", do)
    said = f"the last was made {span(ago_s)} ago"
    return note("backup", said, do) if ago_s > 2 * A_DAY_S else fine("backup", said)


def of_files(facts: Facts, bytes_: int) -> Finding:
    """Pure."""
    if facts["lost"]:
        do = "restore a backup: rows of the table blob were deleted by hand"
        return wrong("files", f"of {facts['looked']} looked at {facts['lost']} have no bytes", do)
    return fine("files", f"{size(bytes_)} of files and sources")


def of_scans(facts: Facts, scanner: bool) -> list[Finding]:
    """Pure."""
    if facts["waiting"] and not scanner:
        do = "set `scanner` again: they stay shut until they are looked at"
        return [wrong("files.scan", f"{facts['waiting']} wait for a scanner that is not set", do)]
    if facts["failed"]:
        do = "agents press Check again; see docs/operations.md, The scanner"
        return [note("files.scan", f"{facts['failed']} could not be scanned", do)]
    return []
