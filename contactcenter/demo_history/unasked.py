"""Open feedback of the past: some finished mails become it, with what was written and decided."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from contactcenter.demo_history.channel_rows import moment
from contactcenter.demo_history.lived import Lived, Unasked

SAID = Path(__file__).with_name("unasked.toml")
QUEUE = "general"


def say(contacts: Sequence[Lived], names: Mapping[str, Mapping[str, str]]) -> None:
    """Have some be it, spread over the days. `names`: of kinds, by language."""
    items = tomllib.loads(SAID.read_text(encoding="utf-8"))["said"]
    for language in {item["language"] for item in items}:
        mine = [item for item in items if item["language"] == language]
        able = [one for one in contacts if one.language == language and _is_one(one)]
        step = len(able) / len(mine)
        if step < 1:
            continue
        for n, item in enumerate(mine):
            _become(able[int((n + 0.5) * step)], item, names[item["kind"]][language])


def _is_one(contact: Lived) -> bool:
    """A mail that was answered once, and whose case ended with it."""
    said = contact.case.said
    return (
        contact.channel == "mail"
        and contact.queue.key == QUEUE
        and contact.state == "closed"
        and {one.contact for one in said} == {contact}
        and [one.direction for one in said if one.direction != "note"] == ["inbound", "outbound"]
        and said[0].direction == "inbound"
    )


def _become(contact: Lived, item: Mapping[str, Any], subject: str) -> None:
    case = contact.case
    case.subject = subject
    contact.unasked = Unasked(dict(item))
    contact.topic = replace(contact.topic, service=item["service"])  # what its agent says as well
    for said in case.said:
        if said.direction == "inbound":
            said.text, said.subject = item["text"], subject
        elif said.direction == "outbound":
            # What the agent wrote stands between a greeting and a name.
            begins, _, rest = said.text.partition("\n\n")
            written = item.get("reason") or item["answer"]
            said.text = "\n\n".join((begins, written, rest.rpartition("\n\n")[2]))


def row(
    contact: Lived, unasked: Unasked, services: Mapping[tuple[int, str], int]
) -> dict[str, Any]:
    """Its row of open_feedback; `services`: ids by organisation and key."""
    item, by = unasked.item, contact.owner
    decision = item.get("decision")
    decided = None if decision is None else contact.closed_at
    return {
        "contact_id": contact.id,
        "case_id": contact.case.id,
        "organisation_id": contact.queue.organisation_id,
        "queue_id": contact.queue.id,
        "via": item.get("via", "form"),
        "kind": item["kind"],
        "about": item.get("about", "service"),
        "service_id": services.get((contact.queue.organisation_id, item["service"])),
        "language": contact.language,
        "place": item.get("place", ""),
        "lat": item.get("lat"),
        "long": item.get("long"),
        "given_at": moment(contact.first_arrival),
        "public_text": item["text"] if item.get("public") else None,
        "public_place": item.get("place", "") if item.get("public") else "",
        "public_point": "lat" in item and bool(item.get("public")),
        "decision": decision,
        "reason": item.get("reason", ""),
        "decided_by": by.id if by is not None and decision is not None else None,
        "decided_at": moment(decided),
        "changed_at": moment(decided or contact.first_arrival),
        "stands_since": moment(contact.closed_at or contact.first_arrival),
    }
