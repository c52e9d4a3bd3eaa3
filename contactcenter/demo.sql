-- name: set_passwords
-- Who was just invited may sign in at once.
-- system: the demo
UPDATE users SET password_hash = :password_hash WHERE email = ANY(:emails) AND password_hash IS NULL;

-- name: users
-- system: the demo
SELECT u.id::text, u.email, u.role, u.name, o.key AS organisation, u.capacity,
       coalesce((SELECT array_agg(DISTINCT q.key ORDER BY q.key) FROM able s
                 JOIN queue q ON q.organisation_id = s.organisation_id AND q.task = s.task AND q.level <= s.level
                 WHERE s.user_id = u.id AND s.language = ANY(q.languages)), '{}') AS queues,
       coalesce((SELECT array_agg(DISTINCT s.language ORDER BY s.language) FROM skill s WHERE s.user_id = u.id), '{}')
           AS languages
FROM users u JOIN organisation o ON o.id = u.organisation_id
WHERE u.email = ANY(:emails) ORDER BY u.id;

-- name: queues
-- system: the demo
SELECT q.key, q.name, o.key AS organisation, q.channels, q.languages,
       (SELECT min(a.address) FROM mail_address a WHERE a.queue_id = q.id) AS address, q.always_open,
       q.service_level_s, q.service_level_way, q.short_abandon_s, q.target_s
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.disabled_at IS NULL ORDER BY q.id;

-- name: dispositions
-- system: the demo
SELECT DISTINCT key, position FROM disposition WHERE disabled_at IS NULL ORDER BY position, key;

-- name: without_services
-- system: the demo city is loaded
SELECT key FROM organisation o WHERE NOT EXISTS (SELECT FROM service s WHERE s.organisation_id = o.id);
