"""Forms that no browser sends: they hold nobody up, and nothing of them gets into the log."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from contactcenter.web import bodies
from tests.house import House
from tests.rooms.case_pages import link
from tests.rooms.test_case_page_files import post
from tests.rooms.test_chat_files import Doors, open_doors

MEGABYTE = 1_000_000
KIND = "multipart/form-data; boundary=b"
FORM = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nHei\r\n--b--\r\n'

# The process has the house's log and Python's own filters, as the server does; this run has not.
WARNS = """
import aiohttp.multipart, structlog
from contactcenter.kernel import log
log.configure()
for disposition in ("form-data; filename*=hex''%41Salainen", 'form-data; filename="a"Salainen"'):
    aiohttp.multipart.parse_content_disposition(disposition)
__import__("warnings").warn("Salainen", RuntimeWarning)
structlog.get_logger().info("seen")
"""


@pytest.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    async with open_doors(house) as opened:
        yield opened


async def test_what_stands_before_a_form_is_not_read(doors: Doors) -> None:
    """A few megabytes of empty lines took the whole node ten seconds."""
    status, _ = await post(doors, "/message?queue=general", FORM, KIND)
    assert status == 400  # the form, shown again: no request id
    for before in (b"\r\n", b"\n" * 100, b"preamble\r\n"):
        status, page = await post(doors, "/message?queue=general", before + FORM, KIND)
        assert (status, "Hei" in page) == (400, False), before


async def test_files_without_a_name_are_none(doors: Doors) -> None:
    """They counted neither with the ten of a message nor with those of an hour."""
    contact = await doors.house.arrives()
    page = f"/case/{await link(doors.house, contact)}/message"
    part = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    fields = part % (b"request_id", b"", b"r1") + part % (b"text", b"", b"Hei")
    for content, status in ((b"x", 400), (b"", 303)):
        files = part % (b"files", b'; filename=""', content)
        assert (await post(doors, page, fields + 20 * files + b"--b--\r\n", KIND))[0] == status
    assert await doors.house.rows("SELECT FROM attachment") == []


async def test_a_form_that_comes_slowly_holds_no_memory(doors: Doors) -> None:
    contact = await doors.house.arrives()
    page = f"/case/{await link(doors.house, contact)}/message"
    part = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    piece, held = b"\x01" * MEGABYTE, []

    async def body() -> AsyncIterator[bytes]:
        yield part % (b"request_id", b"") + b"r1\r\n" + part % (b"files", b'; filename="a.bin"')
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(9):
            yield piece
            held.append(tracemalloc.get_traced_memory()[0] - before)
        yield b"\r\n--b--\r\n"

    tracemalloc.start()
    headers = {"Content-Type": KIND}
    async with doors.http.post(
        doors.url + page, data=body(), headers=headers, allow_redirects=False
    ) as answer:
        tracemalloc.stop()
        assert answer.status == 303
    assert max(held) < 3 * MEGABYTE
    (row,) = await doors.house.rows("SELECT size FROM attachment")
    assert row["size"] == 9 * MEGABYTE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/session", "application/json"),
        ("/login", "application/x-www-form-urlencoded"),
        ("/message?queue=general", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_never_comes_keeps_no_connection(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, path: str, kind: str
) -> None:
    monkeypatch.setattr(bodies, "BODY_S", 0)
    at = URL(doors.url)
    assert at.host is not None
    reader, writer = await asyncio.open_connection(at.host, at.port)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 9\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert b" 503 " in answer


def test_no_warning_tells_what_a_citizen_sent() -> None:
    ran = subprocess.run([sys.executable, "-c", WARNS], capture_output=True, text=True, check=True)
    assert "Salainen" not in ran.stderr + ran.stdout
    warned, seen = ran.stderr.splitlines()
    assert '"warning": "RuntimeWarning"' in warned
    assert '"event": "seen"' in seen
