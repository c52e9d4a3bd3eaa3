"""A simulated month as rows of the tables, as the product itself would have written them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from contactcenter.cases.outbound import message_id, reply_subject
from contactcenter.demo_history import unasked
from contactcenter.demo_history.channel_rows import REQUEST, By, channel_rows, moment
from contactcenter.demo_history.lived import (
    Agent,
    Case,
    Feedback,
    Happened,
    Lived,
    Made,
    Person,
    Said,
)
from contactcenter.queue.rules import LEVELS, own


class Past(NamedTuple):
    """What is kept of it: contacts that came to an end, and their events with those of agents."""

    contacts: list[Lived]
    story: list[Happened]


def kept(contacts: list[Lived], story: list[Happened]) -> Past:
    """Only what is finished; events in the order of time."""
    ended = set(contacts)
    told = [e for e in story if e.contact is None or e.contact in ended]
    return Past(contacts, sorted(told, key=lambda e: e.at))


def things(past: Past) -> list[Made]:
    """Whatever gets an id, in the order in which it came to be."""
    made: dict[Made, None] = {}
    for contact in past.contacts:
        person = contact.case.person
        person.made_at = min(person.made_at, contact.made_at)
        made.update(dict.fromkeys((contact, contact.case, person)))
        if contact.channel == "callback":
            contact.call.request.made_at = contact.made_at
            made.setdefault(contact.call.request)
    for said in _said(past):
        made.update(dict.fromkeys(thing for thing in (said, said.send) if thing is not None))
    made.update(dict.fromkeys(e.more["offer"] for e in past.story if "offer" in e.more))
    return sorted(made, key=lambda thing: thing.made_at)


def _said(past: Past) -> Iterator[Said]:
    """Every message of a finished contact, case by case, numbered."""
    ended = set(past.contacts)
    for case in dict.fromkeys(contact.case for contact in past.contacts):
        case.said = sorted((s for s in case.said if s.contact in ended), key=lambda s: s.made_at)
        for seq, said in enumerate(case.said, 1):
            said.seq = seq
            yield said


Services = Mapping[tuple[int, str], int]  # ids, by organisation and key


def rows(past: Past, agents: list[Agent], domain: str, services: Services) -> By:
    """Rows by table, as {column: value}; the tables in an order in which they may be filled, what
    the agents could before what happened. `services`: ids by key."""
    by: By = defaultdict(list)
    since = min((event.at for event in past.story), default=0.0)
    by["line_note"] = [_note(agent, since) for agent in agents]
    cases = list(dict.fromkeys(contact.case for contact in past.contacts))
    for person in dict.fromkeys(case.person for case in cases):
        by["person"].append(
            {
                "id": person.id,
                "organisation_id": person.organisation_id,
                "name": person.name,
                "language": person.language,
                "created_at": moment(person.made_at),
            }
        )
    _identities(by, past.contacts)
    by["cases"] = [_case(case) for case in cases]
    by["case_service"] = _services(past.contacts, services)
    by["contact"] = [_contact(contact) for contact in past.contacts]
    for case in cases:
        _messages(by, case, domain)
    for contact in past.contacts:
        channel_rows(by, contact)
    by["feedback"] = [_feedback(c, c.feedback) for c in past.contacts if c.feedback is not None]
    by["open_feedback"] = [
        unasked.row(c, c.unasked, services) for c in past.contacts if c.unasked is not None
    ]
    by["event"] = [_event(event) for event in past.story]
    return by


_SUGGESTED = (1, 1, 2, 1, 0, 1, 3)  # as which of the first three the services were


def _services(contacts: list[Lived], services: Services) -> list[dict[str, Any]]:
    """What agents said that cases are about; every twelfth time they forgot it."""
    said: dict[int, dict[str, Any]] = {}
    for contact in contacts:
        case, closed = contact.case, contact.closed_at
        service = services.get((case.organisation_id, contact.topic.service))
        if service is not None and contact.owner and closed and case.id // 2 % 12:
            said[case.id] = {
                "case_id": case.id,
                "organisation_id": case.organisation_id,
                "service_id": service,
                "user_id": contact.owner.id,
                "at": moment(closed),
                "suggested": _SUGGESTED[case.id // 2 % len(_SUGGESTED)],
            }
    return list(said.values())


def _note(agent: Agent, since: float) -> dict[str, Any]:
    """What the line was told of an agent. On this floor nobody's mail is paused."""
    classes = {own(agent.id): LEVELS} | agent.classes()
    return {
        "at": moment(since),
        "agent": agent.id,
        "capacity": agent.capacity,
        "pauses_mail": False,
        "classes": " ".join(sorted(f"{name}={level}" for name, level in classes.items())),
    }


def _identities(by: By, contacts: list[Lived]) -> None:
    """The addresses that became known: a mail's, and the number of who rang or asked for a call."""
    seen: dict[tuple[Person, str], float] = {}
    for contact in contacts:
        kind = {"mail": "email", "call": "phone", "callback": "phone"}.get(contact.channel)
        if kind is not None:
            seen[contact.case.person, kind] = contact.first_arrival
    for (person, kind), at in seen.items():
        by["identity"].append(
            {
                "organisation_id": person.organisation_id,
                "kind": kind,
                "address": person.email if kind == "email" else person.number,
                "person_id": person.id,
                "strength": "asserted",
                "seen_at": moment(at),
            }
        )


