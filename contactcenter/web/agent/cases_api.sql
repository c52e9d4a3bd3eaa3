-- name: organisation
-- system: the user's own
SELECT key, name, time_zone FROM organisation WHERE id = :id;

-- name: queues
SELECT q.key, q.name, o.key AS organisation, q.languages, q.decision FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.disabled_at IS NULL AND q.organisation_id = ANY(:scope) ORDER BY q.id;

-- name: dispositions
SELECT d.key, d.name, o.key AS organisation FROM disposition d JOIN organisation o ON o.id = d.organisation_id
WHERE d.disabled_at IS NULL AND d.organisation_id = ANY(:scope) ORDER BY d.position, d.key;

-- name: templates
SELECT d.key, d.name, d.text, o.key AS organisation FROM template d JOIN organisation o ON o.id = d.organisation_id
WHERE d.disabled_at IS NULL AND d.organisation_id = ANY(:scope) ORDER BY d.position, d.key;
