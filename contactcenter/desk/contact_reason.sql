-- name: proposed
-- The reason last said in the case, and the one most often said of the newest contacts about its service.
SELECT c.organisation_id, c.case_id,
       (SELECT e.reason FROM contact e WHERE e.case_id = c.case_id AND e.id <> c.id AND e.reason IS NOT NULL
        ORDER BY e.closed_at DESC NULLS LAST LIMIT 1) AS of_case,
       (SELECT n.reason FROM (SELECT e.reason FROM case_service k JOIN contact e ON e.case_id = k.case_id
                              WHERE k.service_id = s.service_id AND e.reason IS NOT NULL
                              ORDER BY k.case_id DESC LIMIT :most) AS n
        GROUP BY n.reason ORDER BY count(*) DESC, n.reason LIMIT 1) AS of_service
FROM contact c LEFT JOIN case_service s ON s.case_id = c.case_id
WHERE c.id = :contact AND c.case_id IS NOT NULL AND c.organisation_id = ANY(:scope);
