"""The database and Redis as every part of the product has them."""

from __future__ import annotations

from contextlib import AsyncExitStack

from contactcenter.config import Settings
from contactcenter.kernel import seal_keys
from contactcenter.kernel.db import Database
from contactcenter.kernel.live import Live
from contactcenter.kernel.schema import migrate


async def open_database(stack: AsyncExitStack, settings: Settings, url: str) -> Database:
    """Bring the schema up to date and connect; the stack closes it. Raises DatabaseUnavailable,
    SchemaTooNew, KeyMissing."""
    seals = seal_keys.found(settings.home, settings.seal_key_file)
    await migrate(url)
    db = await Database.open(url, scans=settings.scanner is not None)
    db.seals = seals
    stack.push_async_callback(db.close)
    return db


def open_live(stack: AsyncExitStack, url: str) -> Live:
    """Redis, which is connected to when it is needed; the stack closes it."""
    live = Live(url)
    stack.push_async_callback(live.close)
    return live
