"""Each command: its arguments, and what runs it. They are added when the command is the one that is
given, and only then is loaded what it needs: most need a small part of the product.
"""

from __future__ import annotations

import argparse
import asyncio
from argparse import Namespace
from pathlib import Path

from contactcenter import arguments
from contactcenter.config import Settings


def parser() -> arguments.Parser:
    """The whole command line; `run` of what it gives takes the settings and what was given."""
    whole = arguments.Parser(prog="contactcenter", description="A contact centre for cities.")
    add = whole.add_subparsers(required=True, metavar="COMMAND").add_parser
    add("serve", help="run the contact centre", fill=_serve)
    add("run", help="serve, with the demo city", fill=_run)
    add("demo", help="load the demo city where it is missing, and show it", fill=_demo)
    add("verify", help="check the promises against what is stored", fill=_verify)
    add("export", help="what is stored, as JSON lines", fill=_export)
    add("queues", help="the queues", fill=_queues)
    add("stats", help="the figures of a period", fill=_stats)
    add("staffing", help="how many agents a target needs", fill=_staffing)
    add("replay", help="decide once more what was decided, and compare", fill=_replay)
    add("whatif", help="what more or fewer agents would make of a day", fill=_whatif)
    add("backup", help="everything into one file", fill=_backup)
    add("restore", help="a backup into an empty database", fill=_restore)
    add("doctor", help="what is wrong, and what to do", fill=_doctor)
    add("make-key", help="the key that files are sealed with, once", fill=_make_key)
    add("config", help="the whole configuration as one file", fill=_config)
    add("services", help="the city's services, from a catalogue", fill=_services)
    add("insight", help="contacts by week, service, channel and language", fill=_insight)
    add("create-admin", help="make an admin; prints a link to set a password", fill=_create_admin)
    add("traffic", help="play citizens and agents, on loopback", fill=_traffic)
    add("mail-parse", help="how mails are understood, as JSON lines", fill=_mail_parse)
    add("watch", help="sign in and print what an agent's socket says", fill=_watch)
    return whole


def _serve(parser: argparse.ArgumentParser) -> None:
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
    parser.set_defaults(run=_serving, demo=False)


def _serving(settings: Settings, given: Namespace) -> int:
    """Loaded when the arguments are known to be right: all the pages are half of the product."""
    from contactcenter import serving

    return serving.run(settings, given)


def _run(parser: argparse.ArgumentParser) -> None:
    _serve(parser)
    _add_history(parser)
    parser.set_defaults(demo=True)


def _demo(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

    parser.add_argument("--json", action="store_true", help="one JSON object")
    _add_history(parser)
    parser.set_defaults(run=lambda s, a: asyncio.run(commands.demo(s, a.json, a.history_days)))


def _add_history(parser: argparse.ArgumentParser) -> None:
    from contactcenter.demo_history.load import DAYS, MOST_DAYS

    parser.add_argument(
        "--history-days",
        type=arguments.whole(0, MOST_DAYS),
        default=DAYS,
        metavar="N",
        help=f"days of history where nothing happened yet, 0 to {MOST_DAYS} (default {DAYS})",
    )


def _verify(parser: argparse.ArgumentParser) -> None:
    from contactcenter import stored

    parser.set_defaults(run=lambda s, a: asyncio.run(stored.verify(s)))


def _export(parser: argparse.ArgumentParser) -> None:
    from contactcenter import stored
    from contactcenter.stats.export import KINDS

    parser.add_argument("kind", choices=KINDS)
    parser.add_argument(
        "--since", type=arguments.at, metavar="T", help="ISO 8601, UTC where no zone is given"
    )
    parser.add_argument("--queue", metavar="KEY", help="a queue's key")
    parser.set_defaults(run=lambda s, a: asyncio.run(stored.export(s, a.kind, a.since, a.queue)))


def _queues(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

    parser.add_argument("--json", action="store_true", help="one JSON array")
    parser.set_defaults(run=lambda s, a: asyncio.run(commands.queues(s)))


def _stats(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands
    from contactcenter.stats.report import INTERVALS, Asked

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


def _staffing(parser: argparse.ArgumentParser) -> None:
    from contactcenter import staffing

    staffing.add_arguments(parser)
    parser.set_defaults(run=lambda s, a: staffing.run(a))


def _replay(parser: argparse.ArgumentParser) -> None:
    from contactcenter import replay

    replay.add_arguments(parser)
    parser.set_defaults(run=lambda s, a: asyncio.run(replay.run(s, a)))


def _whatif(parser: argparse.ArgumentParser) -> None:
    from contactcenter import whatif

    whatif.add_arguments(parser)
    parser.set_defaults(run=lambda s, a: asyncio.run(whatif.run(s, a)))


def _backup(parser: argparse.ArgumentParser) -> None:
    from contactcenter.backup import command

    command.add_backup(parser)


def _restore(parser: argparse.ArgumentParser) -> None:
    from contactcenter.backup import command

    command.add_restore(parser)


def _doctor(parser: argparse.ArgumentParser) -> None:
    from contactcenter.doctor import command

    command.add_arguments(parser)


def _make_key(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

    parser.set_defaults(run=lambda s, a: commands.make_key(s))


def _config(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

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


def _services(parser: argparse.ArgumentParser) -> None:
    from contactcenter import service_import

    service_import.add_arguments(parser)


def _insight(parser: argparse.ArgumentParser) -> None:
    from contactcenter import insight_command

    insight_command.add_arguments(parser)


def _create_admin(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

    parser.add_argument("email")
    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--organisation", required=True, metavar="KEY", help="its key; made where it is missing"
    )
    parser.set_defaults(
        run=lambda s, a: asyncio.run(commands.create_admin(s, a.email, a.name, a.organisation))
    )


def _traffic(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands
    from contactcenter.traffic import arguments as traffic

    traffic.add_arguments(parser)
    parser.set_defaults(run=lambda s, a: asyncio.run(commands.traffic(s, traffic.options(s, a))))


def _mail_parse(parser: argparse.ArgumentParser) -> None:
    from contactcenter.mail_parse import mail_parse

    parser.add_argument("folder", type=Path, metavar="DIR", help="its *.eml files are read")
    parser.set_defaults(run=lambda s, a: asyncio.run(mail_parse(s, a.folder)))


def _watch(parser: argparse.ArgumentParser) -> None:
    from contactcenter import commands

    parser.add_argument("url")
    parser.add_argument("email")
    parser.set_defaults(run=lambda s, a: asyncio.run(commands.watch(a.url, a.email)))
