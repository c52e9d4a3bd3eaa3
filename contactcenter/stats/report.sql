-- name: queues
-- system: a command run by the house's operator
SELECT q.id, q.key, q.organisation_id, o.key AS organisation, o.time_zone AS zone, q.service_level_s, q.service_level_way
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE :queue::text IS NULL OR q.key = :queue ORDER BY q.id;
