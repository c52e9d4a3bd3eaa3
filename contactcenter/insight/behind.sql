-- The contacts of a figure within a span (`since`, `until`), newest first. First they are put in order, found by an index
-- on when it was, so that whether somebody needs one (case_needed) is asked of as many as are shown, and no more.

-- name: moment
-- Of the contact after which a list goes on.
SELECT c.first_arrival, c.closed_at FROM contact c
WHERE c.id = :contact AND c.organisation_id = ANY(:scope) AND case_needed(:agent, c.case_id);

-- part: shown
SELECT n.at, c.id, c.case_id, c.organisation_id, c.channel::text AS channel, c.language, c.state, c.first_arrival, c.closed_at, c.mark,
       c.reason, v.reasons -> c.reason -> 'name' AS reason_name, k.subject, k.state AS case_state,
       q.key AS queue, q.name AS queue_name, a.service_id
FROM (
    SELECT f.id, f.at FROM found f
    WHERE NOT EXISTS (SELECT FROM queue h WHERE h.organisation_id = f.organisation_id AND h.sensitive)
          OR case_needed(:agent::bigint, f.case_id)
    ORDER BY f.at DESC, f.id DESC LIMIT :most) AS n
JOIN contact c ON c.id = n.id JOIN queue q ON q.id = c.queue_id LEFT JOIN cases k ON k.id = c.case_id
LEFT JOIN case_service a ON a.case_id = c.case_id
LEFT JOIN contact_reason_version v ON v.organisation_id = c.organisation_id AND v.version = c.reason_version
ORDER BY n.at DESC, n.id DESC;

-- part: chosen
      AND c.direction = 'citizen' AND c.aside IS NULL AND c.state <> 'quarantined'
      AND (:channel::text IS NULL OR c.channel = :channel) AND (:language::text IS NULL OR c.language = :language)
      AND (:service::int IS NULL
           OR :service > 0 AND c.case_id IN (SELECT k.case_id FROM case_service k WHERE k.service_id = :service)
           OR :service = 0 AND NOT EXISTS (SELECT FROM case_service k WHERE k.case_id = c.case_id))
      AND (:area::text IS NULL OR :area = (
          SELECT coalesce((SELECT k.area FROM case_area k WHERE k.case_id = c.case_id), '0')
          WHERE EXISTS (SELECT FROM area a WHERE a.organisation_id = c.organisation_id)))

-- name: arrived
-- By when they came, by their organisation's days.
WITH found AS NOT MATERIALIZED (
    SELECT c.id, c.case_id, c.organisation_id, c.first_arrival AS at FROM contact c JOIN organisation o ON o.id = c.organisation_id
    WHERE c.organisation_id = ANY(:scope) AND c.first_arrival >= :since AND c.first_arrival < :until
      AND (c.first_arrival AT TIME ZONE o.time_zone)::date BETWEEN :first AND :last
      AND (:before::bigint IS NULL OR (c.first_arrival, c.id) < (:moment::timestamptz, :before))
{chosen}
    ORDER BY c.first_arrival DESC, c.id DESC OFFSET 0
)
{shown}

-- name: closed
-- By when agents closed them, and why they came: by the reason's key and what tells its names from others.
WITH found AS NOT MATERIALIZED (
    SELECT c.id, c.case_id, c.organisation_id, c.closed_at AS at FROM contact c JOIN organisation o ON o.id = c.organisation_id
    WHERE c.organisation_id = ANY(:scope) AND c.closed_at >= :since AND c.closed_at < :until AND c.first_accepted IS NOT NULL
      AND (c.closed_at AT TIME ZONE o.time_zone)::date BETWEEN :first AND :last
      AND (:before::bigint IS NULL OR (c.closed_at, c.id) < (:moment::timestamptz, :before))
      AND (:cause::text IS NULL OR c.mark = :cause)
      AND (:reason::text IS NULL OR :reason = '' AND c.reason IS NULL
           OR c.reason = split_part(:reason, '@', 1) AND (c.organisation_id, c.reason_version) IN (
               SELECT v.organisation_id, v.version FROM contact_reason_version v
               WHERE v.organisation_id = ANY(:scope)
                 AND reason_part(split_part(:reason, '@', 1), v.reasons -> split_part(:reason, '@', 1)) = :reason))
{chosen}
    ORDER BY c.closed_at DESC, c.id DESC OFFSET 0
)
{shown}
