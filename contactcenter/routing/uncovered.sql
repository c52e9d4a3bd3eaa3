-- name: classes
-- Every class that a contact waits with.
-- system: classes alone
SELECT DISTINCT requirement AS class FROM contact WHERE state = 'queued';

-- name: covered
-- Of these classes those that somebody is able to take, at work or, with `all`, not.
-- `(SELECT ...)` hides what is asked for: else Postgres would plan anew at each look, which takes
-- longer than to look.
-- system: skills and states of staff
SELECT r.class FROM unnest((SELECT :classes::text[])) AS r (class)
WHERE EXISTS (SELECT FROM able_in(ARRAY[r.class]) AS w LEFT JOIN agent a ON a.user_id = w.user_id
              WHERE (SELECT :all::boolean) OR a.state <> 'offline');

-- name: waits
-- Who waits with these classes and is kept for nobody.
-- system: counts and classes; who sees what is decided where they are shown
SELECT c.organisation_id, q.key AS queue, c.requirement AS class, c.also, count(*)::int AS n, min(c.wait_from) AS since
FROM contact c JOIN queue q ON q.id = c.queue_id
WHERE c.state = 'queued' AND c.requirement = ANY(:classes) AND c.preferred IS NULL
GROUP BY 1, 2, 3, 4 ORDER BY min(c.wait_from);
