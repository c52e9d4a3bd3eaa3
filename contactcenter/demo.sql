-- name: add_organisation
-- system: the demo
INSERT INTO organisation (key, name, time_zone) VALUES (:key, :name, :time_zone) ON CONFLICT (key) DO NOTHING;

-- name: add_queue
-- system: the demo
INSERT INTO queue (organisation_id, key, name, task, level, languages, channels, hours, target_s, service_level_s,
                   service_level_way, short_abandon_s, offer_s, always_open, callbacks_per_half_hour)
SELECT o.id, :key, :name, :task, :level, :languages, :channels, :hours, :target_s, :service_level_s, :service_level_way,
       :short_abandon_s, :offer_s, :always_open, :callbacks_per_half_hour
FROM organisation o WHERE o.key = :organisation
ON CONFLICT (key) DO NOTHING;

-- name: add_address
-- system: the demo
INSERT INTO mail_address (address, queue_id) SELECT :address, id FROM queue WHERE key = :queue
ON CONFLICT (address) DO NOTHING;

-- name: add_disposition
-- system: the demo
INSERT INTO disposition (organisation_id, key, name, position)
SELECT id, :key, :name, :position FROM organisation WHERE key = :organisation
ON CONFLICT DO NOTHING;

-- name: add_template
-- system: the demo
INSERT INTO template (organisation_id, key, name, text, position)
SELECT id, :key, :name, :text, :position FROM organisation WHERE key = :organisation
ON CONFLICT DO NOTHING;

-- name: add_widget_origin
-- system: the demo
INSERT INTO widget_origin (origin, organisation_id) SELECT :origin, id FROM organisation WHERE key = :organisation
ON CONFLICT DO NOTHING;

-- name: add_user
-- system: the demo
INSERT INTO users (organisation_id, email, name, role, language, capacity, password_hash)
SELECT id, :email, :name, :role, :language, :capacity, :password_hash FROM organisation WHERE key = :organisation
ON CONFLICT (email) DO NOTHING RETURNING id;

-- name: add_scope
-- system: the demo
INSERT INTO user_organisation (user_id, organisation_id)
SELECT :user_id, id FROM organisation WHERE key = ANY(:organisations)
ON CONFLICT DO NOTHING;

-- name: add_skill
-- system: the demo
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT :user_id, o.id, :task, l.language, :level FROM organisation o, unnest(:languages::text[]) AS l (language)
WHERE o.key = :organisation
ON CONFLICT DO NOTHING;

-- name: users
-- system: the demo
SELECT u.id::text, u.email, u.role, u.name, o.key AS organisation, u.capacity,
       coalesce((SELECT array_agg(DISTINCT q.key ORDER BY q.key) FROM skill s
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
