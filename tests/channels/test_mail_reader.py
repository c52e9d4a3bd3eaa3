"""Where mails are read: at once, in a thread, or in a process that can be ended."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from channels.email import reader as module
from channels.email.mime import read_mail
from channels.email.reader import IN_PROCESS_BYTES, IN_THREAD_BYTES, PROCESSES, Reader
from channels.email.reader_process import ANSWER, QUESTION, Asked
from contactcenter.channel import Inbound
from tests.unit.test_smtp_in import Door

TO = ("palaute@kaupunki.example",)


def mail(size: int) -> bytes:
    head = b"From: a@citizen.example\r\nSubject: Asia\r\nMessage-ID: <1@citizen.example>"
    head += b"\r\nAuthentication-Results: mx.kaupunki.example; dmarc=pass"
    return head + b"\r\n\r\nHei\r\n" + b"x" * size


LARGE = mail(IN_PROCESS_BYTES)


def children() -> set[str]:
    """The readers' processes that run for this one."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {pid for task in tasks for pid in _read(task).split()}
    return {pid for pid in pids if "reader_process" in _read(Path(f"/proc/{pid}/cmdline"))}


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""  # the thread or process has just ended


async def started(before: set[str]) -> None:
    while children() == before:  # noqa: ASYNC110 # the system has no event for it
        await asyncio.sleep(0)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    before = children()
    async with Reader(("mx.kaupunki.example",)) as reader:
        yield reader
    assert children() == before


@pytest.mark.parametrize("size", [0, IN_THREAD_BYTES, IN_PROCESS_BYTES])
async def test_every_size_is_read_alike(reader: Reader, size: int) -> None:
    raw = mail(size)
    told = {"to": TO, "rcpt": ("palaute+abc@kaupunki.example",)}
    inbound = await reader.read(raw, mail_from="b@citizen.example", **told)
    servers = ("mx.kaupunki.example",)
    assert inbound == read_mail(raw, mail_from="b@citizen.example", authserv_ids=servers, **told)
    assert inbound.tokens == ("abc",)
    assert inbound.facts is not None
    assert inbound.facts.authentication == {"dmarc": "pass"}
    assert inbound.text.startswith("Hei")
    assert inbound.raw == raw


async def test_only_large_mails_have_processes_and_those_are_few(reader: Reader) -> None:
    before = children()
    await reader.read(mail(IN_THREAD_BYTES), to=TO)
    assert children() == before
    read = await asyncio.gather(*(reader.read(LARGE + b"%d" % n, to=TO) for n in range(6)))
    assert [one.text[-1] for one in read] == ["0", "1", "2", "3", "4", "5"]
    assert len(children() - before) == PROCESSES


async def test_a_mail_that_takes_too_long_is_kept_and_the_next_is_read() -> None:
    async with Reader(seconds=0.001) as hasty:
        late = await hasty.read(LARGE * 50, to=TO)
    assert late.unreadable == "not read within 0.001 seconds"
    assert (late.raw, late.to) == (LARGE * 50, TO)


@pytest.mark.parametrize(("deaths", "unreadable"), [(1, False), (2, True)])
async def test_a_process_that_ends_is_asked_once_more(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deaths: int, unreadable: bool
) -> None:
    program = tmp_path / "program.sh"
    # Each run takes away one of the files; when none is left it is the true reader.
    program.write_text('rm "$(ls "$0".* | head -n 1)" 2>/dev/null || exec "$@"')
    for n in range(deaths):
        (tmp_path / f"program.sh.{n}").touch()
    monkeypatch.setattr(module, "COMMAND", ("/bin/sh", str(program), *module.COMMAND))
    inbound = await reader.read(LARGE, to=TO)
    assert bool(inbound.unreadable) is unreadable
    assert inbound.raw == LARGE
    assert (await reader.read(LARGE, to=TO)).unreadable is None


async def test_a_reading_given_up_leaves_the_reader_whole(reader: Reader) -> None:
    before = children()
    reading = asyncio.create_task(reader.read(LARGE, to=TO))
    await started(before)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert children() == before
    assert (await reader.read(LARGE, to=TO)).text.startswith("Hei")


async def test_closing_while_a_mail_is_read_leaves_it_to_come_again() -> None:
    before = children()
    reader = Reader()
    reading = asyncio.create_task(reader.read(LARGE, to=TO))
    await started(before)
    await reader.close()
    with pytest.raises(RuntimeError):
        await reading
    with pytest.raises(RuntimeError):
        await reader.read(LARGE, to=TO)
    assert children() == before


def test_the_process_ends_with_its_input_and_with_nothing_else() -> None:
    with subprocess.Popen(module.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        how = msgspec.msgpack.encode(Asked(to=TO, mail_from=None, seconds=9))
        question = QUESTION.pack(len(how), len(LARGE)) + how + LARGE
        for _ in range(2):
            process.stdin.write(question)
            process.stdin.flush()
            (size,) = ANSWER.unpack(process.stdout.read(ANSWER.size))
            process.stdout.read(size)
            process.send_signal(signal.SIGTERM)
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_huge_mail_takes_no_more_memory_than_it_must() -> None:
    head = (
        b"From: a@b.example\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64"
    )
    raw = head + b"\r\n\r\n" + base64.encodebytes(bytes(57)) * 640_000
    assert len(raw) > 49_000_000
    with subprocess.Popen(module.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        how = msgspec.msgpack.encode(Asked(to=TO, mail_from=None, seconds=60))
        process.stdin.write(QUESTION.pack(len(how), len(raw)) + how + raw)
        process.stdin.flush()
        (size,) = ANSWER.unpack(process.stdout.read(ANSWER.size))
        answer = msgspec.msgpack.decode(process.stdout.read(size), type=Inbound)
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
    assert [len(one.content) for one in answer.attachments] == [57 * 640_000]
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 220_000  # kB; a copy more would pass it


async def test_the_channel_takes_its_processes_along_when_it_ends() -> None:
    before = children()
    async with Door() as door:
        wire = await door.wire()
        assert (await wire.mail(LARGE + b"\r\n.\r\n")).startswith("250")
        assert len(children() - before) == 1
    assert children() == before


def test_the_process_loads_no_more_than_it_reads_with() -> None:
    """Fetching and signing bring half a second of libraries with them."""
    code = (
        "import sys, channels.email.reader_process; print({'aiohttp', 'dkim'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
