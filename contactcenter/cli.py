"""The commands. Exit codes: 0 done, 1 a check failed, 2 settings or arguments, 3 no database."""

from __future__ import annotations

import argparse
import asyncio
import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from contactcenter import arguments, commands, replay, service_import, staffing, whatif
from contactcenter.backup import command as saving
from contactcenter.config import Settings, SettingsError, load_settings
from contactcenter.demo_history.load import DAYS, MOST_DAYS
from contactcenter.doctor import command as doctor
from contactcenter.errors import ContactCenterError, DatabaseUnavailable, SchemaTooNew
from contactcenter.kernel import log
from contactcenter.kernel.embedded import EmbeddedError
from contactcenter.mail_parse import mail_parse
from contactcenter.stats.export import KINDS
from contactcenter.stats.report import INTERVALS, Asked
from contactcenter.traffic import arguments as traffic

_log = structlog.get_logger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    _write_what_can_be_written()
    given = _parser().parse_args(argv)
    try:
        settings = load_settings(_environment(given))
    except SettingsError as error:
        if "unsettled" in given:  # who looks for what is wrong has found it
            code: int = given.unsettled(error, given)
            return code
        for problem in error.problems:
            sys.stderr.write(f"settings: {problem}\n")
        return 2
    # Who tries it out reads where to go, not a line for each request.
    quiet = getattr(given, "demo", False)
    log.configure(settings.log_level or ("warning" if quiet else "info"))
    return _run(settings, given)


