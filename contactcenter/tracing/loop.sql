-- name: cursor
-- How far traces were told. None: they never were.
-- system: ids and times
SELECT value FROM door_cursor WHERE source = 'traces';

-- name: newest
-- Where a log begins to be followed: what was before is history.
-- system: ids and times
SELECT coalesce((SELECT id FROM event ORDER BY id DESC LIMIT 1), 0);

-- name: move
-- A node that stood still while another went on moves it no more.
-- system: ids and times
INSERT INTO door_cursor AS c (source, value, fence) VALUES ('traces', :value, :fence)
ON CONFLICT (source) DO UPDATE SET value = excluded.value, fence = excluded.fence, at = now()
WHERE c.fence <= excluded.fence;

-- name: news
-- The events above an id, and those of the gaps; one row at least, as stats/follow.sql has it.
-- system: ids and times of all
WITH found AS MATERIALIZED (
    (SELECT e.id, e.contact_id FROM unnest(:firsts::bigint[], :lasts::bigint[]) AS g (first, last)
     CROSS JOIN LATERAL (SELECT id, contact_id FROM event WHERE id BETWEEN g.first AND g.last ORDER BY id LIMIT :most) AS e)
    UNION ALL
    (SELECT id, contact_id FROM event WHERE id > :upto ORDER BY id LIMIT :most)
    ORDER BY id LIMIT :most
)
SELECT extract(epoch FROM now())::float8 AS moment, pg_snapshot_xmin(s)::text::bigint AS oldest,
       pg_snapshot_xmax(s)::text::bigint AS newest, e.id, e.contact_id AS contact
FROM pg_current_snapshot() AS s LEFT JOIN found e ON true
ORDER BY e.id;
