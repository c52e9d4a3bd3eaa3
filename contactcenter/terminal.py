"""What a command says: values on standard output, how far it is on standard error."""

from __future__ import annotations

import sys

import msgspec


def print_json(value: object) -> None:
    """One JSON value on standard output."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


class Line:
    """Progress: one line that is written over where a person looks, else only its end."""

    def over(self, line: str) -> None:
        """How far it is."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Nothing to say any more."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def end(self, line: str) -> None:
        """What came of it."""
        sys.stderr.write(f"\r\x1b[K{line}\n" if sys.stderr.isatty() else f"{line}\n")
