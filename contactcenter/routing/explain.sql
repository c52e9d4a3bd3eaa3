-- name: contact
SELECT c.id, c.case_id, c.queue_id, c.organisation_id, c.state, c.channel, c.requirement, c.also, c.preferred, c.preferred_until, c.passed, c.owner, c.wait_from, c.rank,
       c.away_from, c.language, q.key AS queue, q.relax, q.target_s, u.name AS kept_for,
       extract(epoch FROM now() - c.wait_from)::float8 AS waited_s
FROM contact c JOIN queue q ON q.id = c.queue_id LEFT JOIN users u ON u.id = c.preferred
WHERE c.id = :contact AND c.organisation_id = ANY(:scope);

-- name: tasks
-- What the tasks of classes are called: as the contact's own queue, else as the first that asks for it.
-- system: names of queues, of a contact that the caller may see
SELECT o.key || '/' || q.task AS task, (array_agg(q.name ORDER BY q.id <> :queue, q.disabled_at IS NOT NULL, q.id))[1] AS name
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE o.key || '/' || q.task = ANY(:tasks) GROUP BY 1;

-- name: decisions
-- system: the caller may see the contact
SELECT d.offer, d.at, d.agent, u.name, d.rule, d.why, e.why AS ended
FROM decision d LEFT JOIN users u ON u.id = d.agent
LEFT JOIN event e ON e.offer = d.offer AND e.kind = 'offer_ended'
WHERE d.contact_id = :contact ORDER BY d.offer;

-- name: taken
-- How its agent came by it, where that was no offer of ours that was accepted; null while it waits.
-- system: the caller may see the contact
SELECT e.why FROM event e JOIN contact c ON c.id = e.contact_id AND c.owner = e.agent
WHERE e.contact_id = :contact AND e.kind = 'accepted' ORDER BY e.id DESC LIMIT 1;

-- name: names
-- system: colleagues, whose names every board shows
SELECT id, name FROM users WHERE id = ANY(:ids);

-- name: steps
-- system: the caller may see the contact
SELECT at, why, rule AS class FROM event WHERE contact_id = :contact AND kind = 'relaxed' ORDER BY id;

-- name: on_duty
-- Everybody at work who serves the organisation, and whether one has a skill by which the contact may be taken now.
-- system: the caller may see the contact
SELECT a.user_id, a.state, a.load, u.capacity, CASE WHEN u.pauses_mail THEN a.mails ELSE 0 END AS mails,
       a.user_id IN (SELECT w.user_id FROM able_in(:classes) AS w) AS able
FROM agent a JOIN users u ON u.id = a.user_id AND u.disabled_at IS NULL
JOIN user_organisation m ON m.user_id = a.user_id AND m.organisation_id = :organisation_id
WHERE a.state <> 'offline' ORDER BY a.user_id;

-- name: able_at_all
-- system: the caller may see the contact
SELECT count(DISTINCT user_id) FROM able_in(:classes);
