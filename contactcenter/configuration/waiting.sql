-- What waits in a queue that is changed. Scheduled contacts are callbacks with a time to come.

-- name: open_of_queue
-- system: the caller configures the queue's organisation
SELECT id, state FROM contact WHERE queue_id = :queue_id AND state = 'queued'
UNION ALL
SELECT id, state FROM contact WHERE queue_id = :queue_id AND state IN ('offered', 'active') AND owner IS NOT NULL
UNION ALL
SELECT c.id, c.state FROM callback b JOIN contact c ON c.id = b.contact_id
WHERE b.next_at IS NOT NULL AND c.queue_id = :queue_id AND c.state = 'scheduled';

-- name: lock_contacts
-- In the order of ids, as who writes several.
-- system: the caller configures the queue's organisation
SELECT id FROM contact WHERE id = ANY(:ids) ORDER BY id FOR UPDATE;

-- name: realign
-- Who waits gets what the queue asks for now, and keeps the place among those of the queue: all of
-- them move by as much as the target moved. A promised window has its own due time, and stays. What was
-- handed over to be decided stays the own staff's, while the organisation has a queue that decides.
-- system: the caller configures the queue's organisation
WITH asked AS (
    SELECT c.id, o.key || '/' || q.task || CASE WHEN c.requirement LIKE '%!/%' AND EXISTS (SELECT FROM queue d WHERE d.organisation_id = q.organisation_id AND d.decision)
           THEN '!' ELSE '' END || '/' ||
           CASE WHEN c.language = ANY(q.languages) THEN c.language ELSE q.languages[1] END || '/' || q.level AS requirement,
           CASE WHEN (SELECT b.promise_from FROM callback b WHERE b.contact_id = c.id) IS NOT NULL THEN 0
                ELSE :shift_s::bigint * 1000000 END AS shift
    FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = q.organisation_id
    WHERE c.id = ANY(:ids) AND c.state IN ('queued', 'offered', 'active', 'scheduled')
), moved AS (
    UPDATE contact c SET requirement = a.requirement, also = '{}', rank = c.rank + a.shift, version = c.version + 1
    FROM asked a WHERE c.id = a.id AND (c.requirement <> a.requirement OR a.shift <> 0)
    RETURNING c.id, c.version, c.owner
)
INSERT INTO outbox AS o (contact_id, version, since, tell)
SELECT id, version, version, array_remove(ARRAY[owner], NULL) FROM moved ORDER BY id
ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
RETURNING contact_id AS id;

-- name: strays
-- Contacts in line that ask for what their queue asks for no more: they came in at the very moment
-- at which it was changed.
-- system: configuration against the line
SELECT c.id FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = q.organisation_id
WHERE c.state = 'queued' AND c.requirement <> o.key || '/' || q.task || CASE WHEN c.requirement LIKE '%!/%' AND EXISTS (SELECT FROM queue d WHERE d.organisation_id = q.organisation_id AND d.decision)
      THEN '!' ELSE '' END || '/' ||
      CASE WHEN c.language = ANY(q.languages) THEN c.language ELSE q.languages[1] END || '/' || q.level
LIMIT 500;
