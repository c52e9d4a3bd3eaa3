"""Which part of the city a case is about: stated by a citizen, who wrote the postal code of the
place into the field that asks for it, or by an agent. Never guessed: neither from the words of a
letter nor from coordinates (postal code areas have no borders here)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
_CODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])", re.ASCII)


def codes(words: str) -> list[str]:
    """What may be Finnish postal codes: five digits that stand alone."""
    return sorted(set(_CODE.findall(words)))


def named(words: str, areas: Iterable[Row]) -> str | None:
    """The key of the one area, of {key, postal_codes}, that the words name; None for none or
    two."""
    written = set(codes(words))
    near = [area["key"] for area in areas if written & set(area["postal_codes"])]
    return near[0] if len(near) == 1 else None


async def state(conn: Connection, contact: int, place: str) -> None:
    """What the citizen of a new contact says by the place of the matter: nothing without a postal
    code of one area, or with such of two."""
    if written := codes(place):
        await SQL.state.run(conn, contact=contact, codes=written)
