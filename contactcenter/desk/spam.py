"""An agent says that a mail is spam: closed without an answer, kept, and to be had back."""

from __future__ import annotations

from contactcenter.accounts import audit
from contactcenter.accounts.authorise import Actor
from contactcenter.desk import writing
from contactcenter.desk.deciding import completing
from contactcenter.desk.desk import Desk
from contactcenter.errors import Refused
from contactcenter.kernel.sql import load_sql
from contactcenter.queue import pausing
from contactcenter.queue import store as queue
from contactcenter.queue.deciding import refuse_elsewhere
from contactcenter.queue.own import lock_own
from contactcenter.queue.publish import Change

SQL = load_sql(__file__)


async def spam(desk: Desk, actor: Actor, contact: int) -> None:
    """active or wrap_up -> closed, without a disposition; the time it took counts in no figure of
    handling. Raises Refused("wrong_state") for what is no mail. A repeat changes nothing."""
    change = Change(agents=[actor.user_id], show={contact: [actor.user_id]})
    async with completing(desk, actor, "contact", contact), desk.db.transaction() as conn:
        row = await lock_own(conn, actor, contact, "active", "wrap_up", "closed")
        if row["channel"] != "mail" or (row["state"] == "closed" and row["aside"] != "spam"):
            raise Refused("wrong_state", field="contact")
        if row["state"] != "closed":
            await refuse_elsewhere(conn, actor, row["organisation_id"], contact)
            closed = await SQL.put_aside.row(conn, contact=contact, agent=actor.user_id)
            await pausing.release(conn, actor.user_id, closed["units"], change)
            await queue.note(conn, "closed", closed, agent=actor.user_id, why="spam")
            await queue.put_out(conn, closed, actor.user_id)
            await SQL.settle_case.run(conn, case_id=row["case_id"], contact=contact)
            await writing.SQL.drop_draft.run(conn, contact=contact)
            await audit.note(
                conn,
                actor,
                "spam",
                "contact",
                contact,
                organisation_id=row["organisation_id"],
            )
    await desk.publish(change)
