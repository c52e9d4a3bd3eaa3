"""Callbacks as the edge and the chat see them."""

from __future__ import annotations

from datetime import datetime

from contactcenter.accounts.authorise import Actor
from contactcenter.callback import asking, changing, dialling, status, store
from contactcenter.callback.asking import Asked
from contactcenter.callback.office import Office
from contactcenter.callback.status import Status
from contactcenter.callback.windows import Window, free
from contactcenter.channel import CallRequest
from contactcenter.queue.publish import Change


class Callbacks:
    """One node's."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def ask(self, request: CallRequest, address: str) -> Asked:
        """Take in a citizen's request, from this address; returns after the commit. The same
        request again gets the same answer. Raises Refused: `unknown_queue`, `invalid_number`,
        `number_not_allowed`, `window_past`, `window_full`, `closed`, `bad_request`, `too_large`,
        `too_many`, `request_id_used`, with the field at fault."""
        return await asking.ask(self.office, request, address)

    async def open_windows(self, queue: str) -> list[Window]:
        """The half hours that may be asked for, in order. Raises Refused: `unknown_queue`, `closed`
        where the queue calls nobody back."""
        async with self.office.db.connection() as conn:
            found = await store.find_queue(conn, queue)
            rows = await store.SQL.slots.all(conn, queue_id=found.row["id"])
        taken = {row["starts_at"]: row["taken"] for row in rows}
        return free(found.calendar, found.now, taken, found.row["callbacks_per_half_hour"])

    async def status(self, token: str) -> Status:
        """How a request stands. Raises Refused("not_found")."""
        return await status.status(self.office, token)

    async def cancel(self, token: str) -> Status:
        """The citizen no longer wants the call; repeatable. Raises Refused: `not_found`,
        `wrong_state` where it can no longer be cancelled."""
        return await status.cancel(self.office, token)

    async def change(
        self, contact: int, number: str, request_id: str, address: str | None = None
    ) -> Asked:
        """Make the callback of a chat that waits. Raises Refused."""
        return await changing.change(self.office, contact, number, request_id, address)

    async def token_of(self, contact: int) -> str | None:
        """The token of the contact's own request."""
        async with self.office.db.connection() as conn:
            request = await store.SQL.request_of.value(conn, contact=contact)
        return None if request is None else await self.office.links.token(request)

    async def dial(self, actor: Actor, contact: int) -> Change:
        """The agent dials now. Raises Refused."""
        return await dialling.dial(self.office, actor, contact)

    async def attempt(
        self, actor: Actor, contact: int, client_id: str, outcome: str, again_at: datetime | None
    ) -> Change:
        """What came of the agent's call. Raises Refused."""
        return await dialling.attempt(self.office, actor, contact, client_id, outcome, again_at)
