"""The checker's own tools: a proxy that misbehaves as it is told, and a ledger that keeps."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from contactcenter.traffic.line import Frame, Line
from tests.faults.folders import clear_away, own_folder
from tests.faults.house import House
from tests.faults.ledger import Ledger
from tests.faults.machine import BUSY, patience
from tests.faults.page import Page
from tests.faults.proxy import Proxy
from tests.faults.raw import CLOSE, TEXT, close_code, piece
from tests.faults.stage import Stage
from tests.faults.table import table
from tests.ports import free_port


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    """One before a server that says everything back; nobody listens at its first upstream."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1000):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    proxy = Proxy(("127.0.0.1", free_port()), server.sockets[0].getsockname()[:2])
    await proxy.open()
    yield proxy
    await proxy.close()
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def hello(proxy: Proxy, source: str = "127.0.0.1") -> AsyncIterator[asyncio.StreamReader]:
    """A connection that has said so; its reading end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, local_addr=(source, 0))
    writer.write(b"hello")
    try:
        yield reader
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def test_it_passes_on(proxy: Proxy) -> None:
    async with hello(proxy) as reader:
        assert await reader.readexactly(5) == b"hello"


async def test_it_holds_what_is_stalled_and_gives_it_late(proxy: Proxy) -> None:
    proxy.stall()
    async with hello(proxy) as reader:
        hearing = asyncio.create_task(reader.readexactly(5))
        while not proxy.links:
            await asyncio.sleep(0)
        assert not hearing.done()
        proxy.flow()
        assert await hearing == b"hello"


async def test_it_resets_one_peer_only(proxy: Proxy) -> None:
    async with hello(proxy, "127.5.0.1") as here, hello(proxy, "127.5.0.2") as there:
        await here.readexactly(5)
        await there.readexactly(5)
        proxy.reset("127.5.0.1")
        with pytest.raises(ConnectionResetError):
            await here.read(1)
        assert "127.5.0.2" in {link.peer for link in proxy.links}


async def test_it_cuts_at_a_byte(proxy: Proxy) -> None:
    proxy.cut_at = lambda: 3
    async with hello(proxy) as reader:
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(5)


async def test_it_deafens_only_who_listens(proxy: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(b"SUBSCRIBE told")
    await reader.readexactly(14)
    proxy.deafen()
    writer.write(b"news")
    async with hello(proxy) as other:
        assert await other.readexactly(5) == b"hello"
    hearing = asyncio.create_task(reader.readexactly(4))
    await asyncio.sleep(0)
    assert not hearing.done()
    proxy.hear()
    assert await hearing == b"news"
    writer.close()


def test_a_goodbye_is_found_behind_what_was_said() -> None:
    said = piece(TEXT, b"x" * 300, masked=False) + piece(CLOSE, b"\x03\xf1", masked=False)
    assert (close_code(said), close_code(said[:-4])) == (1009, None)


def test_the_ledger_keeps_every_line(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.intent("citizen 1", "mail", "a", text="Hei.")
    ledger.ack("citizen 1", "mail", "a")
    ledger.error("citizen 1", "mail", "b", "421")
    ledger.close()
    kept = [json.loads(line) for line in ledger.path.read_text().splitlines()]
    assert [line[1:] for line in kept] == [
        ["citizen 1", "mail", "a", "intent", {"text": "Hei."}],
        ["citizen 1", "mail", "a", "ack", {}],
        ["citizen 1", "mail", "b", "error", {"why": "421"}],
    ]
    with pytest.raises(FileExistsError):
        Ledger(ledger.path)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], float]:
    """Has the machine so many times as much to do as a fault makes itself; what is read then."""

    def so_much(times: float) -> float:
        average = times * BUSY * (os.cpu_count() or 1)
        monkeypatch.setattr("os.getloadavg", lambda: (average, 0.0, 0.0))
        return patience()

    monkeypatch.setattr("tests.faults.machine._read", {})
    return so_much


def test_what_took_long_is_judged_by_the_busiest_moment_of_it(
    load: Callable[[float], float], tmp_path: Path
) -> None:
    load(4.0)
    stage = Stage(cast(House, None), Ledger(tmp_path / "F11.jsonl"), seed=1)
    assert load(2.0) == 2.0
    assert load(0.1) == 1.0  # all stand still, and others' load is forgotten by and by
    assert stage.within(10.0) == 20.0
    assert patience(time.monotonic()) == 1.0  # what begins now has nothing of it


async def test_a_page_is_patient_as_the_machine_was_while_it_waited(
    load: Callable[[float], float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Waiting(Line):
        def __init__(self) -> None:
            """It is open."""

        async def ask(self, wanted: object, **frame: object) -> Frame:
            load(0.1)
            return {"type": "pong"}

    monkeypatch.setattr("tests.faults.page.HONEST_S", 1e-9)
    ledger = Ledger(tmp_path / "ledger.jsonl")
    page = Page("", ledger, Random(1), "citizen 1", "127.0.0.1")
    page.greeted.set()
    for times, late in ((1e12, 0), (1.0, 1)):
        page.line = Waiting()
        load(times)
        await page.ask(lambda frame: True, type="ping")
        assert len(ledger.entries) == late


def test_what_a_killed_run_has_left_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with own_folder() as ours:
        left = tmp_path / ours.name.replace(ours.name[-8:], "xxxxxxxx")
        (left / "servers").mkdir(parents=True)
        clear_away()
        assert left.exists()  # nobody knows whose it is
        (left / "owner").write_text("1 0")  # born at another time than who has that number now
        clear_away()
        assert (left.exists(), ours.exists()) == (False, True)
    assert list(tmp_path.iterdir()) == []


def test_the_table_names_what_went_wrong() -> None:
    well = {"lost": 0, "doubled": 0, "misowned": 0, "overtaken": 0, "took_s": 30.0, "patience": 1.0}
    fault: dict[str, Any] = well | {
        "fault": "F01",
        "accepted": 1602,
        "recovery_s": 2.5,
        "caught": None,
    }
    builds = {"pop_before_work": True, "resend_blindly": False}
    lines = [
        fault,
        fault | {"lost": 2},
        fault | {"problems": ["silence"]},
        *(fault | {"fault": name, "caught": caught} for name, caught in builds.items()),
    ]
    *rows, _, last = table(lines).splitlines()
    assert [row.split(" | ")[2] for row in rows[2:]] == [
        "1,602",
        "1,602, **2 lost**",
        "1,602, **went wrong**",
    ]
    assert last.startswith("pop_before_work caught; resend_blindly **not caught**; 2 minutes")
