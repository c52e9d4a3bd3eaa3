-- name: now
-- Who waits, the best rank first; more than can be looked at is left out.
-- system: ids, classes and times of all; no person's
SELECT id, organisation_id, queue_id, channel, coalesce('own/' || preferred, requirement) AS requirement,
       preferred IS NULL AS anybody, rank, wait_from,
       language, requirement AS asks, also, (extract(epoch FROM wait_from) * 1000000)::bigint AS from_us,
       (extract(epoch FROM preferred_until) * 1000000)::bigint AS kept_until_us
FROM contact WHERE state = 'queued' AND away_from IS NULL
ORDER BY rank, id LIMIT :most;

-- name: moment
-- Now, in the terms of ranks.
SELECT (extract(epoch FROM now()) * 1000000)::bigint;

-- name: hands
-- What agents have in hand, for how long; the time of a paused mail stands still.
-- system: ids and times of all; no person's
SELECT owner AS agent, units, queue_id, channel,
       CASE state WHEN 'offered' THEN 0
                  ELSE extract(epoch FROM coalesce(paused_at, now()) - coalesce(accepted_at, now())) END::float8 AS since_s
FROM contact WHERE state IN ('offered', 'active', 'wrap_up') AND owner IS NOT NULL ORDER BY accepted_at, id;

-- name: note
-- What was told first of a wait that goes on; once for each wait.
-- system: ids and durations of all
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, low_s, high_s)
SELECT 'estimated', c.organisation_id, c.id, c.queue_id, c.channel, c.language, c.direction, c.wait_from,
       t.low_s + w.waited_s, t.high_s + w.waited_s
FROM unnest(:ids::bigint[], :since::timestamptz[], :lows::float8[], :highs::float8[]) AS t (id, wait_from, low_s, high_s)
JOIN contact c ON c.id = t.id AND c.state = 'queued' AND c.wait_from = t.wait_from
CROSS JOIN LATERAL (SELECT :now_us::bigint / 1e6 - extract(epoch FROM c.wait_from)::float8 AS waited_s) AS w
WHERE NOT EXISTS (SELECT FROM event e WHERE e.contact_id = c.id AND e.kind = 'estimated' AND e.wait_from = c.wait_from);
