-- name: marks
-- Whether files that this connection stores wait for the scanner: a pooler may have dropped the setting.
-- system: a setting of the connection
SELECT coalesce(current_setting('contactcenter.scan', true), '') = 'waiting';

-- name: claim
-- Files that wait for the scanner, and from time to time those that could not be scanned; nobody else
-- is given them for as long as a scan may take.
-- system: the house's own duty, whoever the file is for
WITH files AS (
    UPDATE attachment SET scan_tries = scan_tries + 1, scan_next = now() + make_interval(secs => :lease_s)
    WHERE id = ANY (ARRAY(SELECT id FROM attachment WHERE (scan = 'waiting' OR scan = 'failed' AND scan_tries < :given_up) AND scan_next <= now()
                          ORDER BY scan_next LIMIT :most FOR UPDATE SKIP LOCKED))
    RETURNING id, blob_id, scan_tries
), uploads AS (
    UPDATE upload SET scan_tries = scan_tries + 1, scan_next = now() + make_interval(secs => :lease_s)
    WHERE id = ANY (ARRAY(SELECT id FROM upload WHERE (scan = 'waiting' OR scan = 'failed' AND scan_tries < :given_up) AND scan_next <= now() AND arrived
                          ORDER BY scan_next LIMIT :most FOR UPDATE SKIP LOCKED))
    RETURNING id, blob_id, scan_tries
)
SELECT * FROM uploads UNION ALL SELECT * FROM files;

-- name: settle_upload
-- system: the house's own duty
UPDATE upload SET scan = :scan, scan_name = :name, scanned_at = now(), scan_next = now() + make_interval(secs => :again_s)
WHERE id = :id AND scan IN ('waiting', 'failed')
RETURNING id, contact_id, user_id, name, media_type, size, scan, scan_name;

-- name: settle_file
-- system: the house's own duty
UPDATE attachment a SET scan = :scan, scan_name = :name, scanned_at = now(), scan_next = now() + make_interval(secs => :again_s)
FROM message m WHERE a.id = :id AND a.scan IN ('waiting', 'failed') AND m.id = a.message_id
RETURNING a.id, a.name, a.media_type, a.size, a.scan, a.scan_name, m.case_id, m.seq, m.direction,
    (SELECT h.contact_id FROM chat h JOIN contact c ON c.id = m.contact_id
     WHERE h.case_id = m.case_id AND m.direction <> 'note' AND c.channel = 'chat') AS chat;

-- name: hold
-- The contacts of a file's case, held: who accepts one at this moment has seen the file as it is by
-- then, or is told.
-- system: the house's own duty; each owner was authorised when taking it
SELECT c.id, c.owner, c.state FROM contact c
WHERE c.case_id = (SELECT m.case_id FROM attachment a JOIN message m ON m.id = a.message_id WHERE a.id = :id)
ORDER BY c.id FOR UPDATE;

-- name: owner_of
-- system: the house's own duty
SELECT owner FROM contact WHERE id = :contact AND state IN ('active', 'wrap_up');

-- name: put_off_upload
-- system: the house's own duty
UPDATE upload SET scan_next = now() + make_interval(secs => :wait_s), scan_tries = scan_tries - :back::int
WHERE id = :id AND scan IN ('waiting', 'failed');

-- name: put_off_file
-- system: the house's own duty
UPDATE attachment SET scan_next = now() + make_interval(secs => :wait_s), scan_tries = scan_tries - :back::int
WHERE id = :id AND scan IN ('waiting', 'failed');

-- name: figures
-- system: counts of the house
SELECT count(*) FILTER (WHERE scan = 'waiting') AS waiting, count(*) FILTER (WHERE scan = 'infected') AS infected,
       count(*) FILTER (WHERE scan = 'failed') AS failed
FROM (SELECT scan FROM attachment WHERE scan NOT IN ('none', 'clean')
      UNION ALL SELECT scan FROM upload WHERE scan NOT IN ('none', 'clean') AND arrived) AS files;
