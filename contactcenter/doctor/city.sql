-- name: queues
-- Queues in use, and what they lack.
SELECT q.key, q.channels, q.always_open, q.hours = '{}' AS no_hours, cardinality(q.channels) AS doors,
       EXISTS (SELECT FROM mail_address m WHERE m.queue_id = q.id) AS addressed,
       q.callbacks_per_half_hour,
       (SELECT count(DISTINCT a.user_id) FROM able a
        WHERE a.organisation_id = q.organisation_id AND a.task = q.task AND a.level >= q.level)::int AS agents,
       coalesce((SELECT array_agg(l.language ORDER BY l.language) FROM unnest(q.languages) AS l (language)
        WHERE NOT EXISTS (SELECT FROM able a WHERE a.organisation_id = q.organisation_id AND a.task = q.task
                          AND a.level >= q.level AND a.language = l.language)), '{}') AS uncovered
FROM queue q WHERE q.disabled_at IS NULL ORDER BY q.key;

-- name: admins
-- Organisations that nobody can administer.
SELECT o.key FROM organisation o WHERE NOT EXISTS (
    SELECT FROM users u JOIN user_organisation m ON m.user_id = u.id AND m.organisation_id = o.id
    WHERE u.role = 'admin' AND u.disabled_at IS NULL AND u.password_hash IS NOT NULL)
ORDER BY o.key;

-- name: origins
SELECT count(*)::int FROM widget_origin;

-- name: passwords
-- Of these users one who has a password.
SELECT password_hash FROM users
WHERE email = ANY(:emails) AND disabled_at IS NULL AND password_hash IS NOT NULL LIMIT 1;
