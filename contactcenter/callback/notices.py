"""The mail that says that nobody could be reached, in the citizen's language.

It repeats nothing that was asked, neither number nor matter: whoever can name an address could else
have us write to it in their words.
"""

from __future__ import annotations

from contactcenter.callback import store
from contactcenter.callback.office import Office
from contactcenter.callback.store import SQL
from contactcenter.cases import outbound
from contactcenter.kernel.i18n import pick
from contactcenter.kernel.sql import Connection, Row


async def tell(
    conn: Connection, office: Office, contact: Row, outcome: str, attempts: int, send_id: int
) -> bool:
    """Queue the mail, where an address is known; whether there is one."""
    recipient = await SQL.email_of.value(conn, contact=contact["id"])
    if recipient is None:
        return False
    language = contact["language"]
    key = "mail.wrong_number" if outcome == "wrong_number" else "mail.not_reached"
    home = await store.queue_of(conn, contact["queue_id"])
    queue = pick(store.names(home.row), language)
    from_queue = await outbound.SQL.sender_of.one(conn, queue_id=contact["queue_id"])
    await outbound.add_notice(
        conn,
        send_id=send_id,
        organisation_id=contact["organisation_id"],
        sender=from_queue["address"] if from_queue else f"no-reply@{office.domain}",
        recipient=recipient,
        subject=office.texts.t(language, f"{key}.subject"),
        text=office.texts.t(language, f"{key}.text", queue=queue, attempts=attempts),
        language=language,
        domain=office.domain,
    )
    return True
