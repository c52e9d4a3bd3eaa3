-- name: listed
SELECT c.id, c.case_id, c.aside AS why, q.key AS queue, o.key AS organisation, c.first_arrival AS at, m.address,
       p.name, m.subject, left(m.text, 300) AS text, CASE WHEN c.aside = 'spam' THEN u.name END AS by
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN users u ON u.id = c.owner
LEFT JOIN LATERAL (SELECT x.address, x.subject, x.text FROM message x
                   WHERE x.case_id = c.case_id AND x.direction = 'inbound'
                   ORDER BY x.contact_id = c.id DESC, x.seq LIMIT 1) AS m ON true
WHERE c.aside IS NOT NULL AND (:why::text IS NULL OR c.aside = :why) AND c.id < :before
  AND c.organisation_id = ANY(:scope)
ORDER BY c.id DESC LIMIT :most;

-- name: lock
-- The contact in its case, both held, the case first as everywhere.
SELECT c.id, c.case_id, c.organisation_id, c.state, c.aside, c.owner FROM contact c
WHERE c.id = :contact AND c.organisation_id = ANY(:scope) FOR UPDATE;

-- name: case_of
SELECT case_id FROM contact WHERE id = :contact AND organisation_id = ANY(:scope);

-- name: release
-- Back to its place. Who waited before somebody said spam begins a new wait: the first one was
-- counted when it was accepted.
-- system: the caller was authorised on the contact
UPDATE contact SET state = 'queued', version = version + 1, aside = NULL, owner = NULL, closed_at = NULL, passed = '{}',
    wrap_up_at = NULL, unread = 1, wait_from = CASE WHEN first_accepted IS NULL THEN wait_from ELSE now() END,
    also = CASE WHEN first_accepted IS NULL THEN also ELSE '{}' END
WHERE id = :contact
RETURNING *;

-- name: not_automatic
-- A person wrote it after all, so it can be answered.
-- system: the caller was authorised on the contact
UPDATE message SET automatic = false
WHERE case_id = (SELECT case_id FROM contact WHERE id = :contact) AND contact_id = :contact AND automatic;

-- name: open_case
-- system: the caller was authorised on the contact
UPDATE cases SET state = 'open', resolved_at = NULL WHERE id = :case_id AND state = 'resolved';

-- name: released_by
-- system: the user's own act
SELECT a.user_id = :user_id FROM audit a
WHERE a.object_kind = 'contact' AND a.object_id = :contact::text AND a.verb IN ('spam', 'not_spam', 'release_aside')
ORDER BY a.id DESC LIMIT 1;
