"""What can go wrong with mail, in the rows of the edge's database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from contactcenter.accounts.authorise import Actor, require
from contactcenter.kernel.sql import Row
from tests.web.edge import AGENT, Edge

_CONTACT = """
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language,
  requirement, rank, state, owner, first_arrival, wait_from, aside)
SELECT $1, $1, $1, q.organisation_id, q.id, 'mail', 'fi', 'city/general/fi/1', 1, 'closed', $3,
  now(), now(), $2 FROM queue q WHERE q.key = 'general'
"""


async def kept(edge: Edge, contact: int, why: str) -> None:
    """A mail that never came into the line."""
    city = edge.organisations["city"]
    await edge.rows("INSERT INTO cases (id, organisation_id) VALUES ($1, $2)", contact, city)
    person = "INSERT INTO person (id, organisation_id, name) VALUES ($1, $2, '<b>Best</b>')"
    await edge.rows(person, contact, city)
    await edge.rows(_CONTACT, contact, why, edge.users[AGENT])
    await edge.rows(
        "INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, address,"
        " subject, text) VALUES ($1, $1, $1, $2, 1, 'inbound', 'offers@example.net', 'Halpaa!',"
        " 'Osta nyt')",
        contact,
        city,
    )


async def trouble(edge: Edge) -> None:
    """Spam, a blocked sender, an answer that did not arrive, a loop."""
    city = edge.organisations["city"]
    await kept(edge, 31, "spam")
    await kept(edge, 32, "blocked")
    await edge.rows(
        "INSERT INTO blocked_sender VALUES ($1, 'offers@example.net', $2, 31)",
        city,
        edge.users[AGENT],
    )
    await edge.rows("INSERT INTO loop_hit VALUES ($1, 'robot@example.net', 'many')", city)
    await edge.rows(
        "INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id,"
        " message_id, state, code, external_id, sender, recipient, subject, undelivered_at)"
        " VALUES (41, 'reply', $1, 'mail', 31, 31, 31, 'failed', '5.1.1 unknown user', '<x@y>',"
        " 'a@city.example', 'ville@example.org', 'Re: Aukiolo', now())",
        city,
    )


async def mailbox(edge: Edge, **given: Any) -> Row:
    """A mailbox's row as the house lists it."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "name": "info",
        "address": "info@city.example",
        "queue": "general",
        "stage": "watching",
        "polled_at": now,
        "newest_at": now,
        "waiting": 0,
        "lag_s": 0.0,
        "failures": 0,
        "error": None,
        "detail": None,
        "error_at": now,
        "renewed": None,
        "renewed_at": now,
        "known": 0,
        "new": 0,
        "token_expires_at": None,
        "first_at": now,
        "cursor": None,
    } | given
    times = {name for name in values if name.endswith("_at")}
    kinds = {str: "text", int: "bigint", float: "float8", type(None): "text"}
    columns = [
        f"${n}::{'timestamptz' if name in times else kinds[type(value)]} AS {name}"
        for n, (name, value) in enumerate(values.items(), 1)
    ]
    (row,) = await edge.rows(f"SELECT {', '.join(columns)}", *values.values())
    return row


async def mailboxes(edge: Edge) -> None:
    """Three: one whose token ends soon, one that can't be reached, one that was restored."""
    soon = datetime.now(UTC) + timedelta(days=9, hours=1)
    rows = [
        await mailbox(edge, cursor="1795693717:4711:x", token_expires_at=soon),
        await mailbox(
            edge, name="kirjaamo", queue=None, failures=4, error="tls", detail="<b>expired</b>"
        ),
        await mailbox(
            edge, name="tila", waiting=80, lag_s=7300.0, renewed="restored", known=70, new=2
        ),
    ]

    async def listed(actor: Actor) -> list[Row]:
        require(actor, "configure")
        return rows

    edge.services.mailboxes = listed
