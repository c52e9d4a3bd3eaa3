"""Contacts that are over, as rows alone: what pages about feedback need of them."""

from __future__ import annotations

from itertools import count

from contactcenter.feedback.rules import Given
from tests.web.edge import Edge

_numbers = count(5_000)


async def over(edge: Edge, queue: str = "general", state: str = "closed", days: int = 0) -> str:
    """A contact that ended so many days ago; what its link ends in."""
    contact = next(_numbers)
    async with edge.services.db.transaction() as conn:
        await conn.execute(
            "INSERT INTO contact (id, case_id, organisation_id, queue_id, channel, language,"
            " requirement, rank, state, owner, offer_id, first_arrival, wait_from)"
            " SELECT $1, $1, organisation_id, id, 'chat', 'fi', 'x', 0, $3::text, 1,"
            " CASE WHEN $3::text = 'offered' THEN 1 END, now(), now() FROM queue WHERE key = $2",
            contact,
            queue,
            state,
        )
        await conn.execute(
            "INSERT INTO event (at, kind, organisation_id, contact_id)"
            " SELECT now() - make_interval(days => $2), 'closed', organisation_id, id"
            " FROM contact WHERE id = $1",
            contact,
            days,
        )
    return await edge.services.giving.links.token(contact)


async def given(edge: Edge, *every: Given, queue: str = "general") -> list[str]:
    """So much feedback; the links."""
    tokens = []
    for one in every:
        tokens.append(await over(edge, queue))
        await edge.services.giving.give(tokens[-1], one, "fi")
    return tokens
