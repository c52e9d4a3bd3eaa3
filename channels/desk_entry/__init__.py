"""What comes in outside our machines: an agent who serves a call, a visit or a letter tells it."""

from __future__ import annotations

from channels.desk_entry.reading import read_begun, read_introduced
from contactcenter.channel import Begun, ChannelSettings, DeskChannel, Introduced


class DeskEntry:
    """The door. It has no port of its own: the agents' socket brings each request."""

    name = "desk"

    def read(self, frame: bytes) -> Begun:
        """See `channel.DeskChannel.read`."""
        return read_begun(frame)

    def read_person(self, frame: bytes) -> Introduced:
        """See `channel.DeskChannel.read_person`."""
        return read_introduced(frame)


def open_channel(settings: ChannelSettings) -> DeskChannel:
    """See `contactcenter.channel`."""
    return DeskEntry()
