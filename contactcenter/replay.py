"""`contactcenter replay`: decides once more what the line decided, by the same rules from what was
logged, and says where they differ. Reads, and stores nothing.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from contactcenter.arguments import when
from contactcenter.commands import house_node
from contactcenter.config import Settings
from contactcenter.planning import log
from contactcenter.terminal import print_json

_WHY = {
    "could_not": "the agent could not have it",
    "better_contact": "a better ranked contact waited",
    "better_agent": "another agent came first",
}
_LACKS = {
    "entered": "when contact {contact} came into the line",
    "offered": "when contact {contact} was offered",
    "offer_ended": "when the offer of contact {contact} ended",
    "agent_state": "that agent {agent} was available",
    "able": "what agent {agent} was able to",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--from",
        dest="since",
        type=when,
        required=True,
        metavar="T",
        help="a day, or a time with zone",
    )
    parser.add_argument(
        "--to", dest="until", type=when, metavar="T", help="it ends before this; now without"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


async def run(settings: Settings, given: argparse.Namespace) -> int:
    """Answer on standard output; exit code 1 where something differs or is missing. Raises
    PlanError where nothing was logged."""
    async with house_node(settings) as node:
        zone = await log.zone(node.db)
        since = given.since.at(zone)
        until = given.until.at(zone) if given.until else datetime.now(UTC)
        found = log.replayed(await log.read(node.db, since, until), since, until)
    if given.json:
        print_json(found)
    else:
        sys.stdout.write(shown(found))
    return 1 if found["different"] or found["missing"] else 0


def shown(found: dict[str, Any]) -> str:
    """For a person at a terminal."""
    lines = [
        f"{found['decisions']} decisions from {found['from']} to {found['to']}:"
        f" {found['equal']} equal, {found['raced']} raced, {found['different']} different;"
        f" {found['by_hand']} offers by hand"
    ]
    for one in found["differences"]:
        lines.append(
            f"event {one['event']} at {one['at']}: contact {one['contact']} went to agent"
            f" {one['agent']}, but {_WHY[one['why']]}{_expected(one)}"
        )
    for one in found["missing"]:
        lines.append(f"missing before event {one['event']}: {_LACKS[one['what']].format(**one)}")
    if found["assumed"]:
        agents = ", ".join(found["assumed"])
        lines.append(f"not noted at that time, so taken as it is now: what agents {agents} can")
    return "\n".join(lines) + "\n"


def _expected(one: dict[str, Any]) -> str:
    if one["expected_agents"]:
        return f"; by the rules agent {', '.join(one['expected_agents'])}"
    if one["expected_contacts"]:
        return f"; by the rules contact {', '.join(one['expected_contacts'])}"
    return ""
