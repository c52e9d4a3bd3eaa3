"""What the doors over HTTP need of the room of callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from aiohttp import web

from contactcenter.callback.asking import Asked
from contactcenter.callback.status import Status
from contactcenter.callback.windows import Window
from contactcenter.channel import CallChannel, CallRequest
from contactcenter.errors import Refused
from contactcenter.kernel.clock import stamp
from contactcenter.web.services import services_of


class Callbacks(Protocol):
    """The room (callback.callbacks is it)."""

    async def ask(self, request: CallRequest, address: str) -> Asked:
        """Take a request in; returns after the commit. `address` is what limits count by."""

    async def open_windows(self, queue: str) -> Sequence[Window]:
        """The half hours that may still be asked for. Raises Refused("unknown_queue")."""

    async def status(self, token: str) -> Status:
        """How the request of a signed link stands. Raises Refused("not_found")."""

    async def cancel(self, token: str) -> Status:
        """Take the request back; again is the same. Raises Refused: `not_found`, `wrong_state`."""


def room_of(request: web.Request) -> Callbacks:
    """The room, from a handler. Raises Refused("not_found") without one."""
    room = services_of(request).callbacks
    if room is None:
        raise Refused("not_found")
    return room


def door_of(request: web.Request) -> CallChannel:
    """The door that reads requests. Raises Refused("not_found") where the settings name none."""
    door = services_of(request).calls
    if door is None:
        raise Refused("not_found")
    return door


def window_object(window: Window) -> dict[str, Any]:
    """{from, to} of a half hour."""
    return {"from": stamp(window.opens), "to": stamp(window.closes)}


def status_url(request: web.Request, token: str) -> str:
    """Where the request's own page is."""
    return f"{services_of(request).settings.public_url}/callback/{token}"
