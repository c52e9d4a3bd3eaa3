-- name: tables
-- All tables, those before that others refer to; of the partitioned one its parent alone.
SELECT c.oid::bigint AS oid, c.relname::text AS name, greatest(c.reltuples, 0)::bigint + coalesce((
           SELECT sum(greatest(p.reltuples, 0)) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
           WHERE i.inhparent = c.oid), 0)::bigint AS rows,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       coalesce((SELECT array_agg(DISTINCT f.confrelid::bigint) FROM pg_constraint f
                 WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid), '{}') AS needs
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition AND c.relname <> 'schema_version' ORDER BY c.oid;

-- name: months
SELECT to_char(to_date(right(p.relname, 6), 'YYYYMM'), 'YYYY-MM-DD') AS month
FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
WHERE i.inhparent = 'event'::regclass AND p.relname ~ '^event_[0-9]{6}$' ORDER BY 1;

-- name: sequences
SELECT sequencename::text AS name, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1;

-- name: replica
SELECT pg_is_in_recovery();

-- name: strangers
-- What is in the schema already, but for what extensions brought.
SELECT c.relname::text AS name FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname LIMIT 5;

-- name: indexes
-- Indexes that stand for no constraint, of whole tables: they are made when the rows are there.
SELECT c.relname::text AS name, pg_get_indexdef(c.oid) AS made_by
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY c.oid;

-- name: partition
SELECT event_partition(:month::text::date);

-- name: set_sequence
SELECT setval(:name::text::regclass, :value::bigint);

-- name: hold_outbound
-- whole: once, in what was restored
-- What was on its way may have left since: nobody sends it again unasked. Answers of agents are
-- shown to who wrote them until somebody decides.
-- system: the whole house
WITH held AS (
UPDATE outbound o SET state = 'unknown', code = :code, claimed_by = NULL, claimed_until = NULL,
    undelivered_at = CASE WHEN o.message_id IS NOT NULL THEN coalesce(o.undelivered_at, now()) END,
    undelivered_for = (SELECT coalesce(o.undelivered_for, u.id) FROM message m LEFT JOIN users u
                       ON u.id = m.author_id AND u.disabled_at IS NULL WHERE m.id = o.message_id)
WHERE o.state IN ('queued', 'sending') RETURNING o.message_id
)
SELECT count(*)::int AS held, count(message_id)::int AS answers FROM held;

-- name: forget_receipts
DELETE FROM receipt_due;

-- name: forget_feedback
DELETE FROM feedback_due WHERE at <= now();

-- name: end_sessions
DELETE FROM session;

-- name: end_links
UPDATE token SET used_at = now() WHERE used_at IS NULL;

-- name: end_leases
-- Their fences stay: mailboxes and cursors hold the last one that wrote them.
UPDATE lease SET until = least(until, now());

-- name: forget_nodes
DELETE FROM lease WHERE name LIKE 'node:%';

-- name: forget_outbox
-- The line is made anew as a whole.
DELETE FROM outbox;

-- name: restart_counting
-- The numbers of transactions are another server's: what is missed is waited for anew, and given up.
UPDATE figure_progress SET gaps = (
    SELECT coalesce(jsonb_agg(jsonb_build_array(g -> 0, g -> 1, extract(epoch FROM now())::float8, NULL)), '[]')
    FROM jsonb_array_elements(gaps) AS g);

-- name: counts
-- whole: what the backup holds
-- system: counts of the house
SELECT (SELECT count(*) FROM contact) AS contacts, (SELECT count(*) FROM message) AS messages;
