-- name: signing_key
-- system: the house's own keys
SELECT key FROM signing_key WHERE purpose = :purpose;
