-- Users, their sessions and their links. `:scope` are organisations that the asking admin may see.

-- name: by_email
-- system: the door of sign-in, which has no user yet
SELECT id, organisation_id, name, email, language, password_hash, disabled_at FROM users WHERE email = :email;

-- name: by_id
-- system: the user's own row
SELECT id, organisation_id, name, email, language, password_hash, disabled_at FROM users WHERE id = :user_id;

-- name: start_session
-- Nothing where the user was disabled or got another password since it was checked. The lock makes
-- a change that is under way at this moment come first, or see this session and end it.
-- system: the user's own session
INSERT INTO session (token_hash, user_id, expires_at)
SELECT :token_hash, id, now() + :life::interval FROM users
WHERE id = :user_id AND password_hash = :password_hash AND disabled_at IS NULL
FOR SHARE;

-- name: find_session
-- system: the user's own session
SELECT u.id, u.name, u.role, u.organisation_id, u.language, u.capacity,
       array(SELECT uo.organisation_id FROM user_organisation uo WHERE uo.user_id = u.id ORDER BY 1) AS scope,
       array(SELECT o.id FROM organisation o JOIN user_organisation uo ON uo.organisation_id = o.id
             WHERE uo.user_id = u.id AND o.agents_pull) AS pulls
FROM session s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = :token_hash AND s.expires_at > now() AND u.disabled_at IS NULL;

-- name: valid_sessions
-- system: which of the sockets open here are still signed in
SELECT s.token_hash FROM session s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = ANY(:hashes) AND s.expires_at > now() AND u.disabled_at IS NULL;

-- name: end_session
-- system: the user's own session
DELETE FROM session WHERE token_hash = :token_hash RETURNING user_id;

-- name: end_sessions_of
-- system: the user's own sessions, or the caller may manage the user
DELETE FROM session WHERE user_id = :user_id;

-- name: set_password
-- `old`: the hash that the current password was checked against; null where a link gives the right.
-- system: the user's own password
UPDATE users SET password_hash = :password_hash
WHERE id = :user_id AND disabled_at IS NULL AND (:old::text IS NULL OR password_hash = :old);

-- name: set_language
-- system: the user's own row
UPDATE users SET language = :language WHERE id = :user_id;

-- name: add_token
-- system: the user's own link, or the caller may manage the user
INSERT INTO token (token_hash, user_id, purpose, email, expires_at)
SELECT :token_hash, id, :purpose, email, now() + :life::interval FROM users WHERE id = :user_id;

-- name: look_at_token
-- Whom an unused link is for.
-- system: whoever holds the link is the user
SELECT u.id, u.organisation_id, u.email, u.name, u.language, t.purpose
FROM token t JOIN users u ON u.id = t.user_id AND u.email = t.email
WHERE t.token_hash = :token_hash AND t.used_at IS NULL AND t.expires_at > now() AND u.disabled_at IS NULL;

-- name: use_token
-- The one guarded UPDATE: of two uses at the same time the second finds used_at set.
-- system: whoever holds the link is the user
UPDATE token t SET used_at = now() FROM users u
WHERE t.token_hash = :token_hash AND t.used_at IS NULL AND t.expires_at > now()
  AND u.id = t.user_id AND u.email = t.email AND u.disabled_at IS NULL
RETURNING u.id, u.organisation_id, t.purpose;

-- name: void_tokens_of
-- system: the user's own links, or the caller may manage the user
UPDATE token SET used_at = now() WHERE user_id = :user_id AND used_at IS NULL;

-- name: forget_sessions
-- system: what has expired
DELETE FROM session WHERE expires_at < now();

-- name: forget_tokens
-- system: what has been of no use for a day
DELETE FROM token WHERE least(expires_at, used_at) < now() - interval '1 day';

-- name: lock_user
-- The user as the rules on managing see them, locked against another admin's change.
-- system: the caller asks the rules before it shows or changes anything
SELECT u.id, u.organisation_id, u.email, u.name, u.role, u.language, u.capacity, u.pauses_mail, u.public_name, u.disabled_at,
       array(SELECT uo.organisation_id FROM user_organisation uo WHERE uo.user_id = u.id ORDER BY 1) AS scope
