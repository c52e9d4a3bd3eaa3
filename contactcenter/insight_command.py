"""`contactcenter insight`: count the weeks, look whether that is right, get them as data."""

from __future__ import annotations

import argparse
import asyncio
import sys

from contactcenter.accounts.authorise import OPERATOR, Actor
from contactcenter.app import Node
from contactcenter.commands import house_node
from contactcenter.config import Settings
from contactcenter.errors import Refused
from contactcenter.insight import data
from contactcenter.insight.months import Month
from contactcenter.insight.reading import SQL
from contactcenter.insight.verify import verify
from contactcenter.terminal import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`insight count|rebuild|verify|export|dictionary`."""
    ways = parser.add_subparsers(required=True, metavar="WHAT")
    count = ways.add_parser("count", help="count what is new now; a node does by itself")
    count.set_defaults(run=lambda s, a: asyncio.run(_count(s, anew=False)))
    anew = ways.add_parser("rebuild", help="count and tell everything anew, as it stands now")
    anew.set_defaults(run=lambda s, a: asyncio.run(_count(s, anew=True)))
    check = ways.add_parser("verify", help="recount, and compare")
    check.set_defaults(run=lambda s, a: asyncio.run(_verify(s)))
    export = ways.add_parser("export", help="open data as CSV")
    export.add_argument("--from", dest="since", type=Month.read, required=True, metavar="2026-10")
    export.add_argument("--to", dest="until", type=Month.read, required=True, metavar="2026-11")
    export.add_argument("--organisation", metavar="KEY", help="else of all")
    export.set_defaults(run=lambda s, a: asyncio.run(_export(s, a)))
    words = ways.add_parser("dictionary", help="what the columns of the data mean, as JSON")
    words.set_defaults(run=lambda s, a: asyncio.run(_dictionary(s)))


async def _count(settings: Settings, *, anew: bool) -> int:
    async with house_node(settings) as node:
        counted = await (node.insight.rebuild() if anew else node.insight.run_once())
    sys.stdout.write(f"{counted} weeks counted\n")
    return 0


async def _verify(settings: Settings) -> int:
    """Exit code 1 where something differs."""
    async with house_node(settings) as node:
        result = await verify(node.db)
    print_json(result)
    return 1 if result["differences"] else 0


async def _export(settings: Settings, given: argparse.Namespace) -> int:
    async with house_node(settings) as node:
        try:
            actor = await _operator(node)
            found = await data.rows(node.db, actor, given.organisation, given.since, given.until)
        except Refused:
            sys.stderr.write(f"no organisation {given.organisation!r}\n")
            return 1
    sys.stdout.buffer.write(data.as_csv(found))
    return 0


async def _dictionary(settings: Settings) -> int:
    async with house_node(settings) as node:
        print_json(await data.dictionary(node.db, await _operator(node), node.texts))
    return 0


async def _operator(node: Node) -> Actor:
    """Who runs commands on the server sees all organisations."""
    async with node.db.connection() as conn:
        scope = tuple(row["id"] for row in await SQL.all_organisations.all(conn))
    return Actor(OPERATOR, "", "admin", 0, scope)
