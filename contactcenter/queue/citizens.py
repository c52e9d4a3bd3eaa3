"""What citizens' pages should hear, published to whichever node holds them.

One channel for all: a node looks at the contact's number at the head of each line and passes over
those it doesn't hold. A line's first word says what it is:

    said CONTACT PREV SEQ FRAME   a message; PREV is the number that the page must have seen before
    look CONTACT                  something changed: read in Postgres how things stand
    pass CONTACT FRAME            worth nothing a moment later (typing)
    file CONTACT FRAME            what the scanner said of a file that the page shows
    replaced CONTACT SOCKET       the citizen's newest connection is SOCKET: older ones go
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from contactcenter.cases import files
from contactcenter.cases.rules import said
from contactcenter.kernel import keys
from contactcenter.kernel.feed import Frame
from contactcenter.kernel.links import sign
from contactcenter.kernel.live import Live
from contactcenter.kernel.sql import Row

_encode = msgspec.json.Encoder().encode


class Heard(NamedTuple):
    """One line, taken apart."""

    kind: str
    contact: int
    rest: bytes


class Said(NamedTuple):
    """A message for a citizen's page."""

    contact: int
    prev: int
    frame: Frame


def parse(line: bytes) -> Heard:
    """A line as it was published."""
    kind, _, rest = line.partition(b" ")
    contact, _, rest = rest.partition(b" ")
    return Heard(kind.decode(), int(contact), rest)


def message_frame(
    row: Row, *, client_id: str | None = None, attached: Sequence[dict[str, Any]] = ()
) -> Frame:
    """A message as a citizen sees it, with its files (`file_shown`) and the answers to press; the
    client id only on the citizen's own."""
    shown = said(row["seq"], row["direction"], row["author"], row["text"], row["at"])
    frame: Frame = {"type": "message"} | shown
    if attached:
        frame["files"] = list(attached)
    if row["choices"]:
        frame["choices"] = row["choices"]
    return frame if client_id is None else frame | {"client_id": client_id}


def file_shown(key: bytes, file: files.File) -> dict[str, Any]:
    """A file as a citizen sees it: with a link where it may be opened. `key`: of the links of
    files."""
    told = files.shown(file)
    return told | {"url": f"/file/{sign(key, 'file', file['id'])}"} if files.is_open(file) else told


class Citizens:
    """Publishes to them."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def say(self, messages: Iterable[Said]) -> None:
        """Tell messages."""
        for one in messages:
            head = f"said {one.contact} {one.prev} {one.frame['seq']} "
            await self._publish(head.encode() + _encode(one.frame))

    async def look(self, contacts: Iterable[int]) -> None:
        """Have them look how their contacts stand."""
        for contact in contacts:
            await self._publish(f"look {contact}".encode())

    async def pass_on(self, contact: int, frame: Frame) -> None:
        """Tell what nobody keeps."""
        await self._publish(f"pass {contact} ".encode() + _encode(frame))

    async def file(self, contact: int, frame: Frame) -> None:
        """Tell how a file stands now."""
        await self._publish(f"file {contact} ".encode() + _encode(frame))

    async def replaced(self, contact: int, socket: int) -> None:
        """The citizen has a newer connection."""
        await self._publish(f"replaced {contact} {socket}".encode())

    async def _publish(self, line: bytes) -> None:
        await self._live.call("PUBLISH", keys.CHATS, line)
