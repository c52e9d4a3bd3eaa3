"""What frames say about offers and turns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from contactcenter.accounts.authorise import Actor
from contactcenter.desk import handling, pulling, shift
from contactcenter.desk.desk import Desk
from contactcenter.routing import declining

Effect = dict[str, Any] | None
Verb = Callable[[Desk, Actor, Any], Awaitable[Effect]]


async def _accept(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await handling.accept(desk, actor, int(frame.offer))
    return None


async def _decline(desk: Desk, actor: Actor, frame: Any) -> Effect:
    note = None
    if frame.note:
        (note_id,) = await desk.ids.take(1)
        note = (note_id, frame.note)
    await declining.decline(desk.db, desk.publisher, actor, int(frame.offer), frame.reason, note)
    return None


async def _pull(desk: Desk, actor: Actor, frame: Any) -> Effect:
    if frame.agent is None:
        await pulling.pull(desk, actor, int(frame.contact))
        return None
    await pulling.assign(desk, actor, int(frame.contact), int(frame.agent))
    return {"type": "pulled", "contact": frame.contact, "agent": frame.agent}


async def _end_shift(desk: Desk, actor: Actor, frame: Any) -> Effect:
    left = await shift.end(desk, actor)
    return {"type": "shift", "ended": not left, "open": left}


async def _hand_back(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await shift.hand_back(desk, actor, int(frame.contact), frame.note)
    return None


VERBS: dict[str, Verb] = {
    "accept": _accept,
    "decline": _decline,
    "pull": _pull,
    "end_shift": _end_shift,
    "hand_back": _hand_back,
}
