-- name: history
-- The cluster, and its timeline, which rises when a standby is promoted or a backup restored.
-- system: work of the house
SELECT system_identifier || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system();

-- name: leap
-- Blocks of ids that the server before this one may have given, and nobody here remembers; once for
-- each history, however many nodes ask. A lease's row keeps who was here last.
-- system: work of the house
WITH new AS (
    INSERT INTO lease AS l (name, owner, until) VALUES ('ids', :history, 'infinity')
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = l.fence + 1, beat_at = now()
    WHERE l.owner <> excluded.owner
    RETURNING fence
)
SELECT max(nextval('id_seq')) FROM new, generate_series(1, :blocks) WHERE fence > 1;

-- name: block
-- system: ids alone
SELECT nextval('id_seq');
