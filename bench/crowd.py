"""Persons and their contacts, a million of them, the same each time: a hash stands in place of
chance. A person's share falls with the third power of a number in [0, 1): most have some contacts,
a few have hundreds; every tenth consists of two."""

from __future__ import annotations

import asyncpg

from contactcenter.accounts.authorise import Actor

PERSONS, CONTACTS = 200_000, 1_000_000
PIECE = 100_000
FIRST = 1_000_000_000_000
_PERSONS = [
    """
INSERT INTO person (id, organisation_id, name, language)
SELECT $1::bigint + n, o.id, 'Person ' || n, 'fi'
FROM generate_series(0, $2::bigint - 1) AS n, organisation o WHERE o.key = 'mikkeli'
""",
    """
INSERT INTO identity (organisation_id, kind, address, person_id, strength)
SELECT organisation_id, 'email', 'p' || id || '@example.org', id, 'asserted'
FROM person WHERE id >= $1
""",
    """
UPDATE person SET merged_into = id - 1 WHERE id >= $1 AND id % 20 = 1
""",
]
_CONTACTS = """
WITH made AS (
    SELECT $1::bigint + n * 2 AS id, $1::bigint + n * 2 + 1 AS case_id, q.id AS queue_id, q.organisation_id,
           $3::bigint + floor($4::bigint * power((hashint8(n) & 2147483647) / 2147483648.0, 3))::bigint AS person_id,
           now() - interval '1 s' * n * $6::float8 AS at, (ARRAY['chat', 'mail', 'callback', 'visit'])[1 + n % 4] AS channel
    FROM generate_series($2::bigint, $2::bigint + $5::bigint - 1) AS n
    JOIN (SELECT q.id, q.organisation_id, row_number() OVER (ORDER BY q.id) - 1 AS nth FROM queue q
          JOIN organisation o ON o.id = q.organisation_id WHERE o.key = 'mikkeli') AS q
        ON q.nth = n / 7 % (SELECT count(*) FROM queue JOIN organisation o ON o.id = organisation_id WHERE o.key = 'mikkeli')
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, subject, state, opened_at, resolved_at)
    SELECT case_id, organisation_id, person_id, 'Case ' || id, CASE WHEN id % 10 = 0 THEN 'open' ELSE 'resolved' END,
           at, CASE WHEN id % 10 <> 0 THEN at + interval '1 h' END FROM made
), told AS (
    INSERT INTO feedback (contact_id, case_id, organisation_id, queue_id, channel, language, handling, given_at)
    SELECT id, case_id, organisation_id, queue_id, channel, 'fi', 4, at + interval '1 h' FROM made WHERE id % 14 = 0
)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from, first_accepted, closed_at)
SELECT id, case_id, person_id, organisation_id, queue_id, channel,
       CASE WHEN id / 2 % 16 = 0 THEN 'en' WHEN id / 2 % 8 = 1 THEN 'sv' ELSE 'fi' END, 'x', 0, 'closed',
       at, at, at + interval '40 s', at + interval '600 s' FROM made
"""  # noqa: E501
# Services of very different size, as cities have; every twelfth case is without one.
_SERVICES = [
    """
CREATE TEMP VIEW offered AS SELECT s.* FROM service s
JOIN organisation o ON o.id = s.organisation_id WHERE o.key = 'mikkeli'
""",
    """
INSERT INTO service (organisation_id, source, external_id, name, also, given, words, stems, digest)
SELECT s.organisation_id, 'own', s.external_id || '-' || n, s.name, s.also, s.given, s.words,
       s.stems, s.digest
FROM offered s, generate_series(1, 20) AS n
ORDER BY n, s.id LIMIT $1 - (SELECT count(*) FROM offered)
""",
    """
INSERT INTO case_service (case_id, organisation_id, service_id, user_id)
SELECT c.id, c.organisation_id, s.id, u.id FROM cases c
JOIN (SELECT s.id, row_number() OVER (ORDER BY s.id) - 1 AS nth FROM offered s) AS s
    ON s.nth = floor($1::int * power((hashint8(c.id + 7) & 2147483647) / 2147483648.0, 2))::int
CROSS JOIN (SELECT id FROM users WHERE email = 'aino@mikkeli.example') AS u
WHERE c.id / 2 % 12 <> 0
""",
]
# Three cases in five state one, the first of the city's nine a third of them.
_AREAS = """
INSERT INTO case_area (case_id, organisation_id, area)
SELECT c.id, c.organisation_id, a.keys[1 + floor(cardinality(a.keys) * power((hashint8(c.id + 11) & 2147483647) / 2147483648.0, 2))::int]
FROM cases c
JOIN (SELECT organisation_id, array_agg(key ORDER BY position) AS keys FROM area GROUP BY 1) AS a USING (organisation_id)
WHERE c.id / 2 % 5 < 3
"""  # noqa: E501
# Of five closed contacts in seven agents said the reason: one of the city's twenty, as skewed.
_EVENTS = """
INSERT INTO event (kind, at, organisation_id, contact_id, queue_id, channel, language, direction,
                   agent, wait_from, service_id, mark, request, reason, reason_version)
SELECT k.kind, k.at, c.organisation_id, c.id, c.queue_id, c.channel, c.language, 'citizen', u.id,
       c.wait_from, s.service_id, k.mark,
       CASE WHEN k.kind = 'closed' THEN c.id - c.id / 2 % 5 * 2 END, k.reason,
       CASE WHEN k.reason IS NOT NULL THEN r.version END
FROM contact c CROSS JOIN (SELECT id FROM users WHERE email = 'aino@mikkeli.example') AS u
JOIN (SELECT v.organisation_id, v.version, array_agg(k.key ORDER BY k.value -> 'position') AS keys
      FROM contact_reason_version v CROSS JOIN jsonb_each(v.reasons) AS k (key, value)
      WHERE v.version = 1 GROUP BY 1, 2) AS r ON r.organisation_id = c.organisation_id
LEFT JOIN case_service s ON s.case_id = c.case_id
CROSS JOIN LATERAL (VALUES ('accepted', c.first_accepted, NULL, NULL), (
    'closed', c.closed_at, (ARRAY['value', 'value', 'chasing', 'unclear', NULL])[1 + c.id / 2 % 5],
    CASE WHEN c.id / 2 % 7 < 5 THEN r.keys[1 + floor(
        cardinality(r.keys) * power((hashint8(c.id + 13) & 2147483647) / 2147483648.0, 2))::int] END
)) AS k (kind, at, mark, reason)
WHERE c.id >= $1 AND c.id < $2 ORDER BY k.at
"""


