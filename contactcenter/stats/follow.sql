-- part: columns
-- What the rules need of an event.
e.id, e.at, e.kind, e.contact_id AS contact, e.queue_id AS queue, e.channel, e.language, e.direction,
e.wait_from, e.promise_from, e.kept, e.why, q.service_level_s, q.short_abandon_s, o.time_zone AS zone,
CASE WHEN b.kind = 'accepted' THEN b.at END AS taken_at,
CASE WHEN b.kind = 'accepted' THEN b.wait_from END AS taken_wait_from, coalesce(z.us, 0) AS paused_us, f.low_s, f.high_s

-- part: beside
-- And of what was before it: how it was taken, for how long a mail was paused meanwhile (what is
-- paused at the end was until then), and how long it was told to wait.
LEFT JOIN LATERAL (
    SELECT a.id, a.kind, a.at, a.wait_from FROM event a
    WHERE e.kind IN ('left', 'closed') AND a.contact_id = e.contact_id AND a.id < e.id
      AND a.kind IN ('accepted', 'left', 'closed')
    ORDER BY a.id DESC LIMIT 1) AS b ON true
LEFT JOIN LATERAL (
    SELECT (1000000 * (sum(CASE kind WHEN 'paused' THEN -1 ELSE 1 END * extract(epoch FROM p.at))
            + CASE WHEN count(*) % 2 = 1 THEN extract(epoch FROM e.at) ELSE 0 END))::bigint AS us
    FROM event p
    WHERE e.channel = 'mail' AND b.kind = 'accepted' AND p.contact_id = e.contact_id AND p.id > b.id AND p.id < e.id
      AND p.kind IN ('paused', 'resumed')) AS z ON true
LEFT JOIN LATERAL (
    SELECT s.low_s, s.high_s FROM event s
    WHERE e.kind IN ('accepted', 'abandoned') AND s.contact_id = e.contact_id AND s.id < e.id
      AND s.kind = 'estimated' AND s.wait_from = e.wait_from
    ORDER BY s.id LIMIT 1) AS f ON true

-- name: news
-- The events above an id, and those of the gaps, with what the rules need beside each. There is a
-- row in any case: the moment, and the transactions of the very snapshot that was looked at.
-- system: ids, enums and times of all
WITH found AS MATERIALIZED (
    (SELECT e.* FROM unnest(:firsts::bigint[], :lasts::bigint[]) AS g (first, last)
     CROSS JOIN LATERAL (SELECT * FROM event WHERE id BETWEEN g.first AND g.last ORDER BY id LIMIT :most) AS e)
    UNION ALL
    (SELECT * FROM event WHERE id > :upto ORDER BY id LIMIT :most)
    ORDER BY id LIMIT :most
), looked AS MATERIALIZED (
    SELECT now() AS moment, pg_snapshot_xmin(s)::text::bigint AS oldest, pg_snapshot_xmax(s)::text::bigint AS newest
    FROM pg_current_snapshot() AS s
)
SELECT l.moment, l.oldest, l.newest,
{columns}
FROM looked l LEFT JOIN found e ON true
LEFT JOIN queue q ON q.id = e.queue_id
    AND e.kind IN ('entered', 'returned', 'accepted', 'left', 'closed', 'abandoned', 'promise')
LEFT JOIN organisation o ON o.id = q.organisation_id
{beside}
ORDER BY e.id;

-- name: between
-- The same of a short time.
-- system: ids, enums and times of all
SELECT
{columns}
FROM event e
JOIN queue q ON q.id = e.queue_id AND q.organisation_id = ANY(:organisations)
JOIN organisation o ON o.id = q.organisation_id
{beside}
WHERE e.at >= :since AND e.at < :until
  AND e.kind IN ('entered', 'accepted', 'left', 'closed', 'abandoned', 'promise')
ORDER BY e.id;

-- name: progress
-- system: the figures' own
SELECT upto, gaps FROM figure_progress WHERE name = 'event';

-- name: keep_plans
-- For this transaction: over millions of events making a plan takes longer than reading by it, and
-- the plan is the same for every id.
-- system: no data
SELECT set_config('plan_cache_mode', 'force_generic_plan', true);