FROM users u WHERE u.id = :user_id FOR NO KEY UPDATE OF u;

-- name: user_of
SELECT u.id, u.organisation_id, o.name AS organisation, u.email, u.name, u.role, u.language, u.capacity, u.pauses_mail,
       u.public_name, u.disabled_at, u.password_hash IS NOT NULL AS has_password, u.created_at,
       array(SELECT uo.organisation_id FROM user_organisation uo WHERE uo.user_id = u.id ORDER BY 1) AS scope
FROM users u JOIN organisation o ON o.id = u.organisation_id
WHERE u.id = :user_id AND u.organisation_id = ANY(:scope);

-- name: users
SELECT u.id, o.name AS organisation, u.email, u.name, u.role, u.language, u.capacity, u.disabled_at,
       u.password_hash IS NOT NULL AS has_password,
       coalesce((SELECT array_agg(DISTINCT s.language ORDER BY s.language) FROM skill s WHERE s.user_id = u.id),
                '{}') AS languages
FROM users u JOIN organisation o ON o.id = u.organisation_id
WHERE u.organisation_id = ANY(:scope)
ORDER BY u.disabled_at IS NOT NULL, lower(u.name), u.id;

-- name: skills
-- system: the user's own skills, or the caller may manage the user
SELECT organisation_id, task, language, level, trained_on AS trained FROM skill WHERE user_id = :user_id ORDER BY 1, 2, 3;

-- name: add_user
-- system: the caller may manage users of this organisation
INSERT INTO users (organisation_id, email, name, role, language, capacity, pauses_mail, public_name)
VALUES (:organisation_id, :email, :name, :role, :language, :capacity, :pauses_mail, :public_name)
ON CONFLICT (email) DO NOTHING RETURNING id;

-- name: change_user
-- No row where another user has the address.
-- system: the caller may manage the user
UPDATE users SET email = :email, name = :name, role = :role, language = :language, capacity = :capacity,
    pauses_mail = :pauses_mail, public_name = :public_name
WHERE id = :user_id AND NOT EXISTS (SELECT FROM users x WHERE x.email = :email AND x.id <> :user_id);

-- name: set_disabled
-- system: the caller may manage the user
UPDATE users SET disabled_at = CASE WHEN :disabled::boolean THEN coalesce(disabled_at, now()) END
WHERE id = :user_id;

-- name: clear_scope
-- system: the caller may manage the user
DELETE FROM user_organisation WHERE user_id = :user_id;

-- name: add_scope
-- system: the caller may manage the user
INSERT INTO user_organisation (user_id, organisation_id) SELECT :user_id, unnest(:organisations::int[]);

-- name: clear_skills
-- system: the caller may manage the user
DELETE FROM skill WHERE user_id = :user_id;

-- name: add_skills
-- system: the caller may manage the user
INSERT INTO skill (user_id, organisation_id, task, language, level, trained_on)
SELECT :user_id, * FROM unnest(:organisations::int[], :tasks::text[], :languages::text[], :levels::int[], :trained::date[]);

-- name: touch_agent
-- A newer version, so that the projection takes the new capacity and skills and no older ones.
-- system: the caller may manage the user
UPDATE agent SET version = version + 1 WHERE user_id = :user_id;

-- name: organisations
SELECT o.id, o.key, o.name FROM organisation o
JOIN unnest(:scope::int[]) AS s (organisation_id) ON s.organisation_id = o.id ORDER BY o.id;

-- name: add_organisation
-- system: a command of the operator
INSERT INTO organisation (key, name) VALUES (:key, :name::jsonb) ON CONFLICT (key) DO NOTHING;

-- name: organisation_by_key
-- system: a command of the operator, or the demo
SELECT id FROM organisation WHERE key = :key;

-- name: organisation_of
-- system: the user's own organisation
SELECT o.key, o.name FROM organisation o WHERE o.id = :organisation_id;

-- name: tasks
-- What queues ask for: the skills that make sense to give, with the name of the first such queue.
SELECT q.organisation_id, q.task, l.language, (array_agg(q.name ORDER BY q.id))[1] AS queue
FROM queue q CROSS JOIN unnest(q.languages) AS l (language)
WHERE q.organisation_id = ANY(:scope) AND q.disabled_at IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
