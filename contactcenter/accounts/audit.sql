-- name: note
-- system: who did what; the caller was authorised before
INSERT INTO audit (user_id, organisation_id, verb, object_kind, object_id, before, after, address)
VALUES (:user_id, :organisation_id, :verb, :object_kind, :object_id, :before::jsonb, :after::jsonb, :address);

-- name: entries
SELECT a.id, a.at, a.user_id, u.name AS user_name, a.verb, a.object_kind, a.object_id, a.before, a.after, a.address
FROM audit a LEFT JOIN users u ON u.id = a.user_id
WHERE a.organisation_id = ANY(:scope)
  AND (:user_id::bigint IS NULL OR a.user_id = :user_id)
  AND (:verb::text IS NULL OR a.verb = :verb)
  AND (:object_kind::text IS NULL OR a.object_kind = :object_kind)
  AND (:object_id::text IS NULL OR a.object_id = :object_id)
  AND (:before_id::bigint IS NULL OR a.id < :before_id)
ORDER BY a.id DESC LIMIT :count;

-- name: choices
-- What was done to what, of the last rows only: the list is for choosing, and the whole table may be long.
SELECT DISTINCT verb, object_kind FROM (
    SELECT a.verb, a.object_kind FROM audit a WHERE a.organisation_id = ANY(:scope) ORDER BY a.id DESC LIMIT 10000
) AS late;
