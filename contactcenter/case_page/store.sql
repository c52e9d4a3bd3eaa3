-- name: case
-- system: who has the link has the case
SELECT k.id, k.organisation_id, k.person_id, k.subject, k.state, k.has_page, k.answers_to, o.name AS organisation,
       o.key AS organisation_key, o.time_zone, p.name AS person, now() AS now,
       coalesce((SELECT max(m.at) FROM message m WHERE m.case_id = k.id AND m.direction <> 'note'), k.opened_at) AS last_at
FROM cases k JOIN organisation o ON o.id = k.organisation_id LEFT JOIN person p ON p.id = k.person_id
WHERE k.id = :case;

-- name: case_of
-- system: the citizen's own contact
SELECT case_id FROM contact WHERE id = :contact;

-- name: contact
-- What the case's page is about: its newest contact that is open, else its newest. `reads`: the language
-- that the citizen chose last in the case's chat, else the contact's.
-- system: who has the link has the case
SELECT c.id, c.state, c.version, c.channel, c.language, coalesce(h.page_language, c.language) AS reads, c.requirement, c.owner, c.called, c.away_from,
       shown_name(u.id, c.organisation_id, false) AS agent, w.number, w.promise_from, w.promise_to, coalesce(w.attempts, 0) AS attempts,
       w.result, w.next_at, q.name AS queue_names, q.channels,
       EXISTS (SELECT FROM mail_address a WHERE a.queue_id = q.id) AS mails,
       q.id AS queue_id, q.key AS queue, q.organisation_id, g.key AS organisation, q.task, q.level, q.languages, q.target_s,
       q.receipts, q.feedback AS asks
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation g ON g.id = q.organisation_id
LEFT JOIN users u ON u.id = c.owner AND c.state = 'active' LEFT JOIN callback w ON w.contact_id = c.id
LEFT JOIN chat h ON h.case_id = c.case_id
WHERE c.case_id = :case
ORDER BY c.state IN ('received', 'queued', 'offered', 'active', 'wrap_up', 'scheduled') DESC, c.id DESC LIMIT 1;

-- part: whose
-- The addresses of the case's citizen.
whose AS MATERIALIZED (
    SELECT i.address FROM cases k JOIN identity i ON i.person_id = k.person_id WHERE k.id = :case
    UNION SELECT answers_to FROM cases WHERE id = :case AND answers_to IS NOT NULL
)

-- part: shown
-- What the citizen wrote and what was written to the citizen. Not: notes, what machines wrote, what
-- others wrote into the thread, what an agent wrote to others, and what somebody else asked who gave
-- the same number to be called.
FROM message m LEFT JOIN outbound o ON o.send_id = m.send_id
WHERE m.case_id = :case AND CASE m.direction
    WHEN 'inbound' THEN NOT m.automatic AND (coalesce(m.address, '') = '' OR lower(m.address) IN (SELECT address FROM whose))
        AND NOT (m.address LIKE '+%' AND EXISTS (
            SELECT FROM message x WHERE x.contact_id = m.contact_id AND x.direction = 'inbound' AND x.address LIKE '+%'
                                    AND x.seq < m.seq))
    WHEN 'outbound' THEN m.send_id IS NULL OR o.kind = 'reply' AND EXISTS (
        SELECT FROM whose w WHERE w.address = ANY (SELECT lower(x) FROM unnest(o.recipient || o.also_to || o.cc) AS x))
    ELSE false END

-- name: messages
-- What the page shows, newest first, before a number.
-- system: who has the link has the case
WITH
{whose}
SELECT m.id, m.seq, m.direction = 'inbound' AS mine,
       CASE m.direction WHEN 'outbound' THEN coalesce(shown_name(m.author_id, m.organisation_id, false), '')
                        ELSE split_part(m.author, ' ', 1) END AS who, m.at, m.text, m.choices
{shown}
    AND m.seq < :before
