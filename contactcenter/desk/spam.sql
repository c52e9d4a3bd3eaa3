-- name: put_aside
-- system: the caller owns it
UPDATE contact SET state = 'closed', version = version + 1, closed_at = now(), held_at = NULL, paused_at = NULL, disposition = NULL,
    unread = 0, aside = 'spam'
WHERE id = :contact AND owner = :agent AND state IN ('active', 'wrap_up')
RETURNING *;

-- name: settle_case
-- A case in which there is nothing else.
-- system: the caller owns its contact
UPDATE cases SET state = 'resolved', resolved_at = now()
WHERE id = :case_id AND state <> 'resolved' AND NOT EXISTS (
    SELECT FROM contact c WHERE c.case_id = :case_id AND c.id <> :contact);
