-- name: lock
-- Of processes that start together one loads the history.
-- system: the demo
SELECT pg_try_advisory_xact_lock(7305502);

-- name: is_new
-- whole: one row is enough
-- Nothing has happened yet: events are numbered in the order of time, and history comes first.
-- system: the demo
SELECT NOT EXISTS (SELECT FROM contact) AND NOT EXISTS (SELECT FROM event);

-- name: today
-- system: the demo
SELECT time_zone, (now() AT TIME ZONE time_zone)::date AS today FROM organisation WHERE key = :organisation;

-- name: queues
-- system: the demo
SELECT q.id, q.key, q.organisation_id, o.key AS organisation, o.time_zone, q.task, q.level, q.name, q.target_s, q.channels,
       q.hours, (SELECT min(a.address) FROM mail_address a WHERE a.queue_id = q.id) AS address
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.key = ANY(:keys) ORDER BY q.id;

-- name: agents
-- What one language allows, all do: a demo agent's skills are the same in each.
-- system: the demo
SELECT u.id, u.organisation_id, u.name, u.capacity, array_agg(DISTINCT o.key || ' ' || s.task || ' ' || s.level) AS skills
FROM users u JOIN skill s ON s.user_id = u.id JOIN organisation o ON o.id = s.organisation_id
WHERE u.email = ANY(:emails) AND u.role = 'agent' GROUP BY u.id ORDER BY u.id;

-- name: partitions
-- system: the demo
SELECT event_partition(m::date)
FROM generate_series(date_trunc('month', :since::timestamptz), :until::timestamptz, interval '1 month') AS m;

-- name: blocks
-- system: the demo
SELECT nextval('id_seq') FROM generate_series(1, :count);

-- name: areas
-- system: the demo
SELECT organisation_id, key, postal_codes FROM area ORDER BY organisation_id, position;

-- name: services
-- system: the demo
SELECT organisation_id, external_id, id FROM service WHERE source = 'own';
