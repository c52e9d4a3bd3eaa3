"""What a door that fetches asks of the house: that one node at a time does it, how far it came,
and that admins see how it goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

Stage = Literal["connecting", "fetching", "watching", "polling"]
Change = Literal["uidvalidity", "restored"]


class Tries(NamedTuple):
    """How often a place in the source was begun at, this time included, and the code of the error
    that ended the last try; empty: the process ended with it."""

    times: int
    ended_by: str


class Source(Protocol):
    """One mailbox of the settings. The rows behind it are written by the node that holds the lease
    with this `fence`; what an older holder says is left out."""

    async def alone(self, work: Callable[[int], Awaitable[None]]) -> bool:
        """Do the work, which gets the fence, while no other node does; False where one does. The
        work is cancelled when the lease is lost. Raises what it raised."""

    async def first_at(self, *, now: bool = False) -> datetime:
        """When it was connected first, by the house's clock; `now`: this is the first time."""

    async def begins(self, fence: int, at: str) -> Tries:
        """A try begins at this place; counts anew where the last was elsewhere."""

    async def advance(self, fence: int, value: str) -> None:
        """Move the cursor where no contact did: past what is gone."""

    async def stage(self, fence: int, stage: Stage) -> None:
        """What it does now."""

    async def looked(
        self, fence: int, *, waiting: int, oldest: datetime | None, newest: datetime | None
    ) -> None:
        """It was looked into: so many mails are still to be taken, the oldest of them arrived
        then; `newest` is the arrival of the newest mail taken since the last time."""

    async def failed(self, fence: int, code: str, detail: str) -> None:
        """It can't be fetched from now; `detail` is the other side's word, without secrets."""

    async def renewed(self, fence: int, change: Change) -> None:
        """The server numbers its mails anew: all of them come again. Admins are told."""

    async def came_again(self, fence: int, known: int, new: int) -> None:
        """Since it was renewed so many mails were found to be known, and so many new."""

    async def token_expires(self, fence: int, at: datetime | None) -> None:
        """Until when the way to get tokens is good, where that is known."""

    def temporary(self, error: Exception) -> bool:
        """Whether an error of `Desk.receive` is about our servers and not about the mail."""
