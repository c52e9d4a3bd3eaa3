-- name: state
-- No row unless the postal codes are of just one area; what was said of the case stays.
-- system: a door's intake
INSERT INTO case_area (case_id, organisation_id, area)
SELECT c.case_id, c.organisation_id, min(a.key) FROM contact c JOIN area a ON a.organisation_id = c.organisation_id
WHERE c.id = :contact AND a.disabled_at IS NULL AND a.postal_codes && :codes::text[]
GROUP BY c.case_id, c.organisation_id HAVING count(*) = 1
ON CONFLICT (case_id) DO NOTHING;
