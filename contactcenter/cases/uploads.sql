-- name: add
-- system: the caller owns the contact
INSERT INTO upload (id, contact_id, organisation_id, user_id, blob_id, name, media_type, size)
VALUES (:id, :contact, :organisation_id, :user_id, :blob_id, :name, :media_type, :size)
RETURNING id, name, media_type, size, scan, scan_name;

-- name: waiting
-- system: the caller owns the contact
SELECT count(*) FROM upload WHERE contact_id = :contact AND user_id IS NOT NULL;

-- name: these
-- system: the caller owns the contact, or its card is shown to its owner
SELECT id, name, media_type, size, scan, scan_name FROM upload
WHERE contact_id = :contact AND id = ANY(:ids) AND user_id IS NOT NULL ORDER BY id;

-- name: send
-- They become files of a message: the rows move, the bytes stay.
-- system: the caller owns the contact
WITH sent AS (DELETE FROM upload WHERE id = ANY(:ids) AND contact_id = :contact AND user_id IS NOT NULL RETURNING *)
INSERT INTO attachment (id, message_id, organisation_id, blob_id, name, media_type, size,
                        scan, scan_tries, scan_next, scanned_at, scan_name)
SELECT id, :message, organisation_id, blob_id, name, media_type, size, scan, scan_tries, scan_next, scanned_at, scan_name
FROM sent
RETURNING id, name, size, scan, scan_name;

-- name: one
SELECT id, contact_id FROM upload WHERE id = :id AND user_id IS NOT NULL AND organisation_id = ANY(:scope);

-- name: drop
-- system: the caller owns the contact, or nobody needs them
SELECT drop_uploads(:ids::bigint[]);

-- name: unused
-- system: what nobody sent for a day, and no draft names; of citizens what did not arrive
SELECT u.id FROM upload u
WHERE u.at < now() - interval '1 day' AND NOT EXISTS (
    SELECT FROM draft d WHERE d.contact_id = u.contact_id AND d.mail -> 'attachments' ? u.id::text)
   OR NOT u.arrived AND u.at < now() - interval '30 minutes'
LIMIT 100;

-- name: copy
-- The files of a message that is passed on, as files of the mail that does: the bytes are shared.
-- system: the caller was authorised on both
INSERT INTO attachment (id, message_id, organisation_id, blob_id, name, media_type, size, scan, scanned_at)
SELECT i.id, :message, a.organisation_id, a.blob_id, a.name, a.media_type, a.size, a.scan, a.scanned_at
FROM unnest(:ids::bigint[], :files::bigint[]) AS i (id, file) JOIN attachment a ON a.id = i.file
RETURNING id, size;
