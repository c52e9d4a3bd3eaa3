"""The product, loaded once and forked for each start: run as a program, this is what is forked.

Reading its modules is three quarters of the work of a start. A fork has what an executed process
has: an id, an environment, a folder, files and signals of its own; in it `python -m contactcenter`
begins at its first line, and finds its modules read. `Loaded` asks for forks by a socket: each time
with a JSON object and three descriptors, for the fork's id and exit code, its standard output and
its standard error. The forks are told to stop when the socket ends.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
from importlib import import_module
from typing import Any

from contactcenter.config import load_settings

PARTS = ("cli", "serving", "commands", "stored", "replay", "backup.command", "doctor.command")
NUMBER = struct.Struct("=i")
MOST_BYTES = 100_000  # of what is asked


def main(asked: socket.socket) -> None:
    """Fork when asked; returns in each fork, which goes on as the product, and in the end."""
    for name in (*(f"contactcenter.{part}" for part in PARTS), *load_settings({}).channels):
        import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded is no garbage in a fork either: to look at it would copy it all
    ended, wake = os.pipe()
    for end in (ended, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for who asks
    signal.set_wakeup_fd(wake)
    running: dict[int, socket.socket] = {}
    heard: list[socket.socket | int] = [asked, ended]
    while True:
        ready, _, _ = select.select(heard, [], [])
        if ended in ready:
            os.read(ended, 1000)
            _tell_ends(running)
        if asked not in ready:
            continue
        what, given, _, _ = socket.recv_fds(asked, MOST_BYTES, 3)
        if not what:
            for pid in running:
                os.kill(pid, signal.SIGTERM)
            return
        telling = socket.socket(fileno=given[0])
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for other in (asked, telling, *running.values()):
                other.close()
            for end in (ended, wake):
                os.close(end)
            _become(json.loads(what), given[1:])
            return
        for end in given[1:]:
            os.close(end)
        telling.sendall(NUMBER.pack(pid))
        running[pid] = telling


def _tell_ends(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as telling:
            telling.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _become(asked: dict[str, Any], given: list[int]) -> None:
    """Everything as an executed process finds it."""
    for number, end in enumerate(given, 1):
        os.dup2(end, number)
        os.close(end)
    # Python looks once, at its begin, what kind of file each is.
    sys.stdout = open(1, "w", errors=sys.stdout.errors, closefd=False)
    sys.stderr = open(2, "w", 1, errors=sys.stderr.errors, closefd=False)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv[1:] = asked["words"]
    runpy.run_module("contactcenter", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
