"""From a frame to the room that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from contactcenter.accounts.authorise import Actor, require
from contactcenter.cases.reasons import Said
from contactcenter.delivery import actions as delivery
from contactcenter.delivery import settling
from contactcenter.desk import (
    by_hand,
    casework,
    drafts,
    forwarding,
    handling,
    persons,
    recipients,
    spam,
    writing,
)
from contactcenter.desk.desk import Calls, Desk
from contactcenter.errors import Refused
from contactcenter.intake import aside, blocking
from contactcenter.queue import agents
from contactcenter.web.agent import offer_verbs
from contactcenter.web.agent.offer_verbs import Effect, Verb


async def back(desk: Desk, actor: Actor, within_s: float) -> None:
    """The agent's browser is here: make the agent's row, and undo a loss in time."""
    async with desk.db.transaction() as conn:
        await agents.state(conn, actor.user_id)
        change = await agents.come_back(conn, actor.user_id, within_s)
    if change is not None:
        await desk.publish(change)


async def do(desk: Desk, actor: Actor, name: str, frame: Any) -> Effect:
    """Do what a frame says. Returns a frame for its sender alone, where it has no other effect."""
    require(actor, "work")
    return await _VERBS[name](desk, actor, frame)


async def _resume(desk: Desk, actor: Actor, frame: Any) -> Effect:
    raise Refused("wrong_state", field="type")


async def _state(desk: Desk, actor: Actor, frame: Any) -> Effect:
    async with desk.db.transaction() as conn:
        change = await agents.set_state(conn, actor.user_id, frame.value, frame.reason)
    await desk.publish(change)
    return None


async def _start(desk: Desk, actor: Actor, frame: Any) -> Effect:
    if desk.entry is None:  # the settings name no such door
        raise Refused("unknown_type", field="type")
    await by_hand.start(desk, actor, desk.entry.read(bytes(frame)))
    return None


async def _person(desk: Desk, actor: Actor, frame: Any) -> Effect:
    if desk.entry is None:
        raise Refused("unknown_type", field="type")
    await persons.introduce(desk, actor, desk.entry.read_person(bytes(frame)))
    return None


async def _reply(desk: Desk, actor: Actor, frame: Any) -> Effect:
    extras = recipients.read(
        to=frame.to,
        cc=frame.cc,
        bcc=frame.bcc,
        attachments=frame.attachments,
        quote=frame.quote,
        choices=frame.choices,
    )
    await writing.reply(desk, actor, int(frame.contact), frame.client_id, frame.text, extras)
    return None


async def _forward(desk: Desk, actor: Actor, frame: Any) -> Effect:
    extras = recipients.read(to=frame.to, cc=frame.cc, bcc=frame.bcc, attachments=frame.attachments)
    await forwarding.forward(
        desk,
        actor,
        int(frame.contact),
        frame.client_id,
        frame.text,
        extras,
        seq=frame.seq,
        files=frame.files,
    )
    return None


async def _note(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await writing.note(desk, actor, int(frame.contact), frame.client_id, frame.text)
    return None


async def _transfer(desk: Desk, actor: Actor, frame: Any) -> Effect:
    contact = int(frame.contact)
    if (frame.queue is None) == (frame.agent is None):
        raise Refused("bad_request", "queue_or_agent", field="queue")
    if frame.queue is not None:
        await handling.transfer_to_queue(desk, actor, contact, frame.queue, frame.summary)
    else:
        await handling.transfer_to_agent(desk, actor, contact, int(frame.agent), frame.summary)
    return None


async def _attempt(desk: Desk, actor: Actor, frame: Any) -> Effect:
    contact, outcome = int(frame.contact), frame.outcome
    await desk.publish(
        await _calls(desk).attempt(actor, contact, frame.client_id, outcome, frame.again_at)
    )
    return None


async def _dial(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await desk.publish(await _calls(desk).dial(actor, int(frame.contact)))
    return None


def _calls(desk: Desk) -> Calls:
    if desk.calls is None:
        raise Refused("unknown_type", field="type")
    return desk.calls


async def _wrap_up(desk: Desk, actor: Actor, frame: Any) -> Effect:
    said = Said(frame.reason, frame.mark)
    await handling.wrap_up(desk, actor, int(frame.contact), frame.disposition, said)
    return None


async def _resend(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await delivery.resend(desk.db, desk.publisher, actor, int(frame.send_id), frame.state)
    return None


async def _arrived(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await delivery.arrived(desk.db, desk.publisher, actor, int(frame.send_id))
    return None


async def _not_spam(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await aside.release(desk.db, desk.publish, actor, int(frame.contact))
    return None


async def _block_sender(desk: Desk, actor: Actor, frame: Any) -> Effect:
    address = await blocking.block(desk.db, actor, int(frame.contact))
    return {"type": "sender", "contact": frame.contact, "address": address, "blocked": True}


async def _unblock_sender(desk: Desk, actor: Actor, frame: Any) -> Effect:
    address, still = await blocking.unblock(desk.db, actor, int(frame.contact))
    return {"type": "sender", "contact": frame.contact, "address": address, "blocked": still}


async def _dismiss(desk: Desk, actor: Actor, frame: Any) -> Effect:
    await settling.dismiss(desk.db, desk.publish, actor, int(frame.send_id))
    return None


async def _draft(desk: Desk, actor: Actor, frame: Any) -> Effect:
    beside = drafts.Beside(frame.to, frame.cc, frame.bcc, frame.attachments, frame.quote)
    await drafts.save(desk, actor, int(frame.contact), frame.text, beside)
    return {"type": "draft", "contact": frame.contact}


async def _ping(desk: Desk, actor: Actor, frame: Any) -> Effect:
    return {"type": "pong"}  # for browsers, which can't see the socket's own pings


def _about(field: str, verb: Callable[[Desk, Actor, int], Awaitable[object]]) -> Verb:
    """A verb for which this id is all that the frame says."""

    async def act(desk: Desk, actor: Actor, frame: Any) -> Effect:
        await verb(desk, actor, int(getattr(frame, field)))
        return None

    return act


_VERBS: dict[str, Verb] = {
    "resume": _resume,
    "state": _state,
    **offer_verbs.VERBS,
    "start": _start,
    "person": _person,
    "reply": _reply,
    "forward": _forward,
    "note": _note,
    "transfer": _transfer,
    "attempt": _attempt,
    "dial": _dial,
    "hold": _about(
        "contact", lambda desk, actor, contact: handling.hold(desk, actor, contact, True)
    ),
    "unhold": _about(
        "contact", lambda desk, actor, contact: handling.hold(desk, actor, contact, False)
    ),
    "close": _about("contact", handling.close),
    "wrap_up": _wrap_up,
    "resolve": _about("case", casework.resolve),
    "reopen": _about("case", casework.reopen),
    "resend": _resend,
    "arrived": _arrived,
    "spam": _about("contact", spam.spam),
    "not_spam": _not_spam,
    "block_sender": _block_sender,
    "unblock_sender": _unblock_sender,
    "dismiss": _dismiss,
    "typing": _about("contact", writing.typing),
    "read": _about("contact", writing.read),
    "stay": _about("contact", writing.stay),
    "draft": _draft,
    "ping": _ping,
}