def _run(settings: Settings, given: argparse.Namespace) -> int:
    try:
        code: int = given.run(settings, given)
        return code
    except (DatabaseUnavailable, EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except (SchemaTooNew, ContactCenterError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # whoever read our output has had enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"{error.strerror}: choose others with --port and --smtp-port\n")
        return 2


def _serve(settings: Settings, given: argparse.Namespace) -> int:
    """Here, as all the pages are half of what there is to load, and other commands need none."""
    from contactcenter import serving

    return serving.run(settings, given)


def _environment(given: argparse.Namespace) -> dict[str, str]:
    """The environment, with what the command line says put over it."""
    environment = dict(os.environ)
    for name in ("host", "port", "smtp_port"):
        value = getattr(given, name, None)
        if value is not None:
            environment[f"CONTACTCENTER_{name.upper()}"] = str(value)
    return environment


def _write_what_can_be_written() -> None:
    """A terminal or a pipe of few letters (LC_ALL=C) gets "?" for the others, and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = arguments.Parser(prog="contactcenter", description="A contact centre for cities.")
    commands_ = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands_.add_parser("serve", help="run the contact centre"), demo=False)
    _add_serve(commands_.add_parser("run", help="serve, with the demo city"), demo=True)
    demo = commands_.add_parser("demo", help="load the demo city where it is missing, and show it")
    demo.add_argument("--json", action="store_true", help="one JSON object")
    _add_history(demo)
    demo.set_defaults(run=lambda s, a: asyncio.run(commands.demo(s, a.json, a.history_days)))
    verify = commands_.add_parser("verify", help="check the promises against what is stored")
    verify.set_defaults(run=lambda s, a: asyncio.run(commands.verify(s)))
    export = commands_.add_parser("export", help="what is stored, as JSON lines")
    export.add_argument("kind", choices=KINDS)
    export.add_argument(
        "--since", type=arguments.at, metavar="T", help="ISO 8601, UTC where no zone is given"
    )
    export.add_argument("--queue", metavar="KEY", help="a queue's key")
    export.set_defaults(run=lambda s, a: asyncio.run(commands.export(s, a.kind, a.since, a.queue)))
    queues = commands_.add_parser("queues", help="the queues")
    queues.add_argument("--json", action="store_true", help="one JSON array")
    queues.set_defaults(run=lambda s, a: asyncio.run(commands.queues(s)))
    _add_stats(commands_.add_parser("stats", help="the figures of a period"))
    staffed = commands_.add_parser("staffing", help="how many agents a target needs")
    staffing.add_arguments(staffed)
    staffed.set_defaults(run=lambda s, a: staffing.run(a))
    again = commands_.add_parser("replay", help="decide once more what was decided, and compare")
    replay.add_arguments(again)
    again.set_defaults(run=lambda s, a: asyncio.run(replay.run(s, a)))
    what_if = commands_.add_parser("whatif", help="what more or fewer agents would make of a day")
    whatif.add_arguments(what_if)
    what_if.set_defaults(run=lambda s, a: asyncio.run(whatif.run(s, a)))
    saving.add_backup(commands_.add_parser("backup", help="everything into one file"))
    saving.add_restore(commands_.add_parser("restore", help="a backup into an empty database"))
    doctor.add_arguments(commands_.add_parser("doctor", help="what is wrong, and what to do"))
    key = commands_.add_parser("make-key", help="the key that files are sealed with, once")
    key.set_defaults(run=lambda s, a: commands.make_key(s))
    _add_config(commands_.add_parser("config", help="the whole configuration as one file"))
    service_import.add_arguments(
        commands_.add_parser("services", help="the city's services, from a catalogue")
    )
    admin = commands_.add_parser(
        "create-admin", help="make an admin; prints a link to set a password"
    )
    admin.add_argument("email")
    admin.add_argument("--name", required=True)
    admin.add_argument(
        "--organisation", required=True, metavar="KEY", help="its key; made where it is missing"
    )
    admin.set_defaults(
        run=lambda s, a: asyncio.run(commands.create_admin(s, a.email, a.name, a.organisation))
    )
    played = commands_.add_parser("traffic", help="play citizens and agents, on loopback")
    traffic.add_arguments(played)
    played.set_defaults(run=lambda s, a: asyncio.run(commands.traffic(s, traffic.options(s, a))))
    parse = commands_.add_parser("mail-parse", help="how mails are understood, as JSON lines")
    parse.add_argument("folder", type=Path, metavar="DIR", help="its *.eml files are read")
    parse.set_defaults(run=lambda s, a: asyncio.run(mail_parse(s, a.folder)))
    watch = commands_.add_parser("watch", help="sign in and print what an agent's socket says")
    watch.add_argument("url")
    watch.add_argument("email")
    watch.set_defaults(run=lambda s, a: asyncio.run(commands.watch(a.url, a.email)))
    return parser


def _add_config(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(required=True, metavar="export|import")
    out = ways.add_parser("export", help="write it as JSON")
    out.set_defaults(run=lambda s, a: asyncio.run(commands.export_configuration(s)))
    into = ways.add_parser("import", help="apply a file, whole or not at all")
    into.add_argument("file", type=argparse.FileType("rb"), help="JSON or TOML; - for the input")
    into.add_argument("--dry-run", action="store_true", help="only say what would change")
    into.add_argument("--prune", action="store_true", help="disable what the file does not name")
    into.set_defaults(
        run=lambda s, a: asyncio.run(
            commands.import_configuration(s, a.file.read(), dry_run=a.dry_run, prune=a.prune)
        )
    )


def _add_serve(parser: argparse.ArgumentParser, *, demo: bool) -> None:
    parser.add_argument("--host", metavar="H", help="address of HTTP; wins over the settings")
    arguments.add_ports(parser)
    parser.add_argument(
        "--only", choices=("web", "workers"), help="web: no mail and no timers; workers: no HTTP"
    )
    parser.add_argument(
        "--processes",
        type=arguments.whole(1, 64),
        default=1,
        metavar="N",
        help="1 to 64 processes behind the same port (default 1)",
    )
    parser.add_argument(
        "--metrics-port",
        type=arguments.port,
        metavar="P",
        help="also show /metrics and /health of this process alone; further processes on P+1, ...",
    )
    parser.add_argument("--reuse-port", action="store_true", help=argparse.SUPPRESS)
    if demo:
        _add_history(parser)
    parser.set_defaults(run=_serve, demo=demo)


def _add_stats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="since",
        type=arguments.when,
        metavar="T",
        help="a day, or a time with zone; today without",
    )
    parser.add_argument(
        "--to", dest="until", type=arguments.when, metavar="T", help="the period ends before it"
    )
    parser.add_argument("--queue", metavar="KEY", help="a queue's key")
    parser.add_argument(
        "--by", type=int, choices=INTERVALS, help="minutes: of those who arrived in each interval"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument(
        "--rebuild", action="store_true", help="first count all events anew, as queues are set now"
    )
    parser.set_defaults(
        run=lambda s, a: asyncio.run(
            commands.stats(s, Asked(a.since, a.until, a.queue, a.by), a.json, a.rebuild)
        )
    )


def _add_history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--history-days",
        type=arguments.whole(0, MOST_DAYS),
        default=DAYS,
        metavar="N",
        help=f"days of history where nothing happened yet, 0 to {MOST_DAYS} (default {DAYS})",
    )
