"""In which words a case stands, and how long its page shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

WAITING = ("queued", "offered")
IN_HAND = ("active", "wrap_up")
OPEN = ("received", *WAITING, "scheduled", *IN_HAND)
CALLS = ("promised", "opening", "again", "calling", "reached", "not_reached", "wrong_number")
_CALLED = ("reached", "not_reached", "wrong_number")


def story(
    state: str,
    channel: str,
    *,
    result: str | None = None,
    attempts: int = 0,
    promised: bool = False,
    answered: bool = False,
) -> str:
    """Which of the catalogue's `case.status.*` it is; of CALLS, `callback.status.*`. `result`,
    `attempts` and `promised` are a callback's; `answered`: the last word was ours."""
    is_call = channel == "callback"
    if state in WAITING or state == "received":
        return "waiting"
    if state == "scheduled":
        return "again" if attempts else "promised" if promised else "opening"
    if state == "active":
        return "calling" if is_call else "handled"
    if is_call and result in _CALLED:
        return str(result)
    if state == "abandoned" or (is_call and result == "cancelled"):
        return "cancelled"
    if answered:
        return "answered"
    return "handled" if state == "wrap_up" else "closed"


def is_good(state: str, last_at: datetime, now: datetime, days: int) -> bool:
    """Whether the link still shows the case: while a contact of it is open, and for so many days
    after its last message."""
    return state in OPEN or now - last_at <= timedelta(days=days)


def offers(
    state: str, channel: str, queue_channels: Sequence[str], *, mails: bool, wrote: bool
) -> list[str]:
    """What a waiting contact may be changed to. `mails`: whether its queue writes mail; `wrote`:
    whether the citizen has written anything to answer."""
    if channel in ("chat", "mail"):
        found = ["callback"] if state in WAITING and "callback" in queue_channels else []
        is_chat = channel == "chat" and state in WAITING
        return [*found, "mail"] if is_chat and mails and wrote else found
    is_call = channel == "callback" and state in (*WAITING, "scheduled")
    return ["mail"] if is_call and mails else []


def veiled(address: str) -> str:
    """A mail address that its owner knows again, and nobody else learns: a…@city.example."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
