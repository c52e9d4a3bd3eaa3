"""Cases' pages as the edge sees them."""

from __future__ import annotations

from collections.abc import Sequence

from contactcenter.case_page import acting, reading, transcript, writing
from contactcenter.case_page.office import Office
from contactcenter.case_page.reading import Older, View
from contactcenter.case_page.store import SQL
from contactcenter.case_page.transcript import Wish
from contactcenter.channel import Attachment
from contactcenter.kernel.sql import Row


class Pages:
    """One node's. Every verb raises Refused: `not_found` where the token names no case of ours,
    `link_ended` where its page is shown no more."""

    def __init__(self, office: Office) -> None:
        self.office = office

    async def give(self, case: int) -> str:
        """Where the page of a case is, for its citizen; from now on answers can be read there."""
        pages = self.office.pages
        async with self.office.db.connection() as conn:
            await pages.give(conn, [case])
        return await pages.url(case)

    async def of_contact(self, contact: int) -> str:
        """The same, for the case of a contact."""
        async with self.office.db.connection() as conn:
            case = await SQL.case_of.value(conn, contact=contact)
        return await self.give(case)

    async def look(self, token: str) -> View:
        """How the matter stands, and what was said."""
        return await reading.look(self.office, token)

    async def older(self, token: str, before: int) -> Older:
        """What was said before a message."""
        return await reading.older(self.office, token, before)

    async def file(self, token: str) -> Row:
        """A file by its own link, which is good as long as the page shows it."""
        return await reading.file(self.office, token)

    async def seen(self, case: int) -> None:
        """The page was opened."""
        await reading.seen(self.office, case)

    async def write(
        self, token: str, request_id: str, text: str, files: Sequence[Attachment] = ()
    ) -> None:
        """The citizen writes; repeatable."""
        await writing.write(self.office, token, request_id, text, files)

    async def cancel(self, token: str) -> None:
        """The citizen needs it no more; repeatable."""
        await acting.cancel(self.office, token)

    async def to_callback(self, token: str, number: str, request_id: str, address: str) -> None:
        """Be called instead of written to; repeatable. `address`, where the request came from, is
        counted and not kept."""
        await acting.to_callback(self.office, token, number, request_id, address)

    async def to_mail(self, token: str, mailbox: str) -> None:
        """Be written to instead of called; repeatable."""
        await acting.to_mail(self.office, token, mailbox)

    async def ask_transcript(
        self, token: str, request_id: str, address: str, language: str
    ) -> None:
        """What was said shall go to a mail address; repeatable."""
        await transcript.ask(self.office, token, request_id, address, language)

    async def look_at_proof(self, proof: str) -> Wish:
        """What the link is about by which an address is proven."""
        return await transcript.look(self.office, proof)

    async def prove(self, proof: str) -> None:
        """The link is used: the address is proven, and what was said goes there, once."""
        await transcript.prove(self.office, proof)

    async def add_address(self, token: str, mailbox: str) -> None:
        """Where answers go by mail; repeatable."""
        await acting.add_address(self.office, token, mailbox)
