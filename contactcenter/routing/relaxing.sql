-- name: steps
-- system: configuration
SELECT q.id, q.relax, o.key AS organisation, q.key, q.task, q.level, q.languages
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.disabled_at IS NULL;

-- name: due
-- Who waits for longer than the next step of the queue says, through the index by queue and step.
-- system: the clock's work
SELECT c.id, c.queue_id, c.language, c.requirement, s.n - 1 AS n
FROM queue q
CROSS JOIN LATERAL jsonb_array_elements(q.relax) WITH ORDINALITY AS s (step, n)
CROSS JOIN LATERAL (
    SELECT id, queue_id, language, requirement FROM contact
    WHERE queue_id = q.id AND state = 'queued' AND cardinality(also) = s.n - 1
      AND wait_from <= now() - make_interval(secs => (s.step ->> 'after_s')::float8)
    ORDER BY wait_from LIMIT :most) AS c
WHERE q.relax <> '[]';

-- name: relax
-- system: the clock's work
WITH given AS (
    SELECT * FROM unnest(:ids::bigint[], :steps::int[], :classes::text[], :kinds::text[]) AS t (id, n, class, kind)
), held AS MATERIALIZED (
    SELECT c.id, g.n, g.class, g.kind FROM given g JOIN contact c ON c.id = g.id
    WHERE c.state = 'queued' AND cardinality(c.also) = g.n ORDER BY c.id FOR UPDATE OF c
), moved AS (
    UPDATE contact c SET also = array_append(c.also, h.class), version = c.version + 1
    FROM held h WHERE c.id = h.id RETURNING c.*, h.kind, h.class
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, why, rank, rule)
    SELECT 'relaxed', organisation_id, id, queue_id, channel, language, direction, kind, rank, class FROM moved ORDER BY id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since) SELECT id, version, version FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version
)
SELECT id, state, requirement, also, preferred, rank, version, passed, channel, away_from FROM moved ORDER BY id;

-- name: let_go
-- Kept for an agent whose time is over, or who is no longer available or may take it no longer:
-- anybody's now.
-- system: the clock's work
WITH held AS MATERIALIZED (
    SELECT c.id FROM contact c LEFT JOIN agent a ON a.user_id = c.preferred
    WHERE c.preferred IS NOT NULL AND c.state = 'queued'
      AND (c.preferred_until <= now() OR a.state IS DISTINCT FROM 'available'
           OR NOT EXISTS (
               SELECT FROM able_in(ARRAY[c.requirement]) AS w WHERE w.user_id = c.preferred))
    ORDER BY c.id LIMIT :most FOR UPDATE OF c
), moved AS (
    UPDATE contact c SET preferred = NULL, preferred_until = NULL, version = c.version + 1
    FROM held h WHERE c.id = h.id RETURNING c.*
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, why, rank, rule)
    SELECT 'relaxed', organisation_id, id, queue_id, channel, language, direction, 'preferred', rank, requirement
    FROM moved ORDER BY id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since) SELECT id, version, version FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version
)
SELECT id, state, requirement, also, preferred, rank, version, passed, channel, away_from FROM moved ORDER BY id;
