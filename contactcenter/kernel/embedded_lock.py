"""Who of a home's processes starts the servers, and who uses them.

HOME/lock is held by the one process that starts and stops the servers: the holder. HOME/guests is
shared by those that use them. HOME/servers.json says where the running servers are; it counts only
while the holder that wrote it lives. Locks are flock(2): they end with the process.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import msgspec

from contactcenter.kernel.child import birth, user_name
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import owned

STATE = "servers.json"


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What the holder tells the others. A URL is empty where its server was not asked for."""

    holder: int
    holder_born: str | None
    lasting: bool
    database_url: str
    redis_url: str
    pids: dict[str, int]

    def alive(self) -> bool:
        """Whether the holder that wrote this still lives, and its servers do."""
        if self.holder_born is None or birth(self.holder) != self.holder_born:
            return False
        return all(birth(pid) is not None for pid in self.pids.values())


class Flock:
    """A lock on a file, held until `close` or the end of the process."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @classmethod
    def take(cls, path: Path, *, shared: bool = False) -> Flock | None:
        """The lock, or None where another process has it."""
        try:
            fd = os.open(owned(path, path.parent), os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise EmbeddedError(
                f"{path} can't be opened by {user_name()}: {error.strerror}; start as its owner, or"
                " set CONTACTCENTER_HOME to another folder"
            ) from error
        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        return cls(fd)

    def close(self) -> None:
        """Give it back."""
        os.close(self._fd)


def read_state(home: Path) -> State | None:
    """The state of servers that run now, or None."""
    try:
        state = msgspec.json.decode((home / STATE).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None
    return state if state.alive() else None


def write_state(home: Path, state: State) -> None:
    """Tell the others, in one step."""
    new = owned(home / f"{STATE}.new", home)
    new.write_bytes(msgspec.json.encode(state))
    new.replace(home / STATE)


def forget_state(home: Path) -> None:
    """Nothing runs any more, or not yet."""
    (home / STATE).unlink(missing_ok=True)
