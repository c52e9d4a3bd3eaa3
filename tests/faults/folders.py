"""Where a house lies: a folder of its own, which is taken away whatever happens, and what runs that
were killed have left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contactcenter.kernel.child import birth, working_in

PREFIX, OWNER = "contactcenter-faults-", "owner"
SERVERS = ("servers/postgres", "servers/redis")


class CantMount(Exception):
    """This machine gives no volume; why stands in it."""


@contextmanager
def own_folder() -> Iterator[Path]:
    """A new one, that says whose it is."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o755)  # the servers run as another user, where we are root
    (folder / OWNER).write_text(f"{os.getpid()} {birth(os.getpid())}", encoding="ascii")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def volume(folder: Path, megabytes: int) -> Iterator[None]:
    """A small file system in memory at this folder, as long as it is needed. Raises CantMount."""
    folder.mkdir()
    size = f"size={megabytes}m,mode=755"
    mounted = _run("mount", "-t", "tmpfs", "-o", size, "contactcenter", str(folder))
    if mounted is None or mounted.returncode:
        why = mounted.stderr.decode().strip() if mounted else "there is no mount"
        raise CantMount(f"needs a volume of its own, and so root: {why}")
    try:
        yield
    finally:
        _unmount(folder)


def clear_away() -> None:
    """What runs that were killed have left: their servers where these stood still, their volumes
    and folders."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_left(folder):
            for server in SERVERS:
                for pid in working_in(folder / server):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            if (folder / "servers").is_mount():
                _unmount(folder / "servers")
            shutil.rmtree(folder, ignore_errors=True)
            sys.stderr.write(f"{folder} was left by a run that was killed, and is taken away\n")


def _is_left(folder: Path) -> bool:
    try:
        pid, born = (folder / OWNER).read_text(encoding="ascii").split()
    except (OSError, ValueError):  # no house, or one that is just being made
        return False
    return birth(int(pid)) != born


def _unmount(folder: Path) -> None:
    """Even where something still works in it: it is out of the way then, and ends with that."""
    if (done := _run("umount", str(folder))) is None or done.returncode:
        _run("umount", "-l", str(folder))


def _run(*command: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
