"""Logs: one JSON object a line; ids and codes only, never a citizen's name, address or words."""

from __future__ import annotations

import logging
import sys
import warnings
from contextlib import suppress
from typing import TextIO

import structlog


def configure(level: str = "info") -> None:
    """Write to standard error from now on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=_steady_logger,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.ERROR, stream=sys.stderr, format='{"log":"%(name)s","level":"%(levelname)s"}'
    )
    # A library warns of a header in the header's own words, a file's name among them, and Python
    # would keep each for ever so as not to say it twice.
    warnings.showwarning = _note_warning
    warnings.filterwarnings("ignore", module="aiohttp.multipart")


class Steady(structlog.PrintLogger):
    """A line that can't be written, since the disk is full or nobody reads any more, is lost: what
    was to be noted goes on."""

    def msg(self, message: str) -> None:
        """Print it, or not."""
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _steady_logger(*_: object) -> Steady:
    return Steady(sys.stderr)


def _note_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Its kind and its place, and none of its words."""
    at = f"{filename.rpartition('/')[2]}:{lineno}"
    structlog.get_logger(__name__).warning("warned", warning=category.__name__, at=at)
