"""The product running on a home of its own, with a relay beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.flows.product import Product, Relay, open_relay


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    """A mail server that takes what leaves the house."""
    async with open_relay() as opened:
        yield opened


@asynccontextmanager
async def running(**environment: str) -> AsyncIterator[Product]:
    """`contactcenter run`; stopped at the end, whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-flow-"))
    folder.chmod(0o755)
    started = Product(folder / "home", **environment)
    await started.start()
    try:
        yield started
    finally:
        if started.running:
            await started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def product(relay: Relay) -> AsyncIterator[Product]:
    """It, with the relay set."""
    async with running(
        CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never"
    ) as started:
        yield started
