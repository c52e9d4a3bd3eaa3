"""What other servers report of our mail: it lands on the answer it is about.

A report is a mail that anybody can write. It changes a delivery only where it names that mail's
Message-ID, or came to its case's reply token and leaves no choice which mail it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    """Of one that is to be sent again, what became of the former try says nothing but of those who
    were thought to have it: nobody asks for them again."""
    everybody = [row["recipient"], *row["also_to"], *row["cc"], *row["bcc"]]
    reported = report.recipients
    named = {address.lower() for address in reported}
    if row["state"] == "queued":
        reported = tuple(one for one in row["taken"] if one.lower() in named)
    if row["state"] == "failed" or (row["state"] == "queued" and not reported):
        return
    known = msgspec.json.decode(row["refused"], type=Refusals)
    refused = refusals(known, everybody, reported, code)
    lacking = {one["address"] for one in refused}
    having = [one for one in everybody if one not in lacking]
    await SQL.fail.run(
        conn,
        send_id=row["send_id"],
        state=row["state"] if having else "failed",
        code=code,
        refused=msgspec.json.encode(refused).decode() if having else "[]",
        # Others have it, and get no second one when it is sent again to who lacks it.
        taken=having if row["state"] == "sent" else [t for t in row["taken"] if t not in lacking],
    )
    change.tell += await undelivered.mark(conn, row["send_id"])


def refusals(
    known: Refusals, everybody: Sequence[str], reported: Iterable[str], code: str
) -> Refusals:
    """Who did not get it, with one more report, by the addresses that we wrote to. Of a mail to one
    address it is that one, by whatever name the last server knew it; of a mail to several an
    address that we did not write to is shown beside them, the first of those alone: whoever got
    the mail can report of it, and name anybody."""
    addresses = dict.fromkeys(address.lower() for address in reported)
    ours = [one for one in everybody if one.lower() in addresses]
    if not ours:
        ours = list(everybody) if len(set(everybody)) == 1 else list(addresses)[:1]
    strangers = {one["address"] for one in known} - set(everybody)
    if strangers and set(ours).isdisjoint(everybody):
        return known
    others = [one for one in known if one["address"] not in ours]
    return others + [{"address": address, "code": code} for address in dict.fromkeys(ours)]


async def _tell(conn: Connection, send_id: int, change: Change) -> None:
    row = await outbound.delivery(conn, send_id)
    frame = outbound.delivery_frame(row)
    change.tell += [(user, frame) for user in sorted({row["owner"], row["author_id"]} - {None})]
