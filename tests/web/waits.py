"""Who waits, in the rows of the edge's database: somebody for each reason."""

from __future__ import annotations

from tests.web.edge import AGENT, SUPERVISOR, Edge

_CONTACT = """
INSERT INTO contact (id, case_id, organisation_id, queue_id, channel, language, requirement, rank,
  state, owner, offer_id, offered_until, first_arrival, wait_from, passed, also, away_from,
  preferred, preferred_until)
SELECT w.id, 1000 + w.id, q.organisation_id, q.id, $2, w.language,
  'city/' || $4::text || '/' || w.language || '/1', w.id,
  CASE WHEN w.agent IS NULL THEN 'queued' ELSE 'offered' END, w.agent, w.agent,
  CASE WHEN w.agent IS NOT NULL THEN now() + interval '40 s' END, now() - interval '2 h',
  now() - make_interval(secs => $6), $7, $8, CASE WHEN $9 THEN now() END, w.kept,
  CASE WHEN w.kept IS NOT NULL THEN now() + interval '72 s' END
FROM queue q, (VALUES ($1::bigint, $3::text, $5::bigint, $10::bigint))
  AS w (id, language, agent, kept)
WHERE q.key = 'general'
"""


async def wait(
    edge: Edge,
    contact: int,
    channel: str = "mail",
    task: str = "general",
    *,
    language: str = "fi",
    offered_to: int | None = None,
    waited_s: float = 75.0,
    passed: tuple[int, ...] = (),
    also: tuple[str, ...] = (),
    away: bool = False,
    kept_for: int | None = None,
) -> None:
    """A contact that waits, at the place of its number."""
    values = (contact, channel, language, task, offered_to, waited_s, passed, also, away, kept_for)
    await edge.rows(_CONTACT, *values)


async def everybody_waits(edge: Edge) -> None:
    """One of each reason; an agent and a supervisor are at work, both able to take general ones."""
    agent, other = edge.users[AGENT], edge.users[SUPERVISOR]
    for user in (agent, other):
        await edge.rows(
            "INSERT INTO skill VALUES ($1, $2, 'general', 'fi', 1)",
            user,
            edge.organisations["city"],
        )
    await edge.rows("INSERT INTO agent (user_id, state, load) VALUES ($1, 'available', 3)", agent)
    await edge.rows("INSERT INTO agent (user_id, state) VALUES ($1, 'break')", other)
    await edge.rows(
        "UPDATE queue SET relax = $1::jsonb WHERE key = 'general'",
        '[{"after_s": 60, "to": "level"}, {"after_s": 600, "to": "language"}]',
    )
    await wait(edge, 1, offered_to=agent, waited_s=9000)
    await wait(edge, 2, "chat", away=True)
    await wait(edge, 3, kept_for=agent)
    await wait(edge, 4, task="parking", language="sv")
    await wait(edge, 5, also=("city/general/fi/1",))
    await wait(edge, 6, passed=(agent, other))
    await edge.rows(
        "INSERT INTO decision (offer, organisation_id, contact_id, agent, rule, why)"
        " VALUES (77, $1, 5, $2, '3', $3)",
        edge.organisations["city"],
        agent,
        f'{{"class": "city/general/fi/1", "counts": {{"unable": 2, "out": 1, "full": 0, "busy": 0,'
        f' "declined": 0}}, "runners": ["{other}"]}}',
    )
    await edge.rows(
        "INSERT INTO event (kind, organisation_id, contact_id, agent, offer, rule)"
        " VALUES ('offered', $1, 5, $2, 77, 'rank'), ('offered', $1, 5, $2, 78, 'transfer')",
        edge.organisations["city"],
        agent,
    )
    await edge.rows(
        "INSERT INTO event (kind, organisation_id, contact_id, why, rule)"
        " VALUES ('relaxed', $1, 5, 'level', 'city/general/fi/1')",
        edge.organisations["city"],
    )
    await edge.rows(
        "INSERT INTO event (kind, organisation_id, contact_id, agent, offer, why, reason)"
        " VALUES ('offer_ended', $1, 5, $2, 77, 'declined', 'busy'),"
        " ('left', $1, 5, $2, NULL, 'agent_lost', NULL)",
        edge.organisations["city"],
        agent,
    )
