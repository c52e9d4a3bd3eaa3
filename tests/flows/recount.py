"""Every figure of board and `stats`, counted anew from the exports with the standard library only.

    recount.py EVENTS QUEUES FROM TO AT

EVENTS: what `contactcenter export events` wrote. QUEUES: what `contactcenter queues --json` wrote.
The figures are those of the half-open period FROM to TO; waiting and in hand are of the moment AT.
Prints one JSON object, rows by "queue channel". Definitions: docs/api.md, "stats".
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

NOTHING = {
    name: 0
    for name in (
        "entered accepted accepted_in abandoned abandoned_in short_abandoned handled promises kept"
    ).split()
}


def seconds(later: str, earlier: str) -> float:
    gone = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return gone.days * 86400 + gone.seconds + gone.microseconds / 1e6


def inside(moment: str, period: list[str]) -> bool:
    begins, ends, at = map(datetime.fromisoformat, (*period, moment))
    return begins <= at < ends


def recount(
    events: list[dict[str, Any]], levels: dict[str, Any], period: list[str], now: str
) -> dict[tuple[str, str], dict[str, Any]]:
    rows: dict[tuple[str, str], dict[str, Any]]
    rows = defaultdict(lambda: dict(NOTHING) | {"waits": [], "handlings": []})
    with_agent: dict[str, str] = {}
    rests: dict[str, float] = defaultdict(float)
    paused: dict[str, str] = {}
    place: dict[str, Any] = {}
    for event in events:
        kind, contact = event["kind"], str(event.get("contact"))
        if event.get("queue") is None:
            continue
        row = rows[event["queue"], event["channel"]]
        level = levels[event["queue"]]
        counts = inside(event["at"], period)
        here = (event["queue"], event["channel"])
        since = event.get("wait_from")
        waited = seconds(event["at"], since) if since else 0.0
        citizens = event["direction"] == "citizen" and since is not None
        if kind == "entered":
            row["entered"] += counts and citizens
        if kind in ("entered", "returned"):
            place[contact] = (here, event["wait_from"])
        if kind == "accepted":
            if counts and citizens:
                row["accepted"] += 1
                row["accepted_in"] += waited <= level["seconds"]
                row["waits"].append(waited)
            with_agent[contact] = event["at"]
            rests.pop(contact, None)
        if kind == "paused":
            paused[contact] = event["at"]
        if kind in ("resumed", "left", "closed") and contact in paused:
            rests[contact] += seconds(event["at"], paused.pop(contact))
            place[contact] = (here, None)
        if kind == "abandoned":
            if counts and citizens and waited > level["short_abandon_s"]:
                row["abandoned"] += 1
                row["abandoned_in"] += waited <= level["seconds"]
            elif counts and citizens:
                row["short_abandoned"] += 1
        if kind in ("left", "closed") and contact in with_agent:
            handling = seconds(event["at"], with_agent.pop(contact)) - rests[contact]
            if counts and event.get("why") != "spam":
                row["handled"] += 1
                row["handlings"].append(handling)
        if kind in ("left", "closed", "abandoned"):
            place.pop(contact, None)
        if kind == "promise" and event.get("kept") is not None and counts:
            row["promises"] += 1
            row["kept"] += event["kept"]
    for row in rows.values():
        row.update(waiting=0, in_hand=0, longest_wait_s=None)
    for here, since in place.values():
        row = rows[here]
        if since is None:
            row["in_hand"] += 1
        else:
            row["waiting"] += 1
            row["longest_wait_s"] = max(row["longest_wait_s"] or 0, seconds(now, since))
    return {key: figures(row, levels[key[0]]) for key, row in rows.items()}


def figures(row: dict[str, Any], level: dict[str, Any]) -> dict[str, Any]:
    waits, handlings = row.pop("waits"), row.pop("handlings")
    good, everybody = row["accepted_in"], row["accepted"] + row["abandoned"]
    if level["way"] == "ignored":
        everybody -= row["abandoned_in"]
    elif level["way"] == "positive":
        good += row["abandoned_in"]
    share = good / everybody if everybody else None
    return row | {
        "service_level": {"value": share, "seconds": level["seconds"], "way": level["way"]},
        "asa_s": sum(waits) / len(waits) if waits else None,
        "aht_s": sum(handlings) / len(handlings) if handlings else None,
    }


if __name__ == "__main__":
    told = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    queues = json.loads(Path(sys.argv[2]).read_text())
    found = recount(
        told, {q["key"]: q["service_level"] for q in queues}, sys.argv[3:5], sys.argv[5]
    )
    sys.stdout.write(json.dumps({" ".join(key): row for key, row in found.items()}))
