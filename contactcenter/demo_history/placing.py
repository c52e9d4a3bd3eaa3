"""Which parts of the demo city its cases were about: what agents chose, and what the place of open
feedback says."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from contactcenter.cases import areas
from contactcenter.demo_history.channel_rows import By
from contactcenter.kernel.sql import Row

SAYS = 0.62  # how often an agent asks and chooses the area
FIRST = 3  # how much more there is of the first area than of the second


def say(by: By, of: Mapping[int, Sequence[Row]]) -> By:
    """The same rows, with case_area; `of`: the areas, {key, postal_codes}, by organisation, the
    most populous first. What agents say of a person's matters is one area: the home's."""
    said: dict[int, dict[str, Any]] = {}
    person = {row["id"]: row["person_id"] for row in by["cases"]}
    rng = random.Random(21)  # noqa: S311  a story
    for row in by["case_service"]:
        own = of.get(row["organisation_id"], ())
        if own and rng.random() < SAYS:
            home = random.Random(f"home {person[row['case_id']]}")  # noqa: S311
            weights = [FIRST, *(1 / n for n in range(1, len(own)))]
            said[row["case_id"]] = {
                "case_id": row["case_id"],
                "organisation_id": row["organisation_id"],
                "area": home.choices(own, weights)[0]["key"],
                "user_id": row["user_id"],
                "at": row["at"],
            }
    for row in by["open_feedback"]:
        if key := areas.named(row["place"], of.get(row["organisation_id"], ())):
            said[row["case_id"]] = {
                "case_id": row["case_id"],
                "organisation_id": row["organisation_id"],
                "area": key,
                "user_id": None,
                "at": row["given_at"],
            }
    by["case_area"] = list(said.values())
    return by
