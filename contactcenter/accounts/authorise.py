"""The one authorisation function. Every read, write, socket frame, export and page asks it.

A role says what kind of thing a user may do; the scope says on which organisations' data. What
lies outside the scope answers as if it were not there, so its existence is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contactcenter.errors import Refused

Verb = Literal[
    "read_case",  # see a case, its messages and files
    "read_person",  # see who a person is: addresses, contacts, cases, feedback
    "read_protected",  # see the addresses of a protected person, for a reason; end the protection
    "merge_persons",  # say that two persons are one, and take it back
    "work",  # take offers, reply, note, transfer, close, resolve
    "pull",  # take a waiting contact out of its turn; agents where their organisation lets them
    "assign",  # have a waiting contact offered to an agent of one's choice
    "end_shift",  # end another's shift; supervisors that of their own organisation's staff
    "watch",  # see the board and other agents' states
    "manage_users",  # invite, change, disable users; give skills
    "configure",  # organisations, queues, outcomes, templates, sites; the whole as one file
    "read_audit",
    "read_quarantine",  # see and retry what could not be read
    "read_feedback",  # see what citizens said of contacts and services
    "read_insight",  # see what is told of contacts by service, channel and language; get it as data
    "read_aside",  # see and release what is kept out of the line, unblock senders
    "read_raw",  # a mail's raw source, with what masking leaves out elsewhere
    "export",
]

_ROLES: dict[Verb, frozenset[str]] = {
    "read_case": frozenset({"agent", "supervisor", "admin"}),
    "read_person": frozenset({"agent", "supervisor", "admin"}),
    "read_protected": frozenset({"supervisor", "admin"}),
    "merge_persons": frozenset({"agent", "supervisor", "admin"}),
    "work": frozenset({"agent", "supervisor", "admin"}),
    "pull": frozenset({"supervisor", "admin"}),
    "assign": frozenset({"supervisor", "admin"}),
    "end_shift": frozenset({"supervisor", "admin"}),
    "watch": frozenset({"supervisor", "admin"}),
    "manage_users": frozenset({"admin"}),
    "configure": frozenset({"admin"}),
    "read_audit": frozenset({"admin"}),
    "read_quarantine": frozenset({"admin"}),
    "read_feedback": frozenset({"supervisor", "admin"}),
    "read_insight": frozenset({"supervisor", "admin"}),
    "read_aside": frozenset({"supervisor", "admin"}),
    "read_raw": frozenset({"supervisor", "admin"}),
    "export": frozenset({"admin"}),
}


OPERATOR = -1  # the "user" who runs commands on the server; no row has this id


@dataclass(frozen=True)
class Actor:
    """A signed-in user, as every verb gets it. `pulls`: organisations whose agents may pull."""

    user_id: int
    name: str
    role: str
    organisation_id: int
    scope: tuple[int, ...]
    language: str = "fi"
    capacity: int = 1
    address: str = ""  # the client's network address, for the audit
    pulls: tuple[int, ...] = ()


def may(actor: Actor, verb: Verb, organisation_id: int | None = None) -> bool:
    """Whether the actor may do this (to this organisation's data)."""
    allowed = scope_for(actor, verb)
    if organisation_id is None:
        return actor.role in _ROLES[verb] or bool(allowed)
    return organisation_id in allowed


def require(actor: Actor, verb: Verb, organisation_id: int | None = None) -> None:
    """Raise Refused("forbidden") where the role does not allow it, Refused("not_found") where the
    data lies outside the actor's scope."""
    if not may(actor, verb):
        raise Refused("forbidden")
    if organisation_id is not None and organisation_id not in actor.scope:
        raise Refused("not_found")
    if not may(actor, verb, organisation_id):
        raise Refused("forbidden")


def scope_for(actor: Actor, verb: Verb) -> list[int]:
    """The organisations whose rows a query may touch: the value of `:scope`. Seeing another
    organisation's contacts makes nobody the superior of its staff: that its admins are."""
    if verb == "end_shift" and actor.role == "supervisor":
        return [one for one in actor.scope if one == actor.organisation_id]
    if actor.role in _ROLES[verb]:
        return list(actor.scope)
    return [one for one in actor.scope if one in actor.pulls] if verb == "pull" else []
