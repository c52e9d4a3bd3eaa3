"""What a check found: a line for a person, an object for a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from contactcenter.kernel.sql import Row

Facts = Mapping[str, Any] | Row
Level = Literal["ok", "note", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """`check`: its name, part and point (postgres.version). `note`: worth knowing, not wrong.
    `do`: what to do about it; empty where there is nothing to do."""

    check: str
    level: Level
    found: str
    do: str = ""


def fine(check: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(check, "ok", found)


def note(check: str, found: str, do: str) -> Finding:
    """Somebody should know; the exit code stays 0."""
    return Finding(check, "note", found, do)


def wrong(check: str, found: str, do: str) -> Finding:
    """Something is broken, or will be."""
    return Finding(check, "wrong", found, do)


def size(number: float) -> str:
    """Bytes as people write them."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(number) < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"


def span(seconds: float) -> str:
    """Seconds as people say them."""
    for length, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.1f} s"
