"""The commands: where the file goes, where it comes from, and what is said of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from contactcenter.backup import archive, keeping, making, restoring
from contactcenter.config import Settings
from contactcenter.errors import ContactCenterError
from contactcenter.kernel import seal_keys
from contactcenter.kernel.live import Live
from contactcenter.servers import servers
from contactcenter.terminal import Line

STREAM = "-"


def add_backup(parser: argparse.ArgumentParser) -> None:
    """The command line of `backup`."""
    parser.add_argument("file", help="a new file, which only you may read; - for standard output")
    parser.add_argument(
        "--no-settings", action="store_true", help="the database only, without the settings"
    )
    parser.set_defaults(run=backup)


def add_restore(parser: argparse.ArgumentParser) -> None:
    """The command line of `restore`."""
    parser.add_argument("file", help="a backup; - for standard input")
    parser.add_argument(
        "--check", action="store_true", help="only say whether the file is whole; asks no server"
    )
    parser.add_argument(
        "--settings",
        type=Path,
        metavar="FOLDER",
        help="lay the settings of the backup into this new folder",
    )
    parser.set_defaults(run=restore)


def backup(settings: Settings, given: argparse.Namespace) -> int:
    """Write a backup; a half-written file never has the file's name."""
    began, line = time.monotonic(), Line()
    kept = () if given.no_settings else tuple(keeping.kept(settings, os.environ))
    with servers(settings) as at, _target(given.file) as (out, size):
        made = asyncio.run(making.make(at.database_url, out, kept, line.over))
        length = size()
    took, where = time.monotonic() - began, "" if given.file == STREAM else f": {given.file}"
    line.end(
        f"backed up {made.rows['contact']:,} contacts and {made.rows['message']:,} messages"
        f" (schema {made.schema}, {length / 1e6:,.1f} MB) in {took:.1f} s{where}"
    )
    if made.keys:
        path = seal_keys.place(settings.home, settings.seal_key_file)
        sys.stderr.write(
            f"Files and raw mail in it are sealed. The key is not in it: keep {path} elsewhere.\n"
        )
    return 0


def restore(settings: Settings, given: argparse.Namespace) -> int:
    """Fill an empty database from a backup, or only look at the file."""
    began, line = time.monotonic(), Line()
    if given.settings is not None and given.settings.exists():
        raise ContactCenterError(f"{given.settings} is there: choose a new folder")
    with _source(given.file) as source:
        if given.check:
            header = archive.check(source)
            line.end(f"whole: of {header.made_at}, schema {header.schema}")
            sys.stderr.write(_of_keys(settings, header.keys))
            return 0
        if source.seekable():  # before anything is begun; a pipe is known to be whole at its end
            line.over("looking whether the file is whole")
            sys.stderr.write(_of_keys(settings, archive.check(source).keys))
            source.seek(0)
        with servers(settings) as at:
            restored, parts = asyncio.run(
                _restore(at.database_url, at.redis_url, source, line.over)
            )
    if given.settings is not None:
        keeping.write_out(parts, given.settings)
    took = time.monotonic() - began
    line.end(
        f"restored {restored.contacts:,} contacts and {restored.messages:,} messages of"
        f" {restored.made_at} in {took:.1f} s"
    )
    sys.stderr.write(_what_next(restored) + _of_keys(settings, restored.keys))
    return 0


async def _restore(
    database_url: str, redis_url: str, source: BinaryIO, tell: Callable[[str], None]
) -> tuple[restoring.Restored, dict[str, bytes]]:
    live = Live(redis_url)
    try:
        return await restoring.restore(database_url, live, source, tell)
    finally:
        await live.close()


def _what_next(restored: restoring.Restored) -> str:
    lines = ["Nothing is sent again. Everybody signs in anew; links to set a password have ended."]
    if restored.held:
        lines.append(f"{restored.held} messages were on their way, and may have left.")
    if restored.answers:
        lines.append(
            f"{restored.answers} of them are agents' answers: their agents are shown them when they"
            " sign in, supervisors at /cases/undelivered."
        )
    lines.append("Then: contactcenter serve, contactcenter verify, contactcenter doctor.")
    return "".join(f"{one}\n" for one in lines)


def _of_keys(settings: Settings, needed: tuple[str, ...]) -> str:
    """What is to be done about the keys of files before a node starts; nothing where they are
    here."""
    here = set(seal_keys.found(settings.home, settings.seal_key_file))
    missing = [key for key in needed if key not in here]
    path = seal_keys.place(settings.home, settings.seal_key_file)
    return f"{seal_keys.what_to_do(missing, path)}\n" if missing else ""


@contextmanager
def _target(name: str) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """Where the backup is written, and how to know its length."""
    if name == STREAM:
        if sys.stdout.isatty():
            raise ContactCenterError("a backup is no text: lead it into a file or a program")
        counted = _Counted(sys.stdout.buffer)
        yield counted, lambda: counted.length  # type: ignore[misc]
        return
    path, partial = Path(name), Path(name + ".partial")
    if path.exists():
        raise ContactCenterError(f"{path} is there: choose another name")
    try:
        partial.unlink(missing_ok=True)  # of a try that was killed, or somebody else's
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ContactCenterError(f"{partial} can't be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out, out.tell
            making.synced(out)
        partial.rename(path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ContactCenterError(f"{path} can't be written: {error.strerror}") from error
        raise


class _Counted:
    """A stream of which it is known how much was written to it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.length = 0

    def write(self, data: bytes) -> int:
        """As a file does."""
        self.length += len(data)
        return self._out.write(data)

    def flush(self) -> None:
        """As a file does."""
        self._out.flush()


@contextmanager
def _source(name: str) -> Iterator[BinaryIO]:
    if name == STREAM:
        yield sys.stdin.buffer
        return
    try:
        source = Path(name).open("rb")
    except OSError as error:
        raise ContactCenterError(f"{name} can't be read: {error.strerror}") from error
    with source:
        yield source
