-- name: may_take
-- system: configuration
SELECT EXISTS (SELECT FROM user_organisation uo JOIN users u ON u.id = uo.user_id
               WHERE uo.user_id = :agent AND uo.organisation_id = :organisation_id AND u.disabled_at IS NULL);

-- name: queue_of
-- system: the caller owns the contact
SELECT q.id, q.key, q.organisation_id, q.task, q.level, q.languages, q.target_s, q.decision, o.key AS organisation
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = q.organisation_id WHERE c.id = :contact;

-- name: disposition
-- system: configuration
SELECT key FROM disposition WHERE organisation_id = :organisation_id AND key = :key AND disabled_at IS NULL;
