"""Logs: one JSON object a line; ids and codes only, never a citizen's name, address or words."""

from __future__ import annotations

import logging
import sys
import warnings
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
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.ERROR, stream=sys.stderr, format='{"log":"%(name)s","level":"%(levelname)s"}'
    )
    # A library warns of a header in the header's own words, a file's name among them, and Python
    # would keep each for ever so as not to say it twice.
    warnings.showwarning = _note_warning
    warnings.filterwarnings("ignore", module="aiohttp.multipart")


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
