"""The product running on a home of its own, with a relay beside it."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.flows.forks import ROOT
from tests.flows.product import Product, Relay, open_relay


@pytest.fixture
async def relay() -> AsyncIterator[Relay]:
    """A mail server that takes what leaves the house."""
    async with open_relay() as opened:
        yield opened


@cache
def prepared() -> Path:
    """A home with the demo city in it, at rest: to be copied, which is quicker than made anew."""
    folder = tempfile.TemporaryDirectory(prefix="contactcenter-home-")
    atexit.register(folder.cleanup)
    Path(folder.name).chmod(0o755)
    home = Path(folder.name) / "home"
    subprocess.run(
        [sys.executable, "-m", "contactcenter", "demo", "--json", "--history-days", "0"],
        env={"PATH": os.environ["PATH"], "CONTACTCENTER_HOME": str(home)},
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return home


@asynccontextmanager
async def running(**environment: str) -> AsyncIterator[Product]:
    """`contactcenter run`; stopped at the end, whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-flow-"))
    folder.chmod(0o755)
    # With its owners: as root the servers run as another user.
    copying = await asyncio.create_subprocess_exec("cp", "-a", prepared(), folder / "home")
    assert await copying.wait() == 0
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


@pytest.fixture(scope="module")
async def standing() -> AsyncIterator[Product]:
    """One for all tests of a file that leave nothing behind which another of them would notice: who
    only ask, or are refused. Starting and ending one costs as much as fifty questions."""
    async with (
        open_relay() as relay,
        running(CONTACTCENTER_RELAY=f"smtp://127.0.0.1:{relay.port}?starttls=never") as started,
    ):
        yield started
