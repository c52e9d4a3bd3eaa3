"""Requests to be called: from a form of ours, a city's own page, or another program."""

from __future__ import annotations

from channels.callback.reading import read_request
from contactcenter.channel import CallChannel, CallRequest, ChannelSettings


class Callback:
    """The door. It has no port of its own: the web edge brings each request, and the calls are made
    by agents."""

    name = "callback"

    def read_request(self, body: bytes) -> CallRequest:
        """See `channel.CallChannel.read_request`."""
        return read_request(body)


def open_channel(settings: ChannelSettings) -> CallChannel:
    """See `contactcenter.channel`."""
    return Callback()
