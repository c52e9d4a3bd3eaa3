"""Ports for servers that are named their port before they start.

A port that the kernel hands out can be lost before its server binds it: any connection that opens
meanwhile may be given the same number as its own end, and so may a server of another test. These
lie below the numbers that the kernel hands out, and each process draws from a part of its own.
"""

import os
import re
import socket
from itertools import count

_FIRST, _EACH, _PROCESSES = 10_000, 1_000, 20  # up to 29,999; the kernel's begin at 32,768
_drawn = count(os.getpid())  # two runs side by side begin apart


def free_port() -> int:
    """A port that nobody listens on now, and that nobody else is given."""
    worker = re.search(r"\d+$", os.environ.get("PYTEST_XDIST_WORKER", ""))
    part = int(worker[0]) % (_PROCESSES - 1) + 1 if worker else 0
    for _ in range(_EACH):
        port = _FIRST + part * _EACH + next(_drawn) % _EACH
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no port is free")
