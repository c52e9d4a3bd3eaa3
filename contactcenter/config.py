"""Settings: a TOML file, and over it the environment.

The file is named by CONTACTCENTER_CONFIG, else HOME/contactcenter.toml is read where it exists; its
keys are the names of the fields below. Each may also be given as CONTACTCENTER_<NAME>, lists with
commas. An empty variable counts as not given; where None is the default, it means None.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contactcenter import dkim_settings
from contactcenter import setting_hosts as hosts
from contactcenter import setting_servers as servers
from contactcenter import setting_values as values
from contactcenter.errors import ContactCenterError
from contactcenter.kernel import sealing
from contactcenter.mailbox_settings import Mailbox, mailboxes
from contactcenter.setting_hosts import Network, Relay, Scanner
from contactcenter.setting_values import Parser, Problems

PREFIX = "CONTACTCENTER_"
FILE = "contactcenter.toml"
# Variables of ours that are no settings: the file's name, and where tests stop a process.
_OTHER = {"CONFIG", "FAIL"}
_LIMIT = values.whole(1, 10_000_000)
_PORT = values.whole(1, 65_535)


class SettingsError(ContactCenterError):
    """The settings can't be used. `problems` has a line for each: what is wrong, what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _by(parser: Parser) -> dict[str, Parser]:
    return {"parser": parser}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set. Durations (_s) are seconds, sizes bytes; None: not given."""

    home: Path = field(default=Path("var"), metadata=_by(values.folder))
    database_url: str | None = field(default=None, repr=False, metadata=_by(servers.database_url))
    redis_url: str | None = field(default=None, repr=False, metadata=_by(servers.redis_url))
    host: str = field(default="127.0.0.1", metadata=_by(hosts.host))
    port: int = field(default=8080, metadata=_by(_PORT))
    public_url: str = field(default="", metadata=_by(hosts.public_url))
    trusted_proxies: tuple[Network, ...] = field(default=(), metadata=_by(hosts.networks))
    smtp_host: str = field(default="127.0.0.1", metadata=_by(hosts.host))
    smtp_port: int = field(default=2525, metadata=_by(_PORT))
    lmtp_port: int | None = field(default=None, metadata=_by(_PORT))
    smtp_tls_cert: Path | None = field(default=None, metadata=_by(values.readable_file))
    smtp_tls_key: Path | None = field(default=None, repr=False, metadata=_by(values.readable_file))
    mailbox: tuple[Mailbox, ...] = field(default=(), metadata=_by(mailboxes))
    relay: Relay | None = field(default=None, metadata=_by(hosts.relay))
    mail_domain: str = field(default="", metadata=_by(hosts.host))
    dkim_key_file: Path | None = field(default=None, metadata=_by(dkim_settings.key_file))
    dkim_selector: str | None = field(default=None, metadata=_by(hosts.host))
    dkim_domain: str | None = field(default=None, metadata=_by(hosts.host))
    reply_tokens: bool = field(default=True, metadata=_by(values.switch))
    max_mail_bytes: int = field(
        default=25_000_000, metadata=_by(values.whole(100_000, 200_000_000))
    )
    authserv_ids: tuple[str, ...] = field(default=(), metadata=_by(hosts.hosts))
    channels: tuple[str, ...] = field(
        default=(
            "channels.email",
            "channels.webchat",
            "channels.desk_entry",
            "channels.callback",
        ),
        metadata=_by(values.modules),
    )
    widget_origins: tuple[str, ...] = field(default=(), metadata=_by(hosts.origins))
    log_level: str | None = field(
        default=None, metadata=_by(values.one_of("debug", "info", "warning", "error"))
    )
    # The collector that each contact's trace is told to.
    traces: str | None = field(default=None, metadata=_by(hosts.collector))
    # The work: how long an offer stands, missed offers before an agent is set away, silence until
    # an agent counts as gone, and how long a returning agent gets the former state back.
    offer_s: float = field(default=30.0, metadata=_by(values.seconds(1, 3600)))
    missed_limit: int = field(default=2, metadata=_by(values.whole(1, 100)))
    lost_after_s: float = field(default=15.0, metadata=_by(values.seconds(1, 600)))
    return_state_s: float = field(default=600.0, metadata=_by(values.seconds(0, 86_400)))
    # Chat: how long a citizen whose page is gone keeps the place and the way back, and how long an
    # offer of such a contact stays on the agent's screen.
    chat_resume_s: float = field(default=600.0, metadata=_by(values.seconds(5, 86_400)))
    chat_withdraw_s: float = field(default=5.0, metadata=_by(values.seconds(0, 600)))
    # Callbacks: the countries that are called (ISO 3166-1; AX is Åland), how often a call is tried,
    # and the pause between two tries.
    callback_countries: tuple[str, ...] = field(
        default=("FI", "AX", "SE", "NO", "DK", "IS", "EE", "LV", "LT"),
        metadata=_by(values.countries),
    )
    callback_attempts: int = field(default=3, metadata=_by(values.whole(1, 20)))
    callback_retry_s: float = field(default=1800.0, metadata=_by(values.seconds(1, 259_200)))
    # The keys by which files and raw mail are sealed, and for how many days a mail that was read
    # keeps its raw source (0: not at all).
    seal_key_file: Path | None = field(default=None, metadata=_by(sealing.key_file))
    raw_mail_days: int = field(default=30, metadata=_by(values.whole(0, 3650)))
    # For how many days after a case's last message its citizen's link to it is good.
    case_link_days: int = field(default=90, metadata=_by(values.whole(1, 3650)))
    # For how many days after a contact's end the link to give feedback is good.
    feedback_days: int = field(default=30, metadata=_by(values.whole(1, 365)))
    # Open feedback: for how many days its giver's link to what comes of it is good, and the map on
    # which a place is chosen; without tiles it is typed.
    feedback_status_days: int = field(default=180, metadata=_by(values.whole(1, 3650)))
    map_tiles: str | None = field(default=None, metadata=_by(hosts.tiles))
    map_centre: tuple[float, float] = field(
        default=(61.6886, 27.2726), metadata=_by(values.coordinates)
    )
    map_credit: str = field(default="© OpenStreetMap contributors", metadata=_by(values.line(200)))
    # Open311: whether it takes requests from everybody, from who has a key, or is not there; and
    # whether what was written may be read by everybody at once, before an agent has looked at it.
    open311: str = field(default="open", metadata=_by(values.one_of("open", "key", "off")))
    open311_keys: tuple[str, ...] = field(default=(), repr=False, metadata=_by(values.keys))
    open311_publishes: bool = field(default=False, metadata=_by(values.switch))
    # Acknowledgements of mail: after how many mails of one person in 10 minutes there are none, and
    # the page on privacy that they name.
    loop_mails: int = field(default=10, metadata=_by(values.whole(2, 1000)))
    privacy_url: str | None = field(default=None, metadata=_by(hosts.page_url))
    # Files: who scans them, and what citizens may send in a chat: bytes of one (0: none may be
    # sent), and how many a chat.
    scanner: Scanner | None = field(default=None, metadata=_by(hosts.scanner))
    chat_file_bytes: int = field(default=10_000_000, metadata=_by(values.whole(0, 50_000_000)))
    chat_files: int = field(default=20, metadata=_by(values.whole(1, 1000)))
    # Rate limits. A whole office or a city's mail gateway comes from one address.
    logins_per_minute_per_address: int = field(default=60, metadata=_by(_LIMIT))
    logins_per_minute_per_account: int = field(default=10, metadata=_by(_LIMIT))
    resets_per_hour_per_address: int = field(default=20, metadata=_by(_LIMIT))
    resets_per_hour_per_account: int = field(default=3, metadata=_by(_LIMIT))
    links_per_minute_per_address: int = field(default=60, metadata=_by(_LIMIT))
    writes_per_minute_per_address: int = field(default=600, metadata=_by(_LIMIT))
    sockets_per_address: int = field(default=2000, metadata=_by(_LIMIT))
    chat_sockets_per_address: int = field(default=300, metadata=_by(_LIMIT))
    chats_per_minute_per_address: int = field(default=600, metadata=_by(_LIMIT))
    chat_frames_per_10_s: int = field(default=200, metadata=_by(_LIMIT))
    chat_files_per_hour_per_address: int = field(default=600, metadata=_by(_LIMIT))
    callbacks_per_hour_per_address: int = field(default=3600, metadata=_by(_LIMIT))
    callbacks_per_day_per_number: int = field(default=20, metadata=_by(_LIMIT))
    case_acts_per_hour: int = field(default=60, metadata=_by(_LIMIT))
    feedback_per_hour: int = field(default=30, metadata=_by(_LIMIT))
    open311_per_minute_per_address: int = field(default=600, metadata=_by(_LIMIT))
    transcripts_per_day_per_case: int = field(default=10, metadata=_by(_LIMIT))
    transcripts_per_day_per_address: int = field(default=5, metadata=_by(_LIMIT))
    receipts_per_day_per_address: int = field(default=10, metadata=_by(_LIMIT))
    receipts_per_minute: int = field(default=300, metadata=_by(_LIMIT))
    smtp_connections_per_address: int = field(default=50, metadata=_by(_LIMIT))
    mails_per_minute_per_address: int = field(default=6000, metadata=_by(_LIMIT))


_PARSERS: dict[str, Parser] = {f.name: f.metadata["parser"] for f in fields(Settings)}
_OPTIONAL = {f.name for f in fields(Settings) if f.default is None}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError with all problems at once."""
    problems: list[str] = []
    given = _from_environment(environ, problems)
    path, in_home = _file(environ, given)
    from_file = _from_file(path, in_home, problems)
    # A value of the file that the environment replaces is still checked: it is a mistake waiting.
    found = _parsed(from_file, f"{path}: ", problems)
    found |= _parsed(given, PREFIX, problems)
    problems += dkim_settings.problems({**from_file, **given})
    problems += values.certificate_problems(found.get("smtp_tls_cert"), found.get("smtp_tls_key"))
    if problems:
        raise SettingsError(problems)
    return _completed(Settings(**found))


