-- name: uncovered
-- Who waits while nobody at work has the skill, nobody at all has it, by queue and class. The classes are
-- found by the line's index, one look for each; of one that somebody at work is able to take, no contact
-- is looked at.
-- system: counts and classes; who sees what is decided where they are shown
WITH RECURSIVE line (class) AS (
    (SELECT min(requirement) FROM contact WHERE state = 'queued')
    UNION ALL
    SELECT (SELECT min(c.requirement) FROM contact c WHERE c.state = 'queued' AND c.requirement > line.class)
    FROM line WHERE line.class IS NOT NULL
), at_work AS MATERIALIZED (
    SELECT user_id FROM agent WHERE state <> 'offline' AND lost_at IS NULL
), missed AS MATERIALIZED (
    SELECT l.class FROM line l WHERE l.class IS NOT NULL AND NOT EXISTS (
        SELECT FROM able_in(ARRAY[l.class]) AS w JOIN at_work USING (user_id))
), waits AS MATERIALIZED (
    SELECT c.organisation_id, c.queue_id, c.requirement, c.also, count(*) AS n, min(c.wait_from) AS since
    FROM missed m JOIN contact c ON c.requirement = m.class AND c.state = 'queued' AND c.preferred IS NULL
    GROUP BY 1, 2, 3, 4
)
SELECT w.organisation_id, q.key AS queue, w.requirement AS class, a.somebody, sum(w.n)::int AS n, min(w.since) AS since
FROM waits w JOIN queue q ON q.id = w.queue_id
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM able_in(w.requirement || w.also)) AS somebody) AS a
WHERE NOT EXISTS (SELECT FROM able_in(w.also) AS t JOIN at_work USING (user_id))
GROUP BY 1, 2, 3, 4 ORDER BY a.somebody, min(w.since);
