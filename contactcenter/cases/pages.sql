-- name: give
-- system: the citizen's own page
WITH fresh AS MATERIALIZED (
    SELECT id FROM cases WHERE id = ANY(:cases) AND NOT has_page ORDER BY id FOR NO KEY UPDATE
)
UPDATE cases k SET has_page = true FROM fresh f WHERE k.id = f.id;

-- name: seen
-- One write a minute, however often it is looked at.
-- system: the citizen's own page
UPDATE cases SET page_seen_at = date_trunc('minute', now())
WHERE id = :case AND (page_seen_at IS NULL OR page_seen_at < date_trunc('minute', now()));
