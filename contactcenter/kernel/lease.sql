-- name: hold
-- system: work of the house
WITH before AS (SELECT owner, beat_at FROM lease WHERE name = :name)
INSERT INTO lease AS l (name, owner, until) VALUES (:name, :owner, now() + make_interval(secs => :ttl_s))
ON CONFLICT (name) DO UPDATE SET
    fence = l.fence + CASE WHEN l.owner = excluded.owner THEN 0 ELSE 1 END,
    owner = excluded.owner, until = excluded.until, beat_at = now()
WHERE l.owner = excluded.owner OR l.until < now()
RETURNING fence, extract(epoch FROM now() - coalesce((SELECT beat_at FROM before), now()))::float8 AS gap_s;

-- name: release_all
-- system: work of the house
UPDATE lease SET until = now() WHERE owner = :owner;

-- name: release
-- system: work of the house
UPDATE lease SET until = now() WHERE name = :name AND owner = :owner;

-- name: still
-- Nobody takes it until the transaction ends.
-- system: work of the house
SELECT true FROM lease WHERE name = :name AND owner = :owner AND fence = :fence AND until > now() FOR SHARE;
