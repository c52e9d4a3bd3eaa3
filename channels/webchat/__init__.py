"""Chat from a page of the city: the citizen's socket."""

from __future__ import annotations

from channels.webchat.page import Page
from contactcenter.channel import ChannelSettings, Connection, LiveChannel, LiveDesk


class WebChat:
    """The door. The edge brings each connection; there is no port of its own."""

    name = "chat"

    async def serve(self, connection: Connection, desk: LiveDesk) -> None:
        """See `channel.LiveChannel.serve`."""
        await Page(connection, desk).serve()


def open_channel(settings: ChannelSettings) -> LiveChannel:
    """See `contactcenter.channel`."""
    return WebChat()
