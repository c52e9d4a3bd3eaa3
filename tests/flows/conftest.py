"""The product running on a home of its own, with a relay beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.product import Product, Relay, open_relay


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    """A mail server that takes what leaves the house."""
    async with open_relay() as opened:
        yield opened


@pytest.fixture
async def product(relay: Relay) -> AsyncIterator[Product]:
    """`contactcenter run` with the relay set; killed at the end, whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-flow-"))
    folder.chmod(0o755)
    started = Product(
        folder / "home", CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never"
    )
    await started.start()
    try:
        yield started
    finally:
        if started.running:
            await started.stop()
        shutil.rmtree(folder, ignore_errors=True)
