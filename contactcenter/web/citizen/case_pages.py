"""What the doors over HTTP need of the room of cases' own pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from contactcenter.case_page.reading import Older, View
from contactcenter.case_page.transcript import Wish
from contactcenter.channel import Attachment
from contactcenter.errors import Refused
from contactcenter.kernel.sql import Row
from contactcenter.web.services import services_of


class CasePages(Protocol):
    """The room (case_page.pages is it). Every verb raises Refused: `not_found`, `link_ended`."""

    async def give(self, case: int) -> str:
        """Where the page of a case is, for its citizen."""

    async def look(self, token: str) -> View:
        """How the matter of a signed link stands."""

    async def older(self, token: str, before: int) -> Older:
        """What was said before a message."""

    async def file(self, token: str) -> Row:
        """A file by its own link: `blob_id`, `name`, `size`. Raises Refused as the scanner says
        too."""

    async def seen(self, case: int) -> None:
        """The page was opened."""

    async def write(
        self, token: str, request_id: str, text: str, files: Sequence[Attachment] = ()
    ) -> None:
        """The citizen writes."""

    async def cancel(self, token: str) -> None:
        """The citizen needs it no more."""

    async def to_callback(self, token: str, number: str, request_id: str, address: str) -> None:
        """Be called instead. `address` is where the request came from."""

    async def to_mail(self, token: str, mailbox: str) -> None:
        """Be written to instead."""

    async def ask_transcript(
        self, token: str, request_id: str, address: str, language: str
    ) -> None:
        """What was said shall go to a mail address."""

    async def look_at_proof(self, proof: str) -> Wish:
        """What the link is about by which an address is proven."""

    async def prove(self, proof: str) -> None:
        """The link is used."""

    async def add_address(self, token: str, mailbox: str) -> None:
        """Where answers go by mail."""


def room_of(request: web.Request) -> CasePages:
    """The room, from a handler. Raises Refused("not_found") without one."""
    room = services_of(request).cases
    if room is None:
        raise Refused("not_found")
    return room
