-- name: find
-- A contact that feedback is given on, and what was given.
-- system: who has the link has the contact
SELECT c.state, c.aside, coalesce(h.page_language, c.language) AS language, q.name AS queue, o.name AS organisation, o.key AS organisation_key, o.time_zone,
       f.handling, f.service, f.text, f.language AS given_in, now() AS now,
       coalesce((SELECT max(e.at) FROM event e WHERE e.contact_id = c.id AND e.kind IN ('wrap_up', 'closed', 'abandoned')),
                c.closed_at, c.first_arrival) AS ended_at
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN feedback f ON f.contact_id = c.id LEFT JOIN chat h ON h.case_id = c.case_id
WHERE c.id = :contact;

-- name: put
-- One row for each contact; the event tells the marks as they are from now on, and no text.
-- system: who has the link has the contact
WITH put AS (
    INSERT INTO feedback AS f (contact_id, case_id, organisation_id, queue_id, channel, language, handling, service, text)
    SELECT c.id, c.case_id, c.organisation_id, c.queue_id, c.channel, :language, :handling::int, :service::int, :text
    FROM contact c WHERE c.id = :contact
    ON CONFLICT (contact_id) DO UPDATE SET language = excluded.language, handling = excluded.handling,
        service = excluded.service, text = excluded.text, changed_at = now()
    WHERE (f.handling, f.service, f.text) IS DISTINCT FROM (excluded.handling, excluded.service, excluded.text)
    RETURNING *
)
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, why, handling, service)
SELECT 'feedback', p.organisation_id, c.id, p.queue_id, p.channel, c.language, c.direction,
       CASE WHEN p.changed_at IS NULL THEN 'given' ELSE 'changed' END, p.handling, p.service
FROM put p JOIN contact c ON c.id = p.contact_id;

-- name: marks
-- How many gave each mark, by queue and by what it is about.
SELECT q.key AS queue, q.name, m.about, m.mark, count(*)::int AS n
FROM feedback f JOIN queue q ON q.id = f.queue_id
CROSS JOIN LATERAL (VALUES ('handling', f.handling), ('service', f.service)) AS m (about, mark)
WHERE f.organisation_id = ANY(:scope) AND f.given_at > now() - make_interval(days => :days)
  AND (:queue::text IS NULL OR q.key = :queue) AND m.mark IS NOT NULL
GROUP BY q.id, m.about, m.mark ORDER BY q.key, m.about, m.mark;

-- part: seen
-- Case by case only where the organisation has a sensitive queue.
      AND (NOT EXISTS (SELECT FROM queue h WHERE h.organisation_id = f.organisation_id AND h.sensitive)
           OR case_needed(:agent::bigint, f.case_id))

-- name: listed
-- What was said after a close and what was said unasked (open), newest first, from a row on: that of
-- `before`, which is open or not.
WITH said AS (
    SELECT f.contact_id, f.case_id, f.organisation_id, f.queue_id, f.channel, f.language, f.handling, f.service, f.text,
           f.given_at, f.changed_at, false AS open, NULL AS kind, NULL AS about, NULL AS place, NULL AS decision, NULL AS reason,
           NULL::timestamptz AS decided_at, false AS published, NULL::int AS service_id
    FROM feedback f WHERE f.organisation_id = ANY(:scope) AND f.given_at > now() - make_interval(days => :days)
      AND :what::text IN ('all', 'asked')
{seen}
    UNION ALL
    SELECT f.contact_id, f.case_id, f.organisation_id, c.queue_id, c.channel, f.language, NULL, NULL, m.text,
           f.given_at, NULL, true, f.kind, f.about, f.place, f.decision, f.reason, f.decided_at, f.public_text IS NOT NULL,
           coalesce(k.service_id, f.service_id)
    FROM open_feedback f JOIN contact c ON c.id = f.contact_id JOIN message m ON m.case_id = f.case_id AND m.seq = 1
    LEFT JOIN case_service k ON k.case_id = f.case_id
    WHERE f.organisation_id = ANY(:scope) AND f.given_at > now() - make_interval(days => :days) AND c.aside IS NULL
      AND (:what IN ('all', 'open') OR :what = 'undecided' AND f.decision IS NULL OR f.kind = :what)
{seen}
)
SELECT f.*, q.key AS queue, q.name, s.name AS service_name
FROM said f JOIN queue q ON q.id = f.queue_id LEFT JOIN service s ON s.id = f.service_id
WHERE (:queue::text IS NULL OR q.key = :queue) AND (:mark::int IS NULL OR :mark IN (f.handling, f.service))
  AND (NOT :texts::boolean OR f.text <> '')
  AND (:before::bigint IS NULL OR (f.given_at, f.contact_id, f.open) < (
      SELECT x.given_at, x.contact_id, x.open FROM said x WHERE x.contact_id = :before AND x.open = :before_open::boolean))
ORDER BY f.given_at DESC, f.contact_id DESC, f.open DESC LIMIT :most;

-- name: undecided
-- Open feedback that nobody decided about, of any age.
SELECT count(*)::int FROM open_feedback f JOIN contact c ON c.id = f.contact_id
WHERE f.organisation_id = ANY(:scope) AND f.decision IS NULL AND c.aside IS NULL;

-- name: queues
-- Those that feedback may be about.
SELECT q.key AS queue, q.name FROM queue q WHERE q.organisation_id = ANY(:scope) ORDER BY q.disabled_at NULLS FIRST, q.key;
