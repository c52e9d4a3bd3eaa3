"""The edge, and a room for sockets, fresh for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contactcenter.web import socket as sockets
from tests.web.edge import Edge, open_edge
from tests.web.room import Room, open_room


@pytest.fixture
async def edge(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Edge]:
    """Our HTTP doors, with users of two organisations."""
    async with open_edge(database_url, redis_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """A server on loopback."""
    async with open_room() as opened:
        yield opened


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not read the goodbye is not waited for."""
    monkeypatch.setattr(sockets, "LINGER_S", 0.05)
