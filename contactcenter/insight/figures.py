"""Figures out of what is told: the one place that says how each is made. Pure; None where there is
nothing to make it of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from contactcenter.insight.reading import UNCLASSIFIED, Told

Parts = Mapping[str, int]
AVOIDABLE = ("chasing", "unclear", "missing", "wrong_place", "unsolved")
KINDS = ("thanks", "complaint", "question", "proposal", "fault")
IN_A_DAY = ("h1", "h4", "h24")
FEW = 20  # of fewer a share or a mean is made by rounding and by chance
STEPS = ("1", "2", "3", "4", "5")


class Key(NamedTuple):
    """The figures of the head of a page."""

    contacts: int
    matters: int | None
    per_request: float | None
    once: float | None
    avoidable: float | None
    marked: int | None
    unclassified: float | None
    unsaid: float | None
    suggested: float | None
    service_mark: float | None
    handling_mark: float | None
    in_a_day: float | None


def key(told: Told) -> Key:
    """All of them, each from the parts that are told."""
    matters = told.parts.get("matter")
    resolved = sum(matters.values()) if matters is not None else None
    causes = told.parts.get("cause")
    by_service = told.contacts.get("service", {})
    return Key(
        told.total,
        resolved,
        per_request(told.parts.get("request")),
        share(matters, ("once",)),
        share(marked(causes), AVOIDABLE),
        sum(marked(causes).values()) if causes is not None else None,
        share(by_service, (UNCLASSIFIED,)) if told.asked.service is None else None,
        share(told.parts.get("reason"), ("",)),
        share(told.parts.get("suggested"), ("among",), FEW),
        mean(told.parts.get("mark_service")),
        mean(told.parts.get("mark_handling")),
        share(told.parts.get("answer"), IN_A_DAY),
    )


def per_request(requests: Parts | None) -> float | None:
    """Contacts for each request: 1.0 is that everybody was helped at once."""
    begun, more = (requests or {}).get("first", 0), (requests or {}).get("repeat", 0)
    return (begun + more) / begun if begun else None


def marked(causes: Parts | None) -> Parts:
    """Without those that nobody marked."""
    return {part: n for part, n in (causes or {}).items() if part}


def share(parts: Parts | None, of: tuple[str, ...], least: int = 1) -> float | None:
    """How much of all belongs to some parts, 0 to 1; None where all are fewer than `least`."""
    everything = sum(parts.values()) if parts else 0
    if not parts or everything < least:
        return None
    return sum(parts.get(part, 0) for part in of) / everything


def mean(marks: Parts | None, least: int = 1) -> float | None:
    """Of marks from 1 to 5; None where there are fewer than `least`."""
    count = sum(marks.values()) if marks else 0
    if not marks or count < least:
        return None
    return sum(int(step) * n for step, n in marks.items()) / count
