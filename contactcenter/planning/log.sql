-- name: log
-- Everything that happened to the line in a time, by id; with the class that each wait's queue asks for.
-- system: a command run by the house's operator
SELECT e.id, e.at, e.kind, e.contact_id AS contact, e.agent, coalesce(
           CASE WHEN c.queue_id = e.queue_id AND (c.requirement LIKE '%!/%') = (e.rule IS NOT DISTINCT FROM 'own_staff')
                THEN c.requirement END,
           o.key || '/' || q.task || CASE WHEN e.rule = 'own_staff' THEN '!' ELSE '' END || '/' || e.language || '/' || q.level) AS asks,
       e.channel, e.rank, e.rule, e.why, e.to_state AS "to", NULL::int AS capacity, NULL::boolean AS pauses, NULL AS classes, true AS here
FROM event e LEFT JOIN queue q ON q.id = e.queue_id LEFT JOIN organisation o ON o.id = q.organisation_id
LEFT JOIN contact c ON c.id = e.contact_id AND e.kind = 'entered'
WHERE e.at >= :since AND e.at < :until
UNION ALL
SELECT n.id, n.at, CASE WHEN n.agent IS NULL THEN 'here' ELSE 'able' END, n.contact_id, n.agent, NULL, n.channel, NULL,
       NULL, NULL, NULL, n.capacity, n.pauses_mail, n.classes, n.here
FROM line_note n WHERE n.at >= :since AND n.at < :until
ORDER BY id;

-- name: before
-- What happened before to contacts that were not over by then.
-- system: a command run by the house's operator
WITH open AS MATERIALIZED (
    SELECT contact_id FROM (
        SELECT DISTINCT ON (contact_id) contact_id, kind FROM event
        WHERE at < :since AND at >= :since::timestamptz - interval '62 days' AND contact_id IS NOT NULL
          AND kind IN ('entered', 'returned', 'offered', 'accepted', 'wrap_up', 'left', 'closed', 'abandoned')
        ORDER BY contact_id, id DESC) AS last
    WHERE kind NOT IN ('closed', 'abandoned')
)
SELECT e.id, e.at, e.kind, e.contact_id AS contact, e.agent, coalesce(
           CASE WHEN c.queue_id = e.queue_id AND (c.requirement LIKE '%!/%') = (e.rule IS NOT DISTINCT FROM 'own_staff')
                THEN c.requirement END,
           o.key || '/' || q.task || CASE WHEN e.rule = 'own_staff' THEN '!' ELSE '' END || '/' || e.language || '/' || q.level) AS asks,
       e.channel, e.rank, e.rule, e.why, e.to_state AS "to", NULL::int AS capacity, NULL::boolean AS pauses, NULL AS classes, true AS here
FROM open p JOIN event e ON e.contact_id = p.contact_id AND e.at < :since
LEFT JOIN queue q ON q.id = e.queue_id LEFT JOIN organisation o ON o.id = q.organisation_id
LEFT JOIN contact c ON c.id = e.contact_id AND e.kind = 'entered'
UNION ALL
SELECT n.id, n.at, 'here', n.contact_id, NULL, NULL, n.channel, NULL, NULL, NULL, NULL, NULL, NULL, NULL, n.here
FROM open p JOIN line_note n ON n.contact_id = p.contact_id AND n.at < :since
ORDER BY id;

-- name: agents_before
-- Of each agent who is named in the time or was at work before it: the last state, since when idle,
-- and what was noted last of what the agent is able to; where nothing was, as it is set now.
-- system: a command run by the house's operator
WITH who AS MATERIALIZED (
    SELECT DISTINCT agent FROM event
    WHERE at < :until AND at >= :since::timestamptz - interval '31 days' AND agent IS NOT NULL
)
SELECT w.agent, s.to_state AS state, s.at AS state_at, i.at AS idle_at, u.capacity AS capacity_now, u.pauses_mail AS pauses_now,
       'own/' || w.agent || '=3' || coalesce(k.classes, '') AS classes_now, n.capacity, n.pauses_mail AS pauses, n.classes,
       EXISTS (SELECT FROM line_note l WHERE l.agent = w.agent AND l.at >= :since AND l.at < :until) AS noted
FROM who w
LEFT JOIN users u ON u.id = w.agent
LEFT JOIN classes_of(ARRAY(SELECT agent FROM who)) AS k ON k.agent = w.agent
LEFT JOIN LATERAL (
    SELECT b.to_state, b.at FROM event b WHERE b.kind = 'agent_state' AND b.agent = w.agent AND b.at < :since
      AND b.at >= :since::timestamptz - interval '31 days' ORDER BY b.id DESC LIMIT 1) AS s ON true
LEFT JOIN LATERAL (
    SELECT max(b.at) AS at FROM event b WHERE b.agent = w.agent AND b.at < :since
      AND b.at >= :since::timestamptz - interval '31 days'
      AND (b.kind IN ('closed', 'left', 'agent_state') OR b.kind = 'offer_ended' AND b.why <> 'accepted')) AS i ON true
LEFT JOIN LATERAL (
    SELECT l.capacity, l.pauses_mail, l.classes FROM line_note l WHERE l.agent = w.agent AND l.at < :since
    ORDER BY l.id DESC LIMIT 1) AS n ON true
ORDER BY w.agent;

-- name: zone
-- system: configuration
SELECT time_zone FROM organisation ORDER BY id LIMIT 1;
