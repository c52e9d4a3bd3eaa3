-- name: nodes
-- system: work of the house
SELECT count(*)::int FROM lease WHERE name LIKE 'node:%' AND until > now();

-- name: leases
-- system: work of the house
SELECT name, owner, until > now() AS held, extract(epoch FROM now() - beat_at)::float8 AS beat_s
FROM lease WHERE name NOT LIKE 'node:%' ORDER BY name;

-- name: backlog
-- system: counts of the house
SELECT (SELECT count(*) FROM outbox WHERE at < now() - interval '5 seconds')::int AS outbox,
       (SELECT coalesce(max(id), 0) FROM event) - p.upto AS events,
       (SELECT coalesce(sum(n), 0) FROM repair)::bigint AS repairs
FROM figure_progress p WHERE p.name = 'event';

-- name: outbound
-- whole: a command that is run by hand
-- system: counts of the house
SELECT count(*) FILTER (WHERE state = 'failed' AND at > now() - interval '30 days')::int AS failed,
       count(*) FILTER (WHERE state = 'unknown' AND message_id IS NOT NULL)::int AS unknown,
       count(*) FILTER (WHERE state = 'queued' AND next_at < now() - interval '5 minutes'
                        OR state = 'sending' AND claimed_until < now() - interval '5 minutes')::int AS stuck,
       count(*) FILTER (WHERE state = 'queued' AND attempts > 2)::int AS tried
FROM outbound WHERE state <> 'sent';

-- name: undelivered
-- system: counts of the house
SELECT count(*)::int FROM outbound WHERE undelivered_at IS NOT NULL;

-- name: quarantined
-- system: counts of the house
SELECT count(*)::int AS n, coalesce(extract(epoch FROM now() - min(first_arrival)), 0)::float8 AS oldest_s
FROM contact WHERE state = 'quarantined';

-- name: lost_files
-- whole: the newest alone
-- system: counts of the house
-- Of the newest files and sources those whose bytes are missing.
SELECT count(*)::int AS looked, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM blob b WHERE b.id = f.blob))::int AS lost
FROM ((SELECT blob_id AS blob FROM attachment ORDER BY id DESC LIMIT 1000) UNION ALL
      (SELECT raw_blob FROM contact WHERE raw_blob IS NOT NULL ORDER BY id DESC LIMIT 1000)) f;

-- name: blob_bytes
-- system: size of a table
SELECT pg_total_relation_size('blob');
