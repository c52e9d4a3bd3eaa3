"""Who may take a contact that waits long. Pure.

A queue lists steps. After each step's time more agents may take the contact, and nobody fewer: it
keeps its place in the line it stands in and enters one more, by the same rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from contactcenter.queue.rules import requirement

ANY_LANGUAGE = "*"  # a class of those who have the task in any language


Kind = Literal["level", "language", "queue"]


class Step(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """After so many seconds of waiting: agents of any `level`, of any `language`, or those of
    another `queue`."""

    after_s: int
    to: Kind
    queue: str = ""


class Asks(NamedTuple):
    """What a queue asks of an agent; languages are those that it serves."""

    organisation: str
    task: str
    level: int
    languages: tuple[str, ...]


def relaxed(
    steps: Sequence[Step],
    n: int,
    own: Asks,
    other: Asks | None,
    language: str,
    *,
    own_staff: bool = False,
) -> str:
    """The class that step `n`, from 0, opens to a contact in this language. What the steps before
    it gave up stays given up, but for the organisation's own staff; `other` is the queue that the
    step names."""
    given_up = {step.to for step in steps[: n + 1]}
    asks = other if steps[n].to == "queue" and other is not None else own
    level = 1 if "level" in given_up else asks.level
    speaks = ANY_LANGUAGE if "language" in given_up or language not in asks.languages else language
    return requirement(asks.organisation, asks.task, speaks, level, own_staff=own_staff)


def ladder(
    steps: Sequence[Step],
    own: Asks,
    others: Mapping[str, Asks],
    language: str,
    *,
    own_staff: bool = False,
) -> tuple[tuple[int, str], ...]:
    """After how many seconds of waiting which class is opened to a contact in this language;
    `others`: the organisation's queues by key."""
    return tuple(
        (
            step.after_s,
            relaxed(steps, n, own, others.get(step.queue), language, own_staff=own_staff),
        )
        for n, step in enumerate(steps)
    )
