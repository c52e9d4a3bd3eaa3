"""A day that was, in a queue of the edge's city: who came, who was at work."""

from __future__ import annotations

from datetime import date, timedelta

from tests.web.edge import AGENT, Edge

CALLS = 60
STATES = """
INSERT INTO event (at, kind, organisation_id, agent, to_state)
SELECT ($1::date + h * interval '1 hour') AT TIME ZONE 'Europe/Helsinki', 'agent_state', $2, $3, s
FROM (VALUES (8, 'available'), (12, 'offline')) AS t (h, s) RETURNING 1
"""
CONTACTS = """
INSERT INTO event (at, kind, organisation_id, contact_id, queue_id, channel, language, direction,
                   agent, wait_from, rank, why)
SELECT b.at + k.after * interval '1 s', k.kind, $2, 1000 + n, $3, 'call', 'fi', 'citizen',
       CASE WHEN k.after > 0 THEN $4::bigint END, b.at,
       (extract(epoch FROM b.at) * 1000000)::bigint, 'new'
FROM generate_series(1, $5) AS n
CROSS JOIN LATERAL (
    SELECT ($1::date + interval '9 hours' + n * interval '1 minute')
           AT TIME ZONE 'Europe/Helsinki' AS at) AS b
CROSS JOIN (VALUES (0, 'entered'), (5, 'accepted'), (75, 'closed')) AS k (after, kind)
ORDER BY n, k.after RETURNING 1
"""


async def past(edge: Edge, queue: str = "library") -> date:
    """Yesterday from nine on, by Helsinki's clocks, a call each minute, for one agent. The day."""
    agent, city = edge.users[AGENT], edge.organisations["city"]
    (row,) = await edge.rows(
        "SELECT q.id, q.task, (now() AT TIME ZONE 'Europe/Helsinki')::date AS today,"
        " q.level FROM queue q WHERE q.key = $1",
        queue,
    )
    day: date = row["today"] - timedelta(days=1)
    await edge.rows(
        "INSERT INTO skill (user_id, organisation_id, task, language, level)"
        " VALUES ($1, $2, $3, 'fi', 3) ON CONFLICT DO NOTHING RETURNING 1",
        agent,
        city,
        row["task"],
    )
    await edge.rows(STATES, day, city, agent)
    await edge.rows(CONTACTS, day, city, row["id"], agent, CALLS)
    return day
