-- name: wait
-- system: no citizen's data
SELECT pg_logical_emit_message(true, 'contactcenter', '') IS NOT NULL;
