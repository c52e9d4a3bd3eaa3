"""What is counted, and by which sides each can be looked at. Pure; docs/insight.md says what each
figure means, stretch_counts.sql how it is counted."""

from __future__ import annotations

from typing import NamedTuple


class View(NamedTuple):
    """`sides`: by which it can be chosen. `whole`: the side by which its parts add up to what is
    told of another view, `of`, which stands above it; ALL: in all, as no side is common to both; ""
    where nothing else is told of the same. `late`: told when the stretch has settled."""

    sides: tuple[str, ...]
    whole: str = ""
    late: bool = False
    of: str = "contacts"


ALL = "all"
SIDES = ("service", "channel", "language")
VIEWS: dict[str, View] = {
    "contacts": View(SIDES),
    "hour": View(("channel",), whole="channel"),
    "area": View(("service",), whole="service", late=True),
    "answer": View(("channel",)),
    "reaction": View(("channel",), whole="channel", of="answer"),
    "mark_service": View(("service",)),
    "mark_handling": View(("service",)),
    "open": View(("service",)),
    "suggested": View(("service",)),
    "matter": View(("service",), late=True),
    "cause": View(("service",), whole=ALL, late=True, of="answer"),
    "request": View(("service",), whole="service", late=True, of="cause"),
    "reason": View(("service",), whole="service", late=True, of="cause"),
}
# Until when, in hours; the last part has no end.
TIMES: dict[str, float] = {"h1": 1, "h4": 4, "h24": 24, "h72": 72}
LATER = "later"
# How long something took. Each part is of two, by the calendar and within opening hours ("h24-h4"),
# and is read as two views, the second under the name beside it.
TIMED = {"reaction": "reaction_open", "answer": "answer_open"}
UNSTATED = "0"  # the part of contacts whose area nobody stated; no key of an area
