"""A real Dovecot on loopback, in a folder of its own: IMAP and LMTP for any user with one password,
or with a token that a test's own token server knows."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from tests.certificate import make_certificate
from tests.ports import free_port

PASSWORD = "secret"
WAIT_S = 15.0
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
login_trusted_networks = 127.0.0.0/8
mail_location = maildir:{folder}/mail/%u
maildir_stat_dirs = yes
first_valid_uid = 0
first_valid_gid = 0
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
_OAUTH = """
introspection_url = http://127.0.0.1:{port}/introspect?token=
introspection_mode = get
username_attribute = email
active_attribute = active
active_value = true
"""
_numbers = count(1)


class Dovecot:
    """The server. Its folders are Maildirs, so mails are put in as files and are there at once."""

    password = PASSWORD

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.imaps_port, self.token_port = free_port(), free_port(), free_port()
        root = os.geteuid() == 0
        self.user = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())

    async def start(self) -> asyncio.subprocess.Process:
        """Start it and wait until it takes connections."""
        given = {
            "folder": self.folder,
            "user": self.user.pw_name,
            "group": grp.getgrgid(self.user.pw_gid).gr_name,
            "password": PASSWORD,
            "port": self.port,
            "imaps_port": self.imaps_port,
        }
        config = self.folder / "dovecot.conf"
        config.write_text(_CONFIG.format(**given))
        (self.folder / "oauth2.conf").write_text(_OAUTH.format(port=self.token_port))
        make_certificate(self.folder)
        (self.folder / "mail").mkdir()
        self._own(self.folder / "mail")
        process = await asyncio.create_subprocess_exec(
            shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", str(config)
        )
        async with asyncio.timeout(WAIT_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except ConnectionRefusedError:
                    assert process.returncode is None, self.log()
                    await asyncio.sleep(0.02)
                else:
                    writer.close()
                    await writer.wait_closed()
                    return process

    def new_user(self) -> str:
        """A user who has no mail yet."""
        return f"user{next(_numbers)}"

    def put(self, user: str, raw: bytes, arrived: datetime | None = None, flags: str = "") -> Path:
        """Put a mail into the INBOX: its UID is the next one, `arrived` its INTERNALDATE, `flags`
        as Maildir has them (S: seen)."""
        number = next(_numbers)
        inbox = self.inbox(user)
        path = inbox / "cur" / f"{1_700_000_000 + number}.M{number}.test:2,{flags}"
        beside = inbox / "tmp" / path.name
        beside.write_bytes(raw)
        self._own(beside)
        if arrived is not None:
            os.utime(beside, (arrived.timestamp(), arrived.timestamp()))
        beside.rename(path)
        return path

    def inbox(self, user: str) -> Path:
        """The user's Maildir."""
        folder = self.folder / "mail" / user
        for name in ("", "cur", "new", "tmp"):
            if not (folder / name).is_dir():
                (folder / name).mkdir()
                self._own(folder / name)
        return folder

    def seen(self, user: str) -> int:
        """How many mails are marked as seen."""
        return sum(path.name.endswith("S") for path in (self.inbox(user) / "cur").iterdir())

    def renumber(self, user: str) -> None:
        """Another UIDVALIDITY and UIDs from 1, as after a restore elsewhere. Nobody may be in."""
        inbox = self.inbox(user)
        text = (inbox / "dovecot-uidlist").read_text()
        validity = int(re.search(r"\bV(\d+)", text)[1])  # type: ignore[index]
        for path in [*inbox.glob("dovecot*")]:
            path.unlink()
        (inbox / "dovecot-uidlist").write_text(f"3 V{validity + 1000} N1 G{os.urandom(16).hex()}\n")
        self._own(inbox / "dovecot-uidlist")

    def log(self) -> str:
        """What it has logged."""
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


@asynccontextmanager
async def running_dovecot() -> AsyncIterator[Dovecot]:
    """It, stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="contactcenter-dovecot-", dir="/tmp"))
    folder.chmod(0o755)
    dovecot = Dovecot(folder)
    process = await dovecot.start()
    try:
        yield dovecot
    finally:
        process.terminate()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)
