-- name: lock
-- system: the caller was authorised on the contact, or is a door
SELECT k.id, k.organisation_id, k.person_id, k.subject, k.last_seq, k.last_shown, k.state, k.priority_s, k.has_page, k.answers_to, p.language
FROM cases k LEFT JOIN person p ON p.id = k.person_id WHERE k.id = :case_id FOR UPDATE OF k;

-- name: add_message
-- The number is given in the transaction that inserts it, under the case's row lock: no gaps.
-- system: the caller was authorised on the contact, or is a door
WITH grown AS (
    UPDATE cases SET last_seq = last_seq + 1,
                     last_shown = CASE WHEN :direction::text = 'note' THEN last_shown ELSE last_seq + 1 END
    WHERE id = :case_id RETURNING last_seq, organisation_id
)
INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author, author_id, address, client_id,
                     send_id, at, external_id, raw_blob, raw_size, refs, automatic, subject, text, html,
                     rest, facts, choices)
SELECT :id, :case_id, :contact_id, organisation_id, last_seq, :direction, :author, :author_id, :address, :client_id,
       :send_id, coalesce(:at::timestamptz, now()), :external_id, :raw_blob, :raw_size, :refs, :automatic, :subject, :text, :html,
       :rest, :facts::jsonb, :choices::text[]
FROM grown
RETURNING *;

-- name: identify
-- system: the caller was authorised for the organisation, or is a door
INSERT INTO identity AS i (organisation_id, kind, address, person_id, strength)
VALUES (:organisation_id, :kind::text, :address, :person, 'asserted')
ON CONFLICT (organisation_id, kind, address) DO UPDATE SET seen_at = now(),
        strength = strength_now(i.strength, excluded.strength)
RETURNING person_id;

-- name: add_file
-- system: a door's intake
INSERT INTO attachment (id, message_id, organisation_id, blob_id, name, media_type, size, content_id, inline)
VALUES (:id, :message_id, :organisation_id, :blob_id, :name, :media_type, :size, :content_id, :inline);

-- name: files
-- system: files of messages that the caller was authorised for
SELECT id, message_id, name, media_type, size, inline, scan, scan_name FROM attachment WHERE message_id = ANY(:messages) ORDER BY id;

-- name: wake
-- system: the citizen wrote
UPDATE cases SET
    state = CASE state WHEN 'resolved' THEN 'reopened' WHEN 'waiting' THEN 'open' ELSE state END,
    resolved_at = CASE state WHEN 'resolved' THEN NULL ELSE resolved_at END
WHERE id = :case_id;

-- name: set_state
UPDATE cases SET state = :state::text, resolved_at = CASE WHEN :state = 'resolved' THEN now() END
WHERE id = :case_id AND organisation_id = ANY(:scope) RETURNING id, state;

-- name: one
SELECT k.id, k.organisation_id, k.person_id, k.subject, k.state, k.last_seq, k.opened_at, k.resolved_at
FROM cases k WHERE k.id = :case_id AND k.organisation_id = ANY(:scope);

-- name: timeline
SELECT m.*, m.direction = 'inbound' AND m.address <> '' AND NOT EXISTS (
    SELECT FROM identity i JOIN cases k ON k.person_id = i.person_id
    WHERE k.id = m.case_id AND i.address = lower(m.address)) AS other_sender
FROM message m
WHERE m.case_id = :case_id AND m.seq < :before AND m.organisation_id = ANY(:scope)
ORDER BY m.seq DESC LIMIT :most;

-- name: shown
-- What a chatting citizen sees of the case: what was said in its chats, without notes.
-- system: the caller holds the chat's secret
SELECT m.seq, m.direction, m.client_id, m.text, m.at, m.choices,
       CASE m.direction WHEN 'outbound' THEN coalesce(shown_name(m.author_id, m.organisation_id, false), '') ELSE m.author END AS author,
       (SELECT json_agg(json_build_object('id', a.id, 'name', a.name, 'media_type', a.media_type, 'size', a.size,
                                          'scan', a.scan, 'scan_name', a.scan_name) ORDER BY a.id)
        FROM attachment a WHERE a.message_id = m.id) AS files
