-- name: lock
-- Merges and their undoing are rare: an organisation's go one after the other.
-- system: no rows
SELECT pg_advisory_xact_lock(hashtext('person_merge'), :organisation_id);

-- name: add
INSERT INTO person_merge (id, organisation_id, kept, merged, grounds, checked, user_id, at)
VALUES (:id, :organisation_id, :kept, :merged, :grounds, :checked, :user_id, clock_timestamp());

-- name: join
-- system: the caller was authorised for both
UPDATE person SET merged_into = :kept WHERE id = :merged OR merged_into = :merged;

-- name: between
-- The merge that made one of two: the newest on the way from one to the other. What lies above
-- where their ways meet is on both.
WITH RECURSIVE up AS (
    SELECT m.id, m.kept, m.at FROM unnest(ARRAY[:one, :other]::bigint[]) AS p (id)
    JOIN person_merge m ON m.merged = p.id AND m.undone_at IS NULL AND m.organisation_id = ANY(:scope)
    UNION ALL SELECT m.id, m.kept, m.at FROM up u JOIN person_merge m ON m.merged = u.kept AND m.undone_at IS NULL
)
SELECT id FROM up GROUP BY id, at HAVING count(*) = 1 ORDER BY at DESC LIMIT 1;

-- name: one
SELECT m.id, m.organisation_id, m.kept, m.merged, m.at FROM person_merge m WHERE m.id = :id AND m.organisation_id = ANY(:scope);

-- name: undo
-- system: the caller was authorised for the merge
UPDATE person_merge SET undone_at = now(), undone_by = :user_id WHERE id = :id AND undone_at IS NULL;

-- name: part
-- The merged one and all who were merged into it before and since are known by it again.
-- system: the caller was authorised for the merge
WITH RECURSIVE below AS (
    SELECT :merged::bigint AS id
    UNION SELECT m.merged FROM below b JOIN person_merge m ON m.kept = b.id AND m.undone_at IS NULL
), lead AS (
    SELECT p.protected_at FROM person p WHERE p.id = :lead
)
UPDATE person p SET merged_into = nullif(:merged::bigint, p.id),
    protected_at = CASE WHEN p.id = :merged AND l.protected_at > :since THEN coalesce(p.protected_at, l.protected_at)
                        ELSE p.protected_at END
FROM below b, lead l WHERE p.id = b.id;

-- name: in_hand
-- system: who has a contact of theirs in hand
SELECT c.owner, array_agg(c.id ORDER BY c.id) AS contacts FROM contact c
WHERE c.person_id = ANY(:members::bigint[]) AND c.state IN ('active', 'wrap_up') GROUP BY c.owner ORDER BY c.owner;
