-- name: take_in
-- New contacts, all of them in one statement and so in one commit: what was taken in before is
-- left out (it is answered from the table), persons are found or made by their address, one case
-- and one first message for all contacts with the same case id.
-- Rows are inserted in key order, so that two nodes with the same mails can't wait for each other.
-- system: a door's intake, no user is asking
WITH input AS MATERIALIZED (
    SELECT t.*, coalesce(t.received_at, now()) AS arrived
    FROM json_to_recordset(:entries::json) AS t (
        contact_id bigint, case_id bigint, message_id bigint, new_person_id bigint, organisation_id int, queue_id int,
        channel text, language text, requirement text, target_s int, external_id text, key text, kind text,
        address text, strength text, name text, subject text, text text, html text, raw_blob bigint, raw_size bigint,
        received_at timestamptz, automatic boolean, refs text, rest text, facts jsonb, aside text, receipt text,
        has_page boolean, answer_by timestamptz)
), fresh AS (
    INSERT INTO intake (channel, key, contact_id) SELECT channel, key, contact_id FROM input ORDER BY channel, key
    ON CONFLICT DO NOTHING
    RETURNING contact_id
), taken AS MATERIALIZED (
    SELECT i.*, coalesce(CASE WHEN b.address IS NOT NULL THEN 'blocked' END, i.aside) AS why_aside
    FROM input i JOIN fresh USING (contact_id)
    -- Of mail alone: what was typed into a form may be anybody's address, and whoever typed it would
    -- see by the answer that it is blocked.
    LEFT JOIN blocked_sender b ON b.organisation_id = i.organisation_id AND b.address = i.address AND i.kind = 'email'
                               AND i.raw_size IS NOT NULL
), who AS (
    INSERT INTO identity AS d (organisation_id, kind, address, person_id, strength)
    SELECT DISTINCT ON (organisation_id, kind, address) organisation_id, kind, address, new_person_id, strength
    FROM taken WHERE address <> '' ORDER BY organisation_id, kind, address, contact_id
    ON CONFLICT (organisation_id, kind, address) DO UPDATE SET seen_at = now(),
        strength = strength_now(d.strength, excluded.strength)
    RETURNING organisation_id, kind, address, person_id
), whole AS MATERIALIZED (
    SELECT t.*, coalesce(w.person_id, t.new_person_id) AS person_id,
           row_number() OVER (PARTITION BY t.case_id ORDER BY t.contact_id) = 1 AS opens_case
    FROM taken t LEFT JOIN who w USING (organisation_id, kind, address)
), persons AS (
    INSERT INTO person (id, organisation_id, name, language)
    SELECT DISTINCT ON (person_id) person_id, organisation_id, name, language
    FROM whole WHERE person_id = new_person_id ORDER BY person_id, contact_id
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, subject, last_seq, last_shown, state, resolved_at,
                       has_page, answer_by)
    SELECT case_id, organisation_id, person_id, subject, 1, 1,
           CASE WHEN why_aside IS NULL THEN 'open' ELSE 'resolved' END, CASE WHEN why_aside IS NOT NULL THEN now() END,
           has_page, answer_by
    FROM whole WHERE opens_case
), made AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank,
                         state, first_arrival, wait_from, closed_at, external_id, raw_blob, raw_size, linked_to, unread,
                         aside)
    SELECT contact_id, case_id, person_id, organisation_id, queue_id, channel, language, requirement,
           (extract(epoch FROM arrived) * 1000000)::bigint + target_s * 1000000::bigint,
           CASE WHEN why_aside IS NULL THEN 'queued' ELSE 'closed' END, arrived, arrived,
           CASE WHEN why_aside IS NOT NULL THEN now() END, external_id, raw_blob, raw_size,
           CASE WHEN external_id IS NOT NULL THEN (
               SELECT c.id FROM contact c
               WHERE c.external_id = whole.external_id AND c.organisation_id = whole.organisation_id
               ORDER BY c.id LIMIT 1) END,
           opens_case::int, why_aside
    FROM whole
    RETURNING id, state, requirement, rank, version, passed, channel, organisation_id, queue_id, language, direction,
              wait_from, away_from, aside
), written AS (
    INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author, address, at,
                         external_id, refs, automatic, subject, text, html, rest, facts)
    SELECT message_id, case_id, contact_id, organisation_id, 1, 'inbound', coalesce(nullif(name, ''), address),
           address, arrived, external_id, string_to_array(refs, ' '), automatic, subject, text, html, rest, facts
    FROM whole WHERE opens_case
), files AS MATERIALIZED (
    SELECT f.*, w.message_id, w.organisation_id
    FROM json_to_recordset(:files::json) AS f (id bigint, contact_id bigint, blob_id bigint, name text, media_type text,
                                               size bigint, content_id text, inline boolean)
    JOIN whole w USING (contact_id) WHERE w.opens_case
), filed AS (
    INSERT INTO attachment (id, message_id, organisation_id, blob_id, name, media_type, size, content_id, inline)
    SELECT id, message_id, organisation_id, blob_id, name, media_type, size, content_id, inline FROM files
), kept AS (
    INSERT INTO blob (id, n, data, sealed_by)
    SELECT b.id, b.n, b.data, b.sealed_by
    FROM unnest(:blob_id::bigint[], :blob_n::int[], :blob_data::bytea[], :blob_seal::text[]) AS b (id, n, data, sealed_by)
    WHERE b.id IN (SELECT raw_blob FROM whole UNION ALL SELECT blob_id FROM files)
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, rank, why,
                       disposition)
    SELECT CASE state WHEN 'queued' THEN 'entered' ELSE 'closed' END, organisation_id, id, queue_id, channel, language,
           direction, CASE state WHEN 'queued' THEN wait_from END, rank,
           CASE WHEN state = 'queued' THEN 'new' WHEN aside = 'blocked' THEN 'blocked' END,
           CASE WHEN state = 'closed' AND aside <> 'blocked' THEN 'automatic' END
    FROM made
), acknowledged AS (
    INSERT INTO receipt_due (contact_id, language)
    SELECT contact_id, receipt FROM whole WHERE opens_case AND receipt IS NOT NULL AND why_aside IS NULL
), boxed AS (
    INSERT INTO outbox (contact_id, version, since) SELECT id, version, version FROM made WHERE state = 'queued'
), moved_on AS (
    INSERT INTO door_cursor AS c (source, value, fence)
    SELECT :source::text, :cursor::text, :fence::bigint WHERE :source::text IS NOT NULL
    ON CONFLICT (source) DO UPDATE SET value = excluded.value, fence = excluded.fence, at = now()
    WHERE c.fence <= excluded.fence
)
SELECT * FROM made;

