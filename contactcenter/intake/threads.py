"""Which case a mail goes on with.

A Message-ID of ours has an unguessable part, a reply token is signed: naming one proves having it.
A subject or a sender never joins (RFC 5322, 3.6.4; holes: anybody can write both).
"""

from __future__ import annotations

from collections.abc import Iterable

from contactcenter.cases import reply_token
from contactcenter.channel import Inbound
from contactcenter.intake import rules
from contactcenter.intake.store import SQL
from contactcenter.kernel.sql import Connection, Row


def may_join(inbound: Inbound) -> bool:
    """Whether it says anything by which a case could be found."""
    return bool(inbound.references or inbound.tokens)


async def find(conn: Connection, inbound: Inbound, organisations: Iterable[int]) -> Row | None:
    """{case_id, organisation_id} of the case, in one of the organisations it was sent to: by what
    it answers, else by a reply token. None for a blocked sender, whatever it names; a report is
    nobody's, so no sender of it is blocked."""
    asked = {
        "organisations": sorted(set(organisations)),
        "address": "" if inbound.report is not None else rules.address_of(inbound),
    }
    found = None
    if inbound.references:
        found = await SQL.answered.one(conn, refs=list(inbound.references), **asked)
    if found is None and inbound.tokens:
        key = await reply_token.signing_key(conn)
        cases = [reply_token.check(key, token) for token in inbound.tokens]
        named = [case for case in cases if case is not None]
        found = await SQL.named.one(conn, cases=named, **asked)
    return found
