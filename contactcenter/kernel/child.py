"""Child processes that can't outlive us, and that don't run as root.

On Linux a child may ask for a signal at its parent's death (prctl(2), PR_SET_PDEATHSIG), even where
the parent is killed by SIGKILL. "Parent" is the thread that started the child: start children from
the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded here: a child between fork and exec should do little
_UNPRIVILEGED = ("contactcenter", "postgres", "nobody")


def _prctl(death: signal.Signals) -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)


def unprivileged(folders: Sequence[Path]) -> pwd.struct_passwd:
    """Whom a server runs as: ourselves; as root, the first owner of these folders that is not root,
    else an ordinary user of the machine. Raises LookupError where there is none."""
    if os.geteuid() != 0:
        try:
            return pwd.getpwuid(os.geteuid())
        except KeyError:
            raise LookupError("the user that runs this has no name on this machine") from None
    for folder in folders:
        if folder.exists() and (uid := folder.stat().st_uid) != 0:
            return pwd.getpwuid(uid)
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    names = ", ".join(_UNPRIVILEGED)
    raise LookupError(f"root must not run a database, and no user {names} exists on this machine")


def user_name() -> str:
    """Who runs this, for a message."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"


def dies_with_parent(death: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the child gets `death` when the calling thread's process ends."""
    if sys.platform != "linux":
        raise NotImplementedError("only Linux tells a child of its parent's death")
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start children from the main thread: they die with the thread")
    parent = os.getpid()

    def ask() -> None:
        _prctl(death)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def end_with_parent() -> None:
    """Have this process told to stop (SIGTERM) when the one that started it dies."""
    if sys.platform == "linux":
        parent = os.getppid()
        _prctl(signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def spawn(
    command: Sequence[str],
    *,
    user: pwd.struct_passwd,
    cwd: Path,
    log: IO[bytes] | int,
    death: signal.Signals,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start it as `user`, in a session of its own (a terminal's Ctrl-C is for us only), with a bare
    environment: our secrets are not its business."""
    other = user.pw_uid != os.geteuid()
    return subprocess.Popen(  # noqa: S603 - the command is ours
        command,
        cwd=cwd,
        stdin=stdin,
        stdout=log,
        stderr=log,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        start_new_session=True,
        user=user.pw_uid if other else None,
        group=user.pw_gid if other else None,
        extra_groups=[] if other else None,
        # After the change of user, which would clear it.
        preexec_fn=dies_with_parent(death),
    )


def birth(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None: it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # Fields after the name in brackets (proc(5)): state is the 1st, the start time the 20th.
    after_name = stat.rpartition(")")[2].split()
    return None if after_name[0] in "ZX" else after_name[19]


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder this is: a server and its own children."""
    here = str(folder.resolve())
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str((entry / "cwd").readlink()) == here:
                    found.append(int(entry.name))
            except OSError:  # it ended meanwhile, or it is another user's
                continue
    return found
