-- name: unfit
-- Of these agents those of whom something is to be done after a change of capacity: a call that should
-- take the whole agent takes another number of units, more is offered or in hand than fits, or paused mail has room.
-- What an agent took up again has nobody on the line.
-- system: capacities, not citizens' data
SELECT a.user_id FROM agent a JOIN users u ON u.id = a.user_id
WHERE a.user_id = ANY(:agents) AND (a.load > u.capacity OR EXISTS (
    SELECT FROM contact c WHERE c.owner = a.user_id AND c.state IN ('offered', 'active', 'wrap_up') AND (
        c.paused_at IS NOT NULL AND a.load < u.capacity
        OR c.units <> u.capacity AND c.channel = ANY(:exclusive) AND (c.direction = 'citizen' OR c.external_id IS NOT NULL))))
ORDER BY a.user_id;

-- name: whole
-- Calls take the whole agent again; by how many units more than before.
-- system: the agent's own contacts; the agent's row is locked
WITH held AS MATERIALIZED (
    SELECT c.id, c.units FROM contact c
    WHERE c.owner = :agent AND c.state IN ('offered', 'active', 'wrap_up') AND c.units <> :capacity
      AND c.channel = ANY(:exclusive) AND (c.direction = 'citizen' OR c.external_id IS NOT NULL)
    ORDER BY c.id FOR UPDATE
), moved AS (
    UPDATE contact c SET units = :capacity FROM held h WHERE c.id = h.id RETURNING c.units - h.units AS more
)
SELECT coalesce(sum(more), 0)::int FROM moved;
