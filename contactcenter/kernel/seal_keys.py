"""Which keys a node has, and that all nodes of a database have the same."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from contactcenter.errors import ContactCenterError
from contactcenter.kernel.db import Database
from contactcenter.kernel.embedded_home import owned
from contactcenter.kernel.sealing import Seals, new_key, read_keys
from contactcenter.kernel.sql import Connection, load_sql

_log = structlog.get_logger(__name__)
SQL = load_sql(__file__)
FILE = "seal.keys"  # in the home, where no setting names another
_LOCK = 7_305_502  # any fixed number: nodes that start together agree one after the other


class KeyMissing(ContactCenterError):
    """The files of this database were sealed with a key that this node does not have."""


def place(home: Path, named: Path | None) -> Path:
    """Where the keys lie, or would."""
    return named or home / FILE


def found(home: Path, named: Path | None) -> Seals:
    """The keys; none where there is no file. Raises KeyMissing where it can't be used."""
    path = place(home, named)
    try:
        return Seals(read_keys(path))
    except FileNotFoundError:
        return Seals()
    except OSError as error:
        raise KeyMissing(f"{path} can't be read: {error.strerror}; correct its rights") from error
    except ValueError as error:
        raise KeyMissing(f"{path} {error}") from error


def make(path: Path) -> bool:
    """Make a key's file, for its owner alone, where there is none yet; whether it was made. A file
    that is half-written never has the name."""
    if path.exists():
        return False
    partial = owned(path.with_name(path.name + ".new"), path.parent)
    with partial.open("w", encoding="ascii") as out:
        out.write(new_key() + "\n")
        out.flush()
        os.fsync(out.fileno())
    partial.rename(path)
    return True


async def agree(db: Database, path: Path) -> None:
    """Before anything is sealed: this node opens whatever others seal, and its own key is noted.
    Raises KeyMissing."""
    async with db.transaction() as conn:
        await SQL.alone.value(conn, lock=_LOCK)
        missing = await lacking(conn, db.seals)
        if missing:
            raise KeyMissing(what_to_do(missing, path))
        if db.seals.newest is not None:
            await SQL.note.run(conn, fingerprint=db.seals.newest)
    if db.seals.newest is None:
        _log.warning("files_not_sealed", do=f"contactcenter make-key makes {path}")


async def lacking(conn: Connection, seals: Seals) -> list[str]:
    """The keys that files were sealed with and that are not among these, the oldest first."""
    rows = await SQL.noted.all(conn)
    return [row["fingerprint"] for row in rows if row["fingerprint"] not in set(seals)]


def what_to_do(missing: list[str], path: Path) -> str:
    """For a person."""
    return (
        f"files of this database are sealed with the key {', '.join(missing)}, which is not in"
        f" {path}: copy the file that the other nodes have, or the lost system had, to there; see"
        " docs/operations.md, The key of files"
    )