ORDER BY m.seq DESC LIMIT :most;

-- name: newer
-- The number before which the next newer page stands; none where the newest is next.
-- system: who has the link has the case
WITH
{whose}
SELECT m.seq
{shown}
    AND m.seq >= :before
ORDER BY m.seq LIMIT 1 OFFSET :most;

-- name: shows
-- Whether the page shows a message.
-- system: who has a link into the case
WITH
{whose}
SELECT EXISTS (SELECT
{shown}
    AND m.seq = :seq);

-- name: file
-- system: who asks shows the file's signed link
SELECT a.blob_id, a.name, a.size, a.scan, a.scan_name, m.case_id, m.seq FROM attachment a JOIN message m ON m.id = a.message_id
WHERE a.id = :id;

-- name: files
-- system: files of messages that the page shows
SELECT id, message_id, name, media_type, size, scan, scan_name FROM attachment WHERE message_id = ANY(:messages) AND NOT inline ORDER BY id;

-- name: mailbox
-- Where answers go by mail.
-- system: who has the link has the case
SELECT coalesce(k.answers_to, (
    SELECT m.address FROM message m JOIN identity i ON i.address = lower(m.address) AND i.kind = 'email'
    WHERE m.case_id = k.id AND m.direction = 'inbound' AND NOT m.automatic AND i.person_id = k.person_id
    ORDER BY m.seq DESC LIMIT 1))
FROM cases k WHERE k.id = :case;

-- name: proven
-- The addresses that the citizen has proven, the newest first: those that mails of the case came from,
-- which our own server does not speak against, and those at which a link of ours was used.
-- system: who has the link has the case
SELECT p.address FROM (
    SELECT i.address, max(m.at) AS at FROM message m JOIN cases k ON k.id = m.case_id
    JOIN identity i ON i.organisation_id = k.organisation_id AND i.kind = 'email' AND i.address = lower(m.address)
    WHERE m.case_id = :case AND m.direction = 'inbound' AND NOT m.automatic AND NOT forged(m.facts) AND i.person_id = k.person_id
      AND (m.raw_size IS NOT NULL OR EXISTS (
          SELECT FROM contact c WHERE c.id = m.contact_id AND c.raw_size IS NOT NULL
             AND m.seq = (SELECT min(x.seq) FROM message x WHERE x.case_id = m.case_id AND x.contact_id = c.id)))
    GROUP BY i.address
    UNION ALL SELECT t.address, max(t.proven_at) FROM transcript t WHERE t.case_id = :case AND t.proven_at IS NOT NULL GROUP BY t.address
) AS p GROUP BY p.address ORDER BY max(p.at) DESC;

-- name: written
-- What was written under this id.
-- system: who has the link has the case
SELECT id, text FROM message WHERE case_id = :case AND direction = 'inbound' AND client_id = :client_id LIMIT 1;

-- name: wrote
-- system: who has the link has the case
SELECT EXISTS (SELECT FROM message WHERE case_id = (SELECT case_id FROM contact WHERE id = :contact) AND contact_id = :contact AND direction = 'inbound');

-- name: answer_to
-- The address becomes the person's where it is nobody's: an address of somebody else stays theirs.
-- system: who has the link has the case
WITH told AS (
    UPDATE cases SET answers_to = :address WHERE id = :case RETURNING organisation_id, person_id
)
INSERT INTO identity (organisation_id, kind, address, person_id, strength)
SELECT organisation_id, 'email', :address, person_id, 'asserted' FROM told WHERE person_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: resolve
-- The citizen needs it no more, and nothing of it is open.
-- system: who has the link has the case
UPDATE cases k SET state = 'resolved', resolved_at = now()
WHERE k.id = :case AND k.state <> 'resolved' AND NOT EXISTS (
    SELECT FROM contact c WHERE c.case_id = k.id
       AND c.state IN ('received', 'queued', 'offered', 'active', 'wrap_up', 'scheduled'));