-- name: add_feedback
-- Of open feedback what it says beside its words; a service of another organisation is none.
-- system: a door's intake, no user is asking
INSERT INTO open_feedback (contact_id, case_id, organisation_id, queue_id, via, kind, about, service_id, language, place, lat, long,
                           media_url, token_hash, expires_at, public_text, public_place, public_point, public_media)
SELECT c.id, c.case_id, c.organisation_id, c.queue_id, :via, :kind, :about,
       (SELECT s.id FROM service s WHERE s.id = :service::int AND s.organisation_id = c.organisation_id), :language, :place,
       :lat::float8, :long::float8, :media_url, :token_hash::bytea,
       CASE WHEN :token_hash::bytea IS NOT NULL THEN now() + make_interval(days => :days) END,
       CASE WHEN :publish::boolean THEN (SELECT m.text FROM message m WHERE m.case_id = c.case_id AND m.seq = 1) END,
       CASE WHEN :publish THEN :place ELSE '' END, :publish AND :lat IS NOT NULL, :publish AND :media_url::text IS NOT NULL
FROM contact c WHERE c.id = :contact;

-- name: known
-- system: a door's intake
SELECT key, contact_id FROM intake WHERE channel = :channel AND key = ANY(:keys);

-- name: targets
-- system: configuration
SELECT a.address, q.id AS queue_id, q.key AS queue, q.organisation_id, o.key AS organisation, q.task, q.level,
       q.languages, q.target_s, q.receipts
