-- name: abandon
-- Nobody leaves before the wait began, which a transfer of who was away already may have done.
-- system: the citizen's own act, or the clock
WITH moved AS (
    UPDATE contact SET state = 'abandoned', version = version + 1 WHERE id = :contact AND state = 'queued' RETURNING *
), noted AS (
    INSERT INTO event (at, kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from)
    SELECT greatest(coalesce(:at::timestamptz, now()), wait_from), 'abandoned', organisation_id, id, queue_id, channel, language, direction,
           wait_from
    FROM moved
), over AS (
    UPDATE callback b SET result = 'cancelled' FROM moved m WHERE b.contact_id = m.id AND b.result IS NULL
), seen AS (
    UPDATE open_feedback f SET stands_since = now() FROM moved m WHERE f.case_id = m.case_id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since) SELECT id, version, version FROM moved
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version
)
SELECT id FROM moved;

-- name: end_chat
-- system: the citizen's own act, or the clock
UPDATE chat SET ended = :why::text WHERE contact_id = :contact AND ended IS NULL;

-- name: who_has
-- system: the citizen's own act, or the clock
SELECT owner, case_id FROM contact WHERE id = :contact;

-- name: lock
-- system: the citizen's own act, or the clock
SELECT state, owner, offer_id, away_from, channel, case_id, person_id, organisation_id, queue_id
FROM contact WHERE id = :contact FOR UPDATE;
