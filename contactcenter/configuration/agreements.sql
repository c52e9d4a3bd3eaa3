-- name: agreements_elsewhere
SELECT o.key AS organisation, o.time_zone, g.key, h.key AS agents_of, g.tasks, g.valid_from, g.valid_to,
       g.disabled_at IS NOT NULL AS disabled
FROM agreement g JOIN organisation h ON h.id = g.agents_of JOIN organisation o ON o.id = g.organisation_id
WHERE g.agents_of = ANY(:scope::int[]) AND g.organisation_id <> ALL(:scope::int[]) ORDER BY o.key, g.key;

-- name: organisation_names
-- system: what authorities are called, anybody may know
SELECT key, name FROM organisation ORDER BY id;

-- name: task_names
-- What each organisation's tasks are called: as the first queue that asks for one, out of use only where no other does.
-- system: what queues are called stands on citizens' pages
SELECT o.key AS organisation, q.task, (array_agg(q.name ORDER BY q.disabled_at IS NOT NULL, q.id))[1] AS name
FROM queue q JOIN organisation o ON o.id = q.organisation_id GROUP BY 1, 2 ORDER BY 1, 2;

-- name: put_agreement
-- No row where it is one with another organisation.
-- system: the caller configures the organisation
INSERT INTO agreement AS g (organisation_id, key, agents_of, tasks, valid_from, valid_to, disabled_at)
VALUES (:organisation_id, :key, :agents_of, :tasks, :valid_from, :valid_to, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET tasks = excluded.tasks, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(g.disabled_at, now()) END
WHERE g.agents_of = excluded.agents_of RETURNING key;

-- name: who_serves
-- system: configuration
SELECT a.user_id FROM agent a JOIN users u ON u.id = a.user_id
JOIN unnest(:organisations::int[], :agents_of::int[]) AS p (organisation_id, agents_of) ON p.agents_of = u.organisation_id
WHERE EXISTS (SELECT FROM skill s WHERE s.user_id = a.user_id AND s.organisation_id = p.organisation_id)
ORDER BY a.user_id;

-- name: own_staff
-- system: configuration
SELECT a.user_id FROM agent a JOIN users u ON u.id = a.user_id
WHERE u.organisation_id = ANY(:organisations::int[])
  AND EXISTS (SELECT FROM skill s WHERE s.user_id = a.user_id AND s.organisation_id = u.organisation_id)
ORDER BY a.user_id;

-- name: touch_agents
-- A newer version, so that the projection takes the new classes and no older ones.
-- system: configuration
UPDATE agent SET version = version + 1 WHERE user_id = ANY(:users);
