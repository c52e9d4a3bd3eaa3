-- name: lock_live
-- The chat, held, while files may come.
-- system: the citizen's own chat
SELECT id, organisation_id FROM contact
WHERE id = :contact AND channel = 'chat' AND state = ANY(:live::text[]) FOR UPDATE;

-- name: count
-- What was sent, has arrived, comes or may yet begin to come.
-- system: the citizen's own chat
SELECT (SELECT count(*) FROM message m JOIN attachment a ON a.message_id = m.id
        WHERE m.case_id = (SELECT case_id FROM contact WHERE id = :contact) AND m.contact_id = :contact
          AND m.direction = 'inbound')
     + (SELECT count(*) FROM upload WHERE contact_id = :contact AND user_id IS NULL
        AND (token IS NULL OR at > now() - make_interval(secs => :begin_s)));

-- name: add
-- system: the citizen's own chat
INSERT INTO upload (id, contact_id, organisation_id, blob_id, name, media_type, size, token, arrived)
VALUES (:id, :contact, :organisation_id, :blob_id, :name, 'application/octet-stream', :size, :token, false);

-- name: begin
-- system: who has the token was given it in the chat
UPDATE upload u SET token = NULL, at = now() FROM contact c
WHERE u.token = :token AND u.at > now() - make_interval(secs => :begin_s)
  AND c.id = u.contact_id AND c.channel = 'chat' AND c.state = ANY(:live::text[])
RETURNING u.id, u.blob_id, u.name;

-- name: put
-- system: who sends it used the token
INSERT INTO blob (id, n, data, sealed_by) SELECT blob_id, :n, :data, :sealed_by::text FROM upload WHERE id = :id AND NOT arrived
RETURNING n;

-- name: arrived
-- system: who sends it used the token
UPDATE upload u SET arrived = true, media_type = :media_type, size = :size, scan_next = now() FROM contact c
WHERE u.id = :id AND NOT u.arrived AND c.id = u.contact_id AND c.channel = 'chat' AND c.state = ANY(:live::text[])
RETURNING u.id, u.name, u.media_type, u.size, u.scan, u.scan_name;

-- name: drop
-- system: who sends it used the token
SELECT drop_uploads(:ids::bigint[]);

-- name: said_before
-- system: the citizen's own chat
SELECT id, seq, text, at FROM message
WHERE contact_id = :contact AND direction = 'inbound' AND client_id = :client_id;

-- name: send
-- They become files of a message: the rows move, the bytes stay.
-- system: the citizen's own chat
WITH sent AS (
    DELETE FROM upload WHERE id = ANY(:ids::bigint[]) AND contact_id = :contact AND user_id IS NULL AND arrived RETURNING *
)
INSERT INTO attachment (id, message_id, organisation_id, blob_id, name, media_type, size,
                        scan, scan_tries, scan_next, scanned_at, scan_name)
SELECT s.id, m.id, m.organisation_id, s.blob_id, s.name, s.media_type, s.size, s.scan, s.scan_tries, s.scan_next,
       s.scanned_at, s.scan_name
FROM sent s JOIN message m ON m.id = :message
RETURNING id, name, media_type, size, scan, scan_name;
