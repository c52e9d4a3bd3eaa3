-- part: refused
-- Where others have it, those who do not.
LEFT JOIN LATERAL (SELECT string_agg(one ->> 'address', ', ') AS whom, min(one ->> 'code') AS code
                   FROM jsonb_array_elements(o.refused) AS one) AS r ON o.state = 'sent'

-- name: notices
-- What an agent is shown until it is settled.
SELECT o.send_id, o.case_id, o.contact_id, m.seq, o.subject, coalesce(r.whom, o.recipient) AS recipient,
       coalesce(r.code, o.code) AS code, o.undelivered_at
FROM outbound o LEFT JOIN message m ON m.id = o.message_id
{refused}
WHERE o.undelivered_at IS NOT NULL AND o.undelivered_for = :agent AND o.organisation_id = ANY(:scope)
ORDER BY o.undelivered_at, o.send_id LIMIT 100;

-- name: notice
-- system: for the agent whom it names
SELECT o.send_id, o.case_id, o.contact_id, m.seq, o.subject, coalesce(r.whom, o.recipient) AS recipient,
       coalesce(r.code, o.code) AS code, o.undelivered_at, o.undelivered_for
FROM outbound o LEFT JOIN message m ON m.id = o.message_id
{refused}
WHERE o.send_id = :send_id AND o.undelivered_at IS NOT NULL;

-- name: every
SELECT o.send_id, o.case_id, o.contact_id, m.seq, g.key AS organisation, q.key AS queue,
       coalesce(r.whom, o.recipient) AS recipient, o.subject, coalesce(r.code, o.code) AS code, o.undelivered_at, u.name AS agent
FROM outbound o JOIN organisation g ON g.id = o.organisation_id LEFT JOIN message m ON m.id = o.message_id
LEFT JOIN contact c ON c.id = o.contact_id LEFT JOIN queue q ON q.id = c.queue_id LEFT JOIN users u ON u.id = o.undelivered_for
{refused}
WHERE o.undelivered_at IS NOT NULL AND o.organisation_id = ANY(:scope)
ORDER BY o.undelivered_at, o.send_id LIMIT 500;

-- name: mark
-- Only what a person wrote: of an acknowledgement nobody needs to know. Who has the case in hand
-- comes first, then who wrote it, then who had the case last; nobody who can't sign in any more.
-- system: the house's post, or a door's intake
UPDATE outbound o SET undelivered_at = now(), undelivered_for = (
    SELECT u.id FROM (
        SELECT c.owner AS id, 1 AS n, c.id AS newest FROM contact c
        WHERE c.case_id = o.case_id AND c.state IN ('active', 'wrap_up')
        UNION ALL SELECT m.author_id, 2, m.id FROM message m WHERE m.id = o.message_id
        UNION ALL SELECT c.owner, 3, c.id FROM contact c WHERE c.case_id = o.case_id
    ) AS w JOIN users u ON u.id = w.id AND u.disabled_at IS NULL
    ORDER BY w.n, w.newest DESC LIMIT 1)
WHERE o.send_id = :send_id AND o.message_id IS NOT NULL
RETURNING o.undelivered_for, o.case_id;

-- name: settle
-- system: the caller is authorised on the message, or shown it
UPDATE outbound o SET undelivered_at = NULL, undelivered_for = NULL
FROM (SELECT send_id, undelivered_for, organisation_id FROM outbound WHERE send_id = :send_id FOR UPDATE) AS was
WHERE o.send_id = was.send_id AND o.undelivered_at IS NOT NULL
RETURNING was.undelivered_for, was.organisation_id;

-- name: whose
SELECT o.send_id, o.undelivered_at, o.undelivered_for, o.organisation_id FROM outbound o
WHERE o.send_id = :send_id AND o.organisation_id = ANY(:scope);
