"""The keys that files and raw mail are sealed with."""

from __future__ import annotations

from pathlib import Path

from contactcenter.config import Settings
from contactcenter.doctor.finding import Finding, fine, note, wrong
from contactcenter.kernel import seal_keys
from contactcenter.kernel.seal_keys import KeyMissing
from contactcenter.kernel.sql import Connection


async def look(conn: Connection, settings: Settings) -> list[Finding]:
    """Whether they are here, and whether anybody else may read them."""
    path = seal_keys.place(settings.home, settings.seal_key_file)
    try:
        seals = seal_keys.found(settings.home, settings.seal_key_file)
    except KeyMissing as error:
        return [wrong("files.key", str(error), "put the keys of the other nodes there")]
    mode = path.stat().st_mode if seals.newest else 0
    return of_keys(path, seals.newest, mode, await seal_keys.lacking(conn, seals))


def of_keys(path: Path, newest: str | None, mode: int, missing: list[str]) -> list[Finding]:
    """Pure."""
    if missing:
        do = f"{seal_keys.what_to_do(missing, path)}; no node starts without it"
        return [wrong("files.key", f"{', '.join(missing)} is missing", do)]
    if newest is None:
        do = f"contactcenter make-key makes {path}, when all nodes are of this release"
        return [note("files.key", "files and raw mail are stored as they are, not sealed", do)]
    if mode & 0o007:
        return [wrong("files.key", f"everybody here may read {path}", f"chmod o-rwx {path}")]
    return [fine("files.key", f"sealed with {newest}")]
