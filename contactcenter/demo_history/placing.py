"""Which parts of the demo city its cases were about: what agents chose, and what the place of open
feedback says."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from contactcenter.cases import areas
from contactcenter.demo_history.channel_rows import By

SAYS = 0.62  # how often an agent asks and chooses the area
FIRST = 3  # how much more there is of the first area than of the second


class Part(NamedTuple):
    """An area: its key and postal codes."""

    key: str
    postal_codes: Sequence[str]


def say(by: By, of: Mapping[int, Sequence[Part]]) -> By:
    """The same rows, with case_area; `of`: the areas by organisation, the most populous first. What
    agents say of a person's matters is one area: the home's."""
    said: dict[int, dict[str, Any]] = {}
    person = {row["id"]: row["person_id"] for row in by["cases"]}
    rng = random.Random(21)  # noqa: S311  a story
    for row in by["case_service"]:
        parts = of.get(row["organisation_id"], ())
        if parts and rng.random() < SAYS:
            home = random.Random(f"home {person[row['case_id']]}")  # noqa: S311
            weights = [FIRST, *(1 / n for n in range(1, len(parts)))]
            said[row["case_id"]] = {
                "case_id": row["case_id"],
                "organisation_id": row["organisation_id"],
                "area": home.choices(parts, weights)[0].key,
                "user_id": row["user_id"],
                "at": row["at"],
            }
    for row in by["open_feedback"]:
        written = set(areas.codes(row["place"]))
        near = [
            part for part in of.get(row["organisation_id"], ()) if written & {*part.postal_codes}
        ]
        if len(near) == 1:
            said[row["case_id"]] = {
                "case_id": row["case_id"],
                "organisation_id": row["organisation_id"],
                "area": near[0].key,
                "user_id": None,
                "at": row["given_at"],
            }
    by["case_area"] = list(said.values())
    return by
