-- name: note_able
-- What agents are able to, where it is not what was noted of them last.
-- system: what the line is told of agents
INSERT INTO line_note (agent, capacity, pauses_mail, classes)
SELECT g.agent, g.capacity, g.pauses, g.classes
FROM unnest(:agents::bigint[], :capacities::int[], :pauses::boolean[], :classes::text[]) AS g (agent, capacity, pauses, classes)
LEFT JOIN LATERAL (
    SELECT capacity, pauses_mail, classes FROM line_note n WHERE n.agent = g.agent ORDER BY n.id DESC LIMIT 1) AS n ON true
WHERE (n.capacity, n.pauses_mail, n.classes) IS DISTINCT FROM (g.capacity, g.pauses, g.classes) ORDER BY g.agent;
