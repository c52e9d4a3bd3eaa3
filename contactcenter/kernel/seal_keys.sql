-- name: alone
-- system: nodes that start agree on their keys
SELECT pg_advisory_xact_lock(:lock::bigint);

-- name: noted
-- system: nodes that start agree on their keys
SELECT fingerprint FROM blob_key ORDER BY since, fingerprint;

-- name: note
-- system: nodes that start agree on their keys
INSERT INTO blob_key (fingerprint) VALUES (:fingerprint) ON CONFLICT DO NOTHING;
