"""Keys of files: what a file of them holds, how one is made, and what the doctor says of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contactcenter.config import SettingsError, load_settings
from contactcenter.doctor.keys import of_keys
from contactcenter.kernel import seal_keys
from contactcenter.kernel.sealing import Chunk, Seals, Unsealable, new_key, read_keys


def test_a_made_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "seal.keys"
    assert seal_keys.make(path)
    made = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(read_keys(path)) == 1
    assert not seal_keys.make(path)
    assert path.read_bytes() == made
    assert list(tmp_path.iterdir()) == [path]


def test_the_last_line_seals_and_all_lines_open(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    old, new = new_key(), new_key()
    path.write_text(f"# of 2026\n{old}\n\n{new}\n")
    seals = seal_keys.found(tmp_path, path)
    path.write_text(old + "\n")
    before = seal_keys.found(tmp_path, path)
    assert seals.newest != before.newest
    assert seals.open(before.seal(7, 0, b"word")) == b"word"
    with pytest.raises(Unsealable):
        before.open(seals.seal(7, 0, b"word"))


def test_nothing_changed_opens_and_no_two_seals_are_alike() -> None:
    seals = Seals([b"k" * 32])
    chunk = seals.seal(7, 0, b"word")
    assert chunk.data != seals.seal(7, 0, b"word").data
    changed = bytes([*chunk.data[:-1], chunk.data[-1] ^ 1])
    for other in (
        chunk._replace(data=changed),
        chunk._replace(data=b""),
        chunk._replace(blob_id=8),
        chunk._replace(n=1),
    ):
        with pytest.raises(Unsealable):
            seals.open(other)
    assert seals.open(Chunk(7, 0, b"plain", None)) == b"plain"


@pytest.mark.parametrize("text", ["", "# none\n", "secret\n", "c2hvcnQ=\n", "{0}\n{0}\n"])
def test_a_file_that_is_none_is_refused_without_telling_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text.format(new_key()))
    with pytest.raises(SettingsError) as error:
        load_settings({"CONTACTCENTER_SEAL_KEY_FILE": str(path)})
    assert "seal_key_file" in str(error.value).lower()
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    assert not any(line in str(error.value) for line in lines)


def test_who_seals_nothing_pays_nothing() -> None:
    code = "import sys, contactcenter.app; sys.exit('cryptography.exceptions' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)


@pytest.mark.parametrize(
    ("newest", "mode", "missing", "level"),
    [
        ("a1", 0o600, [], "ok"),
        ("a1", 0o640, [], "ok"),
        ("a1", 0o644, [], "wrong"),
        ("a1", 0o600, ["b2"], "wrong"),
        (None, 0, ["b2"], "wrong"),
        (None, 0, [], "note"),
    ],
)
def test_the_doctor(newest: str | None, mode: int, missing: list[str], level: str) -> None:
    (finding,) = of_keys(Path("seal.keys"), newest, mode, missing)
    assert finding.level == level
    assert bool(finding.do) == (level != "ok")
