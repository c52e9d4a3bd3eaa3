"""When to try again, when to give up, and who has a message by now. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from contactcenter.channel import Receipt
from contactcenter.kernel.mask import storable

GIVE_UP_AFTER_S = 4 * 24 * 3600.0  # RFC 5321, 4.5.4.1: at least 4-5 days
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 1800.0
OTHERS_HAVE_IT = "others have it"


def wait_s(attempts: int, chance: random.Random) -> float:
    """Seconds to the next try after so many: doubling from 5 s to 30 min, less up to a quarter
    at random so that many do not come back at once. Five minutes of greylisting (RFC 6647) are
    over by the seventh."""
    full = min(FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT_S)
    return full * (1 - chance.random() / 4)


@dataclass(frozen=True)
class Post:
    """A message on its way: all whom it is for, who has it, and who was refused with what word."""

    everybody: tuple[str, ...]
    taken: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def pending(self) -> tuple[str, ...]:
        """Whom the next attempt is for."""
        done = {*self.taken, *(address for address, _ in self.refused)}
        return tuple(one for one in dict.fromkeys(self.everybody) if one not in done)

    def again(self) -> Post:
        """As somebody wants it sent again: to those who are not known to have it; to all where
        everybody was thought to have it."""
        anew = replace(self, refused=())
        return anew if anew.pending else replace(anew, taken=())

    def arrived(self) -> Post:
        """As somebody knows that it did."""
        return replace(self, taken=(*self.taken, *self.pending)).settled()

    def settled(self) -> Post:
        """Who has it is of interest only while others lack it."""
        return self if self.refused or self.pending else replace(self, taken=())


@dataclass(frozen=True)
class Result:
    """What an attempt left: the state, the word for it, and who has it now."""

    state: str
    code: str
    post: Post


def result(receipt: Receipt, post: Post, age_s: float) -> Result:
    """What an attempt to all who were pending left, of a message queued so many seconds ago. Once
    anybody has it, it is sent, whoever else is refused; each gets it once."""
    # A mail server may repeat what it was told.
    own = {one.address: storable(one.code) for one in receipt.refused}
    gone = {one.address for one in receipt.refused if one.lasting}
    asked, late = post.pending, age_s > GIVE_UP_AFTER_S
    taken, refused, code = list(post.taken), list(post.refused), storable(receipt.code)
    if receipt.outcome == "sent":
        taken += [one for one in asked if one not in own]
    if receipt.outcome == "failed":
        gone = set(asked)
    if late and receipt.outcome != "unknown":
        gone |= set(asked) - set(taken)
    refused += [(one, own.get(one, code)) for one in asked if one in gone]
    now = Post(post.everybody, tuple(taken), tuple(refused))
    if receipt.outcome == "unknown":
        return Result("unknown", code, now)
    if now.pending:
        return Result("queued", own.get(now.pending[0], code), now)
    if now.taken:
        return Result("sent", code if receipt.outcome == "sent" else OTHERS_HAVE_IT, now.settled())
    alone = len(set(post.everybody)) == 1  # the word for it says it all
    return Result("failed", code, replace(now, refused=() if alone else now.refused))
