"""A log that can't be written stops nobody."""

from __future__ import annotations

import errno
import os
from io import StringIO
from pathlib import Path

from contactcenter.kernel.log import Steady


class Full(StringIO):
    """A file whose disk is."""

    def flush(self) -> None:
        """There is no room for what was written."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_takes_a_line_and_nothing_else() -> None:
    logger = Steady(Full())
    for say in (logger.info, logger.warning, logger.error):
        say("{}")


def test_a_line_is_written_at_once(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        Steady(file).info("{}")
        assert (tmp_path / "log").read_text() == "{}\n"