def _from_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        word = variable.removeprefix(PREFIX)
        name = word.lower()
        if word in _OTHER:
            continue
        if name not in _PARSERS or word != name.upper():
            problems.append(f"{variable} is no setting; {_hint(name)}")
        elif environ[variable].strip():
            given[name] = environ[variable]
        elif name in _OPTIONAL:
            given[name] = None
    return given


def _hint(name: str) -> str:
    """The nearest name there is, or what to do without one."""
    near = get_close_matches(name.lower(), _PARSERS, n=1)
    return f"did you mean {near[0]}?" if near else "remove it; docs/api.md lists all settings"


def _file(environ: Mapping[str, str], given: Mapping[str, object]) -> tuple[Path, bool]:
    """The file to read, and whether it is the one in the home, which may be missing."""
    if named := environ.get(f"{PREFIX}CONFIG", "").strip():
        return Path(named).expanduser(), False
    return Path(str(given.get("home", Settings.home))).expanduser() / FILE, True


def _from_file(path: Path, in_home: bool, problems: list[str]) -> dict[str, object]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not in_home:
            problems.append(f"{PREFIX}CONFIG names {path}, which does not exist; make it or unset")
        return {}
    except OSError as error:
        problems.append(f"{path} can't be read: {error.strerror}; correct its rights")
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path} is no TOML file: {error}; correct it there")
        return {}
    for key in [key for key in read if key not in _PARSERS]:
        del read[key]
        problems.append(f"{path}: {key} is no setting; {_hint(key)}")
    if in_home and "home" in read:
        del read["home"]
        problems.append(f"{path}: home can't be set in the home itself; use {PREFIX}HOME")
    return read


def _parsed(given: Mapping[str, object], where: str, problems: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        shown = f"{where}{name.upper() if where == PREFIX else name}"
        try:
            none = name in _OPTIONAL and value in (None, "")
            found[name] = None if none else _PARSERS[name](value)
        except Problems as several:
            problems += [f"{shown} {problem}" for problem in several.each]
        except ValueError as error:
            problems.append(f"{shown} {error}")
    return found


def _completed(settings: Settings) -> Settings:
    """What follows from other settings where it was not given."""
    url = settings.public_url or f"http://127.0.0.1:{settings.port}"
    home = settings.home.absolute()
    domain = settings.mail_domain or _domain(url)
    return replace(settings, home=home, public_url=url, mail_domain=domain)


def _domain(url: str) -> str:
    """The URL's host as the right half of a Message-ID; an address is no good name there."""
    name = urlsplit(url).hostname or "localhost"
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name
    return "localhost"
