"""A report as a PDF that screen readers can read (PDF/UA-1; EN 301 549, clause 10, asks it of what
a city gives out). `python -m contactcenter.insight.typeset` turns JSON into one: a process of its
own, so that the loop that serves chats never stands still and the memory goes back afterwards.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import msgspec

from contactcenter.errors import Refused

TEMPLATE = Path(__file__).with_name("report.typ")
COMMAND = (sys.executable, "-m", "contactcenter.insight.typeset")
AT_ONCE, WAITING, WITHIN_S = 1, 8, 30.0


def pdf(report: bytes) -> bytes:
    """From JSON, as the page's report. Raises RuntimeError where it can't be set."""
    import typst  # 80 MB, and for this process alone

    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,  # the same on every machine
        sys_inputs={"report": report.decode()},
        pdf_standards=["ua-1"],
    )
    return made


class Press:
    """Sets one at a time, and lets few wait."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)
        self._asked = 0

    async def pdf(self, report: object) -> bytes:
        """Raises Refused("unavailable") where it takes too long, fails, or many wait already."""
        if self._asked > WAITING:
            raise Refused("unavailable", retry_after_s=5)
        self._asked += 1
        try:
            return await self._set(report)
        finally:
            self._asked -= 1

    async def _set(self, report: object) -> bytes:
        async with self._room:
            process = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
            try:
                async with asyncio.timeout(WITHIN_S):
                    made, _ = await process.communicate(msgspec.json.encode(report))
            except TimeoutError:
                made = b""
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if not made.startswith(b"%PDF-"):
            raise Refused("unavailable", retry_after_s=5)
        return made


if __name__ == "__main__":
    sys.stdout.buffer.write(pdf(sys.stdin.buffer.read()))
