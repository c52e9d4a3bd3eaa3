"""A real Postfix on loopback, in a folder of its own: takes what we send and hands it on."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.ports import free_port

WAIT_S = 20.0
REFUSED, LATER = "refused@x.example", "later@x.example"
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = /dev/stdout
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_host_lookup = native
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{next_port}
transport_maps = inline:{{ example.org=discard: }}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions =
    check_recipient_access inline:{{
        {{ {refused} = 550 5.1.1 nobody }},
        {{ {later} = 451 4.7.1 greylisted }} }}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""
_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
"""


class Postfix:
    """The server. Mail to `example.org` it throws away, `REFUSED` and `LATER` it does not take, all
    else goes to the next port."""

    def __init__(self, folder: Path, next_port: int) -> None:
        self.port, self._next_port = free_port(), next_port
        self._folder = folder
        self._config = folder / "conf"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        for name in ("conf", "spool", "data"):
            (self._folder / name).mkdir()
        shutil.chown(self._folder / "data", "postfix")
        given = {"folder": self._folder, "next_port": self._next_port, "port": self.port}
        main = _MAIN.format(**given, refused=REFUSED, later=LATER)
        (self._config / "main.cf").write_text(main)
        (self._config / "master.cf").write_text(_SERVICES.format(**given))
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                "postfix", "-c", str(self._config), "start-fg", stdout=log, stderr=log
            )
        async with asyncio.timeout(WAIT_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except ConnectionRefusedError:
                    assert self._process.returncode is None, self.log()
                    await asyncio.sleep(0.05)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return

    async def stop(self) -> None:
        """Stop it, and all that it started."""
        assert self._process is not None
        words = ("postfix", "-c", str(self._config), "stop")
        with self._log.open("ab") as log:
            stopping = await asyncio.create_subprocess_exec(*words, stdout=log, stderr=log)
        await stopping.wait()
        await self._process.wait()

    def log(self) -> str:
        """What it has logged."""
        return self._log.read_text(errors="replace")

    @property
    def _log(self) -> Path:
        return self._folder / "log"


@asynccontextmanager
async def running_postfix(next_port: int) -> AsyncIterator[Postfix]:
    """It, stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-postfix-", dir="/tmp"))
    folder.chmod(0o755)
    postfix = Postfix(folder, next_port)
    await postfix.start()
    try:
        yield postfix
    finally:
        await postfix.stop()
        shutil.rmtree(folder, ignore_errors=True)