def _case(case: Case) -> dict[str, Any]:
    shown = [said.seq for said in case.said if said.direction != "note"]
    return {
        "id": case.id,
        "organisation_id": case.organisation_id,
        "person_id": case.person.id,
        "subject": case.subject,
        "state": "resolved" if case.resolved_at else "open",
        "last_seq": len(case.said),
        "opened_at": moment(case.made_at),
        "resolved_at": moment(case.resolved_at),
        "last_shown": max(shown, default=0),
    }


def _contact(c: Lived) -> dict[str, Any]:
    queue = c.queue
    return {
        "id": c.id,
        "case_id": c.case.id,
        "person_id": c.case.person.id,
        "organisation_id": queue.organisation_id,
        "queue_id": queue.id,
        "channel": c.channel,
        "direction": "citizen",
        "language": c.language,
        "requirement": c.asks,
        "rank": c.rank,
        "units": c.units,
        "state": c.state,
        "version": c.version,
        "owner": c.owner.id if c.owner else None,
        "accepted_offer": c.accepted_offer.id if c.accepted_offer else None,
        "passed": [agent.id for agent in c.passed],
        "first_arrival": moment(c.first_arrival),
        "wait_from": moment(c.wait_from),
        "offered_at": moment(c.offered_at),
        "first_accepted": moment(c.first_accepted),
        "accepted_at": moment(c.accepted_at),
        "wrap_up_at": moment(c.wrap_up_at),
        "closed_at": moment(c.closed_at),
        "external_id": _external_id(c),
        "disposition": c.disposition,
    }


def _external_id(c: Lived) -> str | None:
    return c.external_id if c.channel in ("mail", "chat") else REQUEST.format(c.id)


def _messages(by: By, case: Case, domain: str) -> None:
    """Messages, and what left the house. An answer names the mails before it."""
    thread: list[str] = []
    for said in case.said:
        by_mail = said.contact.channel == "mail"
        row = _message(said, by_mail, list(thread))
        if said.send is not None:
            sent = _outbound(said, said.send, domain, thread)
            by["outbound"].append(sent)
            thread.append(sent["external_id"])
        elif said.external_id is not None:
            thread.append(said.external_id)
        by["message"].append(row)


def _message(said: Said, by_mail: bool, thread: list[str]) -> dict[str, Any]:
    contact, inbound = said.contact, said.direction == "inbound"
    person, agent = contact.case.person, said.agent
    return {
        "id": said.id,
        "case_id": contact.case.id,
        "contact_id": contact.id,
        "organisation_id": contact.case.organisation_id,
        "seq": said.seq,
        "direction": said.direction,
        "author": person.name if agent is None else agent.name,
        "author_id": agent.id if agent else None,
        "address": person.email if inbound and by_mail else None,
        "client_id": None if inbound and by_mail else f"demo-{said.id}",
        "send_id": said.send.id if said.send else None,
        "at": moment(said.made_at),
        "external_id": said.external_id,
        "refs": thread if inbound else [],
        "subject": said.subject,
        "text": said.text,
    }


def _outbound(said: Said, send: Made, domain: str, thread: list[str]) -> dict[str, Any]:
    contact = said.contact
    return {
        "send_id": send.id,
        "kind": "reply",
        "organisation_id": contact.case.organisation_id,
        "channel": "mail",
        "contact_id": contact.id,
        "case_id": contact.case.id,
        "message_id": said.id,
        "client_id": f"demo-{said.id}",
        "state": "sent",
        "attempts": 1,
        "next_at": moment(said.made_at),
        "code": "250 ok",
        "external_id": message_id(send.id, domain),
        "sender": contact.queue.address,
        "sender_name": contact.queue.name[contact.language],
        "recipient": contact.case.person.email,
        "subject": reply_subject(contact.case.subject),
        "language": contact.language,
        "in_reply_to": thread[-1] if thread else None,
        "refs": list(thread),
        "at": moment(said.made_at),
        "sent_at": moment(said.made_at + 0.4),
    }


def _feedback(c: Lived, given: Feedback) -> dict[str, Any]:
    return {
        "contact_id": c.id,
        "case_id": c.case.id,
        "organisation_id": c.queue.organisation_id,
        "queue_id": c.queue.id,
        "channel": c.channel,
        "language": c.language,
        "handling": given.handling,
        "service": given.service,
        "text": given.text,
        "given_at": moment(given.at),
    }


def _event(e: Happened) -> dict[str, Any]:
    c, queue, more = e.contact, e.queue, e.more
    opens, closes = more.get("promise", (None, None))
    at_home = e.agent.organisation_id if e.agent else None
    return {
        "at": moment(e.at),
        "kind": e.kind,
        "organisation_id": queue.organisation_id if queue else at_home,
        "contact_id": c.id if c else None,
        "queue_id": queue.id if queue else None,
        "channel": c.channel if c else None,
        "language": c.language if c else None,
        "direction": "citizen" if c else None,
        "agent": e.agent.id if e.agent else None,
        "offer": more["offer"].id if "offer" in more else None,
        "why": more.get("why"),
        "wait_from": moment(more.get("wait_from")),
        "rank": more.get("rank"),
        "rule": more.get("rule"),
        "disposition": more.get("disposition"),
        "to_state": more.get("to_state"),
        "reason": more.get("reason"),
        "promise_from": moment(opens),
        "promise_to": moment(closes),
        "kept": more.get("kept"),
        "handling": more.get("handling"),
        "service": more.get("service"),
    }
