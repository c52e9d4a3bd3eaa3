"""Mailboxes in the settings: what they may be, and that everything wrong is told and no secret."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from contactcenter.config import Settings, SettingsError, load_settings
from contactcenter.mailbox_settings import Mailbox
from contactcenter.oauth_settings import OAuth

BASIC = """
[[mailbox]]
name = "info"
host = "imap.example.org"
user = "info@example.org"
to = "Info@example.org"
"""
OAUTH = """
auth = "xoauth2"
[mailbox.oauth]
token_url = "https://login.example.org/token"
client_id = "id"
"""


def loaded(home: Path, toml: str) -> Settings:
    """The settings of a home with this file in it."""
    (home / "contactcenter.toml").write_text(toml, encoding="utf-8")
    return load_settings({"CONTACTCENTER_HOME": str(home)})


def problems(home: Path, toml: str) -> list[str]:
    """What is wrong with it, without the file's name."""
    with pytest.raises(SettingsError) as caught:
        loaded(home, toml)
    return [problem.partition("toml: mailbox ")[2] for problem in caught.value.problems]


def test_a_mailbox_needs_little(tmp_path: Path) -> None:
    assert loaded(tmp_path, BASIC + 'password = "pw"').mailbox == (
        Mailbox(
            name="info",
            host="imap.example.org",
            port=993,
            user="info@example.org",
            password="pw",
            to="info@example.org",
        ),
    )


def test_all_that_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    (tmp_path / "token").write_text("refresh\n")
    (tmp_path / "secret").write_text(" hush ")
    toml = BASIC + (
        f'port = 1143\ntls = "starttls"\nca_file = "{tmp_path}/ca.pem"\nfolder = "Työt & muut"\n'
        f'poll_s = 30\nmark_seen = false\nfirst = "all"\n{OAUTH}'
        f'client_secret_file = "{tmp_path}/secret"\nrefresh_token_file = "{tmp_path}/token"\n'
        'scope = "mail"\nexpires = 2027-11-30\n'
    )
    assert loaded(tmp_path, toml).mailbox == (
        Mailbox(
            name="info",
            host="imap.example.org",
            port=1143,
            tls="starttls",
            ca_file=tmp_path / "ca.pem",
            user="info@example.org",
            auth="xoauth2",
            oauth=OAuth(
                token_url="https://login.example.org/token",
                client_id="id",
                client_secret="hush",
                refresh_token="refresh",
                refresh_token_file=tmp_path / "token",
                scope="mail",
                expires=date(2027, 11, 30),
            ),
            folder="Työt & muut",
            to="info@example.org",
            poll_s=30.0,
            mark_seen=False,
            first="all",
        ),
    )


def test_without_tls_the_port_is_another(tmp_path: Path) -> None:
    (mailbox,) = loaded(tmp_path, BASIC + 'password = "pw"\ntls = "never"').mailbox
    assert mailbox.port == 143


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    toml = (
        '[[mailbox]]\nname = "a b"\nhost = "two words"\nfolder = "IN\\r\\nA1 LOGOUT"\npoll_s = 0\n'
        'passwort = "x"\nmark_seen = 1\n'
        '[[mailbox]]\nname = "b"\nhost = "h"\nuser = "u"\nto = "nobody"\npassword = "p"\n'
    )
    assert problems(tmp_path, toml) == [
        "a b: name must be made of letters, digits, dot, dash and underscore",
        "a b: host must be a host name or an IP address",
        "a b: folder must be one line of at most 400 characters",
        "a b: poll_s must be seconds from 1 to 900",
        "a b: passwort is no setting of a mailbox; docs/email.md lists them",
        "a b: mark_seen must be true or false",
        "a b: needs user",
        "a b: needs to",
        "a b: needs password or password_file",
        "b: to must be a mail address",
    ]


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (BASIC, "info: needs password or password_file"),
        (BASIC + OAUTH, "info: oauth: needs client_secret or refresh_token"),
        (BASIC + 'auth = "xoauth2"', "info: auth xoauth2 needs a table [mailbox.oauth]"),
        (
            BASIC + 'password = "p"\n' + OAUTH + 'client_secret = "s"',
            "info: can't have both a password and auth xoauth2",
        ),
        (
            BASIC + 'password = "p"\npassword_file = "/dev/null"',
            "info: can't have both password and password_file",
        ),
        (
            BASIC + 'password_file = "/nowhere/at/all"',
            "info: password_file can't be read: No such file or directory",
        ),
        (
            BASIC + 'password = "p"\nca_file = "/nowhere"',
            "info: ca_file can't be read: No such file or directory",
        ),
        (
            BASIC + OAUTH.replace("https", "http") + 'client_secret = "s"',
            "info: oauth: token_url must begin with https://",
        ),
        (
            BASIC + OAUTH.replace("//", "//me:pw@") + 'client_secret = "s"',
            "info: oauth: token_url must not hold a password",
        ),
        (
            (BASIC + 'password = "p"\n') * 2,
            "info: stands there twice",
        ),
        (
            BASIC
            + 'auth = "xoauth2"\n[mailbox.oauth]\nservice_account_file = "/dev/null"\nscope = "x"',
            "info: oauth: service_account_file must be a service account's key file (JSON)",
        ),
        ("mailbox = 1", "must stand in the file, each as a [[mailbox]] table"),
    ],
)
def test_what_is_refused(tmp_path: Path, toml: str, problem: str) -> None:
    assert problem in problems(tmp_path, toml)


def test_no_secret_is_in_an_error_or_shown(tmp_path: Path) -> None:
    toml = BASIC + OAUTH + 'client_secret = "hush-hush"\nrefresh_token = "hush-hush"\n'
    assert "hush" not in repr(loaded(tmp_path, toml))
    broken = toml.replace("https", "ftp").replace('"hush-hush"', '"hush\\nhush"')
    assert not any("hush" in problem for problem in problems(tmp_path, broken))
    assert "hush" not in repr(loaded(tmp_path, BASIC + 'password = "hush-hush"'))


def test_the_environment_has_no_mailboxes() -> None:
    with pytest.raises(SettingsError, match="must stand in the file"):
        load_settings({"CONTACTCENTER_MAILBOX": "imap.example.org"})


def test_certificate_and_key_belong_together(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("")
    with pytest.raises(SettingsError, match="both or neither"):
        loaded(tmp_path, f'smtp_tls_cert = "{tmp_path}/cert.pem"')
