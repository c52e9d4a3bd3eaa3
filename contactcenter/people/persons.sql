-- name: lead
SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = :person AND p.organisation_id = ANY(:scope);

-- name: members
-- The lead first.
SELECT p.id, p.organisation_id, p.name, p.language, p.created_at, p.protected_at FROM person p
WHERE (p.id = :lead OR p.merged_into = :lead) AND p.organisation_id = ANY(:scope)
ORDER BY p.merged_into NULLS FIRST, p.id;