FROM mail_address a JOIN queue q ON q.id = a.queue_id JOIN organisation o ON o.id = q.organisation_id
WHERE q.disabled_at IS NULL AND 'mail' = ANY(q.channels);

-- name: cursor
-- system: a door's progress
SELECT value FROM door_cursor WHERE source = :source;

-- name: set_cursor
-- system: a door's progress
INSERT INTO door_cursor AS c (source, value, fence) VALUES (:source, :value, :fence)
ON CONFLICT (source) DO UPDATE SET value = excluded.value, fence = excluded.fence, at = now()
WHERE c.fence <= excluded.fence;

-- name: answered
-- The case of the nearest of our messages that a mail says it answers, in one of the organisations
-- it was sent to: a Message-ID of ours has an unguessable part, so naming it proves having it. What
-- a blocked sender writes joins nothing.
-- system: a door's intake
SELECT o.case_id, o.organisation_id
FROM unnest(:refs::text[]) WITH ORDINALITY AS r (ref, n)
JOIN outbound o ON o.external_id = r.ref
WHERE o.case_id IS NOT NULL AND o.organisation_id = ANY(:organisations) AND NOT EXISTS (
    SELECT FROM blocked_sender b WHERE b.organisation_id = o.organisation_id AND b.address = :address)
ORDER BY r.n LIMIT 1;

-- name: named
-- The case that a reply token names, likewise.
-- system: a door's intake
SELECT k.id AS case_id, k.organisation_id FROM unnest(:cases::bigint[]) WITH ORDINALITY AS t (id, n)
JOIN cases k ON k.id = t.id
WHERE k.organisation_id = ANY(:organisations) AND EXISTS (SELECT FROM contact c WHERE c.case_id = k.id) AND NOT EXISTS (
    SELECT FROM blocked_sender b WHERE b.organisation_id = k.organisation_id AND b.address = :address)
ORDER BY t.n LIMIT 1;

-- name: open_contact
-- system: a door's intake
SELECT id, state, owner FROM contact
WHERE case_id = :case_id AND state IN ('received', 'queued', 'offered', 'active', 'wrap_up', 'scheduled')
ORDER BY id DESC LIMIT 1;

-- name: last_contact
-- system: a door's intake
SELECT id FROM contact WHERE case_id = :case_id ORDER BY id DESC LIMIT 1;

-- name: add_key
-- system: a door's intake
INSERT INTO intake (channel, key, contact_id) VALUES (:channel, :key, :contact_id) ON CONFLICT DO NOTHING RETURNING contact_id;

-- name: add_contact
-- system: a door's intake
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank,
                     state, first_arrival, wait_from, external_id, unread, preferred, preferred_until, called)
SELECT :id, :case_id, :person_id, :organisation_id, :queue_id, :channel::text, :language, :requirement,
       (extract(epoch FROM coalesce(:received_at::timestamptz, now())) * 1000000)::bigint
           + (:target_s::int - :priority_s::int) * 1000000::bigint,
       'queued', coalesce(:received_at::timestamptz, now()), coalesce(:received_at::timestamptz, now()), :external_id, 1,
       k.user_id, CASE WHEN k.user_id IS NOT NULL THEN now() + make_interval(secs => q.prefer_s) END,
       coalesce((SELECT c.called FROM contact c WHERE c.case_id = :case_id ORDER BY c.id DESC LIMIT 1), '')
FROM queue q LEFT JOIN LATERAL (
    -- Who had the case last, where that agent is available and able.
    SELECT a.user_id FROM contact c
    JOIN agent a ON a.user_id = c.owner AND a.state = 'available'
    JOIN able_in(ARRAY[:requirement::text]) AS w ON w.user_id = a.user_id
    WHERE c.case_id = :case_id AND q.prefer_s > 0 ORDER BY c.id DESC LIMIT 1) AS k ON true
