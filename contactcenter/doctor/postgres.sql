-- Asked as the database's owner, so that other connections can be seen. Nothing is changed.

-- name: server
SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') = 'on' AS read_only,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
       current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on' AS safe,
       current_setting('synchronous_commit') <> 'off' AS waits,
       current_setting('autovacuum') = 'on' AND current_setting('track_counts') = 'on' AS autovacuum,
       pg_encoding_to_char(d.encoding) AS encoding, lower('Ä') = 'ä' AS letters,
       age(d.datfrozenxid)::bigint AS xid_age, pg_database_size(d.oid) AS bytes,
       coalesce((SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS tls,
       coalesce(host(inet_client_addr()), '') AS client,
       extract(epoch FROM clock_timestamp())::float8 AS clock
FROM pg_database d WHERE d.datname = current_database();

-- name: roles
SELECT session_user::text AS "user", pg_has_role(session_user, d.datdba, 'MEMBER') AS owns,
       (SELECT r.rolcreaterole OR r.rolsuper FROM pg_roles r WHERE r.rolname = session_user) AS makes_roles,
       (SELECT count(*) FROM pg_roles r WHERE r.rolname IN ('contactcenter_app', 'contactcenter_worker')
        AND pg_has_role(session_user, r.oid, 'MEMBER'))::int AS held
FROM pg_database d WHERE d.datname = current_database();

-- name: has_schema
SELECT to_regclass('schema_version') IS NOT NULL;

-- name: version
SELECT max(version) FROM schema_version;

-- name: oldest
SELECT max(oldest) FROM schema_version;

-- name: partitions
-- whole: one row is enough, of a partition that should have none
-- Of this month and the next two those that lack a partition, and whether events lie in none.
SELECT coalesce(array_agg(m.name) FILTER (WHERE to_regclass('event_' || m.name) IS NULL), '{}') AS missing,
       EXISTS (SELECT FROM event_rest) AS rest
FROM (SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n), 'YYYYMM') AS name
      FROM generate_series(0, 2) AS n) m;

-- name: long_transactions
SELECT pid, coalesce(nullif(application_name, ''), 'unnamed') AS application, state,
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS for_s
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND xact_start < clock_timestamp() - interval '5 minutes'
ORDER BY xact_start LIMIT 5;

-- name: prepared_transactions
SELECT count(*) FROM pg_prepared_xacts
WHERE database = current_database() AND prepared < clock_timestamp() - interval '5 minutes';

-- name: slots
-- Replication slots that nobody reads from, and the bytes of log that are kept for each.
SELECT slot_name::text AS name,
       pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
                       restart_lsn)::bigint AS bytes
FROM pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL;

-- name: standbys
SELECT (SELECT count(*) FROM pg_stat_replication)::int AS connected,
       current_setting('synchronous_standby_names') AS wanted;

-- name: bloat
-- Tables of which more than half is dead.
SELECT relname::text AS name, n_dead_tup AS dead
FROM pg_stat_user_tables WHERE n_dead_tup > 100000 AND n_dead_tup > n_live_tup
ORDER BY n_dead_tup DESC LIMIT 5;

-- name: broken_indexes
SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid LIMIT 10;
