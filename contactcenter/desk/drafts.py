"""What is being written, kept with the contact so that it stays there whoever goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.cases import uploads
from contactcenter.cases.rules import MAX_TEXT, one_line
from contactcenter.desk.desk import Desk
from contactcenter.desk.recipients import MOST_RECIPIENTS
from contactcenter.desk.writing import SQL
from contactcenter.errors import Refused
from contactcenter.kernel.mask import sendable
from contactcenter.kernel.sql import Connection, Row
from contactcenter.queue.own import lock_own

MOST_TYPED = 320  # characters of one address


@dataclass(frozen=True)
class Beside:
    """What a mail's draft says beside its text, as it was typed: nobody has checked it yet."""

    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    attachments: Sequence[str] = ()
    quote: bool = True


NOTHING = Beside()


async def save(desk: Desk, actor: Actor, contact: int, text: str, beside: Beside = NOTHING) -> None:
    """Keep a draft; one with nothing in it is deleted. Raises Refused."""
    if len(text) > MAX_TEXT:
        raise Refused("too_large", field="text", most=MAX_TEXT)
    _check(beside)
    async with desk.db.transaction() as conn:
        row = await lock_own(conn, actor, contact, "active", "wrap_up")
        mail = await _mail(conn, row, beside)
        if text or mail:
            await SQL.save_draft.run(
                conn,
                contact=contact,
                user_id=actor.user_id,
                text=sendable(text),
                mail=msgspec.json.encode(mail).decode() if mail else None,
            )
        else:
            await SQL.drop_draft.run(conn, contact=contact)


def _check(beside: Beside) -> None:
    typed = [*beside.to, *beside.cc, *beside.bcc]
    if len(typed) > MOST_RECIPIENTS:
        raise Refused("bad_request", "too_many_recipients", field="to", most=MOST_RECIPIENTS)
    if any(len(one) > MOST_TYPED for one in typed):
        raise Refused("too_large", field="to", most=MOST_TYPED)
    if len(beside.attachments) > uploads.MOST_FILES:
        most = uploads.MOST_FILES
        raise Refused("bad_request", "too_many_files", field="attachments", most=most)


async def _mail(conn: Connection, contact: Row, beside: Beside) -> dict[str, Any]:
    """What is stored of it; {} for nothing. Uploads that are gone are left out."""
    if beside == NOTHING:
        return {}
    if contact["channel"] != "mail" and replace(beside, attachments=()) != NOTHING:
        raise Refused("bad_request", "only_mail", field="to")
    lists = {"to": beside.to, "cc": beside.cc, "bcc": beside.bcc}
    kept: dict[str, Any] = {
        name: [one_line(one) for one in given] for name, given in lists.items() if given
    }
    files = await uploads.these(conn, contact["id"], [int(one) for one in beside.attachments])
    if files:
        kept["attachments"] = [file["id"] for file in files]
    if not beside.quote:
        kept["quote"] = False
    return kept
