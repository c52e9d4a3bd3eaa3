"""A month that has been, for rooms that look back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from contactcenter import demo
from contactcenter.config import load_settings
from contactcenter.demo_history.load import Loaded, load_history
from tests.conftest import Backends
from tests.house import House, open_house

EMAILS = [user["email"] for user in demo.city()["user"]]


async def load(house: House, days: int = 30) -> Loaded | None:
    """The demo's history of so many days."""
    return await load_history(house.node.db, EMAILS, "localhost", days)


@pytest.fixture(scope="session")
async def full(
    backends: Backends, city: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """A house with 30 days behind it, for all tests that only look."""
    conn = await asyncpg.connect(backends.postgres)
    await conn.execute(f"CREATE DATABASE demo_history TEMPLATE {city}")
    home = {"CONTACTCENTER_HOME": str(tmp_path_factory.mktemp("history"))}
    settings = replace(load_settings(home), channels=())
    async with open_house(settings, backends.database("demo_history"), backends.redis) as house:
        assert await load(house) is not None
        yield house
    await conn.execute("DROP DATABASE demo_history WITH (FORCE)")
    await conn.close()
