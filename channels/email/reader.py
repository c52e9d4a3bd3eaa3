"""Reading mail without holding up everybody else: small ones at once, larger ones in a thread,
the largest in a process that ends with the mail it can't get through.

One `Reader` serves all doors of the channel. Whoever opens it closes it: `async with Reader()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

import msgspec

from channels.email.mime import unread
from channels.email.reader_process import ANSWER, QUESTION, Asked, read_asked
from contactcenter.channel import Inbound

IN_THREAD_BYTES = 32_768  # a hostile mail of this size takes the reader 0.2 s at most
IN_PROCESS_BYTES = 200_000
PROCESSES = 2
COMMAND = (sys.executable, "-c", "from channels.email.reader_process import run; run()")
SECONDS = 10.0


class Reader:
    """Reads mails; at most `PROCESSES` processes, started when a mail needs one and kept."""

    def __init__(self, authserv_ids: tuple[str, ...] = (), *, seconds: float = SECONDS) -> None:
        self._authserv_ids = authserv_ids
        self._seconds = seconds
        self._places = asyncio.Semaphore(PROCESSES)
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._closed = False

    async def __aenter__(self) -> Reader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def read(
        self,
        raw: bytes,
        *,
        to: tuple[str, ...],
        mail_from: str | None = None,
        rcpt: tuple[str, ...] = (),
    ) -> Inbound:
        """As `read_mail`. A mail that takes longer than its seconds comes back `unreadable`.
        Raises RuntimeError once closed: the mail was not looked at, and may come again."""
        if self._closed:
            raise RuntimeError("the reader is closed")
        asked = Asked(
            to=to,
            mail_from=mail_from,
            rcpt=rcpt,
            authserv_ids=self._authserv_ids,
            seconds=self._seconds,
        )
        if len(raw) <= IN_THREAD_BYTES:
            return read_asked(raw, asked)
        if len(raw) <= IN_PROCESS_BYTES:
            return await asyncio.to_thread(read_asked, raw, asked)
        async with self._places:
            # Once more where it ended otherwise than by the mail's seconds: it may not be the mail.
            answer = await self._in_process(raw, asked) or await self._in_process(raw, asked)
        if answer is None:
            return unread(raw, to, "the reader failed: its process ended")
        return msgspec.structs.replace(answer, raw=raw)

    async def _in_process(self, raw: bytes, asked: Asked) -> Inbound | None:
        """What the process says; None where it ended instead."""
        process = self._idle.pop() if self._idle else await self._start()
        try:
            answer = await _ask(process, raw, asked)
        except (EOFError, ConnectionError):
            code = await self._gone(process)
            if code == -signal.SIGALRM:
                return unread(raw, asked.to, f"not read within {asked.seconds:g} seconds")
            return None
        except BaseException:
            await self._kill(process)
            raise
        self._idle.append(process)
        return answer

    async def _start(self) -> Process:
        if self._closed:
            raise RuntimeError("the reader is closed")
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,  # a trace could quote the mail
        )
        self._all.add(process)
        if self._closed:  # meanwhile
            await self._kill(process)
            raise RuntimeError("the reader is closed")
        return process

    async def _kill(self, process: Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await self._gone(process)

    async def _gone(self, process: Process) -> int:
        """Wait until it has ended; its exit code."""
        _pipes(process)[0].close()
        code = await process.wait()
        self._all.discard(process)
        return code

    async def close(self) -> None:
        """End the processes; a mail that one of them holds is not read."""
        self._closed = True
        idle, busy = tuple(self._idle), self._all.difference(self._idle)
        self._idle.clear()
        await asyncio.gather(*map(self._gone, idle), *map(self._kill, busy))


async def _ask(process: Process, raw: bytes, asked: Asked) -> Inbound:
    questions, answers = _pipes(process)
    how = msgspec.msgpack.encode(asked)
    questions.write(QUESTION.pack(len(how), len(raw)) + how)
    questions.write(raw)
    await questions.drain()
    (size,) = ANSWER.unpack(await answers.readexactly(ANSWER.size))
    return msgspec.msgpack.decode(await answers.readexactly(size), type=Inbound)


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a process without pipes")  # they were asked for
    return process.stdin, process.stdout
