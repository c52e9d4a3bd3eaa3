"""The options of `contactcenter traffic`."""

from __future__ import annotations

import argparse

from contactcenter.arguments import add_ports, whole, within
from contactcenter.config import Settings
from contactcenter.traffic import plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--rate",
        type=within(0.01, 200),
        default=0.5,
        metavar="R",
        help="citizens a second on average (default 0.5)",
    )
    parser.add_argument(
        "--minutes",
        type=within(0.01, 1440),
        default=10.0,
        metavar="M",
        help="for so long (default 10)",
    )
    parser.add_argument(
        "--contacts", type=whole(0, 1_000_000), metavar="N", help="at most so many citizens"
    )
    parser.add_argument(
        "--agents",
        type=whole(0, plan.MOST_AGENTS),
        default=0,
        metavar="N",
        help=f"played agents, 0 to {plan.MOST_AGENTS} (default 0)",
    )
    parser.add_argument("--mix", type=_mix, default="3:5:2", metavar="CHAT:MAIL:CALLBACK")
    parser.add_argument(
        "--profile", choices=("flat", "day"), default="flat", help="day: the shape of a working day"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed plays the same citizens"
    )
    parser.add_argument("--url", help="default: the public URL")
    add_ports(parser)


def options(settings: Settings, given: argparse.Namespace) -> plan.Options:
    """What is to be played."""
    return plan.Options(
        url=(given.url or settings.public_url).rstrip("/"),
        rate=given.rate,
        minutes=given.minutes,
        contacts=given.contacts,
        agents=given.agents,
        mix=given.mix,
        seed=given.seed,
        profile=given.profile == "day",
    )


def _mix(text: str) -> dict[str, int]:
    try:
        return plan.read_mix(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
