-- name: matters
-- Queues in use with the topics that lead to them: of one organisation, or of all; in the order in which they are shown.
-- system: configuration
SELECT o.key AS organisation, o.name AS organisation_names, o.time_zone, t.key AS topic, coalesce(t.name, q.name) AS name,
       coalesce(t.hint, '{}') AS hint, q.id AS queue_id, q.key AS queue, q.name AS queue_names, q.task, q.level, q.languages,
       q.channels, q.always_open, q.hours, coalesce(t.chat_asks, o.chat_asks) AS chat_asks, q.callbacks_per_half_hour, now() AS now,
       coalesce(nullif(q.phone, ''), o.phone) AS phone,
       CASE WHEN 'mail' = ANY(q.channels) THEN (SELECT min(a.address) FROM mail_address a WHERE a.queue_id = q.id) END AS address
FROM queue q JOIN organisation o ON o.id = q.organisation_id
LEFT JOIN topic t ON t.queue_id = q.id AND t.disabled_at IS NULL
WHERE q.disabled_at IS NULL AND (:organisation::text IS NULL OR o.key = :organisation)
ORDER BY o.id, t.position, t.key, q.id;

-- name: organisation
-- One by its key, by a queue of it, or the first.
-- system: configuration
SELECT o.id, o.key, o.name, o.privacy, o.accessibility_queue, o.feedback_queue FROM organisation o
WHERE (:key::text IS NULL OR o.key = :key)
  AND (:queue::text IS NULL OR EXISTS (SELECT FROM queue q WHERE q.organisation_id = o.id AND q.key = :queue))
ORDER BY o.id LIMIT 1;

-- name: organisation_of
-- system: configuration
SELECT o.key FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.key = :queue AND q.disabled_at IS NULL;

-- name: promised
-- Half hours of these queues in which calls are promised.
-- system: configuration and counts
SELECT queue_id, starts_at, taken FROM callback_slot WHERE queue_id = ANY(:queues) AND starts_at > now();
