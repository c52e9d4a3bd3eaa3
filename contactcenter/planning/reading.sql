-- name: queues
SELECT q.id, q.key, q.name, o.key AS organisation, o.time_zone AS zone, q.task, q.level, q.languages, q.target_s,
       q.service_level_s, q.service_level_way, q.short_abandon_s, q.relax
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.organisation_id = ANY(:scope) ORDER BY q.id;

-- name: organisations
-- system: a command run by the house's operator
SELECT id FROM organisation ORDER BY id;

-- name: moment
-- system: no data
SELECT now();

-- name: waits
-- Waits that began before the end of the time and were not over before it began; of an accepted one
-- also who took it, and when the interaction ended.
SELECT e.contact_id AS contact, e.queue_id AS queue, e.channel, e.language, e.wait_from, e.at, e.agent,
       e.kind = 'accepted' AS accepted, n.rank, x.at AS ended
FROM event e
LEFT JOIN LATERAL (
    SELECT rank FROM event n WHERE n.contact_id = e.contact_id AND n.kind = 'entered' AND n.id < e.id
    ORDER BY n.id DESC LIMIT 1) AS n ON true
LEFT JOIN LATERAL (
    SELECT x.at FROM event x WHERE x.contact_id = e.contact_id AND x.kind IN ('closed', 'left') AND x.id > e.id
    ORDER BY x.id LIMIT 1) AS x ON e.kind = 'accepted'
WHERE e.at >= :since AND e.at < :until::timestamptz + interval '14 days' AND e.wait_from < :until
  AND e.kind IN ('accepted', 'abandoned') AND e.direction = 'citizen' AND e.organisation_id = ANY(:scope)
ORDER BY e.wait_from, e.id;

-- name: still_waiting
-- Who entered before the end of the time, and of whom nothing else is known.
SELECT e.contact_id AS contact, e.queue_id AS queue, e.channel, e.language, e.wait_from, e.rank
FROM event e
WHERE e.at >= :since::timestamptz - interval '14 days' AND e.at < :until AND e.kind = 'entered'
  AND e.direction = 'citizen' AND e.organisation_id = ANY(:scope) AND NOT EXISTS (
    SELECT FROM event x WHERE x.contact_id = e.contact_id AND x.id > e.id
      AND x.kind IN ('entered', 'accepted', 'abandoned', 'closed'))
ORDER BY e.wait_from, e.id;

-- name: held
-- What agents had in hand meanwhile that is none of those waits: taken before, begun by themselves,
-- another organisation's.
-- system: agents, channels and times only; whose they are is not told
SELECT e.agent, e.channel, e.at, x.at AS ended
FROM event e
LEFT JOIN LATERAL (
    SELECT x.at FROM event x WHERE x.contact_id = e.contact_id AND x.kind IN ('closed', 'left') AND x.id > e.id
    ORDER BY x.id LIMIT 1) AS x ON true
WHERE e.kind = 'accepted' AND e.agent = ANY(:agents) AND e.at >= :since::timestamptz - interval '3 days' AND e.at < :until
  AND (x.at IS NULL OR x.at > :since)
  AND (e.at < :since OR e.direction <> 'citizen' OR NOT e.organisation_id = ANY(:scope))
ORDER BY e.at, e.id;

-- name: states
-- Agents' changes of state, and of each the last one before.
-- system: the agents that the caller may plan with
(SELECT e.agent, e.at, e.to_state FROM unnest(:agents::bigint[]) AS a (id)
 CROSS JOIN LATERAL (
    SELECT b.id, b.agent, b.at, b.to_state FROM event b
    WHERE b.kind = 'agent_state' AND b.agent = a.id AND b.at < :since AND b.at >= :since::timestamptz - interval '31 days'
    ORDER BY b.id DESC LIMIT 1) AS e)
UNION ALL
(SELECT e.agent, e.at, e.to_state FROM event e
 WHERE e.kind = 'agent_state' AND e.agent = ANY(:agents) AND e.at >= :since AND e.at < :until ORDER BY e.id);

-- name: counts
-- How many came, by day and half hour of the organisation's clocks.
SELECT e.queue_id AS queue, e.channel, e.language, (e.wait_from AT TIME ZONE o.time_zone)::date AS day,
       floor(extract(epoch FROM (e.wait_from AT TIME ZONE o.time_zone)::time) / 1800)::int AS slot, count(*)::int AS n
FROM event e JOIN organisation o ON o.id = e.organisation_id
WHERE e.kind = 'entered' AND e.direction = 'citizen' AND e.at >= :since AND e.at < :until
  AND e.organisation_id = ANY(:scope)
GROUP BY 1, 2, 3, 4, 5;

-- name: handling
-- Mean and spread of what was handled, by queue and channel.
WITH told AS (
    SELECT e.queue_id, e.channel, e.kind, e.at,
           lead(e.kind) OVER w AS then_kind, lead(e.at) OVER w AS then_at
    FROM event e
    WHERE e.at >= :since AND e.at < :until AND e.kind IN ('accepted', 'closed', 'left') AND e.direction = 'citizen'
      AND e.organisation_id = ANY(:scope)
    WINDOW w AS (PARTITION BY e.contact_id ORDER BY e.id)
)
SELECT queue_id AS queue, channel, count(*)::int AS n, avg(extract(epoch FROM then_at - at))::float8 AS mean_s,
       coalesce(stddev_samp(extract(epoch FROM then_at - at)), 0)::float8 AS deviation_s
FROM told WHERE kind = 'accepted' AND then_kind IN ('closed', 'left') GROUP BY 1, 2;

-- name: patience
-- All waits of a channel together, and how many of them left.
SELECT channel, sum(extract(epoch FROM at - wait_from))::float8 AS waited_s,
       count(*) FILTER (WHERE kind = 'abandoned')::int AS n
FROM event
WHERE at >= :since AND at < :until AND kind IN ('accepted', 'abandoned') AND direction = 'citizen'
  AND wait_from IS NOT NULL AND organisation_id = ANY(:scope)
GROUP BY channel;

-- name: answering
-- How long agents take to accept an offer, on average.
SELECT avg(extract(epoch FROM a.at - o.at))::float8 AS mean_s
FROM event a JOIN event o ON o.contact_id = a.contact_id AND o.offer = a.offer AND o.kind = 'offered'
WHERE a.at >= :since AND a.at < :until AND a.kind = 'accepted' AND a.organisation_id = ANY(:scope);

-- name: agents
-- Who is able to take something of these organisations, as things are set now.
SELECT u.id, u.capacity, u.pauses_mail, c.classes
FROM classes_of(ARRAY(SELECT DISTINCT user_id FROM able WHERE organisation_id = ANY(:scope))) AS c
JOIN users u ON u.id = c.agent ORDER BY u.id;

-- name: recorded
-- The first and the last day of which something is known. Events are numbered in the order of time.
SELECT ((SELECT at FROM event WHERE kind = 'entered' AND organisation_id = ANY(:scope) ORDER BY id LIMIT 1)
        AT TIME ZONE :zone)::date AS first,
       ((SELECT at FROM event WHERE kind = 'entered' AND organisation_id = ANY(:scope) ORDER BY id DESC LIMIT 1)
        AT TIME ZONE :zone)::date AS last;
