-- name: queues
-- Queues that take callbacks; of one key, or all.
-- system: configuration
SELECT q.key, q.name, q.hours, q.always_open, o.name AS organisation, o.time_zone, now() AS now
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.disabled_at IS NULL AND 'callback' = ANY(q.channels) AND (:key::text IS NULL OR q.key = :key)
ORDER BY o.id, q.id;
