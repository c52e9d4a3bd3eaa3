"""The settings in a backup: the file, the environment, and the files that they name."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from contactcenter.config import PREFIX, Settings
from contactcenter.doctor.machine import settings_file
from contactcenter.errors import ContactCenterError

NAMES = "settings/names.json"  # where each file lay
ENVIRONMENT = "settings/environment"
MOST_BYTES = 1_000_000  # of a file that a setting names
FILE = "settings/contactcenter.toml"


def kept(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The parts that hold the settings, secrets included."""
    given = {name: value for name, value in sorted(environ.items()) if name.startswith(PREFIX)}
    yield ENVIRONMENT, "".join(_line(name, value) for name, value in given.items()).encode()
    names: dict[str, str] = {}
    told: list[object] = [given]
    own = settings_file(settings, environ)
    if own is not None:
        names[FILE] = str(own.absolute())
        data = own.read_bytes()
        told.append(tomllib.loads(data.decode()))
        yield FILE, data
    paths = {path.absolute() for path in _named(told) if path != own}
    if settings.seal_key_file is not None:  # a backup and the key to it never lie together
        paths = {path for path in paths if not path.samefile(settings.seal_key_file)}
    for number, path in enumerate(sorted(paths), start=1):
        part = f"settings/files/{number:02}-{path.name}"
        names[part] = str(path)
        yield part, path.read_bytes()
    yield NAMES, msgspec.json.encode(names)


def _line(name: str, value: str) -> str:
    """As systemd's EnvironmentFile and shells read it (systemd.exec(5))."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'{name}="{quoted}"\n'


def _named(told: object) -> Iterator[Path]:
    """Certificates, keys and the like: files that any setting names."""
    if isinstance(told, dict):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _named(one)
    elif isinstance(told, str) and 1 < len(told) < 1000 and "\0" not in told:
        path = Path(told).expanduser()
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= MOST_BYTES:
                yield path


def write_out(parts: Mapping[str, bytes], folder: Path) -> None:
    """Lay a backup's settings into a new folder that only its owner may enter; nothing is put to
    use. Raises ContactCenterError where the folder is there."""
    try:
        folder.mkdir(mode=0o700)
        (folder / "files").mkdir(mode=0o700)
        for name, data in parts.items():
            inside = "files" if name.startswith("settings/files/") else ""
            path = folder / inside / Path(name).name
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(data)
    except FileExistsError:
        raise ContactCenterError(f"{folder} is there: choose a new folder") from None
