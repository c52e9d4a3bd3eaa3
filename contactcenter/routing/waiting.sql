-- name: queues
-- How many wait in each queue in sight, and are offered to nobody; counting stops at `most`.
SELECT q.id, q.key, q.name, o.key AS organisation, c.waiting FROM queue q
JOIN organisation o ON o.id = q.organisation_id
CROSS JOIN LATERAL (SELECT count(*) AS waiting FROM (
    SELECT FROM contact WHERE queue_id = q.id AND state = 'queued' LIMIT :most) AS w) AS c
WHERE q.organisation_id = ANY(:scope) AND (q.disabled_at IS NULL OR c.waiting > 0) ORDER BY q.id;

-- name: page
-- The next in the order of the line: of each queue as many as a page holds, by its index, and all who
-- are being offered, who are never more than the agents have room for.
WITH found AS (
    SELECT w.id FROM queue q CROSS JOIN LATERAL (
        SELECT id FROM contact
        WHERE queue_id = q.id AND state = 'queued' AND (rank, id) > (:rank::bigint, :after::bigint) ORDER BY rank, id LIMIT :most) AS w
    WHERE q.organisation_id = ANY(:scope) AND (:queue::text IS NULL OR q.key = :queue)
    UNION ALL SELECT id FROM contact WHERE state = 'offered' AND (rank, id) > (:rank::bigint, :after::bigint)
)
SELECT c.id, c.case_id, c.channel, c.language, c.state, c.requirement, c.also, c.passed, c.rank, c.preferred, c.preferred_until,
       c.away_from, c.wait_from, c.offered_until, q.key AS queue, q.name, q.relax, q.service_level_s,
       k.name AS kept_for, w.name AS offered_to, now() AS now
FROM contact c JOIN queue q ON q.id = c.queue_id
LEFT JOIN users k ON k.id = c.preferred LEFT JOIN users w ON w.id = c.owner AND c.state = 'offered'
WHERE c.id = ANY (ARRAY(SELECT id FROM found)) AND c.organisation_id = ANY(:scope)
  AND (:queue::text IS NULL OR q.key = :queue)
ORDER BY c.rank, c.id LIMIT :most;

-- name: able
-- Who at work is able to take contacts of which of these classes, and those whom something is kept for.
-- system: the caller may see contacts of these classes
SELECT a.user_id, a.state, a.load, u.capacity, CASE WHEN u.pauses_mail THEN a.mails ELSE 0 END AS mails,
       coalesce(k.classes, '{}') AS classes
FROM agent a JOIN users u ON u.id = a.user_id AND u.disabled_at IS NULL
LEFT JOIN (SELECT user_id, array_agg(class) AS classes FROM able_in(:classes) GROUP BY user_id) AS k ON k.user_id = a.user_id
WHERE a.state <> 'offline' AND (k.user_id IS NOT NULL OR a.user_id = ANY(:kept::bigint[]));
