"""This machine and what the settings say of the world: no name is looked up but the servers'."""

from __future__ import annotations

import ipaddress
import os
import resource
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from contactcenter.config import FILE, PREFIX, Settings
from contactcenter.doctor.finding import Finding, fine, note, size, wrong

LEAST_FILES = 4096
LEAST_BYTES = 1_000_000_000


def look(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """The settings' file, the home, the disk, the limits, the address."""
    return [
        *of_file(settings_file(settings, environ)),
        *of_home(settings.home),
        of_open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
        of_url(settings.public_url, bool(settings.trusted_proxies)),
        *of_servers(settings),
    ]


def settings_file(settings: Settings, environ: Mapping[str, str]) -> Path | None:
    """The file that was read; None where there is none."""
    named = environ.get(f"{PREFIX}CONFIG", "").strip()
    path = Path(named).expanduser() if named else settings.home / FILE
    return path if path.exists() else None


def of_file(path: Path | None) -> list[Finding]:
    """Who may read it: passwords may stand in it."""
    if path is None:
        return [fine("settings", "no file; by the environment and defaults")]
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o007:
        do = f"chmod o-rwx {path}: passwords may stand in it"
        return [wrong("settings", f"{path} is open to everybody ({mode:o})", do)]
    return [fine("settings", str(path))]


def of_home(home: Path) -> list[Finding]:
    """Whether it can be written, and has room."""
    if not home.exists():
        return [note("disk", f"{home} is not there yet", "the first start makes it")]
    if not os.access(home, os.W_OK | os.X_OK):
        do = f"let the product's user write {home}, or set CONTACTCENTER_HOME"
        return [wrong("disk", f"{home} can't be written", do)]
    disk, entries = shutil.disk_usage(home), os.statvfs(home)
    return [of_disk(disk.free, disk.total, entries.f_favail, entries.f_files)]


def of_disk(free: int, total: int, entries_free: int, entries: int) -> Finding:
    """Pure."""
    said = f"{size(free)} of {size(total)} free"
    if free < LEAST_BYTES or free < total / 50:
        do = "make room: when the disk is full nothing can be taken in"
        return wrong("disk", said, do)
    if entries and entries_free < entries / 50:
        return wrong("disk", "hardly any file can be made (inodes)", "remove files nobody needs")
    if free < total / 10:
        return note("disk", said, "plan for more room")
    return fine("disk", said)


def of_open_files(most: int) -> Finding:
    """Each browser holds a socket. Pure."""
    shown = "no limit" if most == resource.RLIM_INFINITY else str(most)
    if most != resource.RLIM_INFINITY and most < LEAST_FILES:
        do = "LimitNOFILE=65536 in the unit, or ulimit -n: each browser holds one"
        return note("open_files", f"at most {shown}, here", do)
    return fine("open_files", f"at most {shown}")


def of_url(url: str, proxies: bool) -> Finding:
    """What citizens' links and browsers go to. Pure."""
    parts = urlsplit(url)
    if is_here(parts.hostname or ""):
        do = "set CONTACTCENTER_PUBLIC_URL to the address that citizens see"
        return note("public_url", f"{url}: links in mails work on this machine only", do)
    if parts.scheme != "https":
        do = "set a proxy with TLS before it (deploy/), and public_url to https://..."
        return wrong("public_url", f"{url}: passwords and chats are open on the way", do)
    if not proxies:
        do = "name the proxy in trusted_proxies; without it all citizens share one address's limits"
        return wrong("public_url", f"{url}, and no trusted_proxies", do)
    return fine("public_url", url)


def of_servers(settings: Settings) -> list[Finding]:
    """Whose database it is. Pure."""
    if settings.database_url and settings.redis_url:
        return [fine("servers", "PostgreSQL and Redis of your own")]
    do = "for more than one machine, or replicas, set CONTACTCENTER_DATABASE_URL and _REDIS_URL"
    return [note("servers", "embedded in the home: one machine, no replica", do)]


def is_here(host: str) -> bool:
    """Whether a host is this machine by name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
