-- name: held
-- A contact as it stands, held to the end of the transaction.
SELECT id, organisation_id, channel, requirement, also, state, owner, away_from FROM contact
WHERE id = :contact AND organisation_id = ANY(:scope) FOR UPDATE;

-- name: able
-- system: skills, not citizens' data
SELECT EXISTS (SELECT FROM able_in(:classes::text[]) AS w WHERE w.user_id = :agent);

-- name: in_sight
SELECT EXISTS (SELECT FROM users u WHERE u.id = :agent AND u.disabled_at IS NULL AND u.organisation_id = ANY(:scope));

-- name: pull
-- From the line into the agent's hands, without an offer. The caller locks the agent's row and changes its load.
-- system: the caller was authorised and holds both rows
WITH moved AS (
    UPDATE contact SET
        state = 'active', version = version + 1, owner = :agent, units = :units, preferred = NULL, preferred_until = NULL,
        accepted_at = now(), first_accepted = coalesce(first_accepted, now()), accepted_offer = NULL
    WHERE id = :contact AND state = 'queued'
    RETURNING *
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent, why, wait_from)
    SELECT 'accepted', organisation_id, id, queue_id, channel, language, direction, owner, 'pulled', wait_from FROM moved
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT id FROM moved;

-- name: waiting
SELECT c.id, q.key AS queue, c.channel, c.language, c.first_arrival, c.wait_from
FROM contact c JOIN queue q ON q.id = c.queue_id
WHERE c.state = 'queued' AND c.away_from IS NULL AND c.organisation_id = ANY(:scope)
  AND EXISTS (SELECT FROM able_in(c.requirement || c.also) AS w WHERE w.user_id = :agent)
ORDER BY c.rank, c.id LIMIT :most;

-- name: takers
SELECT u.id, u.name FROM contact c
CROSS JOIN LATERAL (SELECT DISTINCT w.user_id FROM able_in(c.requirement || c.also) AS w) AS w
JOIN users u ON u.id = w.user_id AND u.organisation_id = ANY(:scope)
JOIN agent a ON a.user_id = u.id AND a.state = 'available'
WHERE c.id = :contact AND c.organisation_id = ANY(:scope) ORDER BY u.name, u.id;
