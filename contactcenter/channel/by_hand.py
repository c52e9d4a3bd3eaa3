"""A door inside the house: what agents begin by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

import msgspec

from contactcenter.channel.inbound import Sender


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as an agent begins it by hand: a call, a visit or a letter.

    `senders` are the person's addresses, the surest first; `arrived_at` is when the person came,
    where that was before now. `request_id` is the same in each try to begin the same contact.
    """

    channel: Literal["call", "visit", "letter"]
    direction: Literal["citizen", "agent"] = "citizen"
    queue: str
    language: str
    request_id: str
    name: str = ""
    senders: tuple[Sender, ...] = ()
    note: str = ""
    arrived_at: datetime | None = None


class Introduced(msgspec.Struct, frozen=True, kw_only=True):
    """Who a contact begun by hand is with, as the agent tells it later on. `senders` as in `Begun`;
    an empty name, or no address of a kind, leaves what is known."""

    contact: str
    name: str = ""
    senders: tuple[Sender, ...] = ()


@runtime_checkable
class DeskChannel(Protocol):
    """A door inside the house: agents tell what reached them past our machines."""

    name: str

    def read(self, frame: bytes) -> Begun:
        """The contact that a `start` frame begins. Raises Refused, naming the field."""

    def read_person(self, frame: bytes) -> Introduced:
        """Whom a `person` frame names. Raises Refused, naming the field."""
