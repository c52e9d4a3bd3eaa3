"""The simulating in a process of its own: a day's question in, how far it is and the answer out, a
JSON object a line. It asks no server, and ends when nobody listens any more."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import msgspec

from contactcenter.planning.actions import Prepared, answer

COMMAND = (sys.executable, "-c", "from contactcenter.planning.worker import run; run()")


def question(prepared: Prepared) -> bytes:
    """What the worker reads."""
    return pickle.dumps(prepared)


def run() -> None:
    """Read a question from standard input, answer on standard output."""
    prepared: Prepared = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own process
    try:
        _say({"answer": answer(prepared, lambda done, of: _say({"done": done, "of": of}))})
    except BrokenPipeError:
        sys.stderr.close()


def _say(value: dict[str, Any]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()
