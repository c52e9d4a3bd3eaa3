-- name: of_case
SELECT c.organisation_id, k.service_id, s.name, s.removed_at,
       (SELECT x.language FROM contact x WHERE x.case_id = c.id ORDER BY x.first_arrival, x.id LIMIT 1) AS language,
       (SELECT w.said FROM case_said w WHERE w.case_id = c.id) AS said
FROM cases c LEFT JOIN case_service k ON k.case_id = c.id LEFT JOIN service s ON s.id = k.service_id
WHERE c.id = :case AND c.organisation_id = ANY(:scope);

-- name: say
INSERT INTO case_service AS k (case_id, organisation_id, service_id, user_id, suggested)
SELECT :case::bigint, s.organisation_id, s.id, :user_id::bigint, :suggested::smallint FROM service s
WHERE s.id = :service AND s.organisation_id = :organisation_id AND s.removed_at IS NULL
ON CONFLICT (case_id) DO UPDATE SET service_id = excluded.service_id, user_id = excluded.user_id, at = now(),
    suggested = excluded.suggested;

-- name: unsay
DELETE FROM case_service WHERE case_id = :case AND organisation_id = :organisation_id;

-- name: seen
-- What of it was published names its service.
-- system: the caller was authorised for the case
UPDATE open_feedback SET stands_since = now() WHERE case_id = :case AND public_text IS NOT NULL;

-- name: unclassified
-- Of the cases that were resolved in the last days: how many there are, of how many nobody said the service, and of
-- those of which it is known whether it was suggested: how many there are, and how many were among the first.
SELECT o.key AS organisation, count(*) AS resolved, count(*) FILTER (WHERE k.case_id IS NULL) AS unclassified,
       count(k.suggested) AS said, count(*) FILTER (WHERE k.suggested > 0) AS first
FROM cases c JOIN organisation o ON o.id = c.organisation_id LEFT JOIN case_service k ON k.case_id = c.id
WHERE c.organisation_id = ANY(:scope) AND c.state = 'resolved' AND c.resolved_at > now() - make_interval(days => :days)
GROUP BY o.key ORDER BY o.key;
