"""The edge, fresh for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.edge import Edge, open_edge


@pytest.fixture
async def edge(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Edge]:
    """Our HTTP doors, with users of two organisations."""
    async with open_edge(database_url, redis_url, tmp_path) as opened:
        yield opened
