"""What the house says of itself after a fault: exports, `verify`, the sink, the board, and a
recount in SQL that knows nothing of the product's code."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Any

from tests.channels.sink import SunkMail
from tests.faults.ledger import Entry
from tests.faults.page import CANARY

Line = dict[str, Any]
_head = BytesHeaderParser()
RECOUNT = """
SELECT state, count(*)::int AS n FROM contact GROUP BY state
UNION ALL SELECT 'idle in transaction', count(*)::int FROM pg_stat_activity
WHERE state = 'idle in transaction' AND state_change < now() - interval '5 s'
  AND datname = current_database()
"""


@dataclass(frozen=True)
class Sunk:
    """A mail in the sink: its Message-ID, and the canaries in its recipients and in all of it."""

    id: str
    to: frozenset[str]
    canaries: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All of one fault."""

    entries: list[Entry]
    settles_s: float = 1.0  # for so long a contact may be passed over after it came into the line
    contacts: list[Line] = field(default_factory=list)
    messages: list[Line] = field(default_factory=list)
    outbound: list[Line] = field(default_factory=list)
    events: list[Line] = field(default_factory=list)
    sunk: list[Sunk] = field(default_factory=list)
    verified: Line = field(default_factory=dict)
    recount: Counter[str] = field(default_factory=Counter)
    board: Line | None = None
    counted: dict[tuple[str, str], Line] = field(default_factory=dict)  # rows as a board's


def sunk(mail: SunkMail) -> Sunk:
    """What matters of a mail."""
    text = mail.data.decode("utf-8", "replace")
    to = frozenset(CANARY.findall(" ".join(mail.rcpt_to)))
    head = _head.parsebytes(mail.data)
    return Sunk(str(head["Message-ID"]), to, frozenset(CANARY.findall(text)))


async def exports(house: Any, since: str, mail_since: str) -> dict[str, list[Line]]:
    """The four exports, two at a time: a machine has two cores. Mail may have arrived at its city's
    server before the fault."""
    kinds = ("contacts", "messages", "outbound", "events")
    turns = asyncio.Semaphore(2)

    async def one(kind: str) -> list[Line]:
        async with turns:
            of_mail = kind in ("contacts", "messages")
            found: list[Line] = await house.office.lines(kind, mail_since if of_mail else since)
            return found

    return dict(zip(kinds, await asyncio.gather(*map(one, kinds)), strict=True))


async def recount(house: Any) -> Counter[str]:
    """Contacts by state, and what should be nothing."""
    conn = await house.connect()
    try:
        return Counter({row["state"]: row["n"] for row in await conn.fetch(RECOUNT)})
    finally:
        await conn.close()
