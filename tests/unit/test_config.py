"""Settings: where they come from, what they may be, and that every mistake is told at once."""

from __future__ import annotations

import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest

from contactcenter.config import Settings, SettingsError, load_settings
from contactcenter.doors import channel_settings
from contactcenter.setting_hosts import Relay
from contactcenter.setting_servers import each_database, sentinels

SENTINELS = "rediss+sentinel://:hunter2%40@s1,[::1]:26380/line/2?sentinel_password=hunter2"


def problems(**environ: str) -> list[str]:
    """What is wrong with these variables."""
    with pytest.raises(SettingsError) as caught:
        load_settings({f"CONTACTCENTER_{name}": value for name, value in environ.items()})
    return caught.value.problems


def loaded(home: Path, toml: str = "", **environ: str) -> Settings:
    """The settings of a home with this file in it."""
    (home / "contactcenter.toml").write_text(toml, encoding="utf-8")
    given = {f"CONTACTCENTER_{name}": value for name, value in environ.items()}
    return load_settings({"CONTACTCENTER_HOME": str(home), **given})


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({"PATH": "/bin", "HOME": "/root"})
    assert settings.home == tmp_path / "var"
    assert (settings.database_url, settings.redis_url, settings.relay) == (None, None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert (settings.smtp_host, settings.smtp_port) == ("127.0.0.1", 2525)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.mail_domain == "localhost"
    doors = ("email", "webchat", "desk_entry", "callback")
    assert settings.channels == tuple(f"channels.{door}" for door in doors)
    assert (settings.offer_s, settings.missed_limit) == (30, 2)
    assert (settings.lost_after_s, settings.return_state_s) == (15, 600)


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "port = 9000\nsmtp_port = 9025\noffer_s = 20", PORT="9001")
    assert (settings.port, settings.smtp_port, settings.offer_s) == (9001, 9025, 20)
    assert settings.public_url == "http://127.0.0.1:9001"


def test_an_empty_variable_counts_as_not_given(tmp_path: Path) -> None:
    assert loaded(tmp_path, "port = 9000", PORT="").port == 9000


def test_an_empty_relay_means_none_whatever_the_file_says(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'relay = "smtp://relay.example:25"', RELAY="").relay is None


def test_a_named_file_may_say_where_the_home_is(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'home = "{tmp_path}/elsewhere"\n')
    settings = load_settings({"CONTACTCENTER_CONFIG": str(file)})
    assert settings.home == tmp_path / "elsewhere"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "contactcenter.toml").write_text('prot = 1\nhome = "x"\nsmtp_port = true\n')
    found = problems(HOME=str(tmp_path), PORT="http", SMTP_HOSTS="x", LOG_LEVEL="loud")
    assert found == [
        "CONTACTCENTER_SMTP_HOSTS is no setting; did you mean smtp_host?",
        f"{tmp_path}/contactcenter.toml: prot is no setting; did you mean port?",
        f"{tmp_path}/contactcenter.toml: home can't be set in the home itself;"
        " use CONTACTCENTER_HOME",
        f"{tmp_path}/contactcenter.toml: smtp_port must be a whole number from 1 to 65535",
        "CONTACTCENTER_LOG_LEVEL must be one of debug, info, warning, error",
        "CONTACTCENTER_PORT must be a whole number from 1 to 65535",
    ]


def test_variables_that_are_no_settings_of_ours() -> None:
    load_settings({"CONTACTCENTER_FAIL": "before_commit:1"})
    assert problems(Port="1") == ["CONTACTCENTER_Port is no setting; did you mean port?"]
    (problem,) = problems(QUUX="1")
    assert problem == "CONTACTCENTER_QUUX is no setting; remove it; docs/api.md lists all settings"


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    (problem,) = problems(CONFIG=str(tmp_path / "none.toml"))
    assert "which does not exist" in problem


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "contactcenter.toml").write_bytes(content)
    (problem,) = problems(HOME=str(tmp_path))
    assert "is no TOML file" in problem


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    (problem,) = problems(CONFIG=str(tmp_path))
    assert "can't be read" in problem


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://relay.example:25", Relay("relay.example", 25)),
        ("smtp://127.0.0.1:25?starttls=never", Relay("127.0.0.1", 25, tls="never")),
        ("smtp://[::1]:25?starttls=required", Relay("::1", 25, tls="required")),
        (
            "smtp://me%40city.example:p%3Aw@relay.example:587",
            Relay("relay.example", 587, "me@city.example", "p:w", "required"),
        ),
        (
            "smtp://me:pw@relay.example:587?starttls=opportunistic",
            Relay("relay.example", 587, "me", "pw", "opportunistic"),
        ),
        ("smtps://me:pw@relay.example:465", Relay("relay.example", 465, "me", "pw", "implicit")),
    ],
)
def test_relays(url: str, relay: Relay) -> None:
    assert load_settings({"CONTACTCENTER_RELAY": url}).relay == relay


