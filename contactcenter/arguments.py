"""What an argument of a command may be: each parser takes its text and returns the value, or tells
argparse what is wrong and what to write instead."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from contactcenter.stats.period import Moment, moment

_SIGNED = re.compile(r"[+-]?\d{1,9}", re.ASCII)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; how to write it right is what --help is for. `fill` adds its
    arguments when it is used first."""

    def __init__(self, *given: Any, fill: Callable[[Parser], None] | None = None, **more: Any):
        super().__init__(*given, **more)
        self._fill = fill

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Of argparse: a parser below another is used by it."""
        fill, self._fill = self._fill, None
        if fill is not None:
            fill(self)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit code 2."""
        sys.stderr.write(f"{self.prog}: {' '.join(message.split())} (see --help)\n")
        raise SystemExit(2)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in a range."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
        return value

    return number


def within(least: float, most: float) -> Callable[[str], float]:
    """A number in a range."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least:g} to {most:g}")
        return value

    return number


port = whole(1, 65_535)


def signed(text: str) -> int:
    """A whole number, with or without its sign; whether there is so much of it is asked later."""
    if _SIGNED.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number: write it like 2, +2 or -1")
    return int(text)


def when(text: str) -> Moment:
    """A day, or a time with its zone."""
    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def at(text: str) -> datetime:
    """A time; UTC where no zone is given."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time: write it like 2026-11-26 or 2026-11-26T08:00:00+02:00"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def add_ports(parser: argparse.ArgumentParser) -> None:
    """The options of the ports; they win over the settings."""
    parser.add_argument("--port", type=port, metavar="P", help="of HTTP (default 8080)")
    parser.add_argument("--smtp-port", type=port, metavar="P", help="of mail (default 2525)")
