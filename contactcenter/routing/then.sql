-- name: contact
-- By its own number, or of a case the one meant, else the newest: no number is both.
SELECT id, case_id, channel FROM contact WHERE (id = :number OR case_id = :number) AND organisation_id = ANY(:scope)
ORDER BY id = :meant DESC, id DESC LIMIT 1;

-- name: agent
-- A user in sight, as set now.
SELECT u.id, u.organisation_id AS home, u.name, u.capacity, u.pauses_mail, u.disabled_at,
       array(SELECT organisation_id FROM user_organisation WHERE user_id = u.id) AS scope,
       (SELECT at FROM audit ORDER BY id LIMIT 1) AS audited_since
FROM users u WHERE u.id = :agent AND u.organisation_id = ANY(:scope);

-- name: setting
-- system: whom a contact in sight was offered to
SELECT u.id, u.organisation_id AS home, u.name, u.capacity, u.pauses_mail, u.disabled_at, (SELECT at FROM audit ORDER BY id LIMIT 1) AS audited_since,
       array(SELECT organisation_id FROM user_organisation WHERE user_id = u.id) AS scope
FROM users u WHERE u.id = :agent;

-- name: organisations
-- With the day of a moment, and the tasks in which an organisation's agents served there by an
-- agreement; `changed`: an agreement was changed since.
-- system: keys of classes
SELECT o.id, o.key, (:at::timestamptz AT TIME ZONE o.time_zone)::date AS day,
       array(SELECT DISTINCT unnest(g.tasks) FROM agreement g
             WHERE g.organisation_id = o.id AND g.agents_of = :home AND (g.disabled_at IS NULL OR g.disabled_at > :at)
               AND (:at::timestamptz AT TIME ZONE o.time_zone)::date BETWEEN g.valid_from AND coalesce(g.valid_to, 'infinity'))
           AS agreed,
       EXISTS (SELECT FROM audit a WHERE a.object_kind = 'agreement' AND a.organisation_id = o.id AND a.at > :at) AS changed
FROM organisation o;

-- name: offers
-- The contact's offers with what was stored of their decision, and the event that made each.
-- system: the caller may see the contact
SELECT e.id AS event, e.at, e.offer, e.agent, e.rule, u.name, d.why
FROM event e LEFT JOIN decision d ON d.offer = e.offer LEFT JOIN users u ON u.id = e.agent
WHERE e.contact_id = :contact AND e.kind = 'offered' ORDER BY e.id;

-- name: changes
-- What was changed of a user after a moment, the newest first.
-- system: a user in sight, or whom a contact in sight was offered to
SELECT verb, before FROM audit
WHERE object_kind = 'user' AND object_id = :agent AND at > :at AND verb IN ('change_user', 'disable_user', 'enable_user')
ORDER BY id DESC;

-- name: state
-- system: a colleague in sight
SELECT to_state FROM event WHERE agent = :agent AND kind = 'agent_state' AND id < :event ORDER BY id DESC LIMIT 1;

-- name: hands
-- The agent's own events, before a moment, of what was in hand then or may have been: of what is in
-- hand now, and of what ended since.
-- system: a colleague in sight
WITH maybe AS (
    SELECT id FROM contact WHERE owner = :agent AND state IN ('offered', 'active', 'wrap_up')
    UNION SELECT contact_id FROM event
    WHERE at >= :at AND id > :event AND agent = :agent AND kind IN ('offer_ended', 'left', 'closed') AND contact_id IS NOT NULL
)
SELECT e.contact_id, e.channel, e.kind, e.why FROM event e
WHERE e.contact_id = ANY (ARRAY(SELECT id FROM maybe)) AND e.id < :event AND e.agent = :agent
  AND e.kind IN ('offered', 'offer_ended', 'accepted', 'paused', 'resumed', 'left', 'closed') ORDER BY e.id;

-- name: own_wait
-- system: the caller may see the contact
SELECT kind, why, agent FROM event
WHERE contact_id = :contact AND id < :event AND kind IN ('entered', 'left', 'offer_ended') ORDER BY id;

-- name: at_once
-- Whether the agent was being offered something else in that moment.
-- system: a colleague in sight
SELECT EXISTS (SELECT FROM event WHERE at BETWEEN :at::timestamptz - interval '1 s' AND :at::timestamptz + interval '1 s'
               AND kind = 'offered' AND agent = :agent AND id <> :event);
