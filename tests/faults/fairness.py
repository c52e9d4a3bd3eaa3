"""Who had whom, and who was passed over, from the events alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

Line = dict[str, Any]
# An offer outside the line: kept for who knows the case, given by a colleague or a supervisor.
DECIDED = "rank"
Presence = dict[str, list[tuple[float, bool]]]  # contact -> (moment, whether its page is there)


def moment(line: Line) -> float:
    """When an event was, in seconds since the epoch."""
    return datetime.fromisoformat(line["at"]).timestamp()


def misowned(events: list[Line]) -> list[str]:
    """Contacts that two had, or were offered, at once."""
    found: list[str] = []
    owner: dict[str, str] = {}
    offered: dict[str, str] = {}
    for event in events:
        contact, kind, agent = event.get("contact", ""), event["kind"], event.get("agent", "")
        if kind == "offered":
            if contact in owner or contact in offered:
                found.append(f"contact {contact} is offered to {agent}, while somebody has it")
            offered[contact] = agent
        elif kind == "accepted":
            if owner.get(contact, agent) != agent:
                found.append(f"contact {contact}: {agent} accepts what {owner[contact]} has")
            if offered.get(contact, agent) != agent:
                found.append(
                    f"contact {contact}: {agent} accepts what {offered[contact]} is offered"
                )
            offered.pop(contact, None)
            owner[contact] = agent
        elif kind == "offer_ended" and event["why"] != "accepted":
            offered.pop(contact, None)
        elif kind in ("left", "closed", "abandoned"):
            owner.pop(contact, None)
            offered.pop(contact, None)
    return found


def overtaken(events: list[Line], presence: Presence, settles_s: float = 1.0) -> list[str]:
    """Offers by rank for which a better-ranked contact of the same requirement and channel,
    present, in line for over `settles_s` and not declined by that agent, was passed over. One that
    is offered itself within the same time was not: that was decided, and another wrote it down."""
    line: dict[tuple[str, ...], dict[str, tuple[float, int]]] = defaultdict(dict)
    offers = _offers(events)
    ranks: dict[str, int] = {}
    declined: set[tuple[str, str]] = set()
    found: list[str] = []
    for event in sorted(events, key=moment):  # who left while another wrote had left
        contact, kind = event.get("contact"), event["kind"]
        if contact is None:
            continue
        here = line[event["queue"], event["language"], event["channel"]]
        if kind in ("entered", "returned"):
            ranks[contact] = event.get("rank") or ranks.get(contact, 0)
            here[contact] = (moment(event), ranks[contact])
            if kind == "entered":
                declined = {pair for pair in declined if pair[0] != contact}
        elif kind == "offer_ended" and event["why"] == "declined":
            declined.add((contact, event["agent"]))
        elif kind in ("offered", "accepted", "closed", "abandoned", "left"):
            here.pop(contact, None)
        if kind == "offered" and event.get("rule") == DECIDED:
            at, place = moment(event), (ranks.get(contact, 0), int(contact))
            found += [
                f"contact {other} overtaken by {contact} at {event['at']}"
                for other, (since, rank) in here.items()
                if at - since > settles_s
                and (rank, int(other)) < place
                and (other, event["agent"]) not in declined
                and not any(at <= offer <= at + settles_s for offer in offers[other])
                and _present(presence.get(other), at, settles_s)
            ]
    return found


def _offers(events: list[Line]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if event["kind"] == "offered":
            found[event["contact"]].append(moment(event))
    return found


def _present(seen: list[tuple[float, bool]] | None, at: float, settles_s: float) -> bool:
    """Whether a page was there all the time from so long before to so long after; contacts
    without a page always are."""
    if seen is None:
        return True
    before = [here for t, here in seen if t <= at - settles_s]
    around = [here for t, here in seen if abs(t - at) < settles_s]
    return bool(before) and before[-1] and all(around)
