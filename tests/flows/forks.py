"""Processes of the product that are forked off the loaded one (`loaded.py`)."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamReaderProtocol
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from tests.flows.loaded import NUMBER

ROOT = Path(__file__).resolve().parents[2]
OURS = "CONTACTCENTER_"
# Read with the modules; other names than ours may be read by Python itself, before them.
EARLY = "CONTACTCENTER_FAIL"


class Fork:
    """Of asyncio's `Process` what tests use."""

    def __init__(self, pid: int, ended: asyncio.Task[int]) -> None:
        self.pid = pid
        self.stdout: StreamReader | None = None
        self._ended = ended
        self._pipes: list[tuple[StreamReader, asyncio.ReadTransport]] = []

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._ended.result() if self._ended.done() else None

    def send_signal(self, what: int) -> None:
        """It may have ended meanwhile."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, what)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit code."""
        code = await asyncio.shield(self._ended)
        for _, pipe in self._pipes:
            pipe.close()
        await asyncio.sleep(0)  # in which they are
        return code

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it writes until it ends."""
        out, *err = await asyncio.gather(*(reader.read() for reader, _ in self._pipes))
        await self.wait()
        return out, b"".join(err)

    async def listen(self, pipe: int) -> None:
        """Keep what comes out of it."""
        reader = StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: StreamReaderProtocol(reader), os.fdopen(pipe, "rb", 0)
        )
        self._pipes.append((reader, transport))
        self.stdout = self._pipes[0][0]


def can_fork(environment: Mapping[str, str]) -> bool:
    """Whether a fork is the same in it as an executed process."""
    others = {name for name in environment if not name.startswith(OURS)}
    return others <= {"PATH"} and EARLY not in environment


async def fork(
    words: Sequence[str], environment: Mapping[str, str], folder: Path, err: int | None = None
) -> Fork:
    """`python -m contactcenter` with these words. `err`: the file for what it writes to standard
    error, which is kept for `communicate` where none is given."""
    loop = asyncio.get_running_loop()
    told, telling = socket.socketpair()
    told.setblocking(False)
    out_pipe = os.pipe()
    err_pipe = os.pipe() if err is None else (None, os.dup(err))
    asked = {"words": words, "environment": dict(environment), "folder": str(folder)}
    given = [telling.fileno(), out_pipe[1], err_pipe[1]]
    socket.send_fds(_loaded(), [json.dumps(asked).encode()], given)
    telling.close()
    for end in given[1:]:
        os.close(end)
    pid = await _number(loop, told)
    begun = Fork(pid, asyncio.create_task(_end(loop, told)))
    for pipe in (out_pipe[0], err_pipe[0]):
        if pipe is not None:
            await begun.listen(pipe)
    return begun


async def _end(loop: asyncio.AbstractEventLoop, told: socket.socket) -> int:
    with told:
        return await _number(loop, told)


async def _number(loop: asyncio.AbstractEventLoop, told: socket.socket) -> int:
    data = b""
    while len(data) < NUMBER.size:
        more = await loop.sock_recv(told, NUMBER.size - len(data))
        if not more:
            raise EOFError("the loaded product has ended")
        data += more
    number: int = NUMBER.unpack(data)[0]
    return number


@cache
def _loaded() -> socket.socket:
    """Where it is asked; it ends with this process."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.flows.loaded", str(its.fileno())],
            env={"PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            pass_fds=[its.fileno()],
            cwd=ROOT,
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
