"""What the agent's verbs need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import DeskChannel
from contactcenter.errors import Refused
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.ids import Ids
from contactcenter.queue.publish import Change, Publisher


class Calls(Protocol):
    """What agents do with callbacks; the app gives it."""

    async def dial(self, actor: Actor, contact: int) -> Change:
        """The agent dials now. Raises Refused."""

    async def attempt(
        self, actor: Actor, contact: int, client_id: str, outcome: str, again_at: datetime | None
    ) -> Change:
        """What came of the call. Raises Refused."""


@dataclass(frozen=True)
class Desk:
    """One node's desk; `domain` is ours in the Message-IDs of answers, `offer_s` how long an
    offer stands where its queue says nothing else, `texts` what the house itself says in mails,
    `entry` the door of what is begun by hand, `calls` the callbacks; with `reply_tokens` answers to
    a mail go to an address that names its case."""

    db: Database
    ids: Ids
    publisher: Publisher
    domain: str
    offer_s: float
    texts: Catalogue
    entry: DeskChannel | None = None
    calls: Calls | None = None
    reply_tokens: bool = True

    async def publish(self, change: Change) -> None:
        """Tell the screens what was committed. Raises Refused("unavailable") where they can't be
        told now: sent again with the same id, the verb answers without doing anything twice."""
        if not await self.publisher.publish(change):
            raise Refused("unavailable", retry_after_s=1)
