"""Long sums in a process of their own, so that nobody waits for them.

The process is started when it is first asked and ends with its input, so it can't outlive us. It is
less urgent than everything else (nice). One question at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable

from contactcenter.errors import ContactCenterError

_HEAD = struct.Struct(">Q")  # the size of what follows
_NICE = 10


class ReckonerFailed(ContactCenterError):
    """The process ended, or took longer than its seconds."""


class Reckoner:
    """Asks. `run`: the function, as "module:name", that the process calls; it calls `answer`."""

    def __init__(self, run: str, seconds: float) -> None:
        module, _, name = run.partition(":")
        self._command = (sys.executable, "-c", f"from {module} import {name}; {name}()")
        self._seconds = seconds
        self._process: Process | None = None
        self._one = asyncio.Lock()

    async def ask(self, question: bytes) -> bytes:
        """The answer. Raises ReckonerFailed."""
        async with self._one:
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._ask(question)
            except (EOFError, ConnectionError, TimeoutError) as error:
                await self._end(kill=True)
                raise ReckonerFailed(type(error).__name__) from error
            except BaseException:
                await self._end(kill=True)
                raise

    async def rest(self) -> None:
        """Nothing will be asked for a while."""
        async with self._one:
            await self._end(kill=False)

    async def close(self) -> None:
        """End it, whatever it does."""
        await self._end(kill=True)

    async def _ask(self, question: bytes) -> bytes:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise RuntimeError("a process without pipes")  # they were asked for
        questions.write(_HEAD.pack(len(question)))
        questions.write(question)
        await questions.drain()
        (size,) = _HEAD.unpack(await answers.readexactly(_HEAD.size))
        return await answers.readexactly(size)

    async def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def answer(questions_to_answers: Callable[[bytes], bytes]) -> None:
    """Be that process, until the questions end."""
    for one in (signal.SIGINT, signal.SIGTERM):  # sent to all processes of a service: the asker
        signal.signal(one, signal.SIG_IGN)  # ends first, and this one with its input
    os.nice(_NICE)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := questions.read(_HEAD.size):
        found = questions_to_answers(questions.read(*_HEAD.unpack(head)))
        answers.write(_HEAD.pack(len(found)))
        answers.write(found)
        answers.flush()
