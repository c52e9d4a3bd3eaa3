"""What citizens said afterwards of contacts that were closed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from contactcenter.demo_history.lived import Feedback, Happened, Lived

# Who is asked by a link at the end answers more often than who is asked by mail.
GIVES = {"mail": 0.12, "chat": 0.25, "callback": 0.1}
# Of 100, how many give each mark from 1 on: those who served are liked better than the service.
HANDLING, SERVICE = (3, 5, 10, 32, 50), (8, 12, 20, 35, 25)
SAYS_NOTHING_OF_THE_SERVICE, WRITES = 0.2, 0.45
MEAN_S = 8 * 3600.0  # after the close


def say(
    rng: random.Random, contacts: Sequence[Lived], until: float, phrases: Mapping[str, Any]
) -> list[Happened]:
    """Give feedback on some, before `until`. Returns its events."""
    told = []
    for contact in contacts:
        if contact.closed_at is None or rng.random() >= GIVES.get(contact.channel, 0.0):
            continue
        at = round(contact.closed_at + 60 + rng.expovariate(1 / MEAN_S), 3)
        given = _given(rng, at, phrases[contact.language])
        if at < until and contact.state == "closed":
            contact.feedback = given
            marks = {"handling": given.handling, "service": given.service}
            told.append(
                Happened(at, "feedback", contact, contact.queue, None, {"why": "given", **marks})
            )
    return told


def _given(rng: random.Random, at: float, phrases: Mapping[str, Any]) -> Feedback:
    handling, service = (rng.choices((1, 2, 3, 4, 5), of)[0] for of in (HANDLING, SERVICE))
    said = phrases["glad" if handling > 3 else "cross"]
    text = rng.choice(said) if rng.random() < WRITES else ""
    if rng.random() < SAYS_NOTHING_OF_THE_SERVICE:
        return Feedback(at, handling, None, text)
    return Feedback(at, handling, service, text)
