-- name: offered
-- The agent's running offer, and what its organisation says of declining.
-- system: the agent's own offer
SELECT c.id, c.case_id, c.organisation_id, o.decline_without_reason AS free, array(
           SELECT r.key FROM decline_reason r WHERE r.organisation_id = c.organisation_id AND r.disabled_at IS NULL) AS reasons
FROM contact c JOIN organisation o ON o.id = c.organisation_id
WHERE c.offer_id = :offer AND c.owner = :agent AND c.state = 'offered';

-- name: choices
-- What each organisation lets its agents say.
-- system: configuration
SELECT o.key AS organisation, o.decline_without_reason AS free, coalesce((
           SELECT json_agg(json_build_object('key', r.key, 'name', r.name) ORDER BY r.position, r.key)
           FROM decline_reason r WHERE r.organisation_id = o.id AND r.disabled_at IS NULL), '[]') AS reasons
FROM organisation o WHERE o.id = ANY(:scope) ORDER BY o.id;
