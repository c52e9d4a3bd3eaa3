-- name: of_case
SELECT c.organisation_id, k.area, CASE WHEN k.user_id IS NOT NULL THEN 'agent' WHEN k.area IS NOT NULL THEN 'citizen' END AS by,
       (SELECT w.said FROM case_said w WHERE w.case_id = c.id) AS said
FROM cases c LEFT JOIN case_area k ON k.case_id = c.id
WHERE c.id = :case AND c.organisation_id = ANY(:scope);

-- name: areas
-- Those that can be said, and the one that was.
SELECT a.key, a.name, a.postal_codes FROM area a
WHERE a.organisation_id = :organisation_id AND (a.disabled_at IS NULL OR a.key = :said::text) ORDER BY a.position, a.key;

-- name: say
INSERT INTO case_area AS k (case_id, organisation_id, area, user_id)
SELECT :case::bigint, a.organisation_id, a.key, :user_id::bigint FROM area a
WHERE a.organisation_id = :organisation_id AND a.key = :area AND a.disabled_at IS NULL
ON CONFLICT (case_id) DO UPDATE SET area = excluded.area, user_id = excluded.user_id, at = now();

-- name: unsay
DELETE FROM case_area WHERE case_id = :case AND organisation_id = :organisation_id;
