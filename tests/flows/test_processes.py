"""`--processes N`: as many behind one port, whatever becomes of one of them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.flows.conftest import running
from tests.flows.poll import until
from tests.flows.product import Product
from tests.ports import free_port


@pytest.fixture(autouse=True)
def _executed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As by a user, from its first byte on."""
    monkeypatch.setattr(Product, "forks", False)


def siblings(product: Product) -> set[int]:
    """The processes that the first one started to serve the web beside it."""
    found = set()
    for line in Path(f"/proc/{product.pid}/task/{product.pid}/children").read_text().split():
        try:
            command = Path(f"/proc/{line}/cmdline").read_bytes()
        except OSError:
            continue
        if b"--reuse-port" in command:
            found.add(int(line))
    return found


def listening(port: int) -> int:
    """How many sockets listen on a port of ours (proc(5): net/tcp, state 0A)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


async def test_a_process_that_dies_is_started_again_and_all_end_together() -> None:
    async with running() as product:
        assert await product.stop() == 0
        own, *_ = (free_port() for _ in range(3))  # and the two above it
        await product.start(verb=("run", "--processes", "3", "--metrics-port", str(own)))
        await until(lambda: listening(product.port) == 3)
        await until(lambda: all(listening(own + nth) == 1 for nth in range(3)))
        first = siblings(product)
        assert len(first) == 2
        dies = min(first)
        os.kill(dies, signal.SIGKILL)
        await until(lambda: len(siblings(product) - {dies}) == 2)
        await until(lambda: listening(product.port) == 3)
        await until(lambda: all(listening(own + nth) == 1 for nth in range(3)))
        async with product.agent("aino@mikkeli.example") as aino:  # by whichever process
            await aino.available()
        last = siblings(product)
        assert await product.stop() == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in last)
        assert "process_started_again" in product.log()
        await product.start(verb=("run", "--processes", "2"))
        left = siblings(product)
        await product.kill()
        await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))
        code, _, said = await product.ends("serve", "--only", "workers", "--processes", "2")
        assert (code, "--only workers" in said) == (2, True)
