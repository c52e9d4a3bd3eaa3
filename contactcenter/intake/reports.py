"""What other servers report of our mail: it lands on the answer it is about.

A report is a mail that anybody can write. It changes a delivery only where it names that mail's
Message-ID, or came to its case's reply token and leaves no choice which mail it means.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from contactcenter.cases import outbound, undelivered
from contactcenter.cases.rules import one_line
from contactcenter.channel import Inbound, Report
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)
MAX_CODE = 500
Refusals = list[dict[str, str]]


def as_report(inbound: Inbound) -> Inbound:
    """A report as intake takes it: a machine's mail, found by what it reports of first."""
    report = inbound.report
    if report is None:
        return inbound
    ids = dict.fromkeys((*report.message_ids, *inbound.references))
    return msgspec.structs.replace(inbound, automatic=True, answerable=False, references=tuple(ids))


async def land(conn: Connection, inbound: Inbound, case: int, change: Change) -> None:
    """Write down what the report says, in the transaction that stores it with the case. Screens are
    told after the commit."""
    report = inbound.report
    if report is None or report.action == "delivered":
        return
    code = one_line(f"{report.status} {report.reason}", MAX_CODE)
    for row in await _about(conn, report, inbound.references, case):
        if report.action == "delayed":
            await SQL.delay.run(conn, send_id=row["send_id"], code=code)
        else:
            await _fail(conn, report, row, code, change)
        await _tell(conn, row["send_id"], change)


async def _about(conn: Connection, report: Report, ids: Sequence[str], case: int) -> Sequence[Row]:
    found = await SQL.named.all(conn, ids=list(ids), case_id=case)
    if found:
        return found
    recipients = [address.lower() for address in report.recipients]
    return await SQL.only.all(conn, case_id=case, recipients=recipients)


async def _fail(conn: Connection, report: Report, row: Row, code: str, change: Change) -> None:
    """Of one that is to be sent again, what became of the former try says nothing."""
    if row["state"] in ("queued", "failed"):
        return
    everybody = {row["recipient"].lower(), *row["also_to"], *row["cc"], *row["bcc"]}
    known = msgspec.json.decode(row["refused"], type=Refusals)
    refused = refusals(known, everybody, report.recipients, code)
    nobody = everybody <= {one["address"].lower() for one in refused}
    await SQL.fail.run(
        conn,
        send_id=row["send_id"],
        state="failed" if nobody else row["state"],
        code=code,
        refused="[]" if nobody else msgspec.json.encode(refused).decode(),
    )
    change.tell += await undelivered.mark(conn, row["send_id"])


def refusals(
    known: Refusals, everybody: Collection[str], reported: Collection[str], code: str
) -> Refusals:
    """Who did not get it, with one more report. Of a mail to one address it is that one, by
    whatever name the last server knew it."""
    addresses = {address.lower() for address in reported}
    if not addresses & set(everybody) and len(everybody) == 1:
        addresses = set(everybody)
    others = [one for one in known if one["address"].lower() not in addresses]
    return others + [{"address": address, "code": code} for address in sorted(addresses)]


async def _tell(conn: Connection, send_id: int, change: Change) -> None:
    row = await outbound.delivery(conn, send_id)
    frame = outbound.delivery_frame(row)
    change.tell += [(user, frame) for user in sorted({row["owner"], row["author_id"]} - {None})]