FROM message m JOIN contact c ON c.id = m.contact_id
WHERE m.case_id = :case_id AND m.seq > :after AND m.direction <> 'note' AND c.channel = 'chat'
ORDER BY m.seq LIMIT :most;

-- name: shown_name
-- By which name citizens know an agent.
-- system: the agent's own message to the citizen
SELECT coalesce(shown_name(:agent, :organisation_id, :in_letters), '');

-- name: html
SELECT m.html, m.rest, m.organisation_id FROM message m
WHERE m.case_id = :case_id AND m.seq = :seq AND m.organisation_id = ANY(:scope);

-- name: images
-- The files that a message's HTML shows.
SELECT a.content_id, a.blob_id, a.media_type, a.size, a.scan FROM attachment a JOIN message m ON m.id = a.message_id
WHERE m.case_id = :case_id AND m.seq = :seq AND a.inline AND a.organisation_id = ANY(:scope)
ORDER BY a.id;

-- name: parts
-- What stands around a mail's text, and its source: of the mail that opened a contact it is the contact's.
SELECT m.id, m.rest, m.organisation_id, coalesce(m.raw_blob, c.raw_blob) AS raw_blob, coalesce(m.raw_size, c.raw_size) AS raw_size
FROM message m LEFT JOIN contact c ON c.id = m.contact_id AND m.direction = 'inbound' AND m.seq = (
    SELECT min(x.seq) FROM message x WHERE x.case_id = m.case_id AND x.contact_id = c.id)
WHERE m.case_id = :case_id AND m.seq = :seq AND m.organisation_id = ANY(:scope);

-- name: file
SELECT a.id, a.blob_id, a.name, a.media_type, a.size, a.organisation_id, a.scan, a.scan_name, m.case_id FROM attachment a
JOIN message m ON m.id = a.message_id
WHERE a.id = :id AND a.organisation_id = ANY(:scope);

-- name: rescan
-- A file that could not be scanned is given to the scanner anew, where there is one.
UPDATE attachment a SET scan = 'waiting', scan_name = NULL, scan_tries = 0, scan_next = now()
WHERE a.id = :id AND a.scan = 'failed' AND a.organisation_id = ANY(:scope)
  AND current_setting('contactcenter.scan', true) = 'waiting'
RETURNING a.id, a.name, a.media_type, a.size, a.scan, a.scan_name, a.organisation_id;

-- name: answering
-- system: the caller was authorised on the contact
SELECT subject, has_page, answers_to FROM cases WHERE id = :case_id;

-- name: inbound_one
-- A message of the citizen's that may be passed on: the one of this number, else the newest.
-- system: the caller was authorised on the contact
SELECT m.id, m.seq, m.author, m.at, m.text, m.rest, m.subject, m.address, m.facts, k.subject AS case_subject
FROM message m JOIN cases k ON k.id = m.case_id
WHERE m.case_id = :case_id AND m.direction = 'inbound' AND (:seq::int IS NULL OR m.seq = :seq)
ORDER BY m.seq DESC LIMIT 1;

-- name: files_of
-- system: files of a message that the caller was authorised for
SELECT id, name, size, scan, scan_name FROM attachment WHERE message_id = :message ORDER BY id;

-- name: last_inbound
-- What an answer answers: the newest message of the case's own person. A machine's mail, or one that
-- a stranger wrote into the thread, never decides where the next answer goes.
-- system: the caller was authorised on the contact
SELECT m.seq, m.author, m.at, m.text, m.subject, m.address, m.external_id, m.refs FROM message m JOIN cases k ON k.id = m.case_id
WHERE m.case_id = :case_id AND m.direction = 'inbound' AND NOT m.automatic AND EXISTS (
    SELECT FROM identity i WHERE i.person_id = k.person_id AND i.address = lower(m.address))
ORDER BY m.seq DESC LIMIT 1;

-- name: deliveries
-- system: the case was authorised by the caller
SELECT o.send_id, o.contact_id, o.kind, o.state, o.code, o.attempts, o.next_at, o.refused, o.taken,
       o.delayed_at, o.delay_code, m.seq
FROM outbound o LEFT JOIN message m ON m.id = o.message_id
WHERE o.case_id = :case_id ORDER BY o.send_id;

-- name: reply_key
-- system: a key of the house's own
SELECT key FROM signing_key WHERE purpose = 'reply';