async def people(owner: asyncpg.Connection) -> None:
    """The persons, and their addresses."""
    await owner.execute("SET synchronous_commit = off")
    for statement in _PERSONS:
        await owner.execute(statement, *[FIRST, PERSONS][: statement.count("$")])


async def contacts(owner: asyncpg.Connection, apart_s: float) -> None:
    """Their contacts, back from now, so many seconds apart."""
    for first in range(0, CONTACTS, PIECE):
        count = min(PIECE, CONTACTS - first)
        await owner.execute(_CONTACTS, 2 * FIRST, first, FIRST, PERSONS, count, apart_s)


async def services(owner: asyncpg.Connection, count: int) -> None:
    """So many, and which each case is about."""
    for statement in _SERVICES:
        await owner.execute(statement, *[count][: statement.count("$")])


async def areas(owner: asyncpg.Connection) -> None:
    """Which area a case states."""
    await owner.execute(_AREAS)


async def events(owner: asyncpg.Connection) -> None:
    """When each contact was accepted and closed."""
    await owner.execute(
        "SELECT event_partition(m::date) FROM generate_series("
        "(SELECT min(first_arrival) FROM contact), now(), interval '1 month') AS m"
    )
    for first in range(0, 2 * CONTACTS, 2 * PIECE):
        await owner.execute(_EVENTS, 2 * FIRST + first, 2 * FIRST + first + 2 * PIECE)


async def actor(conn: asyncpg.Connection, email: str) -> Actor:
    """A user of the city, as they are when signed in."""
    row = await conn.fetchrow("SELECT * FROM users WHERE email = $1", email)
    assert row is not None
    scope = (row["organisation_id"],)
    return Actor(row["id"], row["name"], row["role"], row["organisation_id"], scope)


async def do(url: str, statement: str) -> None:
    """A statement by a connection of its own, such as one that makes a database."""
    conn = await asyncpg.connect(url)
    await conn.execute(statement)
    await conn.close()
