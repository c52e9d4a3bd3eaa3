"""Why the citizens of a simulated month turned to the city, and which of their contacts could have
been avoided: what agents said in wrap-up, added to the rows of what they closed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from contactcenter.cases import reasons
from contactcenter.cases.reasons import Mark
from contactcenter.cases.requests import Approach, matter_of, requests
from contactcenter.demo_history.channel_rows import By
from contactcenter.kernel.sql import Connection

SAYS = 0.88  # how often an agent says the reason, and the mark
FIRST: dict[Mark, int] = {"value": 74, "chasing": 5, "unclear": 8, "missing": 9, "wrong_place": 4}
AGAIN: dict[Mark, int] = {"value": 30, "chasing": 35, "unsolved": 30, "unclear": 5}


class Known(NamedTuple):
    """The reasons that an organisation's agents may say, the first ones oftenest."""

    keys: Sequence[str]
    version: int


async def known(conn: Connection, organisations: set[int]) -> dict[int, Known]:
    """Of these organisations."""
    return {
        one: Known(list(await reasons.keys(conn, one)), await reasons.version(conn, one))
        for one in sorted(organisations)
    }


def say(by: By, of: Mapping[int, Known]) -> By:
    """The same rows, with what was said; every contact and event has the columns."""
    rng = random.Random(20)  # noqa: S311  a story
    service = {row["case_id"]: row["service_id"] for row in by.get("case_service", [])}
    counted = {
        row["id"]: Approach(
            row["id"],
            matter_of(row["person_id"], service.get(row["case_id"]), row["case_id"]),
            row["first_arrival"],
            row["closed_at"],
        )
        for row in by["contact"]
        if row["state"] == "closed" and row["first_accepted"] is not None
    }
    begun, about = requests(counted.values()), {}
    for row in by["contact"]:
        said = _nothing()
        if row["id"] in counted:
            again = begun[row["id"]] != row["id"]
            said = _said(rng, of[row["organisation_id"]], again)
            about[row["id"]] = said | {
                "service_id": service.get(row["case_id"]),
                "request": begun[row["id"]],
            }
        row.update(said)
    for event in by["event"]:
        told = about.get(event["contact_id"]) if event["kind"] == "closed" else None
        event.update({name: None for name in _COLUMNS if name != "reason"} | (told or {}))
    return by


_COLUMNS = ("reason", "reason_version", "mark", "service_id", "request")


def _nothing() -> dict[str, Any]:
    return {"reason": None, "reason_version": None, "mark": None}


def _said(rng: random.Random, of: Known, again: bool) -> dict[str, Any]:
    said = _nothing()
    if of.keys and rng.random() < SAYS:
        weights = [len(of.keys) + 2 - at for at in range(len(of.keys))]
        said |= {"reason": rng.choices(of.keys, weights)[0], "reason_version": of.version}
    if rng.random() < SAYS:
        marks = AGAIN if again else FIRST
        said["mark"] = rng.choices(list(marks), list(marks.values()))[0]
    return said
