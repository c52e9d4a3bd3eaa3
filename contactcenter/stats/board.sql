-- name: waiting
-- By the two indexes that hold no other contacts.
-- system: ids, queues and times; who sees what is decided where they are counted
SELECT id, queue_id, channel, wait_from AS since FROM contact WHERE state = 'queued'
UNION ALL
SELECT id, queue_id, channel, wait_from FROM contact WHERE state = 'offered';

-- name: in_hand
-- system: ids and queues; who sees what is decided where they are counted
SELECT id, queue_id, channel, NULL::timestamptz AS since FROM contact
WHERE state IN ('offered', 'active', 'wrap_up') AND state <> 'offered';

-- name: zones
SELECT time_zone AS zone, array_agg(id) AS organisations FROM organisation GROUP BY time_zone;

-- name: queues
SELECT q.id, q.key, q.name, q.organisation_id, o.key AS organisation, o.time_zone AS zone, q.channels, q.hours, q.always_open,
       q.task, q.level, q.languages, q.service_level_s, q.service_level_way, q.disabled_at IS NOT NULL AS disabled
FROM queue q JOIN organisation o ON o.id = q.organisation_id ORDER BY q.id;

-- name: agents
-- Who has been at work once and still may be.
SELECT a.user_id, u.name, u.organisation_id, o.key AS organisation, a.state, a.reason, a.since, a.load, u.capacity
FROM agent a JOIN users u ON u.id = a.user_id JOIN organisation o ON o.id = u.organisation_id
WHERE u.disabled_at IS NULL OR a.load > 0
ORDER BY u.name, u.id;
