"""Hand-made histories of contacts, with how many requests they are (histories.tsv)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Made(NamedTuple):
    """One contact: by whom and about what ("-": not known), when it came and was closed."""

    person: str
    service: str
    case: str
    resolved: bool
    arrived: datetime
    closed: datetime | None


class History(NamedTuple):
    """`first`: for each contact the place of the first of its request, from 1 on; `contacts` in
    `requests`: of those that are resolved."""

    name: str
    made: list[Made]
    first: list[int]
    contacts: int
    requests: int


def histories() -> list[History]:
    """All of them."""
    text = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8")
    return [_history(line) for line in text.splitlines() if not line.startswith("#")]


def _history(line: str) -> History:
    name, made, first, counted = line.split("\t")
    contacts, requests = map(int, counted.split("/"))
    return History(
        name,
        [_made(one) for one in made.split(", ")],
        [int(one) for one in first.split()],
        contacts,
        requests,
    )


def _made(text: str) -> Made:
    person, service, case, arrived, closed = text.split()
    return Made(
        person,
        service,
        case.removesuffix("!"),
        not case.endswith("!"),
        _at(arrived),
        None if closed == "-" else _at(closed),
    )


def _at(hours: str) -> datetime:
    return MONDAY + timedelta(hours=float(hours))
