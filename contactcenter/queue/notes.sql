-- name: note_able
-- What agents are able to, where it is not what was noted of them last.
-- system: what the line is told of agents
INSERT INTO line_note (agent, capacity, classes)
SELECT g.agent, g.capacity, g.classes
FROM unnest(:agents::bigint[], :capacities::int[], :classes::text[]) AS g (agent, capacity, classes)
LEFT JOIN LATERAL (
    SELECT capacity, classes FROM line_note n WHERE n.agent = g.agent ORDER BY n.id DESC LIMIT 1) AS n ON true
WHERE (n.capacity, n.classes) IS DISTINCT FROM (g.capacity, g.classes) ORDER BY g.agent;
