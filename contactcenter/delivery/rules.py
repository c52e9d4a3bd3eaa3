"""When to try again, and when to give up. Pure."""

from __future__ import annotations

import random

from contactcenter.channel import Receipt

GIVE_UP_AFTER_S = 4 * 24 * 3600.0  # RFC 5321, 4.5.4.1: at least 4-5 days
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 1800.0


def wait_s(attempts: int, chance: random.Random) -> float:
    """Seconds to the next try after so many: doubling from 5 s to 30 min, less up to a quarter
    at random so that many do not come back at once."""
    full = min(FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT_S)
    return full * (1 - chance.random() / 4)


def next_state(receipt: Receipt, age_s: float) -> str:
    """The state after an attempt, of a message queued so many seconds ago."""
    if receipt.outcome == "retry":
        return "failed" if age_s > GIVE_UP_AFTER_S else "queued"
    return receipt.outcome
