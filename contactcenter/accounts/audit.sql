-- name: note
-- system: who did what; the caller was authorised before
INSERT INTO audit (user_id, organisation_id, verb, object_kind, object_id, before, after, address)
VALUES (:user_id, :organisation_id, :verb, :object_kind, :object_id, :before::jsonb, :after::jsonb, :address);
