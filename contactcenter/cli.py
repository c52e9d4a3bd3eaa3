"""The commands. Exit codes: 0 done, 1 a check failed, 2 settings or arguments, 3 no database."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence

import structlog

from contactcenter import command_line
from contactcenter.config import Settings, SettingsError, load_settings
from contactcenter.errors import ContactCenterError, DatabaseUnavailable, SchemaTooNew
from contactcenter.kernel import log
from contactcenter.kernel.embedded import EmbeddedError

_log = structlog.get_logger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    _write_what_can_be_written()
    given = command_line.parser().parse_args(argv)
    try:
        settings = load_settings(_environment(given))
    except SettingsError as error:
        if "unsettled" in given:  # who looks for what is wrong has found it
            code: int = given.unsettled(error, given)
            return code
        for problem in error.problems:
            sys.stderr.write(f"settings: {problem}\n")
        return 2
    # Who tries it out reads where to go, not a line for each request.
    quiet = getattr(given, "demo", False)
    log.configure(settings.log_level or ("warning" if quiet else "info"))
    return _run(settings, given)


def _run(settings: Settings, given: argparse.Namespace) -> int:
    try:
        code: int = given.run(settings, given)
        return code
    except (DatabaseUnavailable, EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except (SchemaTooNew, ContactCenterError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # whoever read our output has had enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"{error.strerror}: choose others with --port and --smtp-port\n")
        return 2


def _environment(given: argparse.Namespace) -> dict[str, str]:
    """The environment, with what the command line says put over it."""
    environment = dict(os.environ)
    for name in ("host", "port", "smtp_port"):
        value = getattr(given, name, None)
        if value is not None:
            environment[f"CONTACTCENTER_{name.upper()}"] = str(value)
    return environment


def _write_what_can_be_written() -> None:
    """A terminal or a pipe of few letters (LC_ALL=C) gets "?" for the others, and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
