"""A citizen asks to be called: judged, then taken in or joined to the open request, once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

import msgspec

from contactcenter.accounts.rules import email_key
from contactcenter.callback import store, taking
from contactcenter.callback.numbers import read_number
from contactcenter.callback.office import Office
from contactcenter.callback.store import SQL, CallQueue
from contactcenter.callback.taking import Taken, Wish
from contactcenter.callback.windows import Window, check_window
from contactcenter.cases.rules import MAX_NAME, check_client_id, check_text, one_line
from contactcenter.channel import CallRequest
from contactcenter.errors import Refused
from contactcenter.kernel.db import ALREADY_THERE, TRANSIENT
from contactcenter.kernel.failpoint import failpoint
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.replicated import require_replicated
from contactcenter.queue.publish import Change

MAX_MATTER = 10_000
TRIES = 20  # each lost race had a winner, so the next try finds its rows
HOUR_S, DAY_S = 3600.0, 86_400.0
_encode = msgspec.json.Encoder().encode


class Asked(NamedTuple):
    """What became of a request. `joined`: there was an open one for the number; of that one nothing
    is told."""

    contact: int
    token: str
    promise: Window | None
    joined: bool


async def ask(office: Office, request: CallRequest, address: str) -> Asked:
    """Take a request in; returns after the commit. The same request again gets the same answer,
    whatever became of it. Raises Refused, as in docs/callbacks.md."""
    check_client_id(request.request_id, "request_id")
    digest = hashlib.sha256(_encode(request)).digest()
    if (known := await asked_before(office, request.request_id, digest)) is not None:
        return known
    async with office.db.connection() as conn:
        queue = await store.find_queue(conn, request.queue)
    wish = _checked(office, request, queue, digest)
    await take_allowance(office, wish.number, address)
    try:
        return await _commit(office, wish, queue)
    except (Refused, *TRANSIENT):
        await give_back(office, wish.number)  # nothing was asked of this number
        raise


async def asked_before(office: Office, request_id: str, digest: bytes) -> Asked | None:
    """The answer to a request that was taken in before. Raises Refused("request_id_used") where it
    asked for something else."""
    async with office.db.connection() as conn:
        row = await SQL.request.one(conn, request_id=request_id)
        if row is not None:
            await require_replicated(conn)
    if row is None:
        return None
    if row["digest"] != digest:
        raise Refused("request_id_used", field="request_id")
    promise = None if row["joined"] else store.promise_of(row)
    return Asked(row["contact_id"], await office.links.token(row["id"]), promise, row["joined"])


async def take_allowance(office: Office, number: str, address: str) -> None:
    """One more request from this address and for this number. Raises Refused("too_many")."""
    policy, limits = office.policy, office.limits
    await limits.take("callback", address, policy.per_hour, HOUR_S)
    await limits.take("callback_number", number, policy.per_day, DAY_S)


async def give_back(office: Office, number: str) -> None:
    """It came to nothing."""
    await office.limits.give_back("callback_number", number, office.policy.per_day, DAY_S)


async def _commit(office: Office, wish: Wish, queue: CallQueue) -> Asked:
    for _ in range(TRIES):
        try:
            taken, change = await _transaction(office, wish, queue)
        except (ALREADY_THERE, taking.Over):
            # Somebody was quicker: the same request, or another for this number.
            known = await asked_before(office, wish.request_id, wish.digest)
            if known is not None:
                return known
            continue
        if taken.row is not None:
            await office.publisher.arrived([taken.row])
        await office.publisher.publish(change)
        token = await office.links.token(taken.request)
        return Asked(taken.contact, token, None if taken.joined else wish.window, taken.joined)
    raise Refused("unavailable", retry_after_s=1)


async def _transaction(office: Office, wish: Wish, queue: CallQueue) -> tuple[Taken, Change]:
    ids = await office.ids.take(5)
    change = Change()
    failpoint("callback.before_commit")
    async with office.db.transaction() as conn:
        open_ = await SQL.open_for.one(
            conn, organisation_id=queue.row["organisation_id"], number=wish.number
        )
        if open_ is None:
            taken = await taking.take(conn, wish, queue, ids, office.policy.attempts)
        else:
            taken = await taking.join(conn, wish, open_, ids, change)
    failpoint("callback.after_commit")
    return taken, change


def _checked(office: Office, request: CallRequest, queue: CallQueue, digest: bytes) -> Wish:
    email = request.email.strip()
    if email and not email_key(email):
        raise Refused("bad_request", "invalid_email", field="email")
    name = one_line(request.name)
    if len(name) > MAX_NAME:
        raise Refused("too_large", field="name", most=MAX_NAME)
    return Wish(
        request_id=request.request_id,
        digest=digest,
        number=read_number(request.number, office.policy.countries),
        language=_language(request.language, list(queue.row["languages"])),
        matter=check_text(request.matter, MAX_MATTER, "matter"),
        name=name,
        email=email_key(email) or None,
        window=_window(request, queue),
        next_at=_opening(request, queue),
    )


def _language(wished: str, served: list[str]) -> str:
    """That in which the citizen is written to; what we have no words for is the queue's first."""
    return wished if wished in (*LANGUAGES, *served) else served[0]


def _window(request: CallRequest, queue: CallQueue) -> Window | None:
    if request.window is None:
        return None
    if any(moment.tzinfo is None for moment in request.window):
        raise Refused("bad_request", "window_form", field="window")
    return check_window(queue.calendar, queue.now, *request.window)


def _opening(request: CallRequest, queue: CallQueue) -> datetime | None:
    """When it enters the line; None: at once."""
    if request.window is not None:
        return request.window[0]
    if queue.takes_now:
        return None
    opens = queue.calendar.opens_at(queue.now)
    if opens is None:
        raise Refused("closed", "no_callbacks", field="queue")
    return opens
