-- What the house does, for a monitoring system: asked by whoever is scraped, so each query is an
-- index's work.

-- name: waiting
-- system: counts without persons
SELECT q.key AS queue, c.channel, count(*)::int AS n, extract(epoch FROM now() - min(c.wait_from))::float8 AS longest_s
FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.state = 'queued' GROUP BY q.key, c.channel;

-- name: queues
SELECT key, channels FROM queue WHERE disabled_at IS NULL;

-- name: in_hand
-- system: counts without persons
SELECT state, count(*)::int AS n FROM contact WHERE state IN ('offered', 'active', 'wrap_up') AND owner IS NOT NULL
GROUP BY state;

-- name: set_aside
-- system: counts without persons
SELECT (SELECT count(*) FROM contact WHERE state = 'quarantined')::int AS quarantined,
       (SELECT count(*) FROM callback WHERE next_at IS NOT NULL)::int AS scheduled;

-- name: agents
SELECT state, count(*)::int AS n FROM agent GROUP BY state;

-- name: counted
-- All that was ever counted, by days: so it only grows.
SELECT q.key AS queue, f.channel, sum(f.entered)::float8 AS entered, sum(f.accepted)::float8 AS accepted,
       sum(f.accepted_in)::float8 AS accepted_in_time, sum(f.abandoned)::float8 AS abandoned,
       sum(f.handled)::float8 AS handled, sum(f.wait_us)::float8 / 1e6 AS wait_s, sum(f.handle_us)::float8 / 1e6 AS handle_s
FROM figure f JOIN queue q ON q.id = f.queue_id WHERE f.by = 'day' GROUP BY q.key, f.channel;

-- name: offers
-- How offers ended in the last five minutes.
SELECT why, count(*)::int AS n FROM event
WHERE kind = 'offer_ended' AND at > now() - interval '5 minutes' GROUP BY why;

-- name: owed
-- system: counts without persons
SELECT (SELECT count(*) FROM outbox)::int AS outbox,
       coalesce((SELECT extract(epoch FROM now() - min(at)) FROM outbox), 0)::float8 AS outbox_age_s,
       (SELECT count(*) FROM outbound WHERE state = 'queued')::int AS queued,
       (SELECT count(*) FROM outbound WHERE state = 'sending')::int AS sending,
       coalesce((SELECT extract(epoch FROM now() - min(next_at)) FROM outbound
                 WHERE state = 'queued' AND next_at < now()), 0)::float8 AS overdue_s,
       (SELECT extract(epoch FROM max(a.at)) FROM audit a
        WHERE a.object_kind = 'database' AND a.verb = 'backup')::float8 AS backed_up,
       pg_database_size(current_database()) AS bytes;

-- name: repairs
SELECT name, n FROM repair;

-- name: leases
-- system: work of the house
SELECT name, until > now() AS held FROM lease WHERE name NOT LIKE 'node:%' AND name NOT LIKE 'mailbox:%';

-- name: nodes
-- system: work of the house
SELECT count(*)::int FROM lease WHERE name LIKE 'node:%' AND until > now();
