-- name: sign_on
-- system: the user's own row
INSERT INTO agent (user_id) SELECT id FROM users WHERE id = :agent ON CONFLICT DO NOTHING;

-- name: state
-- system: the user's own row
SELECT state, reason, since, load, lost_at FROM agent WHERE user_id = :agent;

-- name: set_state
-- system: the user's own row, or the server's decision
UPDATE agent SET state = :state::text, reason = :reason, version = version + 1, missed = 0,
    since = CASE WHEN state = :state AND reason IS NOT DISTINCT FROM :reason THEN since ELSE now() END,
    idle_since = CASE WHEN :state = 'available' AND state <> 'available' THEN now() ELSE idle_since END,
    lost_at = NULL, lost_state = NULL, lost_reason = NULL
WHERE user_id = :agent
RETURNING state, reason, since;

-- name: note_state
-- system: the user's own row, or the server's decision
INSERT INTO event (kind, organisation_id, agent, to_state, reason)
SELECT 'agent_state', u.organisation_id, u.id, :state, :reason FROM users u WHERE u.id = :agent;

-- name: on_duty
-- system: who must not fall silent unnoticed
SELECT user_id FROM agent WHERE lost_at IS NULL AND (state <> 'offline' OR load > 0);

-- name: is_anybody_on_duty
-- system: whether there is anybody at all
SELECT EXISTS (SELECT FROM agent WHERE lost_at IS NULL AND (state <> 'offline' OR load > 0));

-- name: lose
-- system: the server's decision
UPDATE agent SET lost_at = now(), lost_state = state, lost_reason = reason, state = 'offline', reason = 'lost',
    since = now(), version = version + 1
WHERE user_id = :agent AND lost_at IS NULL
RETURNING lost_state;

-- name: give_back
-- The state as it was, for an agent who comes back in time; else only the mark of loss goes.
-- system: the user's own row
UPDATE agent SET
    state = CASE WHEN lost_at > now() - make_interval(secs => :within_s) THEN lost_state ELSE state END,
    reason = CASE WHEN lost_at > now() - make_interval(secs => :within_s) THEN lost_reason ELSE NULL END,
    since = now(), idle_since = now(), version = version + 1, lost_at = NULL, lost_state = NULL, lost_reason = NULL
WHERE user_id = :agent AND lost_at IS NOT NULL
RETURNING state, reason, since;

-- name: contacts_of
-- system: the agent's own contacts
SELECT c.id, c.channel, c.state, c.offer_id, c.queue_id, c.organisation_id, c.requirement, c.rank, q.decision
FROM contact c JOIN queue q ON q.id = c.queue_id
WHERE c.owner = :agent AND c.state IN ('offered', 'active', 'wrap_up') AND c.state = ANY(:states) ORDER BY c.id;

-- name: revoked
-- What is offered to agents who may take it no longer: disabled, without the skill, an agreement ended.
-- What the router did not decide, a colleague asked for by name.
-- system: the server's decision
SELECT owner, offer_id FROM contact
WHERE state = 'offered' AND owner = ANY(:agents) AND NOT may_take(
    owner, organisation_id, requirement || also, NOT EXISTS (SELECT FROM decision d WHERE d.offer = contact.offer_id))
ORDER BY owner, offer_id;

-- name: lock_contacts_of
-- In the order of ids, as who writes into several of them: so no two wait for each other.
-- system: the agent's own contacts
SELECT id FROM contact WHERE owner = :agent AND state IN ('offered', 'active') ORDER BY id FOR UPDATE;

-- name: forgotten_wrap_ups
-- system: the server's decision
SELECT c.id, c.owner FROM contact c JOIN agent a ON a.user_id = c.owner
WHERE c.state = 'wrap_up' AND a.lost_at < now() - make_interval(secs => :within_s) LIMIT 100;

-- name: colleagues
SELECT u.id, u.name, coalesce(a.state, 'offline') AS state FROM users u LEFT JOIN agent a ON a.user_id = u.id
WHERE u.disabled_at IS NULL AND u.organisation_id = ANY(:scope) ORDER BY u.name;
