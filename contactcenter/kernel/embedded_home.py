"""Where the embedded servers keep data, sockets and logs, and as whom they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from contactcenter.kernel.child import unprivileged, user_name
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_programs import reaches

# A socket's path must fit 108 bytes (unix(7)); Postgres puts ".s.PGSQL.5432.lock" beside its own.
_LONGEST = 100 - len("/.s.PGSQL.5432.lock")
_LOG_BYTES = 10_000_000


@dataclass(frozen=True)
class ServerHome:
    """The folders of one home."""

    home: Path
    user: pwd.struct_passwd
    sockets: Path

    def data(self, name: str) -> Path:
        """A server's data folder; it is also its working folder."""
        return self.home / name

    def log_path(self, name: str) -> Path:
        """Where a server's log lies."""
        return self.home / "log" / f"{name}.log"

    def log(self, name: str) -> IO[bytes]:
        """A server's log, opened for more; a long one is put aside."""
        path = self.log_path(name)
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return owned(path, self.home).open("ab")

    def tidy(self) -> None:
        """After the servers' end: take away the folder for sockets that is not in the home."""
        if self.sockets.parent != self.home:
            with suppress(OSError):  # not empty: something else put a file there
                self.sockets.rmdir()

    def own(self, path: Path) -> Path:
        """Make a folder that only the servers' user (and root) may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), self.user.pw_uid):
            raise EmbeddedError(
                f"{path} belongs to somebody else: remove it, or set CONTACTCENTER_HOME to a folder"
                " of your own"
            )
        if found.st_uid != self.user.pw_uid:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        path.chmod(0o700)
        return path


def owned(path: Path, home: Path) -> Path:
    """Make a file; as root, hand it to the home's owner, who may start the servers next time."""
    path.touch(mode=0o600)
    if os.geteuid() == 0:
        owner = home.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
    return path


def make_home(home: Path) -> None:
    """The home itself. As root others may pass through it, so that the servers' user can."""
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (home / "log").mkdir(mode=0o700, exist_ok=True)
        owned(home / "log", home)
    except OSError as error:
        raise EmbeddedError(
            f"{home} can't be made: {error.strerror}; set CONTACTCENTER_HOME to a folder that"
            f" {user_name()} may write"
        ) from error


def open_home(home: Path) -> ServerHome:
    """Find out the user and the place for sockets, and make the folders."""
    try:
        user = unprivileged([home / "postgres", home / "redis", home])
    except LookupError as error:
        raise EmbeddedError(f"{error}: add one to /etc/passwd") from error
    opened = ServerHome(home, user, _sockets(home, user))
    opened.own(opened.sockets)
    return opened


def _sockets(home: Path, user: pwd.struct_passwd) -> Path:
    near = home / "run"
    if len(os.fsencode(near)) <= _LONGEST and reaches(user, home):
        return near
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"contactcenter-{digest}"