WHERE q.id = :queue_id
RETURNING *;

-- name: quarantine
-- system: a door's intake
INSERT INTO contact (id, organisation_id, queue_id, channel, language, requirement, rank, state, first_arrival,
                     wait_from, external_id, raw_blob, raw_size, why_quarantined)
VALUES (:id, :organisation_id, :queue_id, :channel::text, :language, :requirement, 0, 'quarantined',
        coalesce(:received_at::timestamptz, now()), coalesce(:received_at::timestamptz, now()), :external_id, :raw_blob, :raw_size, :why);

-- name: quarantined_one
SELECT c.id, c.channel, c.raw_blob, c.organisation_id, q.id AS queue_id, q.key AS queue, o.key AS organisation, q.task,
       q.level, q.languages, q.target_s, q.receipts
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
WHERE c.id = :contact AND c.state = 'quarantined' AND c.organisation_id = ANY(:scope);

-- name: release
-- A quarantined contact that could be read after all: its person and case, or those of the case that
-- it answers, and its place by its first arrival; closed where nobody waits for an answer. No row
-- where another was quicker.
-- system: the caller was authorised on the contact
WITH moved AS (
    UPDATE contact SET state = CASE WHEN :closed::boolean THEN 'closed' ELSE 'queued' END, version = version + 1,
        closed_at = CASE WHEN :closed::boolean THEN now() END, aside = :aside::text, case_id = :case_id, person_id = coalesce(
            (SELECT person_id FROM cases WHERE id = :case_id),
            (SELECT person_id FROM identity WHERE organisation_id = contact.organisation_id AND kind = :kind
                                              AND address = :address), :person_id),
        language = :language, requirement = :requirement, external_id = :external_id, unread = 1,
        rank = (extract(epoch FROM first_arrival) * 1000000)::bigint + :target_s::int * 1000000::bigint
    WHERE id = :contact AND state = 'quarantined'
    RETURNING *
), persons AS (
    INSERT INTO person (id, organisation_id, name, language)
    SELECT person_id, organisation_id, :name, :language FROM moved WHERE person_id = :person_id
), identities AS (
    INSERT INTO identity (organisation_id, kind, address, person_id, strength)
    SELECT organisation_id, :kind, :address, person_id, :strength::text FROM moved WHERE :address::text <> ''
    ON CONFLICT (organisation_id, kind, address) DO UPDATE SET seen_at = now(),
        strength = strength_now(identity.strength, excluded.strength)
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, subject, state, resolved_at)
    SELECT case_id, organisation_id, person_id, :subject, CASE WHEN :closed::boolean THEN 'resolved' ELSE 'open' END,
           CASE WHEN :closed::boolean THEN now() END
    FROM moved WHERE :opens::boolean
), acknowledged AS (
    INSERT INTO receipt_due (contact_id, language) SELECT id, :receipt::text FROM moved WHERE :receipt::text IS NOT NULL
)
SELECT * FROM moved;

-- name: quarantined
SELECT c.id, c.channel, q.key AS queue, c.first_arrival, c.why_quarantined AS why, c.raw_size AS size
FROM contact c JOIN queue q ON q.id = c.queue_id
WHERE c.state = 'quarantined' AND c.organisation_id = ANY(:scope)
ORDER BY c.id DESC LIMIT 500;

-- name: reject
UPDATE contact SET state = 'closed', version = version + 1, closed_at = now()
WHERE id = :contact AND state = 'quarantined' AND organisation_id = ANY(:scope)
RETURNING *;

-- name: raw_of
SELECT raw_blob, raw_size, organisation_id FROM contact
WHERE id = :contact AND raw_size IS NOT NULL AND organisation_id = ANY(:scope);

-- name: drop_sources
-- system: what was read long ago
SELECT drop_sources(:days::int, :most::int);
