"""The servers' programs out of their wheels, where the servers' user can run them.

As root in a private folder (a clone in /root, say) that user reaches neither the virtual
environment nor the home. The programs are then copied once to the temp folder; the data stay where
they are, as a process needs no way to its own working folder.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from contactcenter.kernel.embedded_error import EmbeddedError


def reaches(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether `user` may pass through this folder, or run this program."""
    if user.pw_uid == os.geteuid():
        return os.access(path, os.X_OK)
    asked = subprocess.run(  # noqa: S603 - the command is ours
        ["/bin/sh", "-c", 'test -x "$0"', str(path)],
        check=False,
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
    )
    return asked.returncode == 0


def wheel_program(
    user: pwd.struct_passwd, package: str, program: str, needs: tuple[str, ...]
) -> Path | None:
    """A program of an installed package; None where there is none for this system. `program` and
    the folders it `needs` are relative to the folder of all packages. The package itself is not
    imported: it would bring its own way of running servers."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    packages = Path(spec.origin).parent.parent
    if not (packages / program).exists():
        return None
    if reaches(user, packages / program):
        return packages / program
    copied = _copy(packages, program, needs) / program
    if not reaches(user, copied):
        raise EmbeddedError(
            f"the servers run as {user.pw_name}, who can run neither {packages / program} nor its"
            f" copy {copied}: don't start as root, or set TMPDIR to a folder where all may run"
            " programs"
        )
    return copied


def _copy(packages: Path, program: str, needs: tuple[str, ...]) -> Path:
    """The folder with a copy, made where it is missing; only root can have written it."""
    found = (packages / program).stat()
    told = f"{packages / program} {found.st_size} {found.st_mtime_ns}"
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    target = Path(tempfile.gettempdir()) / f"contactcenter-programs-{digest}"
    if not target.exists():
        new = Path(tempfile.mkdtemp(prefix="contactcenter-programs-new-"))
        for folder in needs:
            shutil.copytree(packages / folder, new / folder, symlinks=True)
        new.chmod(0o755)
        new.rename(target)
    there = target.lstat()
    if there.st_uid != os.geteuid() or not stat.S_ISDIR(there.st_mode) or there.st_mode & 0o022:
        raise EmbeddedError(f"{target} was not made by us: remove it")
    return target
