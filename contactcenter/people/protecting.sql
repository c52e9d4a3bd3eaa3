-- name: protect
-- system: the caller was authorised for the person
UPDATE person SET protected_at = now() WHERE id = :lead AND protected_at IS NULL;

-- name: open
-- Of all that the person is.
-- system: the caller was authorised for the person
UPDATE person SET protected_at = NULL WHERE id = ANY(:members::bigint[]) AND protected_at IS NOT NULL;

-- name: in_hand
-- system: who has a contact of theirs in hand
SELECT c.id, c.owner FROM contact c WHERE c.person_id = ANY(:members::bigint[]) AND c.state IN ('active', 'wrap_up');
