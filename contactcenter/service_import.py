"""The command that brings a catalogue of services in, from files or addresses."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from contactcenter.commands import house_node
from contactcenter.config import Settings
from contactcenter.errors import ContactCenterError, Refused
from contactcenter.kernel.i18n import Catalogue
from contactcenter.services.imported import Counts, Imported
from contactcenter.services.importing import bring_in
from contactcenter.services.reading import FORMATS, MOST_BYTES
from contactcenter.terminal import Line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`services import ...`."""
    ways = parser.add_subparsers(required=True, metavar="import")
    into = ways.add_parser("import", help="bring a catalogue in; again: only what changed")
    into.add_argument("places", nargs="+", metavar="FILE|URL", help="all parts of one catalogue")
    into.add_argument("--format", required=True, choices=tuple(FORMATS))
    into.add_argument("--organisation", required=True, metavar="KEY", help="whose they are")
    into.add_argument(
        "--language", choices=("fi", "sv", "en"), default="fi", help="of hsds and open311 (fi)"
    )
    into.add_argument("--dry-run", action="store_true", help="only say what would change")
    into.set_defaults(run=lambda s, a: asyncio.run(import_services(s, a)))


async def import_services(settings: Settings, given: argparse.Namespace) -> int:
    """Import; what changed on standard output, what was left out on standard error. Exit code 1
    where nothing could be imported, with what to do."""
    line = Line()
    try:
        documents = await _documents(given.places, line)
    except (OSError, ContactCenterError) as error:
        line.clear()
        sys.stderr.write(f"{error}\n")
        return 1
    async with house_node(settings) as node:
        try:
            done = await bring_in(
                node.db,
                None,
                given.organisation,
                given.format,
                documents,
                language=given.language,
                dry_run=given.dry_run,
                tell=lambda n, of: line.over(f"{n:,} of {of:,}"),
            )
        except Refused as no:
            line.clear()
            sys.stderr.write(f"{no.field or 'file'}: {node.texts.refusal('en', no)}\n")
            return 1
    line.clear()
    sys.stderr.writelines(f"{one}\n" for one in left_out(node.texts, done))
    sys.stdout.writelines(f"{one}\n" for one in report(done, dry_run=given.dry_run))
    return 0


async def _documents(places: Sequence[str], line: Line) -> list[bytes]:
    found: list[bytes] = []
    for place in places:
        left = MOST_BYTES - sum(map(len, found))
        if "://" in place:
            from contactcenter.service_address import fetched  # a web client, for one command

            found += await fetched(place, left, lambda page, of: line.over(f"page {page} of {of}"))
        else:
            found.append(await asyncio.to_thread(_file, Path(place), left))
    return found


def _file(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(f"{path}: a catalogue may have {MOST_BYTES // 1024 // 1024} MB in all")
    return data


def report(done: Imported, *, dry_run: bool) -> list[str]:
    """What was done, in lines of a table."""
    kinds = (("services", done.services), ("channels", done.channels), ("terms", done.terms))
    said = "would change" if dry_run else "changed"
    return [*(_counts(name, counts) for name, counts in kinds), f"{done.differences} {said}"]


def _counts(name: str, counts: Counts) -> str:
    return (
        f"{name:<9} added {counts.added}, changed {counts.changed}, removed {counts.removed},"
        f" unchanged {counts.unchanged}"
    )


def left_out(texts: Catalogue, done: Imported) -> list[str]:
    """What was not taken, and why: a line for each reason."""
    found = []
    for why, n in done.left_out.items():
        named = ", ".join(done.named[why])
        found.append(f"{n} left out: {texts.t('en', f'services.left_out.{why}')} {named}".rstrip())
    if done.cycles:
        found.append(f"{texts.t('en', 'services.cycles')} {', '.join(done.cycles)}")
    return found
