"""Settings in a backup: all that an installation needs, for its owner's eyes only."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from contactcenter.backup import command, keeping
from contactcenter.config import Settings, load_settings
from contactcenter.errors import ContactCenterError
from contactcenter.kernel.sealing import new_key


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An installation with a file, a key and a secret in the environment."""
    key = tmp_path / "dkim.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----")
    (tmp_path / "contactcenter.toml").write_text(
        f'privacy_url = "https://city.example/privacy"\nsmtp_tls_key = "{key}"\n'
    )
    return {
        "CONTACTCENTER_HOME": str(tmp_path),
        "CONTACTCENTER_RELAY": 'smtp://cc:p"a$s\\`w@relay.example:587',
        "PATH": "/bin",
    }


def test_all_is_kept_and_laid_out_for_its_owner_alone(
    environ: dict[str, str], tmp_path: Path
) -> None:
    settings = load_settings({"CONTACTCENTER_HOME": str(tmp_path / "none")})
    settings = type(settings)(home=tmp_path)
    parts = dict(keeping.kept(settings, environ))
    assert list(parts) == [
        "settings/environment",
        "settings/contactcenter.toml",
        "settings/files/01-dkim.pem",
        "settings/names.json",
    ]
    assert b"PATH" not in parts["settings/environment"]
    folder = tmp_path / "back"
    keeping.write_out(parts, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    laid = [path for path in folder.rglob("*") if path.is_file()]
    assert len(laid) == len(parts)
    assert {stat.S_IMODE(path.stat().st_mode) for path in laid} == {0o600}
    read = subprocess.run(
        ["sh", "-c", f'. "{folder}/environment"; printf %s "$CONTACTCENTER_RELAY"'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert read.stdout == environ["CONTACTCENTER_RELAY"]
    with pytest.raises(ContactCenterError, match="choose a new folder"):
        keeping.write_out(parts, folder)


def test_the_key_of_files_is_in_no_backup(environ: dict[str, str], tmp_path: Path) -> None:
    key = tmp_path / "files.keys"
    key.write_text(new_key())
    with (tmp_path / "contactcenter.toml").open("a") as file:
        file.write(f'seal_key_file = "{tmp_path}/../{tmp_path.name}/files.keys"\n')
    for given in (environ, environ | {"CONTACTCENTER_SEAL_KEY_FILE": str(key)}):
        parts = dict(keeping.kept(Settings(home=tmp_path, seal_key_file=key), given))
        assert not [part for part in parts.values() if key.read_bytes() in part]
        assert "settings/files/01-dkim.pem" in parts


def test_a_name_can_lead_nowhere_else(tmp_path: Path) -> None:
    keeping.write_out({"settings/files/../../evil": b"x"}, tmp_path / "back")
    assert not (tmp_path / "evil").exists()
    assert (tmp_path / "back" / "files" / "evil").exists()


def test_what_lies_where_the_backup_is_written_is_not_written_to(tmp_path: Path) -> None:
    theirs, file = tmp_path / "theirs", tmp_path / "backup"
    theirs.write_text("theirs")
    (tmp_path / "backup.partial").symlink_to(theirs)
    with command._target(str(file)) as (out, _):
        out.write(b"ours")
    assert theirs.read_text() == "theirs"
    assert (file.is_symlink(), file.read_bytes(), file.stat().st_mode & 0o777) == (
        False,
        b"ours",
        0o600,
    )