@pytest.mark.parametrize(
    "url",
    [
        "relay.example:25",
        "smtp://relay.example",
        "smtp://:25",
        "smtp://relay.example:99999",
        "smtp://relay.example:25?starttls=perhaps",
        "smtp://relay.example:25?tls=yes",
        "smtp://relay.example:25/path",
        "smtps://relay.example:465?starttls=never",
        "smtp://user@relay.example:25",
        "smtp://re lay:25",
        "http://relay.example:25",
    ],
)
def test_relays_that_are_refused(url: str) -> None:
    (problem,) = problems(RELAY=url)
    assert problem.startswith("CONTACTCENTER_RELAY ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8080.0"),
        ("HOST", "two words"),
        ("PUBLIC_URL", "contact.example.org"),
        ("PUBLIC_URL", "https://contact.example.org/path"),
        ("PUBLIC_URL", "https://me@contact.example.org"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("AUTHSERV_IDS", "mx1.city.example, mx 2"),
        ("CHANNELS", "channels/email"),
        ("CHANNELS", "channels.email,channels.email"),
        ("CHANNELS", ","),
        ("OFFER_S", "soon"),
        ("OFFER_S", "nan"),
        ("OFFER_S", "0"),
        ("MAX_MAIL_BYTES", "10"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://a,,b/x"),
        ("DATABASE_URL", "postgresql://a:5432,b:none/x"),
        ("DATABASE_URL", "postgresql://a,b/x?target_session_attrs=any"),
        ("DATABASE_URL", "postgresql:///x?host=/a,/b,/c&port=1,2"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://a:6379,b:6379/0"),
        ("REDIS_URL", "redis+sentinel://a,b,c"),
        ("REDIS_URL", "redis+sentinel://a,,c/line"),
        ("REDIS_URL", "redis+sentinel:///line"),
        ("REDIS_URL", "redis+sentinel://a/line/zero"),
        ("REDIS_URL", "redis+sentinel://a/line?password=x"),
        ("SOCKETS_PER_ADDRESS", "-1"),
        ("CALLBACK_COUNTRIES", "FIN"),
        ("CALLBACK_COUNTRIES", "XX"),
        ("CALLBACK_COUNTRIES", ","),
        ("CALLBACK_ATTEMPTS", "0"),
        ("CALLBACK_RETRY_S", "0"),
    ],
)
def test_values_that_are_refused(name: str, value: str) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(f"CONTACTCENTER_{name} ")


@pytest.mark.parametrize(
    "line", ["offer_s = true", "host = 1", "channels = [1]", "trusted_proxies = 1", "relay = {}"]
)
def test_values_of_the_wrong_kind_in_the_file(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError):
        loaded(tmp_path, line)


def test_lists_come_with_commas_or_as_lists(tmp_path: Path) -> None:
    networks = (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert loaded(tmp_path, TRUSTED_PROXIES="10.0.0.0/8, ::1").trusted_proxies == networks
    toml = 'trusted_proxies = ["10.0.0.0/8", "::1"]'
    assert loaded(tmp_path, toml).trusted_proxies == networks
    assert loaded(tmp_path, CALLBACK_COUNTRIES="fi, SE").callback_countries == ("FI", "SE")
    servers = ("mx1.city.example", "mx2.city.example")
    assert (
        loaded(tmp_path, AUTHSERV_IDS="MX1.city.example,mx2.city.example").authserv_ids == servers
    )
    toml = 'authserv_ids = ["mx1.city.example", "mx2.city.example"]'
    assert loaded(tmp_path, toml).authserv_ids == servers


@pytest.mark.parametrize(
    ("url", "kept", "domain"),
    [
        ("https://Contact.Example.org/", "https://contact.example.org", "contact.example.org"),
        ("http://192.0.2.7:8080", "http://192.0.2.7:8080", "localhost"),
        ("http://[2001:db8::7]", "http://[2001:db8::7]", "localhost"),
    ],
)
def test_the_mail_domain_follows_the_public_url(url: str, kept: str, domain: str) -> None:
    settings = load_settings({"CONTACTCENTER_PUBLIC_URL": url})
    assert (settings.public_url, settings.mail_domain) == (kept, domain)


def test_a_given_mail_domain_stands() -> None:
    assert (
        load_settings({"CONTACTCENTER_MAIL_DOMAIN": "city.example"}).mail_domain == "city.example"
    )


@pytest.mark.parametrize(
    ("url", "each"),
    [
        (
            "postgresql://me:p,w@a:5432,b/x?sslmode=require",
            [
                "postgresql://me:p,w@a:5432/x?sslmode=require",
                "postgresql://me:p,w@b/x?sslmode=require",
            ],
        ),
        (
            "postgresql://me@/x?host=/run/a,/run/b&port=5432,5433",
            [
                "postgresql://me@/x?host=/run/a&port=5432",
                "postgresql://me@/x?host=/run/b&port=5433",
            ],
        ),
        ("postgresql://[::1]:5432/x", ["postgresql://[::1]:5432/x"]),
    ],
)
def test_each_host_of_a_database(url: str, each: list[str]) -> None:
    assert load_settings({"CONTACTCENTER_DATABASE_URL": url}).database_url == url
    assert each_database(url) == each


def test_the_sentinels_of_a_redis() -> None:
    found = sentinels(SENTINELS)
    assert found is not None
    assert found.places == (("s1", 26379), ("::1", 26380))
    assert (found.service, found.db, found.tls) == ("line", 2, True)
    assert (found.password, found.sentinel_password) == ("hunter2@", "hunter2")
    assert sentinels("redis://s1/0") is None


def test_secrets_are_never_shown() -> None:
    secrets = {
        "CONTACTCENTER_RELAY": "smtp://user:hunter2@relay.example:587",
        "CONTACTCENTER_DATABASE_URL": "postgresql://user:hunter2@db.example/contactcenter",
        "CONTACTCENTER_REDIS_URL": "redis://:hunter2@redis.example:6379/0",
    }
    settings = load_settings(secrets)
    assert load_settings({"CONTACTCENTER_REDIS_URL": SENTINELS}).redis_url == SENTINELS
    assert "hunter2" not in repr(sentinels(SENTINELS))
    assert settings.relay is not None
    assert settings.relay.password == "hunter2"
    assert "hunter2" not in repr(settings)
    wrong = {name: value.replace("://", ":/ /") for name, value in secrets.items()}
    with pytest.raises(SettingsError) as caught:
        load_settings(wrong)
    assert len(caught.value.problems) == 3
    assert "hunter2" not in str(caught.value)


@pytest.fixture(scope="module")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", path, "1024"], capture_output=True, check=True)
    return path


@pytest.mark.needs_package("openssl")
def test_a_key_to_sign_with(dkim_key: Path) -> None:
    settings = load_settings(
        {
            "CONTACTCENTER_DKIM_KEY_FILE": str(dkim_key),
            "CONTACTCENTER_DKIM_SELECTOR": "k2026",
            "CONTACTCENTER_DKIM_DOMAIN": "kaupunki.example",
        }
    )
    assert settings.dkim_key_file == dkim_key
    key = channel_settings(settings).dkim
    assert key is not None
    assert (key.key, key.selector, key.domain) == (
        dkim_key.read_bytes(),
        "k2026",
        "kaupunki.example",
    )
    (problem,) = problems(DKIM_KEY_FILE=str(dkim_key), DKIM_SELECTOR="k2026")
    assert "dkim_domain" in problem


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN RSA PRIVATE KEY-----\nAA==\n"])
def test_a_key_that_can_not_sign_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    given = {"DKIM_SELECTOR": "k", "DKIM_DOMAIN": "kaupunki.example"}
    (problem,) = problems(DKIM_KEY_FILE=str(path), **given)
    assert "can't be read" in problem
    path.write_bytes(content)
    (problem,) = problems(DKIM_KEY_FILE=str(path), **given)
    assert "no private RSA key" in problem


@pytest.mark.parametrize(("word", "value"), [("true", True), ("False", False)])
def test_switches(word: str, value: bool) -> None:
    assert load_settings({"CONTACTCENTER_REPLY_TOKENS": word}).reply_tokens is value
    assert problems(REPLY_TOKENS="perhaps")
